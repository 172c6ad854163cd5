/** Work given to the enclave's thread pool. */
import type { JobId } from './handles.ts';

export interface Jobs {
  /** Installs the bell to ring when a job ends: the External of a `struct sr_bell` (hardening/memory/bell.h) that the lane owns; null for none. */
  setJobBell(bell: unknown): void;
  /** The next finished job's id, or 0. Its result stays until `jobResult`. */
  jobTake(): JobId;
  /**
   * The finished job's return value (handle, length or -CKR_x); frees the job unless output remains to be fetched.
   * -CKR_PENDING while it runs, -CKR_OPERATION_NOT_INITIALIZED when there is no such job.
   */
  jobResult(job: JobId): number;
  /** Copies the finished job's output and frees it; returns the length or -CKR_BUFFER_TOO_SMALL (the job stays). */
  jobOutput(job: JobId, out: Uint8Array, outOffset: number, outLength: number): number;
  /**
   * Forgets a job that nobody will ask for any more (its session is gone): at once when it has finished, when it ends
   * otherwise. `jobTake` never names it afterwards.
   */
  jobDrop(job: JobId): void;
  /**
   * Nobody wants what the job gives: its result becomes -CKR_FUNCTION_CANCELED, at once while it waits or when it has ended already,
   * otherwise when its work ends; the search for an RSA key ends soon. `jobTake` names it as any other.
   */
  jobCancel(job: JobId): void;
  /** Whose the jobs are that are handed over from now on: applications take turns at the pool, whatever the number of their jobs. */
  jobsFor(application: number): void;
  /** Jobs under way. */
  jobsRunning(): number;
}
