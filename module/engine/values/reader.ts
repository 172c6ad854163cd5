/**
 * Reads a request's argument section from its private copy. Everything in it was written by a client that may be hostile: each count
 * and length is checked against what is there, and what does not fit is a {@link CryptokiError} with CKR_ARGUMENTS_BAD.
 * Layout: `schema/cryptoki/functions.ts`.
 */

import { CKR_ARGUMENTS_BAD } from '../generated/constants.ts';
import type { AttributeQuery, MessageParameter, Room, Span, TemplateEntry } from './arguments.ts';
import { CryptokiError } from './errors.ts';

/** Where a bulk argument lies in the request area (SR_LANE_BULK_OFFSET). */
export const BULK_OFFSET = 65536;
const BYTES_INLINE = 0;
const BYTES_NULL = 1;
const ENTRY_VALUE = 1;
const ENTRY_NESTED = 2;
/** The shim stops at the same number (SR_COUNT_MAX). */
const COUNT_MAX = 65536;

function malformed(what: string): CryptokiError {
  return new CryptokiError(CKR_ARGUMENTS_BAD, 'calls.reader', `the request is malformed: ${what}`);
}

export class Reader {
  /** The private copy of the argument section. */
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;
  #end = 0;
  /** The client's request area, for bulk arguments. */
  #area: Uint8Array;

  constructor(scratch: Uint8Array) {
    this.#bytes = scratch;
    this.#view = new DataView(scratch.buffer, scratch.byteOffset, scratch.byteLength);
    this.#area = scratch;
  }

  /** Begins a request of `length` argument bytes whose bulk argument, if any, lies in `area`. */
  begin(length: number, area: Uint8Array): void {
    this.#at = 0;
    this.#end = length;
    this.#area = area;
  }

  /**
   * A CK_ULONG as a number. All ones (CK_UNAVAILABLE_INFORMATION) give -1; what is beyond 2^53 gives Number.MAX_SAFE_INTEGER, which
   * is no valid handle, type or length anywhere.
   */
  ulong(): number {
    const at = this.#at;
    if (at + 8 > this.#end) throw malformed('it ends too early');
    this.#at = at + 8;
    const low = this.#view.getUint32(at, true);
    const high = this.#view.getUint32(at + 4, true);
    if (high === 0) return low;
    if (high === 0xffffffff && low === 0xffffffff) return -1;
    return high > 0x1fffff ? Number.MAX_SAFE_INTEGER : high * 0x100000000 + low;
  }

  #count(): number {
    const count = this.ulong();
    if (count < 0 || count > COUNT_MAX) throw malformed('a count is absurd');
    return count;
  }

  #content(length: number): Span {
    const offset = this.#at;
    if (length < 0 || length > this.#end - offset) throw malformed('a length goes beyond its end');
    this.#at = Math.min(this.#end, offset + Math.ceil(length / 8) * 8);
    return { buffer: this.#bytes, offset, length };
  }

  /** Input bytes; null for a NULL pointer. */
  nullableBytes(): Span | null {
    const length = this.ulong();
    const place = this.ulong();
    if (place === BYTES_INLINE) return this.#content(length);
    if (place === BYTES_NULL) return null;
    throw malformed('bytes are in no known place');
  }

  bytes(): Span {
    return this.nullableBytes() ?? { buffer: this.#bytes, offset: 0, length: 0 };
  }

  /** Bytes that may lie in the shared request area. */
  bulk(): Span {
    const length = this.ulong();
    const place = this.ulong();
    if (place === BYTES_INLINE) return this.#content(length);
    if (place !== BULK_OFFSET) throw malformed('bulk bytes are in no known place');
    if (length < 0 || length > this.#area.byteLength - BULK_OFFSET)
      throw malformed('bulk bytes go beyond the lane');
    return { buffer: this.#area, offset: BULK_OFFSET, length };
  }

  text32(): Span {
    return this.#content(32);
  }

  room(): Room {
    const present = this.ulong() === 1;
    const capacity = this.ulong();
    return { present, capacity: capacity < 0 ? Number.MAX_SAFE_INTEGER : capacity };
  }

  /** A pointer and its length inside a mechanism's parameter. */
  pointer(): Span | null {
    const present = this.ulong() === 1;
    const length = this.ulong();
    return present ? this.#content(length) : null;
  }

  /** A message's parameter; undefined when there is none, or it has no layout that is known. */
  message(): MessageParameter | undefined {
    if (this.ulong() !== 1) return undefined;
    return {
      ivGiven: this.ulong() === 1,
      ivLength: this.ulong(),
      ivFixedBits: this.ulong(),
      ivGenerator: this.ulong(),
      tagGiven: this.ulong() === 1,
      tagBits: this.ulong(),
      iv: this.pointer(),
    };
  }

  template(depth = 0): TemplateEntry[] {
    const count = this.#count();
    const entries: TemplateEntry[] = [];
    for (let i = 0; i < count; i++) {
      const type = this.ulong();
      const kind = this.ulong();
      if (kind === ENTRY_VALUE) {
        entries.push({ type, value: this.#content(this.ulong()) });
      } else if (kind === ENTRY_NESTED) {
        if (depth > 0) throw malformed('templates are nested too deeply');
        entries.push({ type, value: null, nested: this.template(depth + 1) });
      } else {
        entries.push({ type, value: null });
      }
    }
    return entries;
  }

  query(depth = 0): AttributeQuery[] {
    const count = this.#count();
    const entries: AttributeQuery[] = [];
    for (let i = 0; i < count; i++) {
      const type = this.ulong();
      const kind = this.ulong();
      if (kind === ENTRY_NESTED) {
        if (depth > 0) throw malformed('templates are nested too deeply');
        const nested = this.query(depth + 1);
        entries.push({ type, present: true, capacity: nested.length * 24, nested });
      } else {
        const capacity = this.ulong();
        entries.push({ type, present: kind === ENTRY_VALUE, capacity: Math.max(capacity, 0) });
      }
    }
    return entries;
  }
}
