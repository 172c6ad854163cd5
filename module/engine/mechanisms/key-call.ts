/** A call that makes or uses a key, as mechanisms see it. */
import type { Enclave } from '../../enclave/enclave.ts';
import type { Placement } from '../policy/placement.ts';
import type { Application, Session } from '../sessions/application.ts';
import type { Reply } from '../values/reply.ts';
import type { Waits } from '../values/waiting.ts';

export interface KeyCall extends Waits {
  /** The row's number in the call table (the function). */
  readonly fn: number;
  readonly engine: { readonly enclave: Enclave; readonly placement: Placement };
  readonly app: Application;
  readonly reply: Reply;
  /** The session named by the call; handlers of functions whose row needs a session use sessionOf. */
  readonly session: Session | undefined;
  /**
   * Names the key, mechanism and outcome for this call's audit record. The record itself is appended by dispatch, before the
   * call returns, when the function's row says that it is audited.
   * @param fleeting the record tells of session objects alone: they do not survive a power failure, so neither need their records
   */
  audit(mechanism: number, objectId: Uint8Array | undefined, fleeting?: boolean): void;
}
