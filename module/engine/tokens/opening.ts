/**
 * The way in for the first user who logs in to a token: its private objects are loaded in slices, and every login that comes meanwhile waits
 * for the same load.
 */
import { Kind } from '../../../audit/format.ts';
import type { AuditWriter } from '../../../audit/writer.ts';
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import { CKR_FUNCTION_CANCELED } from '../generated/constants.ts';
import type { PrivateObjects } from '../objects/host.ts';
import type { TokenObjects } from '../objects/token-objects.ts';
import { CryptokiError } from '../values/errors.ts';
import type { Slices } from '../values/slices.ts';
import { PENDING, type Waits } from '../values/waiting.ts';

/** What a load needs of the whole. */
export interface OpeningHost {
  readonly enclave: Enclave;
  readonly slices: Slices;
  readonly audit: Pick<AuditWriter, 'note'>;
}

/** The token, before anybody is in. */
interface Closed {
  readonly slotId: number;
  readonly objects: Pick<TokenObjects, 'loadPrivate'>;
  readonly users: { readonly size: number };
  master: KeyHandle;
  opening: Opening | undefined;
  closePrivate(enclave: Enclave): void;
}

/** The session that logs in. */
interface Entrant {
  readonly closed: boolean;
  readonly app: { readonly id: number };
}

/** A login that waits. */
interface Waiter {
  readonly session: Entrant;
  resume: (() => void) | undefined;
}

export class Opening {
  readonly #host: OpeningHost;
  readonly #token: Closed;
  readonly #master: KeyHandle;
  readonly #objects: PrivateObjects;
  readonly #waiters: Waiter[] = [];
  #over = false;
  #failure: unknown;

  /** Takes the master key over. @throws StoreError when the objects have been tampered with, and the key has been freed */
  constructor(host: OpeningHost, token: Closed, master: KeyHandle) {
    this.#host = host;
    this.#token = token;
    this.#master = master;
    try {
      this.#objects = token.objects.loadPrivate(master);
    } catch (error) {
      host.enclave.keyFree(master);
      throw error;
    }
  }

  /**
   * Goes on with `then` when the token is open. It sees to it itself whether the session may still log in.
   * @throws StoreError at once or in `then`'s place when the objects have been tampered with
   */
  join(call: Waits, session: Entrant, then: () => number): number {
    const waiter: Waiter = { session, resume: undefined };
    this.#waiters.push(waiter);
    const answer = (): number => {
      if (this.#failure !== undefined && !session.closed) throw this.#failure;
      return then();
    };
    if (this.#waiters.length === 1 && this.#host.slices.begin(() => this.#step())) {
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
    const { app } = this.#waiters[0]?.session ?? {};
    const unconfirmed = this.#objects.unconfirmed();
    if (unconfirmed > 0) {
      const detail = { found: 'public objects changed without a login', objects: unconfirmed };
      this.#host.audit.note(Kind.Recovery, detail, app?.id, this.#token.slotId);
    }
    this.#objects.reveal();
    this.#token.master = this.#master;
    this.#leave();
  }

  #end(failure: unknown): void {
    this.#failure = failure;
    this.#objects.end();
    this.#host.enclave.keyFree(this.#master);
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
    if (this.#failure === undefined && this.#token.users.size === 0)
      this.#token.closePrivate(this.#host.enclave);
  }
}
