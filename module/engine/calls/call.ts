/**
 * What a handler is given: who calls, with what, and where the answer goes.
 *
 * A handler runs after the call's legality has been checked against its row (session, login, token flags), returns a
 * CK_RV or PENDING, and may throw a CryptokiError. It writes its results to `call.reply` in the order of the
 * function's output arguments.
 */
import type { KeyCall } from '../mechanisms/key-call.ts';
import type { Host } from './host.ts';

/** Stands for "no mechanism" in {@link Call.audit}: 0 is one. */
export const NO_MECHANISM = -1;

export interface Call extends KeyCall {
  readonly engine: Host;
}
