/**
 * One application, which is a process that called C_Initialize, and its sessions: each with its token, its kind, and the operations under
 * way in it (PKCS#11 3.2, 5.6). Sessions, login state and session objects belong to the application alone; two processes never share them
 * (5.1: "application").
 */

import {
  CKR_DEVICE_MEMORY,
  CKS_RO_PUBLIC_SESSION,
  CKS_RO_USER_FUNCTIONS,
  CKS_RW_PUBLIC_SESSION,
  CKS_RW_SO_FUNCTIONS,
  CKS_RW_USER_FUNCTIONS,
} from '../generated/constants.ts';
import type { TokenObject } from '../objects/object.ts';
import { Account, Kept } from '../policy/quotas.ts';
import { allOfToken, everything, type NamedToken, type Rights, type TokenRights } from '../policy/rights.ts';
import type { Token } from '../tokens/token.ts';
import { CryptokiError } from '../values/errors.ts';
import type { Login } from '../values/login.ts';
import { type Operation, OperationKind, operationKinds } from './operation.ts';
import type { Peer } from './peer.ts';

/**
 * Before a client asks for newer grants it tells of every session that it keeps to itself; only threads that open sessions at the very
 * same time can overtake each other. So this is more than there are threads in any one process.
 */
const GRANTS_KEPT = 1024;

/** A token that was tampered with, whose name nobody knows. */
const NAMELESS: NamedToken = { label: '', serial: '' };

/** How an application is taken in. */
export interface Terms {
  readonly rights?: Rights;
  /** Whether it must not learn from its handles what others do. */
  readonly apart?: boolean;
  readonly firstHandle?: number;
}

export class Application {
  readonly id: number;
  /** Who comes again to an application of his by the network door may have a newer certificate, and be elsewhere. */
  peer: Peer;
  /** What it may do. Another policy may change that while it is here. */
  rights: Rights;
  readonly sessions = new Map<number, Session>();
  /** What the engine keeps for it. */
  readonly account: Account;
  /** Calls of this application that wait for a job of the enclave's. */
  jobs = 0;
  /** The process has gone or said goodbye; calls that are still under way get no answer that means anything. */
  ended = false;
  /** Where others are there whom it must not see: its own names for objects. */
  readonly nextName: (() => number) | undefined;
  #sessionHandle: number;
  readonly #granted: { readonly from: number; readonly to: number }[] = [];
  readonly #logins = new Map<Token, 'user' | 'so'>();
  /** Those of them whose PIN must be changed first. */
  readonly #due = new Set<Token>();

  /** @param firstHandle of its sessions: another for each, so that those of an earlier engine mean nothing to this one */
  constructor(id: number, peer: Peer, account = new Account(), { rights, apart, firstHandle }: Terms = {}) {
    this.id = id;
    this.peer = peer;
    this.rights = rights ?? everything;
    this.#sessionHandle = firstHandle ?? 1;
    let names = 0;
    this.nextName = apart === true ? () => ++names : undefined;
    this.account = account;
  }

  /** The first of `count` handles in a row that it was never given. */
  nextSessionHandles(count: number): number {
    const first = this.#sessionHandle;
    this.#sessionHandle += count;
    return first;
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

  /** Only `login.ts` calls this: logging in and out has consequences for keys and session objects. */
  setLogin(token: Token, login: Login, due = false): void {
    if (login === 'none') this.#logins.delete(token);
    else this.#logins.set(token, login);
    if (due) this.#due.add(token);
    else this.#due.delete(token);
  }

  /** Whether it is logged in with a PIN that must be changed before anything else (PKCS#11 3.2, 3.2: CKF_USER_PIN_TO_BE_CHANGED). */
  mustChangePin(token: Token): boolean {
    return this.#due.has(token);
  }

  /** The PIN of that role of the token was changed, by whomever. */
  pinChanged(token: Token, login: Login): void {
    if (this.loginOf(token) === login) this.#due.delete(token);
  }

  /** What it may do on the token. */
  rightsOn(token: Token): TokenRights {
    const { rights } = this;
    return rights.limited ? rights.on(token.record.info ?? NAMELESS) : allOfToken;
  }

  /** This application's sessions with a token. */
  *sessionsOn(token: Token): Generator<Session> {
    for (const session of this.sessions.values()) if (session.token === token) yield session;
  }
}

export class Session {
  readonly handle: number;
  readonly app: Application;
  readonly token: Token;
  readonly readWrite: boolean;
  /** Session objects made in this session (they die with it). */
  readonly ownObjects = new Set<TokenObject>();
  readonly #operations: (Operation | undefined)[] = operationKinds.map(() => undefined);
  /** Operations for which the thread pool works; their place in the session is free meanwhile. */
  readonly #away = new Set<Operation>();
  closed = false;

  constructor(handle: number, app: Application, token: Token, readWrite: boolean) {
    this.handle = handle;
    this.app = app;
    this.token = token;
    this.readWrite = readWrite;
  }

  operation(kind: OperationKind): Operation | undefined {
    return this.#operations[kind];
  }

  /**
   * Installs an operation; whatever was there is released first.
   * @throws CryptokiError CKR_DEVICE_MEMORY, with the operation released, when the application has as many under way as it may
   */
  begin(kind: OperationKind, operation: Operation): void {
    this.end(kind);
    if (!this.app.account.take(Kept.Operations, 1)) {
      operation.release();
      throw new CryptokiError(
        CKR_DEVICE_MEMORY,
        'sessions',
        'the application has too many operations under way',
      );
    }
    this.#operations[kind] = operation;
  }

  /** Ends and releases the operation of that kind, if any. */
  end(kind: OperationKind): void {
    // A message that is under way in parts ends with the process that it belongs to.
    if (kind === OperationKind.MessageEncrypt) this.end(OperationKind.EncryptedMessage);
    else if (kind === OperationKind.MessageDecrypt) this.end(OperationKind.DecryptedMessage);
    const operation = this.#operations[kind];
    if (operation === undefined) return;
    this.#operations[kind] = undefined;
    this.#over(operation);
  }

  /** Takes the operation out while the thread pool works for it; {@link settle} says what becomes of it then. */
  take(kind: OperationKind): Operation | undefined {
    const operation = this.#operations[kind];
    this.#operations[kind] = undefined;
    if (operation !== undefined) this.#away.add(operation);
    return operation;
  }

  /** Ends what {@link take} began: the operation goes on if it is to and nothing has taken its place, else it is released. */
  settle(kind: OperationKind, operation: Operation, goesOn: boolean): void {
    const expected = this.#away.delete(operation);
    if (goesOn && expected && this.#operations[kind] === undefined) this.#operations[kind] = operation;
    else if (expected) this.#over(operation);
    else operation.release();
  }

  #over(operation: Operation): void {
    this.app.account.give(Kept.Operations, 1);
    operation.release();
  }

  endAll(): void {
    for (const kind of operationKinds) this.end(kind);
    for (const operation of this.#away) this.#over(operation);
    this.#away.clear();
  }

  /** The application's user logs out of the token. */
  userLeaves(): void {
    for (const operation of this.#operations) operation?.userLeaves?.();
    for (const operation of this.#away) operation.userLeaves?.();
  }

  /** What the application may do on the session's token. */
  get rights(): TokenRights {
    return this.app.rightsOn(this.token);
  }

  /** As whom the application is logged in to the session's token. */
  get login(): Login {
    return this.app.loginOf(this.token);
  }

  /** Whether the token is unlocked for an application that is not logged in to it; see unlocking.ts. */
  get unlocked(): boolean {
    return this.token.keeper !== undefined && this.login === 'none' && this.rights.pinless;
  }

  /** The CKS_ value: kind of session and the application's login to the token. */
  get state(): number {
    switch (this.login) {
      case 'so':
        return CKS_RW_SO_FUNCTIONS;
      case 'user':
        return this.readWrite ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS;
      default:
        return this.readWrite ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION;
    }
  }
}

/** The session of a call whose row guarantees one. */
export function sessionOf({ session }: { readonly session: Session | undefined }): Session {
  if (session === undefined)
    throw new TypeError('this function has no session: its row in the call table is wrong');
  return session;
}
