/** Logging in and out, and PINs (PKCS#11 3.2, 5.5.8, 5.5.9, 5.6.8 to 5.6.10). */
import type { KeyHandle } from '../../enclave/enclave.ts';
import * as C from '../generated/constants.ts';
import { type Session, sessionOf } from '../sessions/application.ts';
import { endLogin, officerLoggedIn, userLoggedIn } from '../sessions/login.ts';
import { OperationKind } from '../sessions/operation.ts';
import { KeyslotKind } from '../store/protection.ts';
import {
  dueFor,
  type Misfit,
  misfit,
  type NewPin,
  type Role,
  samePin,
  withNewPin,
} from '../tokens/new-pins.ts';
import { tell, tellOfRules } from '../tokens/pin-story.ts';
import { PinCopy, withPin } from '../tokens/pins.ts';
import type { Token } from '../tokens/token.ts';
import type { Span } from '../values/arguments.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';

/** Why the application may not log in so now, or CKR_OK. */
function loginConflict(session: Session, wanted: 'user' | 'so'): number {
  if (!session.rights[wanted]) return C.CKR_USER_TYPE_INVALID;
  const present = session.app.loginOf(session.token);
  if (present === wanted) return C.CKR_USER_ALREADY_LOGGED_IN;
  if (present !== 'none') return C.CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
  if (wanted === 'so') {
    for (const other of session.app.sessionsOn(session.token))
      if (!other.readWrite) return C.CKR_SESSION_READ_ONLY_EXISTS;
  }
  return C.CKR_OK;
}

function logIn(call: Call, wanted: 'user' | 'so', pin: Span): number {
  const { engine } = call;
  const session = sessionOf(call);
  const { app, token } = session;
  const conflict = loginConflict(session, wanted);
  if (conflict !== C.CKR_OK) return conflict;
  const kind = wanted === 'so' ? KeyslotKind.So : KeyslotKind.User;
  if (!engine.pins.has(token.record, kind)) return C.CKR_USER_PIN_NOT_INITIALIZED;
  // While the PIN was derived or objects were loaded the session may have been closed, or another thread may have logged in.
  const conflictNow = (): number => (session.closed ? C.CKR_SESSION_CLOSED : loginConflict(session, wanted));
  return withPin(call, token.record, kind, pin, (master) => {
    const now = conflictNow();
    if (now !== C.CKR_OK) {
      engine.enclave.keyFree(master);
      return now;
    }
    const due = dueFor(engine, token.record, kind) !== undefined;
    if (wanted === 'user') return userLoggedIn(call, engine, session, master, conflictNow, due);
    officerLoggedIn(engine, app, token, master, due);
    return C.CKR_OK;
  });
}

/** Operations that CKA_ALWAYS_AUTHENTICATE can hold up. */
const authenticated = [OperationKind.Sign, OperationKind.SignRecover, OperationKind.Decrypt];

/** CKU_CONTEXT_SPECIFIC: frees the operation that waits for the PIN (PKCS#11 3.2, 5.6.8). */
function authenticateOperation(call: Call, pin: Span): number {
  const session = sessionOf(call);
  const waiting = authenticated
    .map((kind) => session.operation(kind))
    .find((operation) => operation?.needsAuthentication);
  if (waiting === undefined) return C.CKR_OPERATION_NOT_INITIALIZED;
  if (session.app.loginOf(session.token) !== 'user') return C.CKR_USER_NOT_LOGGED_IN;
  return withPin(call, session.token.record, KeyslotKind.User, pin, (master) => {
    call.engine.enclave.keyFree(master);
    waiting.needsAuthentication = false;
    return C.CKR_OK;
  });
}

function login(call: Call, userType: number, pin: Span | null): number {
  // There is no protected authentication path: a PIN must come.
  if (pin === null) return C.CKR_ARGUMENTS_BAD;
  switch (userType) {
    case C.CKU_SO:
      return logIn(call, 'so', pin);
    case C.CKU_USER:
      return logIn(call, 'user', pin);
    case C.CKU_CONTEXT_SPECIFIC:
      return authenticateOperation(call, pin);
    default:
      return C.CKR_USER_TYPE_INVALID;
  }
}

/** Says why a new PIN is not taken. */
function refuse(call: Call, { record }: Token, kind: KeyslotKind, { rv, why }: Misfit): number {
  tell(call, record, kind, `a new one is refused: it ${why}`);
  return rv;
}

/** The CK_RV for a PIN that the token's rules do not take, or CKR_OK. */
export function checkNewPin(call: Call, token: Token, role: Role, pin: Span | null): number {
  if (pin === null) return C.CKR_ARGUMENTS_BAD;
  const { record } = token;
  const names = [record.info?.label ?? '', record.info?.serial ?? ''];
  const problem = misfit(call.engine.pins.rulesOf(record), role, pin, names);
  return problem === undefined ? C.CKR_OK : refuse(call, token, role, problem);
}

/** A PIN that is to be set, by the master key. */
export interface Given extends Pick<NewPin, 'pin' | 'role' | 'reset'> {
  readonly master: KeyHandle;
  /** By whom, for the log. */
  readonly by?: string;
}

/** Sets a PIN by the master key, which is freed. */
export function setPin(call: Call, token: Token, given: Given): number {
  const { engine } = call;
  const { record } = token;
  const { role, master, reset = false, by = 'the security officer' } = given;
  const free = (): void => engine.enclave.keyFree(master);
  return withNewPin(
    call,
    { ...given, token: record },
    ({ key, also }) => {
      const wasLocked = engine.pins.isLocked(record, role);
      const before = engine.pins.sealedRules(record);
      try {
        engine.pins.set(record, role, key, master, also);
      } finally {
        free();
      }
      engine.pinTurns.of(record, role).renewed();
      for (const app of engine.applications.values())
        app.pinChanged(token, role === KeyslotKind.So ? 'so' : 'user');
      engine.bumpEpoch();
      if (wasLocked) tell(call, record, role, `not locked any more: ${by} has set a new one`);
      if (reset && dueFor(engine, record, role) !== undefined)
        tell(call, record, role, 'set by the security officer: the user must change it');
      tellOfRules(call, record, before);
      return C.CKR_OK;
    },
    (problem) => refuse(call, token, role, problem),
    free,
  );
}

export const loginHandlers = {
  C_Login(call, a) {
    return login(call, a.userType, a.pin);
  },

  C_LoginUser(call, a) {
    // Users have no names here; an empty one is the same as C_Login (PKCS#11 3.2, 5.6.9).
    return a.username.length === 0 ? login(call, a.userType, a.pin) : C.CKR_USER_TYPE_INVALID;
  },

  C_Logout(call) {
    const session = sessionOf(call);
    if (session.app.loginOf(session.token) === 'none') return C.CKR_USER_NOT_LOGGED_IN;
    endLogin(call.engine, session.app, session.token);
    return C.CKR_OK;
  },

  C_InitPIN(call, a) {
    const session = sessionOf(call);
    const rv = checkNewPin(call, session.token, KeyslotKind.User, a.pin);
    if (rv !== C.CKR_OK || a.pin === null) return rv;
    const master = session.token.securityOfficers.get(session.app);
    if (master === undefined) return C.CKR_USER_NOT_LOGGED_IN;
    // The officer may log out while the new PIN is derived; a copy of the master key outlives that.
    const copy = call.engine.enclave.keyDuplicate(master);
    if (copy < 0) return -copy;
    return setPin(call, session.token, {
      role: KeyslotKind.User,
      pin: a.pin,
      master: copy,
      reset: true,
    });
  },

  C_SetPIN(call, a) {
    const session = sessionOf(call);
    const { engine } = call;
    const { record } = session.token;
    if (a.oldPin === null) return C.CKR_ARGUMENTS_BAD;
    const kind = session.login === 'so' ? KeyslotKind.So : KeyslotKind.User;
    const rv = checkNewPin(call, session.token, kind, a.newPin);
    if (rv !== C.CKR_OK || a.newPin === null) return rv;
    if (!engine.pins.has(record, kind)) return C.CKR_USER_PIN_NOT_INITIALIZED;
    const isSame = samePin(a.oldPin, a.newPin);
    const fresh = new PinCopy(engine.enclave, a.newPin);
    const set = (master: KeyHandle): number => {
      try {
        // One that must be changed is not changed by setting it again; and the present one is the first of those in use.
        if (
          isSame &&
          (dueFor(engine, record, kind) !== undefined || engine.pins.rulesOf(record).history > 0)
        ) {
          engine.enclave.keyFree(master);
          return refuse(call, session.token, kind, { rv: C.CKR_PIN_INVALID, why: 'is the present one' });
        }
        return setPin(call, session.token, { role: kind, pin: fresh.span, master });
      } finally {
        fresh.release();
      }
    };
    return withPin(call, record, kind, a.oldPin, set, () => fresh.release());
  },
} satisfies Partial<Handlers>;
