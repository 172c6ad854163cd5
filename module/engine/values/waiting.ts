/** Calls that are answered later. */

/** Returned by a handler whose answer comes later, from the continuation given to {@link Waits.defer}. */
export const PENDING = -1;

/** Jobs that no call waits for: the engine's own. */
export class OwnJobs {
  readonly #then = new Map<number, () => void>();

  /** Has something run when the job has ended. */
  add(job: number, then: () => void): void {
    this.#then.set(job, then);
  }

  /** The job has ended; whether it is one of these. */
  ended(job: number): boolean {
    const then = this.#then.get(job);
    this.#then.delete(job);
    then?.();
    return then !== undefined;
  }
}

/** A call that can wait. */
export interface Waits {
  /**
   * Parks the call until the enclave's job ends; then `then` runs (with a fresh reply) and returns the CK_RV.
   * The handler returns what defer returns. While parked, the lane's client waits and everybody else is served.
   *
   * When the application goes meanwhile, the job is cancelled: `then` finds -CKR_FUNCTION_CANCELED as its result, soon. With `keep` it runs
   * to its end all the same.
   */
  defer(job: number, then: () => number, keep?: 'keep'): number;
  /** The same without a job: parks the call until the returned function is called, once and not from within this handler. */
  park(then: () => number): () => void;
}
