/**
 * One application: a process that called C_Initialize. Sessions, login state and session objects belong to it alone; two
 * processes never share them (PKCS#11 3.2, 5.1: "application").
 */
import { Account } from '../quotas.ts';
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

/**
 * Before a client asks for newer grants it tells of every session that it keeps to itself; only threads that open sessions at the very
 * same time can overtake each other. So this is more than there are threads in any one process.
 */
const GRANTS_KEPT = 1024;

export class Application {
  readonly id: number;
  readonly peer: Peer;
  readonly sessions = new Map<number, Session>();
  /** What the engine keeps for it. */
  readonly account: Account;
  /** Calls of this application that wait for a job of the enclave's. */
  jobs = 0;
  /** The process has gone or said goodbye; calls that are still under way get no answer that means anything. */
  ended = false;
  readonly #granted: { readonly from: number; readonly to: number }[] = [];
  readonly #logins = new Map<Token, 'user' | 'so'>();

  constructor(id: number, peer: Peer, account = new Account()) {
    this.id = id;
    this.peer = peer;
    this.account = account;
  }

  /** Lets the application open sessions under these handles itself. Only the newest grants count. */
  grant(from: number, to: number): void {
    this.#granted.push({ from, to });
    if (this.#granted.length > GRANTS_KEPT) this.#granted.shift();
  }

  /** Whether the application may open a session under this handle now. */
  mayOpen(handle: number): boolean {
    return (
      !this.sessions.has(handle) &&
      this.#granted.findLast((grant) => handle >= grant.from && handle < grant.to) !== undefined
    );
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
