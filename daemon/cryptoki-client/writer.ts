/**
 * Writes a request's arguments as the library does (module/shim/marshal.h). The layout is that of schema/cryptoki/functions.ts.
 */

import { ARGUMENTS_MOST, CAPACITY_MOST } from '../../module/lane/caller.ts';
import { BULK_OFFSET } from '../../module/lane/lane.ts';
import type { Attribute, Mechanism, ParameterWriter, Query } from './arguments.ts';
import { writeParameter } from './generated/parameters.ts';

/** Data up to this length travels among the arguments (SR_LANE_INLINE_MAX). */
const INLINE_MOST = 4096;
/** What an answer may take beyond its rooms: lengths, paddings, other fields. */
const ANSWER_REST = 4096;

const BYTES_INLINE = 0;
const BYTES_NULL = 1;
const FORM_NONE = 0;
const FORM_SHAPE = 1;
const ENTRY_NULL = 0;
const ENTRY_VALUE = 1;
const ENTRY_NESTED = 2;

/** Arguments that no call can carry. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

const padded = (length: number): number => (length + 7) & ~7;

export class Writer implements ParameterWriter {
  #bytes = new Uint8Array(512);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #room = 0;
  /** The bulk argument, if there is one. */
  bulkData: Uint8Array | undefined;

  /** The arguments as they are now. */
  get written(): Uint8Array {
    const data = this.bulkData?.length ?? 0;
    if (data > 0 && this.#at > BULK_OFFSET) throw new TooLong('the arguments beside the data are too long');
    if (data > CAPACITY_MOST - BULK_OFFSET) throw new TooLong('the data are too long; use several parts');
    return this.#bytes.subarray(0, this.#at);
  }

  /** How many bytes the answer may take. */
  get room(): number {
    return Math.min(this.#room + ANSWER_REST, CAPACITY_MOST);
  }

  /** Nothing of what was written is left in memory. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  #grow(length: number): number {
    const at = this.#at;
    const end = at + length;
    if (end > ARGUMENTS_MOST) throw new TooLong('the arguments are too long');
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.wipe();
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#at = end;
    return at;
  }

  /** A CK_ULONG; -1 is CK_UNAVAILABLE_INFORMATION. */
  ulong(value: number): void {
    // Growing makes another buffer, so it comes first.
    const at = this.#grow(8);
    this.#view.setBigInt64(at, BigInt(value), true);
  }

  content(bytes: Uint8Array): void {
    const at = this.#grow(padded(bytes.length));
    this.#bytes.set(bytes, at);
  }

  bytes(bytes: Uint8Array | null): void {
    this.ulong(bytes?.length ?? 0);
    this.ulong(bytes === null ? BYTES_NULL : BYTES_INLINE);
    if (bytes !== null) this.content(bytes);
  }

  /** Data that travels beside the arguments where it is long. */
  bulk(bytes: Uint8Array): void {
    if (bytes.length <= INLINE_MOST) {
      this.bytes(bytes);
      return;
    }
    this.ulong(bytes.length);
    this.ulong(BULK_OFFSET);
    this.bulkData = bytes;
  }

  /** 32 bytes without a length, filled up with blanks. */
  text32(bytes: Uint8Array): void {
    if (bytes.length > 32) throw new TooLong('a text of 32 bytes is longer');
    const at = this.#grow(32);
    this.#bytes.fill(0x20, at, at + 32);
    this.#bytes.set(bytes, at);
  }

  /** A pointer inside a mechanism's parameter. */
  pointer(bytes: Uint8Array | null): void {
    this.ulong(bytes === null ? 0 : 1);
    this.ulong(bytes?.length ?? 0);
    if (bytes !== null) this.content(bytes);
  }

  mechanism(mechanism: Mechanism | null): void {
    this.ulong(mechanism === null ? 0 : 1);
    if (mechanism === null) return;
    this.ulong(mechanism.type);
    this.ulong(mechanism.parameter === undefined ? FORM_NONE : FORM_SHAPE);
    if (mechanism.parameter !== undefined) writeParameter(this, mechanism.parameter);
  }

  template(entries: readonly Attribute[]): void {
    this.ulong(entries.length);
    for (const { type, value, nested } of entries) {
      this.ulong(type);
      if (nested !== undefined) {
        this.ulong(ENTRY_NESTED);
        this.template(nested);
      } else if (value === null) {
        this.ulong(ENTRY_NULL);
      } else {
        this.ulong(ENTRY_VALUE);
        this.ulong(value.length);
        this.content(value);
      }
    }
  }

  query(entries: readonly Query[]): void {
    this.ulong(entries.length);
    for (const { type, capacity } of entries) {
      this.ulong(type);
      this.ulong(ENTRY_VALUE);
      this.ulong(capacity);
      this.#room += 16 + padded(capacity);
    }
  }

  /** Room for an output of variable length. */
  capacity(bytes: number): void {
    this.ulong(1);
    this.ulong(bytes);
    this.#room += 8 + padded(bytes);
  }

  /** No room for an output: its length is asked for. */
  noRoom(): void {
    this.ulong(0);
    this.ulong(0);
  }

  /** Room for so many CK_ULONGs. */
  entries(count: number): void {
    this.ulong(1);
    this.ulong(count);
    this.#room += 8 + 8 * count;
  }

  /** An output of exactly that length. */
  length(bytes: number): void {
    this.ulong(bytes);
    this.#room += 8 + padded(bytes);
  }

  /** At most so many handles. */
  most(count: number): void {
    this.ulong(count);
    this.#room += 8 + 8 * count;
  }
}
