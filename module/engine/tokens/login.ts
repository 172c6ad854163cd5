/** Who is logged in to a token, and what that opens and closes. */

import { Kind } from '../../../audit/format.ts';
import type { KeyHandle } from '../../enclave/enclave.ts';
import type { Engine } from '../engine.ts';
import type { Application } from '../sessions/application.ts';
import type { Token } from './token.ts';

/** The user's PIN was right: private objects open. Takes the master key over. */
export function userLoggedIn(engine: Engine, app: Application, token: Token, master: KeyHandle): void {
  if (token.users.size === 0) {
    let unconfirmed: number;
    try {
      unconfirmed = token.objects.loadPrivate(master);
    } catch (error) {
      token.objects.dropPrivate();
      engine.enclave.keyFree(master);
      throw error;
    }
    token.master = master;
    if (unconfirmed > 0) {
      const detail = { found: 'public objects changed without a login', objects: unconfirmed };
      engine.audit.note(Kind.Recovery, detail, app.id, token.slotId);
    }
  } else {
    engine.enclave.keyFree(master);
  }
  token.users.add(app);
  app.setLogin(token, 'user');
  engine.bumpEpoch();
}

/** The SO's PIN was right. Takes the master key over: the SO may set a new user PIN with it, and nothing else. */
export function officerLoggedIn(engine: Engine, app: Application, token: Token, master: KeyHandle): void {
  token.securityOfficers.set(app, master);
  app.setLogin(token, 'so');
  engine.bumpEpoch();
}

/** Ends the application's login, if any; the last user to go takes the token's private keys out of memory. */
export function endLogin(engine: Engine, app: Application, token: Token): void {
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
  for (const session of app.sessionsOn(token)) session.userLeaves();
  token.objects.dropPrivateSessionObjects(app);
  if (!token.users.delete(app)) return;
  if (token.users.size > 0) {
    token.objects.retirePrivateHandles(app);
    return;
  }
  token.objects.dropPrivate();
  engine.enclave.keyFree(token.master);
  token.master = 0;
  engine.enclave.purgeParsed();
}
