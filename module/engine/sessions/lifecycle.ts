/** Opening and closing sessions, and what dies with them. */
import { Kept } from '../policy/quotas.ts';
import type { Rights } from '../policy/rights.ts';
import type { Token } from '../tokens/token.ts';
import { type Application, Session } from './application.ts';
import { endLogin, type LoginHost } from './login.ts';

/** Opens a session under a handle that is the application's to use. */
export function openSession(handle: number, app: Application, token: Token, readWrite: boolean): Session {
  const session = new Session(handle, app, token, readWrite);
  app.sessions.set(handle, session);
  app.account.count(Kept.Sessions, 1);
  return session;
}

/** Ends the session's operations and objects; with an application's last session on a token its login ends (PKCS#11 3.2, 5.6.6). */
export function closeSession(engine: LoginHost, session: Session): void {
  const { app, token } = session;
  session.closed = true;
  engine.pinTurns.drop((call) => call.session === session);
  session.endAll();
  token.objects.dropSession(session);
  app.sessions.delete(session.handle);
  app.account.give(Kept.Sessions, 1);
  for (const _other of app.sessionsOn(token)) return;
  endLogin(engine, app, token);
}

/**
 * The application's rights change while it is here: sessions with tokens that it may not see any more end, and logins that it may not have. Operations
 * that it may not go on with end at their next call.
 */
export function applyRights(engine: LoginHost, app: Application, rights: Rights): void {
  app.rights = rights;
  for (const session of [...app.sessions.values()]) {
    const { token } = session;
    const { visible, user, so } = session.rights;
    const login = app.loginOf(token);
    if (!visible) closeSession(engine, session);
    else if ((login === 'user' && !user) || (login === 'so' && !so)) endLogin(engine, app, token);
  }
}

/** C_Finalize, or the process' end: everything that the application had is gone. */
export function endApplication(engine: LoginHost, app: Application): void {
  engine.pinTurns.drop((call) => call.app === app);
  for (const session of [...app.sessions.values()]) closeSession(engine, session);
}
