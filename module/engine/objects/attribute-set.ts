/**
 * The attributes of one object, packed into a single run of bytes: the form in memory and, unchanged, the form that the
 * store seals. Packed, 50,000 objects cost one array each and not a million small ones.
 *
 * Layout, little-endian:
 *   u8 version (1), u8 zero, u16 count,
 *   count × { u32 type, u32 end } in ascending order of type; `end` counts from the first value's first byte,
 *   the values, one behind the other.
 *
 * A CK_ULONG is 8 bytes, a CK_BBOOL one byte, an array of CK_ULONGs 8 bytes each; an attribute array
 * (CKA_WRAP_TEMPLATE and its kin) is itself a packed set. A set never changes: {@link AttributeSet.with} makes another.
 */

import { CKR_DEVICE_ERROR } from '../generated/constants.ts';
import { CryptokiError } from '../values/errors.ts';

const VERSION = 1;
const HEADER = 4;
const ENTRY = 8;
const MAX_COUNT = 0xffff;
/** Ours (CKA_VENDOR_DEFINED) are 0x80005300 to 0x800053ff; what lies behind is other vendors', and none of it is kept. */
const TYPE_LIMIT = 0x80005400;
const HIGH_WORD = 0x100000000;
const SHORT_VALUE = 32;

function readU32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Copies a value; most are so short that a loop is quicker than to ask for a copy. */
function put(bytes: Uint8Array, at: number, value: Uint8Array): void {
  if (value.length > SHORT_VALUE) bytes.set(value, at);
  else for (let i = 0; i < value.length; i++) bytes[at + i] = value[i] as number;
}

/** A CK_ULONG as stored: 8 bytes, little-endian; -1 is CK_UNAVAILABLE_INFORMATION, all ones. */
export function ulongValue(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  if (value === -1) return bytes.fill(0xff);
  writeU32(bytes, 0, value % HIGH_WORD);
  writeU32(bytes, 4, Math.floor(value / HIGH_WORD));
  return bytes;
}

/** An array of CK_ULONGs as stored (CKA_ALLOWED_MECHANISMS). */
export function ulongsValue(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  for (const [i, value] of values.entries()) bytes.set(ulongValue(value), i * 8);
  return bytes;
}

/** A CK_BBOOL as stored. */
export function boolValue(value: boolean): Uint8Array {
  return Uint8Array.of(value ? 1 : 0);
}

/** Reads a stored CK_ULONG; all ones is -1. Values above 2^53 lose their low bits, which no attribute of ours has. */
export function readUlong(bytes: Uint8Array, at: number): number {
  const low = readU32(bytes, at);
  const high = readU32(bytes, at + 4);
  if (high === 0) return low;
  return low === 0xffffffff && high === 0xffffffff ? -1 : high * HIGH_WORD + low;
}

export class AttributeSet {
  /** What holds the set's bytes, and after a load those of many others. Never written to. */
  readonly buffer: Uint8Array;
  /** Where in {@link buffer} the set begins. */
  readonly #from: number;
  readonly #count: number;

  private constructor(buffer: Uint8Array, from = 0) {
    this.buffer = buffer;
    this.#from = from;
    this.#count = (buffer[from + 2] as number) | ((buffer[from + 3] as number) << 8);
  }

  /**
   * Packs entries given in any order; the values are copied.
   * @throws RangeError for a type given twice or out of range: a bug of the caller, since templates are checked before
   */
  static from(entries: Iterable<readonly [type: number, value: Uint8Array]>): AttributeSet {
    const types: number[] = [];
    const values: Uint8Array[] = [];
    let size = 0;
    for (const [type, value] of entries) {
      // Most come in order, and none has far to go.
      let place = types.length;
      for (; place > 0 && (types[place - 1] as number) > type; place--) {
        types[place] = types[place - 1] as number;
        values[place] = values[place - 1] as Uint8Array;
      }
      types[place] = type;
      values[place] = value;
      size += value.length;
    }
    const count = types.length;
    if (count > MAX_COUNT) throw new RangeError('too many attributes');
    const valuesAt = HEADER + count * ENTRY;
    const packed = new Uint8Array(valuesAt + size);
    packed[0] = VERSION;
    packed[2] = count;
    packed[3] = count >>> 8;
    let previous = -1;
    let end = 0;
    for (let place = 0; place < count; place++) {
      const type = types[place] as number;
      const value = values[place] as Uint8Array;
      if (!(type > previous && type < TYPE_LIMIT))
        throw new RangeError(`attribute type ${type} is out of place`);
      put(packed, valuesAt + end, value);
      end += value.length;
      writeU32(packed, HEADER + place * ENTRY, type);
      writeU32(packed, HEADER + place * ENTRY + 4, end);
      previous = type;
    }
    return new AttributeSet(packed);
  }

  /**
   * Takes packed bytes over (without a copy) after checking every length in them.
   * @throws CryptokiError CKR_DEVICE_ERROR when they are malformed: they come from under the store's seal
   */
  static unpack(packed: Uint8Array): AttributeSet {
    return AttributeSet.unpackAt(packed, 0, packed.length);
  }

  /** The same for bytes that lie among others. */
  static unpackAt(buffer: Uint8Array, from: number, end: number): AttributeSet {
    if (!isWellFormed(buffer, from, end)) {
      throw new CryptokiError(CKR_DEVICE_ERROR, 'objects.attributes', 'stored attributes are malformed');
    }
    return new AttributeSet(buffer, from);
  }

  /** The bytes as they are stored: a view that must not be written to. */
  get packed(): Uint8Array {
    const end = this.#count === 0 ? this.#from + HEADER : this.endAt(this.#count - 1);
    return this.#from === 0 && end === this.buffer.length
      ? this.buffer
      : this.buffer.subarray(this.#from, end);
  }

  /** How many attributes there are. */
  get count(): number {
    return this.#count;
  }

  /** The place of an attribute among this set's, for {@link startAt} and {@link endAt}; -1 when it is absent. */
  locate(type: number): number {
    const buffer = this.buffer;
    const entries = this.#from + HEADER;
    let low = 0;
    let high = this.#count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = readU32(buffer, entries + middle * ENTRY);
      if (found === type) return middle;
      if (found < type) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Where in {@link buffer} the value at that place begins. */
  startAt(place: number): number {
    const entries = this.#from + HEADER;
    const values = entries + this.#count * ENTRY;
    return place === 0 ? values : values + readU32(this.buffer, entries + place * ENTRY - 4);
  }

  /** Where in {@link buffer} the value at that place ends. */
  endAt(place: number): number {
    const entries = this.#from + HEADER;
    return entries + this.#count * ENTRY + readU32(this.buffer, entries + place * ENTRY + 4);
  }

  /** The type of the attribute at that place. */
  typeAt(place: number): number {
    return readU32(this.buffer, this.#from + HEADER + place * ENTRY);
  }

  has(type: number): boolean {
    return this.locate(type) >= 0;
  }

  /** The value's bytes, a view that must not be written to; undefined when the attribute is absent. */
  bytes(type: number): Uint8Array | undefined {
    const place = this.locate(type);
    return place < 0 ? undefined : this.buffer.subarray(this.startAt(place), this.endAt(place));
  }

  /** A CK_ULONG; -1 stands for CK_UNAVAILABLE_INFORMATION; undefined when absent or not of 8 bytes. */
  ulong(type: number): number | undefined {
    const place = this.locate(type);
    if (place < 0) return undefined;
    const start = this.startAt(place);
    return this.endAt(place) - start === 8 ? readUlong(this.buffer, start) : undefined;
  }

  /** A CK_BBOOL; undefined when absent or not of one byte. */
  bool(type: number): boolean | undefined {
    const place = this.locate(type);
    if (place < 0) return undefined;
    const start = this.startAt(place);
    return this.endAt(place) - start === 1 ? this.buffer[start] !== 0 : undefined;
  }

  /** An array of CK_ULONGs (CKA_ALLOWED_MECHANISMS); undefined when absent or not a multiple of 8 bytes. */
  ulongs(type: number): number[] | undefined {
    const place = this.locate(type);
    if (place < 0) return undefined;
    const start = this.startAt(place);
    const end = this.endAt(place);
    if ((end - start) % 8 !== 0) return undefined;
    const values: number[] = [];
    for (let at = start; at < end; at += 8) values.push(readUlong(this.buffer, at));
    return values;
  }

  /** An attribute array (CKA_WRAP_TEMPLATE and its kin); undefined when absent or malformed. */
  nested(type: number): AttributeSet | undefined {
    const value = this.bytes(type);
    return value !== undefined && isWellFormed(value) ? new AttributeSet(value) : undefined;
  }

  /** Another set with these values in place of or beside the present ones, and without those named in `removals`. */
  with(
    changes: Iterable<readonly [type: number, value: Uint8Array]>,
    removals: readonly number[] = [],
  ): AttributeSet {
    const changed = new Map(changes);
    const all: (readonly [type: number, value: Uint8Array])[] = [];
    for (let place = 0; place < this.#count; place++) {
      const type = this.typeAt(place);
      if (changed.has(type) || removals.includes(type)) continue;
      all.push([type, this.buffer.subarray(this.startAt(place), this.endAt(place))]);
    }
    all.push(...changed);
    return AttributeSet.from(all);
  }

  /**
   * Another set of the same attributes with values of the same lengths.
   * @param write puts the new values over a copy of these, in place (see {@link startAt}), before anybody has the set
   */
  rewritten(write: (packed: Uint8Array) => void): AttributeSet {
    const packed = new Uint8Array(this.packed);
    write(packed);
    return new AttributeSet(packed);
  }

  /** Every attribute with its value, in ascending order of type; the values are views. */
  *entries(): Generator<[type: number, value: Uint8Array]> {
    for (let place = 0; place < this.#count; place++) {
      yield [this.typeAt(place), this.buffer.subarray(this.startAt(place), this.endAt(place))];
    }
  }
}

/** The greatest type in a packed set that begins there, or -1 in an empty one: ours are behind all others. */
export function lastTypeAt(buffer: Uint8Array, from: number): number {
  const count = (buffer[from + 2] as number) | ((buffer[from + 3] as number) << 8);
  return count === 0 ? -1 : readU32(buffer, from + HEADER + (count - 1) * ENTRY);
}

/** True when bytes are a packed set: known version, types ascending, values that fill exactly what is behind them. */
export function isWellFormed(buffer: Uint8Array, from = 0, until = buffer.length): boolean {
  if (until - from < HEADER || buffer[from] !== VERSION || buffer[from + 1] !== 0) return false;
  const count = (buffer[from + 2] as number) | ((buffer[from + 3] as number) << 8);
  const valuesAt = from + HEADER + count * ENTRY;
  if (until < valuesAt) return false;
  let previous = -1;
  let end = 0;
  for (let at = from + HEADER; at < valuesAt; at += ENTRY) {
    const type = readU32(buffer, at);
    const next = readU32(buffer, at + 4);
    if (type <= previous || type >= TYPE_LIMIT || next < end) return false;
    previous = type;
    end = next;
  }
  return valuesAt + end === until;
}
