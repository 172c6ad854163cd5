/** One Cryptoki session: its token, its kind, and the operations under way in it (PKCS#11 3.2, 5.6). */
import { CryptokiError } from '../errors.ts';
import {
  CKR_DEVICE_MEMORY,
  CKS_RO_PUBLIC_SESSION,
  CKS_RO_USER_FUNCTIONS,
  CKS_RW_PUBLIC_SESSION,
  CKS_RW_SO_FUNCTIONS,
  CKS_RW_USER_FUNCTIONS,
} from '../generated/constants.ts';
import { type OperationKind, operationKinds } from '../generated/operations.ts';
import type { TokenObject } from '../objects/object.ts';
import { Kept } from '../quotas.ts';
import type { Token } from '../tokens/token.ts';
import type { Application } from './application.ts';

export { OperationKind } from '../generated/operations.ts';

/** An operation under way. What a mechanism keeps in it is the mechanism's own. */
export interface Operation {
  readonly mechanism: number;
  /** The key's unique id, for the audit record; undefined for digests and searches. */
  readonly objectId: Uint8Array | undefined;
  /** Set by a login with CKU_CONTEXT_SPECIFIC; meaningful only when the key says CKA_ALWAYS_AUTHENTICATE. */
  needsAuthentication: boolean;
  /** Frees enclave contexts, copies of secrets and the key; called when the operation ends for whatever reason, perhaps twice. */
  release(): void;
  /** The application's user logs out: what is done with a private key lets go of it and is refused from now on. */
  userLeaves?(): void;
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

  /** The CKS_ value: kind of session and the application's login to the token. */
  get state(): number {
    switch (this.app.loginOf(this.token)) {
      case 'so':
        return CKS_RW_SO_FUNCTIONS;
      case 'user':
        return this.readWrite ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS;
      default:
        return this.readWrite ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION;
    }
  }
}
