/** Who is logged in to a token, and what that opens and closes. */

import type { KeyHandle } from '../../enclave/enclave.ts';
import { CKR_OK } from '../generated/constants.ts';
import { Opening, type OpeningHost } from '../tokens/opening.ts';
import type { Token } from '../tokens/token.ts';
import type { PinTurns } from '../tokens/turns.ts';
import type { Waits } from '../values/waiting.ts';
import type { Application, Session } from './application.ts';

/** What logins change outside of the token. */
export interface LoginHost extends OpeningHost {
  /** Calls that wait to try a PIN. */
  readonly pinTurns: PinTurns;
  /** To be told of every change that can alter the outcome of another call. */
  bumpEpoch(): void;
}

/**
 * The user's PIN was right: private objects open, which may take a while for the first user. Takes the master key over.
 * @param conflict why the session may not log in when that is done, or CKR_OK
 * @param due whether the PIN must be changed before it opens anything
 */
export function userLoggedIn(
  call: Waits,
  engine: LoginHost,
  session: Session,
  master: KeyHandle,
  conflict: () => number,
  due: boolean,
): number {
  const { app, token } = session;
  const enter = (): number => {
    const rv = conflict();
    if (rv !== CKR_OK) return rv;
    token.users.add(app);
    app.setLogin(token, 'user', due);
    engine.bumpEpoch();
    return CKR_OK;
  };
  if (token.users.size === 0 && token.opening === undefined) {
    token.opening = new Opening(engine, token, master);
    return token.opening.join(call, session, enter);
  }
  engine.enclave.keyFree(master);
  return token.opening === undefined ? enter() : token.opening.join(call, session, enter);
}

/** The SO's PIN was right. Takes the master key over: the SO may set a new user PIN with it, and nothing else. */
export function officerLoggedIn(
  engine: LoginHost,
  app: Application,
  token: Token,
  master: KeyHandle,
  due: boolean,
): void {
  token.securityOfficers.set(app, master);
  app.setLogin(token, 'so', due);
  engine.bumpEpoch();
}

/** Ends the application's login, if any; the last user to go takes the token's private keys out of memory. */
export function endLogin(engine: LoginHost, app: Application, token: Token): void {
  const login = app.loginOf(token);
  if (login === 'none') return;
  app.setLogin(token, 'none');
  engine.bumpEpoch();
  const officer = token.securityOfficers.get(app);
  if (officer !== undefined) {
    token.securityOfficers.delete(app);
    engine.enclave.keyFree(officer);
  }
  // Before the objects go, so that nothing keeps their keys.
  let isLast = true;
  for (const session of app.sessionsOn(token)) {
    session.userLeaves();
    isLast = false;
  }
  // With the last session its objects have gone already.
  if (!isLast) token.objects.dropPrivateSessionObjects(app);
  if (!token.users.delete(app)) return;
  if (token.users.size > 0) {
    token.objects.retirePrivateHandles(app);
    return;
  }
  token.closePrivate(engine.enclave);
}
