/**
 * DER (X.690), as much of it as certificates, requests, lists of revoked ones, keys and signatures need. Written here and not by a library: the
 * command line is synchronous from end to end and starts in a blink, and what is read comes from strangers. The reader is strict: whatever is not in
 * the one form that DER gives it is refused.
 */

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octets: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
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

/** A primitive tag of the context, and a constructed one. */
export const context = (number: number): number => 0x80 | number;
export const contextual = (number: number): number => 0xa0 | number;

/** One value with its tag and length in front. */
export function tlv(kind: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, piece) => sum + piece.length, 0);
  if (length < 0x80) return Buffer.concat([Buffer.of(kind, length), ...contents]);
  const digits = Buffer.from(evenHex(length), 'hex');
  return Buffer.concat([Buffer.of(kind, 0x80 | digits.length), digits, ...contents]);
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => tlv(tag.sequence, ...contents);
export const set = (...contents: readonly Uint8Array[]): Buffer => tlv(tag.set, ...contents);
export const octets = (bytes: Uint8Array): Buffer => tlv(tag.octets, bytes);
export const utf8 = (text: string): Buffer => tlv(tag.utf8, Buffer.from(text));
export const yes: Buffer = tlv(tag.boolean, Buffer.of(0xff));

/** A number that is not negative, as bytes with the highest first or as a small number. */
export function integer(value: number | Uint8Array, kind: number = tag.integer): Buffer {
  const bytes = typeof value === 'number' ? Buffer.from(evenHex(value), 'hex') : value;
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first < 0 ? Buffer.of(0) : bytes.subarray(first);
  return (significant[0] ?? 0) < 0x80 ? tlv(kind, significant) : tlv(kind, Buffer.of(0), significant);
}

function evenHex(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no count`);
  const hex = value.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return tlv(tag.bitString, Buffer.of(unused), bytes);
}

/** `1.2.840.10045.2.1`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tlv(tag.oid, Buffer.from(bytes));
}

/** A time to the second: UTCTime up to 2049, and GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(at: Date): Buffer {
  const digits = digitsOf(at);
  return at.getUTCFullYear() < 2050
    ? tlv(tag.utcTime, Buffer.from(digits.slice(2)))
    : tlv(tag.generalizedTime, Buffer.from(digits));
}

const digitsOf = (at: Date): string => at.toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '');

/** One value that was read. */
export interface Value {
  readonly tag: number;
  /** With its tag and length. */
  readonly whole: Buffer;
  readonly contents: Buffer;
}

/** What was read is no DER, or not what should be there. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** A value's tag, and from where to where its contents stand. */
interface Place {
  tag: number;
  from: number;
  to: number;
}

/** Where the value at `at` is, put into `place`: lists have so many that none is made for each. */
function locate(bytes: Uint8Array, at: number, end: number, place: Place): void {
  if (at + 2 > end) throw new DerError('it ends too early');
  const kind = bytes[at] as number;
  // Tags of several bytes occur in nothing that is read here.
  if ((kind & 0x1f) === 0x1f) throw new DerError('a tag is not known');
  let from = at + 2;
  let length = bytes[at + 1] as number;
  if (length >= 0x80) {
    const digits = length & 0x7f;
    if (digits < 1 || digits > 4) throw new DerError('a length is none');
    if (from + digits > end) throw new DerError('it ends too early');
    length = 0;
    for (let i = 0; i < digits; i++) length = length * 256 + (bytes[from++] as number);
    if (length < 0x80 || length < 256 ** (digits - 1)) throw new DerError('a length is not written shortest');
  }
  if (from + length > end) throw new DerError('it ends too early');
  place.tag = kind;
  place.from = from;
  place.to = from + length;
}

function valueAt(bytes: Buffer, at: number): Value {
  const place = { tag: 0, from: 0, to: 0 };
  locate(bytes, at, bytes.length, place);
  return {
    tag: place.tag,
    whole: bytes.subarray(at, place.to),
    contents: bytes.subarray(place.from, place.to),
  };
}

/** Reads one value, behind which nothing may follow. */
export function parse(bytes: Uint8Array): Value {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = valueAt(all, 0);
  if (value.whole.length !== all.length) throw new DerError('something follows behind the end');
  return value;
}

/** The values inside a constructed one, whose tag must be this. */
export function inside(value: Value | undefined, kind: number = tag.sequence): Value[] {
  const { contents } = expected(value, kind);
  const values: Value[] = [];
  for (let at = 0; at < contents.length; ) {
    const next = valueAt(contents, at);
    values.push(next);
    at += next.whole.length;
  }
  return values;
}

export function expected(value: Value | undefined, kind: number): Value {
  if (value?.tag !== kind) throw new DerError(`there is ${value?.tag ?? 'nothing'} where ${kind} belongs`);
  return value;
}

/** Of sequences that stand one behind the other the number with which each begins, as {@link numberText} has it. */
export function leadingIntegers(bytes: Buffer): Set<string> {
  const found = new Set<string>();
  const outer = { tag: 0, from: 0, to: 0 };
  const inner = { tag: 0, from: 0, to: 0 };
  for (let at = 0; at < bytes.length; at = outer.to) {
    locate(bytes, at, bytes.length, outer);
    if (outer.tag !== tag.sequence) throw new DerError('a list is none of entries');
    locate(bytes, outer.from, outer.to, inner);
    if (inner.tag !== tag.integer) throw new DerError('an entry of a list has no number');
    found.add(numberText(bytes, inner.from, inner.to));
  }
  return found;
}

/** An integer's contents in hex without leading zeros; a negative one's as they stand there, with a minus in front, so that no two are the same. */
function numberText(bytes: Buffer, from: number, to: number): string {
  shortest(bytes, from, to);
  const first = bytes[from] as number;
  if (first >= 0x80) return `-${bytes.toString('hex', from, to)}`;
  // A zero in front of others is there for the sign.
  const text = bytes.toString('hex', first === 0 && to - from > 1 ? from + 1 : from, to);
  return text.startsWith('0') && text.length > 1 ? text.slice(1) : text;
}

/** Nothing in front of a number that could be left out. */
function shortest(bytes: Uint8Array, from: number, to: number): void {
  if (to === from) throw new DerError('a number is empty');
  if (to - from === 1) return;
  const [first, second] = [bytes[from] as number, bytes[from + 1] as number];
  if (first === (second < 0x80 ? 0 : 0xff)) throw new DerError('a number is not written shortest');
}

export function numberOf(value: Value | undefined): string {
  const { contents } = expected(value, tag.integer);
  return numberText(contents, 0, contents.length);
}

/** A number as it stood where {@link numberOf} has read it. */
export function numberFrom(text: string): Buffer {
  if (text.startsWith('-')) return tlv(tag.integer, Buffer.from(text.slice(1), 'hex'));
  return integer(Buffer.from(text.padStart(text.length + (text.length % 2), '0'), 'hex'));
}

/** The bytes of a number that is not negative, without the zero in front that its sign takes. */
export function unsignedOf(value: Value | undefined): Buffer {
  const { contents } = expected(value, tag.integer);
  shortest(contents, 0, contents.length);
  const [first = 0] = contents;
  if (first >= 0x80) throw new DerError('a number is negative');
  return first === 0 ? contents.subarray(1) : contents;
}

/** Numbers with dots. */
export function oidOf(value: Value | undefined): string {
  const arcs: number[] = [];
  let arc = 0;
  let fresh = true;
  for (const byte of expected(value, tag.oid).contents) {
    if (fresh && byte === 0x80) throw new DerError('an identifier is not written shortest');
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new DerError('an identifier is too large');
    fresh = byte < 0x80;
    if (!fresh) continue;
    const first = Math.min(2, Math.floor(arc / 40));
    if (arcs.length === 0) arcs.push(first, arc - 40 * first);
    else arcs.push(arc);
    arc = 0;
  }
  if (!fresh || arcs.length === 0) throw new DerError('an identifier does not end');
  return arcs.join('.');
}

/** The bytes of a bit string that ends with a whole byte. */
export function bitsOf(value: Value | undefined): Buffer {
  const { contents } = expected(value, tag.bitString);
  if (contents[0] !== 0) throw new DerError('a bit string ends inside a byte');
  return contents.subarray(1);
}

export function isTime(value: Value | undefined): boolean {
  return value?.tag === tag.utcTime || value?.tag === tag.generalizedTime;
}

/** Either kind of time, as RFC 5280 has them: to the second, and in UTC. */
export function dateOf(value: Value | undefined): Date {
  const short = value?.tag === tag.utcTime;
  const text = expected(value, short ? tag.utcTime : tag.generalizedTime).contents.toString('latin1');
  const digits = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const date = new Date(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  // A day that its month has not would be one of the next month, and an hour of 24 the next day's.
  if (Number.isNaN(date.getTime()) || digitsOf(date) !== digits) throw new DerError('a time is none');
  return date;
}
