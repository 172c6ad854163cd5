/** Where an operation runs: at once on the engine's own thread, or as a job of the enclave's pool. */
import { availableParallelism } from 'node:os';
import type { Enclave, JobId } from '../enclave/enclave.ts';
import type { Lanes } from '../lane/lane.ts';

/** An operation longer than this goes to the pool even when nobody else is there. */
const INLINE_MICROSECONDS = 400;
/** A job that is to end within this time, or should have ended within it, is waited for. */
const NEARLY_MICROSECONDS = 60;
/** Operations from here on are worth such a wait; a shorter one is over before it has paid. */
const WAIT_WORTH_MICROSECONDS = 200;

export class Placement {
  readonly #lanes: Lanes;
  readonly #enclave: Enclave;
  readonly #otherProcessors = Math.max(1, availableParallelism() - 1);
  #job = 0;
  /** When the job that was handed over last is likely to end, in the clock of performance.now(); never, where nobody knows. */
  #lastEnds = Number.POSITIVE_INFINITY;

  constructor(lanes: Lanes, enclave: Enclave) {
    this.#lanes = lanes;
    this.#enclave = enclave;
  }

  /** A number for a job whose length nobody knows. */
  job(): JobId {
    this.#lastEnds = Number.POSITIVE_INFINITY;
    this.#job = this.#job === 0x7fffffff ? 1 : this.#job + 1;
    return this.#job;
  }

  /**
   * The job that an operation of about so many microseconds is to be, 0 for the engine's own thread. A hand-over costs two wake-ups, which
   * pays only while the operation would hold up others and a processor is free to take it: not when nobody else is calling, and not when
   * the pool keeps all other processors busy.
   */
  place(microseconds: number): JobId {
    if (
      microseconds <= INLINE_MICROSECONDS &&
      (this.#lanes.busyLanes() <= 1 || !this.#processorFree(microseconds))
    )
      return 0;
    const job = this.job();
    this.#lastEnds = performance.now() + microseconds / 1000;
    return job;
  }

  /**
   * Whether the pool leaves a processor free, or will do so in a moment. A moment is worth waiting for: the operation would otherwise take
   * this thread, and with it the answer to the job that is about to end.
   */
  #processorFree(microseconds: number): boolean {
    if (!this.#poolOccupies()) return true;
    if (microseconds < WAIT_WORTH_MICROSECONDS) return false;
    const nearly = NEARLY_MICROSECONDS / 1000;
    for (let now = performance.now(); Math.abs(now - this.#lastEnds) <= nearly; now = performance.now())
      if (!this.#poolOccupies()) return true;
    return false;
  }

  #poolOccupies(): boolean {
    return this.#enclave.jobsRunning() >= this.#otherProcessors;
  }

  /** Whether the pool's jobs keep every processor busy, this thread's among them. */
  get poolIsFull(): boolean {
    return this.#enclave.jobsRunning() > this.#otherProcessors;
  }
}
