/**
 * Idempotency keys: whoever asks for a new key again, since he did not hear the answer, is told of the one that was made. They are remembered in this
 * process alone: after a restart of the door, or by another door, the same request makes another key.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { Problem, wrong } from '../errors/problem.ts';

const KEPT_MS = 10 * 60 * 1000;
/** Of one identity. What it has more is refused until the oldest is old enough, since forgetting one early would be no promise. */
const OF_ONE_MOST = 1000;
const OF_ALL_MOST = 100_000;
const KEY_MOST = 64;

interface Remembered {
  readonly digest: string;
  readonly answer: Promise<unknown>;
  readonly until: number;
}

export class Idempotency {
  readonly #of = new Map<string, Map<string, Remembered>>();
  readonly #now: () => number;
  /** What was asked for is remembered by this alone, and it cannot be tried out by whoever reads our memory later. */
  readonly #secret = randomBytes(32);
  #count = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#count;
  }

  /**
   * @param owner whose key it is: nobody else's is the same
   * @param request what was asked for, encoded
   */
  async once<A>(owner: string, key: string, request: Uint8Array, make: () => Promise<A>): Promise<A> {
    if (key === '') return await make();
    if (key.length > KEY_MOST) throw wrong('idempotency_key', `it is longer than ${KEY_MOST} characters`);
    this.#forgetOld();
    const mine = this.#of.get(owner) ?? new Map<string, Remembered>();
    const digest = createHmac('sha256', this.#secret).update(request).digest('base64');
    const found = mine.get(key);
    if (found !== undefined) {
      if (found.digest !== digest)
        throw new Problem(
          status.ALREADY_EXISTS,
          'CKR_ARGUMENTS_BAD',
          'idempotency_key: it was used for another request',
          'idempotency_key',
        );
      return (await found.answer) as A;
    }
    if (mine.size >= OF_ONE_MOST || this.#count >= OF_ALL_MOST)
      throw new Problem(
        status.RESOURCE_EXHAUSTED,
        'CKR_HOST_MEMORY',
        'idempotency_key: too many were used within ten minutes',
        'idempotency_key',
      );
    const answer = make();
    this.#of.set(owner, mine);
    mine.set(key, { digest, answer, until: this.#now() + KEPT_MS });
    this.#count++;
    try {
      return await answer;
    } catch (error) {
      // Nothing was made, so it may be tried again.
      if (mine.delete(key)) this.#count--;
      if (mine.size === 0) this.#of.delete(owner);
      throw error;
    }
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [owner, mine] of this.#of) {
      for (const [key, { until }] of mine) {
        // In the order in which they came.
        if (until > now) break;
        mine.delete(key);
        this.#count--;
      }
      if (mine.size === 0) this.#of.delete(owner);
    }
  }
}
