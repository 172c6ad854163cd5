/** The answer that holds something sealed: data, vector and tag. */
import { CKR_OK } from '../../generated/constants.ts';
import type { Call } from '../call.ts';

/** What a sealed answer has beside its data: three lengths, the vector, the tag and paddings. */
export const BESIDE = 96;

/**
 * Writes a sealed answer around `work`, which writes data and tag, one behind the other.
 * @returns CKR_OK, or what `work` returned
 */
export function answerSealed(
  { reply }: Call,
  length: number,
  vector: Uint8Array,
  tag: number,
  work: (out: Uint8Array, at: number) => number,
): number {
  reply.ulong(length);
  reply.bytes(vector);
  reply.ulong(tag);
  const written = work(reply.buffer, reply.length);
  if (written < 0) {
    reply.reset();
    return -written;
  }
  reply.skip(written);
  return CKR_OK;
}
