/**
 * The writer of a call's answer, straight into the lane's reply area.
 *
 * The client can see and rewrite that area at any time, so nothing here ever reads back what it wrote.
 * Layout: see `schema/cryptoki/functions.ts`; every field begins on a multiple of 8 bytes.
 */
import { CKR_BUFFER_TOO_SMALL, CKR_DEVICE_MEMORY, CKR_OK } from '../generated/constants.ts';
import type { Room } from './arguments.ts';

const ULONG_MAX_HALF = 0xffffffff;

export class Reply {
  buffer: Uint8Array;
  #view: DataView;
  #at = 0;

  constructor(buffer: Uint8Array) {
    this.buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  /** Starts a new answer in the same area. */
  reset(): void {
    this.#at = 0;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#at;
  }

  /** Bytes that still fit. */
  get space(): number {
    return this.buffer.byteLength - this.#at;
  }

  /** A CK_ULONG; -1 stands for CK_UNAVAILABLE_INFORMATION (all ones). */
  ulong(value: number): void {
    const at = this.#at;
    if (value === -1) {
      this.#view.setUint32(at, ULONG_MAX_HALF, true);
      this.#view.setUint32(at + 4, ULONG_MAX_HALF, true);
    } else {
      this.#view.setUint32(at, value >>> 0, true);
      this.#view.setUint32(at + 4, Math.floor(value / 0x100000000), true);
    }
    this.#at = at + 8;
  }

  /** Bytes with their length in front, padded to 8. */
  bytes(value: Uint8Array): void {
    this.ulong(value.byteLength);
    this.buffer.set(value, this.#at);
    this.#at += (value.byteLength + 7) & ~7;
  }

  /** Fixed-width bytes without a length (fields of fixed size; the width must be a multiple of 8 or the last field). */
  fixed(value: Uint8Array, width: number): void {
    this.buffer.fill(0, this.#at, this.#at + width);
    this.buffer.set(value.subarray(0, width), this.#at);
    this.#at += (width + 7) & ~7;
  }

  /** Where the content of an output byte argument begins, if {@link bytesDone} follows. */
  get bytesStart(): number {
    return this.#at + 8;
  }

  /** Ends an output byte argument whose `length` content bytes were written at {@link bytesStart}. */
  bytesDone(length: number): void {
    this.ulong(length);
    this.#at += (length + 7) & ~7;
  }

  /** Goes behind `length` bytes that were written at {@link length}, to the next multiple of 8. */
  skip(length: number): void {
    this.#at += (length + 7) & ~7;
  }

  /**
   * The standard's convention for output of variable length (PKCS#11 3.2, 5.2): a NULL buffer asks for the length, a small one
   * gives CKR_BUFFER_TOO_SMALL and the length, and in neither case is the operation ended. Returns {@link PROCEED} when the caller
   * is to produce `needed` bytes now; otherwise the answer has been written and the result is to be returned. Usage:
   * `const rv = reply.query(room, needed); if (rv !== PROCEED) return rv;`
   */
  query(room: Room, needed: number): number {
    if (!room.present) {
      this.ulong(needed);
      return CKR_OK;
    }
    if (room.capacity < needed) {
      this.ulong(needed);
      return CKR_BUFFER_TOO_SMALL;
    }
    if (this.space < needed + 8) return CKR_DEVICE_MEMORY;
    return PROCEED;
  }
}

/** Returned by {@link Reply.query} when the output is to be produced now. */
export const PROCEED = -2;
