/** Who is logged in, or tries to be, as tokens see it: an application. */
export interface Caller {
  readonly id: number;
  /** Its calls that wait for a job of the enclave's. */
  readonly jobs: number;
  /** It has gone; a call that is still under way gets no answer that means anything. */
  readonly ended: boolean;
}
