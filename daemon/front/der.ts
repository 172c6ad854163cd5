/**
 * DER, read: just enough for the names of a certificate and for lists of revoked ones. OpenSSL has accepted both before, as what follows from an
 * authority; here nothing is guessed: whatever is not in the one form that DER gives it is refused.
 */

export class DerError extends Error {
  override readonly name = 'DerError';
}

/** A value: its tag, what is in it, and all of its bytes. */
export interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value's tag, and from where to where what is in it stands. */
interface Place {
  tag: number;
  from: number;
  to: number;
}

/** Where the value at `at` is, put into `place`: lists have so many that none is made for each. */
function locate(bytes: Uint8Array, at: number, end: number, place: Place): void {
  const tag = bytes[at] as number;
  // Tags of several bytes occur in nothing that is read here.
  if ((tag & 0x1f) === 0x1f) throw new DerError('a tag that is not known');
  let from = at + 2;
  let length = at + 1 < end ? (bytes[at + 1] as number) : Number.NaN;
  if (length >= 0x80) {
    const digits = length & 0x7f;
    if (digits < 1 || digits > 4 || from + digits > end) throw new DerError('a length that is none');
    length = 0;
    for (let i = 0; i < digits; i++) length = length * 256 + (bytes[from++] as number);
    if (length < 0x80 || length < 256 ** (digits - 1)) throw new DerError('a length longer than it must be');
  }
  if (!(from + length <= end)) throw new DerError('a length beyond the end');
  place.tag = tag;
  place.from = from;
  place.to = from + length;
}

/** The values that stand in `bytes` one behind the other. */
export function* values(bytes: Uint8Array): Generator<Der> {
  const place = { tag: 0, from: 0, to: 0 };
  for (let at = 0; at < bytes.length; at = place.to) {
    locate(bytes, at, bytes.length, place);
    const { tag, from, to } = place;
    yield { tag, content: bytes.subarray(from, to), whole: bytes.subarray(at, to) };
  }
}

/** Of sequences that stand one behind the other the number with which each begins, in hex. */
export function leadingIntegers(bytes: Uint8Array): Set<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Set<string>();
  const outer = { tag: 0, from: 0, to: 0 };
  const inner = { tag: 0, from: 0, to: 0 };
  for (let at = 0; at < bytes.length; at = outer.to) {
    locate(bytes, at, bytes.length, outer);
    if (outer.tag !== TAG.sequence || outer.from === outer.to) throw new DerError('not a list of entries');
    locate(bytes, outer.from, outer.to, inner);
    if (inner.tag !== TAG.integer) throw new DerError('not a list of numbers');
    found.add(buffer.toString('hex', inner.from, inner.to));
  }
  return found;
}

/** The one value that `bytes` are, which has this tag. */
export function only(bytes: Uint8Array, tag: number): Der {
  const [first, ...more] = values(bytes);
  if (first?.tag !== tag || more.length > 0) throw new DerError(`not one value of the kind ${tag}`);
  return first;
}

/** What a value must be at its place. */
export function expectTag(value: Der | undefined, tag: number): Der {
  if (value?.tag !== tag) throw new DerError(`not of the kind ${tag}`);
  return value;
}

/** Numbers with dots. */
export function oidText({ content }: Der): string {
  const arcs: number[] = [];
  let arc = 0;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) throw new DerError('an identifier longer than it must be');
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new DerError('an identifier that is too large');
    fresh = byte < 0x80;
    if (!fresh) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - 40 * first);
    } else arcs.push(arc);
    arc = 0;
  }
  if (!fresh || arcs.length === 0) throw new DerError('an identifier that does not end');
  return arcs.join('.');
}

/** Milliseconds since 1970 of either kind of time, as RFC 5280 has them. */
export function timeOf({ tag, content }: Der): number {
  const text = Buffer.from(content).toString('latin1');
  const years = tag === TAG.utcTime ? 2 : tag === TAG.generalizedTime ? 4 : 0;
  const [, year = '', month, day, hour, minute, second] =
    new RegExp(`^(\\d{${years}})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)Z$`).exec(text) ?? [];
  const full = years === 4 ? year : `${Number(year) < 50 ? 20 : 19}${year}`;
  const at = Date.parse(`${full}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (years === 0 || Number.isNaN(at)) throw new DerError('a time that is none');
  return at;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
