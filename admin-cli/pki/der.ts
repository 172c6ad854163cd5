/**
 * DER (X.690), as much of it as certificates, requests and lists of revoked ones need. Written here and not by a library: the command line is
 * synchronous from end to end and starts in a blink, and what is read comes from strangers. The reader is strict: it takes nothing that the writer
 * would have written otherwise.
 */

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octets: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A primitive tag of the context, and a constructed one. */
export const context = (number: number): number => 0x80 | number;
export const contextual = (number: number): number => 0xa0 | number;

/** One value with its tag and length in front. */
export function tlv(kind: number, ...contents: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(contents);
  if (value.length < 0x80) return Buffer.concat([Buffer.of(kind, value.length), value]);
  const hex = value.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.of(kind, 0x80 | length.length), length, value]);
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => tlv(tag.sequence, ...contents);
export const set = (...contents: readonly Uint8Array[]): Buffer => tlv(tag.set, ...contents);
export const octets = (bytes: Uint8Array): Buffer => tlv(tag.octets, bytes);
export const utf8 = (text: string): Buffer => tlv(tag.utf8, Buffer.from(text));
export const yes: Buffer = tlv(tag.boolean, Buffer.of(0xff));

/** A number that is not negative, as bytes with the highest first or as a small number. */
export function integer(value: number | Uint8Array, kind: number = tag.integer): Buffer {
  const bytes = typeof value === 'number' ? Buffer.from(evenHex(value), 'hex') : Buffer.from(value);
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first < 0 ? Buffer.of(0) : bytes.subarray(first);
  const positive = (significant[0] ?? 0) < 0x80 ? significant : Buffer.concat([Buffer.of(0), significant]);
  return tlv(kind, positive);
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
  const digits = at.toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '');
  return at.getUTCFullYear() < 2050
    ? tlv(tag.utcTime, Buffer.from(digits.slice(2)))
    : tlv(tag.generalizedTime, Buffer.from(digits));
}

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

function valueAt(bytes: Buffer, at: number): Value {
  const kind = bytes[at];
  const short = bytes[at + 1];
  if (kind === undefined || short === undefined) throw new DerError('it ends too early');
  if ((kind & 0x1f) === 0x1f) throw new DerError('a tag is of a kind that certificates never have');
  let length = short;
  let begin = at + 2;
  if (short >= 0x80) {
    const count = short & 0x7f;
    begin += count;
    if (count === 0 || count > 4 || begin > bytes.length) throw new DerError('a length is none');
    length = bytes.readUIntBE(at + 2, count);
    const least = count === 1 ? 0x80 : 2 ** (8 * (count - 1));
    if (length < least) throw new DerError('a length is longer than it need be');
  }
  if (begin + length > bytes.length) throw new DerError('it ends too early');
  return {
    tag: kind,
    whole: bytes.subarray(at, begin + length),
    contents: bytes.subarray(begin, begin + length),
  };
}

export function oidOf(value: Value | undefined): string {
  const { contents } = expected(value, tag.oid);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of contents) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join('.');
}

/** The bytes of a bit string that ends with a whole byte. */
export function bitsOf(value: Value | undefined): Buffer {
  const { contents } = expected(value, tag.bitString);
  if (contents[0] !== 0) throw new DerError('a bit string ends inside a byte');
  return contents.subarray(1);
}

export function dateOf(value: Value | undefined): Date {
  const short = value?.tag === tag.utcTime;
  const text = expected(value, short ? tag.utcTime : tag.generalizedTime).contents.toString('latin1');
  const digits = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const iso = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const date = new Date(iso);
  if (iso === digits || Number.isNaN(date.getTime())) throw new DerError('a time is none');
  return date;
}

/** PEM of one thing, in lines of 64 letters. */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** Everything of one kind in a PEM text, in its order. */
export function fromPem(label: string, text: string): Buffer[] {
  const blocks = text.matchAll(
    new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, 'g'),
  );
  return [...blocks].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}
