/** Stretches of bytes, as every operation with a plan takes them. */

/** `length` bytes of `buffer` from `offset` on. The enclave refuses one that leaves its buffer. */
export interface ByteRange {
  readonly buffer: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

const EMPTY = new Uint8Array(0);

/** A range that is laid over other bytes for each call, where making one would cost too much. The enclave keeps none of them. */
export class MovingRange implements ByteRange {
  buffer: Uint8Array = EMPTY;
  offset = 0;
  length = 0;

  over(buffer: Uint8Array, offset: number, length: number): this {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    return this;
  }
}

/** All bytes of a buffer. */
export function whole(buffer: Uint8Array): ByteRange {
  return { buffer, offset: 0, length: buffer.length };
}

/** No bytes: the output of a job, which is fetched later. */
export const nothing: ByteRange = Object.freeze(whole(EMPTY));
