/**
 * One application: a process that called C_Initialize. Sessions, login state and session objects belong to it alone; two
 * processes never share them (PKCS#11 3.2, 5.1: "application").
 */
import type { Token } from '../tokens/token.ts';
import type { Session } from './session.ts';

/** Who the kernel says is at the other end of the socket. */
export interface Peer {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  /** Path of the executable as /proc gave it at connect, or empty. */
  readonly executable: string;
}

export type Login = 'none' | 'user' | 'so';

export class Application {
  readonly id: number;
  readonly peer: Peer;
  readonly sessions = new Map<number, Session>();
  readonly #logins = new Map<Token, 'user' | 'so'>();

  constructor(id: number, peer: Peer) {
    this.id = id;
    this.peer = peer;
  }

  loginOf(token: Token): Login {
    return this.#logins.get(token) ?? 'none';
  }

  /** Only `tokens/login.ts` calls this: logging in and out has consequences for keys and session objects. */
  setLogin(token: Token, login: Login): void {
    if (login === 'none') this.#logins.delete(token);
    else this.#logins.set(token, login);
  }

  /** This application's sessions with a token. */
  *sessionsOn(token: Token): Generator<Session> {
    for (const session of this.sessions.values()) if (session.token === token) yield session;
  }
}
