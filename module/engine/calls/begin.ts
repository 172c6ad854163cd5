/** How every C_*Init begins, and what every later call of an operation asks first (PKCS#11 3.2, 5.8 and on). */
import {
  CKR_BUFFER_TOO_SMALL,
  CKR_KEY_FUNCTION_NOT_PERMITTED,
  CKR_MECHANISM_INVALID,
  CKR_OK,
  CKR_OPERATION_ACTIVE,
  CKR_USER_NOT_LOGGED_IN,
} from '../generated/constants.ts';
import { keyFor, type Use } from '../mechanisms/key.ts';
import type { KeyOperation } from '../mechanisms/key-operation.ts';
import type { Mechanism, Parameter } from '../mechanisms/mechanism.ts';
import { mechanismFor } from '../mechanisms/registry.ts';
import type { UsableKey } from '../mechanisms/usable-key.ts';
import type { Session } from '../sessions/application.ts';
import { sessionOf } from '../sessions/application.ts';
import type { OperationKind } from '../sessions/operation.ts';
import type { MechanismArgument } from '../values/arguments.ts';
import type { Call } from './call.ts';

/** Which of a mechanism's methods begins the operation. */
export type Begin = (mechanism: Mechanism, key: UsableKey, parameter: Parameter) => KeyOperation;

/**
 * Begins an operation with a key. A NULL mechanism cancels the active operation instead.
 * @throws CryptokiError as `mechanismFor`, `keyFor` and the mechanism do
 */
export function beginWithKey(
  call: Call,
  kind: OperationKind,
  use: Use,
  argument: MechanismArgument | null,
  key: number,
  begin: Begin,
): number {
  const session = sessionOf(call);
  if (argument === null) return cancel(session, kind);
  if (session.operation(kind) !== undefined) return CKR_OPERATION_ACTIVE;
  const mechanism = mechanismFor(argument.type, use.flag);
  const usable = keyFor(session, call.engine, mechanism, key, use);
  const operation = begin(mechanism, usable, argument.parameter);
  operation.hold(session.app.account, use.life);
  session.begin(kind, operation);
  return CKR_OK;
}

/**
 * A NULL mechanism terminates the active operation. Where there is none it is a mechanism that does not exist: no *Init function's list
 * of return values has CKR_OPERATION_NOT_INITIALIZED, and all of them have CKR_MECHANISM_INVALID.
 */
export function cancel(session: Session, kind: OperationKind): number {
  if (session.operation(kind) === undefined) return CKR_MECHANISM_INVALID;
  return endWith(session, kind, CKR_OK);
}

/**
 * Why an operation begun earlier cannot use its key now, as a CK_RV, or CKR_OK: its user may have logged out, or the login that
 * CKA_ALWAYS_AUTHENTICATE demands may not have come yet, or the key may have left the state that it was in. That the key has been destroyed is no reason: the functions that go on
 * with an operation know no such answer, so the operation holds the key and ends as it would have.
 */
export function refusal(session: Session, operation: KeyOperation): number {
  if (operation.needsAuthentication || operation.userGone) return CKR_USER_NOT_LOGGED_IN;
  const userNeeded = operation.key.isPrivate && session.login !== 'user' && !session.unlocked;
  if (userNeeded) return CKR_USER_NOT_LOGGED_IN;
  return operation.mayGoOn ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED;
}

/** Ends an operation that an error has spoilt; for use as `return endWith(session, kind, rv)`. */
export function endWith(session: Session, kind: OperationKind, rv: number): number {
  session.end(kind);
  return rv;
}

/**
 * Returns an answer that no output goes with: a length that was asked for and CKR_BUFFER_TOO_SMALL leave the operation as it
 * is (5.2), anything else ends it.
 */
export function answerWith(session: Session, kind: OperationKind, rv: number): number {
  return rv === CKR_OK || rv === CKR_BUFFER_TOO_SMALL ? rv : endWith(session, kind, rv);
}
