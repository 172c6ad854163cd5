/** Where an operation runs: at once on the engine's own thread, or as a job of the enclave's pool. */
import { availableParallelism } from 'node:os';
import type { Enclave, JobId } from '../../enclave/enclave.ts';
import type { Lanes } from '../../lane/lane.ts';
import { CKR_HOST_MEMORY } from '../generated/constants.ts';
import { CryptokiError } from '../values/errors.ts';

/** Operations that take no longer than this many microseconds are not worth a hand-over, whoever waits; their callers need not ask. */
export const ALWAYS_INLINE = 100;
/** An operation longer than this goes to the pool even when nobody else is there. */
const INLINE_MICROSECONDS = 400;
/** A job that is to end within this time, or should have ended within it, is waited for. */
const NEARLY_MICROSECONDS = 60;
/** Operations from here on are worth such a wait; a shorter one is over before it has paid. */
const WAIT_WORTH_MICROSECONDS = 200;
/** A job that keeps a copy of no more input than this may wait in any number: 4,096 lanes of them fit guarded memory many times. */
const COPY_FREE_BYTES = 65_536;
/** What longer copies may occupy in all, and each of them: a small part of guarded memory, which all clients share. */
const COPIES_BYTES = 268_435_456;
const COPY_BYTES = 16_777_216;

/** Whose operations they are: an application. */
export interface Applicant {
  readonly id: number;
  /** Its calls that wait for a job already. */
  readonly jobs: number;
}

export class Placement {
  readonly #lanes: Lanes;
  readonly #enclave: Enclave;
  readonly #otherProcessors = Math.max(1, availableParallelism() - 1);
  readonly #longestCopy = Math.min(COPY_BYTES, COPIES_BYTES / (this.#otherProcessors + 1));
  readonly #mostJobs: number;
  #job = 0;
  /** Whose jobs the enclave takes the next ones for. */
  #owner = 0;
  /** When the job that was handed over last is likely to end, in the clock of performance.now(); never, where nobody knows. */
  #lastEnds = Number.POSITIVE_INFINITY;

  /** @param mostJobs how many one application may have under way */
  constructor(lanes: Lanes, enclave: Enclave, mostJobs: number) {
    this.#lanes = lanes;
    this.#enclave = enclave;
    this.#mostJobs = mostJobs;
  }

  /**
   * A number for a job of the application's, which is to be handed over next; nobody knows how long it will take.
   * @throws CryptokiError CKR_HOST_MEMORY when the application has as many under way as it may
   */
  job(app: Applicant): JobId {
    this.admit(app);
    if (this.#owner !== app.id) {
      this.#owner = app.id;
      this.#enclave.jobsFor(app.id);
    }
    this.#lastEnds = Number.POSITIVE_INFINITY;
    this.#job = this.#job === 0x7fffffff ? 1 : this.#job + 1;
    return this.#job;
  }

  /** @throws CryptokiError CKR_HOST_MEMORY when the application has as many jobs under way as it may */
  admit(app: Applicant): void {
    if (app.jobs >= this.#mostJobs)
      throw new CryptokiError(
        CKR_HOST_MEMORY,
        'placement',
        'the application has too many long calls under way',
      );
  }

  /**
   * The job that an operation of about so many microseconds is to be, 0 for the engine's own thread. A hand-over costs two wake-ups, which
   * pays only while the operation would hold up others and a processor is free to take it: not when nobody else is calling, and not when
   * the pool keeps all other processors busy.
   * @param copied bytes of input that the job would keep a copy of. Long ones run here, one after the other, when they are too long or
   *   would wait: a crowd of them would fill the guarded memory that others need
   * @throws CryptokiError as job() does
   */
  place(app: Applicant, microseconds: number, copied = 0): JobId {
    if (copied > COPY_FREE_BYTES && (copied > this.#longestCopy || this.poolIsFull)) return 0;
    if (
      microseconds <= INLINE_MICROSECONDS &&
      (this.#lanes.busyLanes() <= 1 || !this.#processorFree(microseconds))
    )
      return 0;
    const job = this.job(app);
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
