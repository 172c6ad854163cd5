/**
 * The way in for the first user who logs in to a token: its private objects are loaded in slices, and every login that comes meanwhile waits
 * for the same load.
 */
import { Kind } from '../../../audit/format.ts';
import type { KeyHandle } from '../../enclave/enclave.ts';
import { type Call, PENDING } from '../calls/call.ts';
import type { Engine } from '../engine.ts';
import { CryptokiError } from '../errors.ts';
import { CKR_FUNCTION_CANCELED } from '../generated/constants.ts';
import type { PrivateObjects } from '../objects/token-objects.ts';
import type { Session } from '../sessions/session.ts';
import type { Token } from './token.ts';

/** A login that waits. */
interface Waiter {
  readonly session: Session;
  resume: (() => void) | undefined;
}

export class Opening {
  readonly #engine: Engine;
  readonly #token: Token;
  readonly #master: KeyHandle;
  readonly #objects: PrivateObjects;
  readonly #waiters: Waiter[] = [];
  #over = false;
  #failure: unknown;

  /** Takes the master key over. @throws StoreError when the objects have been tampered with, and the key has been freed */
  constructor(engine: Engine, token: Token, master: KeyHandle) {
    this.#engine = engine;
    this.#token = token;
    this.#master = master;
    try {
      this.#objects = token.objects.loadPrivate(master);
    } catch (error) {
      engine.enclave.keyFree(master);
      throw error;
    }
  }

  /**
   * Goes on with `then` when the token is open. It sees to it itself whether the session may still log in.
   * @throws StoreError at once or in `then`'s place when the objects have been tampered with
   */
  join(call: Call, session: Session, then: () => number): number {
    const waiter: Waiter = { session, resume: undefined };
    this.#waiters.push(waiter);
    const answer = (): number => {
      if (this.#failure !== undefined && !session.closed) throw this.#failure;
      return then();
    };
    if (this.#waiters.length === 1 && this.#engine.slices.begin(() => this.#step())) {
      try {
        return answer();
      } finally {
        this.#closeUnlessUsed();
      }
    }
    waiter.resume = call.park(answer);
    return PENDING;
  }

  /** The token is to be initialised: nobody has a session that could still log in. */
  cancel(): void {
    if (!this.#over)
      this.#end(new CryptokiError(CKR_FUNCTION_CANCELED, 'tokens.opening', 'nobody waits for it'));
  }

  #step(): boolean {
    if (this.#over) return true;
    if (this.#waiters.every(({ session }) => session.closed)) {
      this.cancel();
      return true;
    }
    try {
      if (!this.#objects.step()) return false;
      this.#opened();
    } catch (error) {
      this.#end(error);
    }
    return true;
  }

  #opened(): void {
    const { app, token } = this.#waiters[0]?.session ?? {};
    const unconfirmed = this.#objects.unconfirmed();
    if (unconfirmed > 0) {
      const detail = { found: 'public objects changed without a login', objects: unconfirmed };
      this.#engine.audit.note(Kind.Recovery, detail, app?.id, token?.slotId);
    }
    this.#objects.reveal();
    this.#token.master = this.#master;
    this.#leave();
  }

  #end(failure: unknown): void {
    this.#failure = failure;
    this.#objects.end();
    this.#engine.enclave.keyFree(this.#master);
    this.#leave();
  }

  /** Everybody who waits is answered. */
  #leave(): void {
    this.#over = true;
    this.#token.opening = undefined;
    const resumed = this.#waiters.filter(({ resume }) => resume !== undefined);
    for (const { resume } of resumed) resume?.();
    if (resumed.length > 0 && this.#failure === undefined) this.#closeUnlessUsed();
  }

  /** Those who waited may all have left, or be logged in as somebody else by now. */
  #closeUnlessUsed(): void {
    if (this.#failure === undefined && this.#token.users.size === 0) this.#token.closePrivate(this.#engine);
  }
}
