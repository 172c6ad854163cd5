/** Whether there is room for an object: what an application may have in session objects, and a token in objects of its own. */
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import { CKR_DEVICE_MEMORY } from '../generated/constants.ts';
import { type Account, Kept } from '../policy/quotas.ts';
import { CryptokiError } from '../values/errors.ts';
import type { AttributeSet } from './attribute-set.ts';
import type { TokenLimits } from './host.ts';
import type { TokenObject } from './object.ts';

/** What asks for admission. */
export interface Admission {
  readonly isToken: boolean;
  readonly attributes: AttributeSet;
  readonly key: KeyHandle;
  /** Bytes that the application is charged for a session object; set when it is admitted. */
  charged?: number;
}

function full(what: string): CryptokiError {
  return new CryptokiError(CKR_DEVICE_MEMORY, 'objects.room', what);
}

const APPLICATION_FULL = 'the application has as much in session objects as it may have';

/** One token's. */
export class Room {
  readonly #limits: TokenLimits;
  readonly #enclave: Enclave;
  /** Bytes of the attributes of the token objects that are in memory. */
  #public = 0;
  #private = 0;

  constructor(limits: TokenLimits, enclave: Enclave) {
    this.#limits = limits;
    this.#enclave = enclave;
  }

  /**
   * Makes room for objects, all or none.
   * @param count how many the token has
   * @param store puts those of the token into the store; when it throws, nothing has been taken
   * @throws CryptokiError CKR_DEVICE_MEMORY, and what `store` throws
   */
  admit(account: Account, drafts: readonly Admission[], count: number, store: () => void): void {
    let objects = 0;
    let bytes = 0;
    let forToken = 0;
    let bytesForToken = 0;
    for (const draft of drafts) {
      const packed = draft.attributes.packed.length;
      if (draft.isToken) {
        forToken++;
        bytesForToken += packed;
      } else {
        draft.charged = packed + (draft.key === 0 ? 0 : this.#enclave.keySize(draft.key));
        objects++;
        bytes += draft.charged;
      }
    }
    if (forToken > 0 && account.heapFull(forToken)) throw full('there is no memory for more objects');
    if (count + forToken > this.#limits.tokenMax && forToken > 0)
      throw full('the token has as many objects as it may have');
    this.need(bytesForToken);
    if (objects > 0) {
      if (!account.take(Kept.Objects, objects)) throw full(APPLICATION_FULL);
      if (!account.take(Kept.ObjectBytes, bytes)) {
        account.give(Kept.Objects, objects);
        throw full(APPLICATION_FULL);
      }
    }
    if (forToken === 0) return;
    try {
      store();
    } catch (error) {
      account.give(Kept.Objects, objects);
      account.give(Kept.ObjectBytes, bytes);
      throw error;
    }
  }

  /** @throws CryptokiError CKR_DEVICE_MEMORY when the token's objects cannot take so many bytes more */
  need(bytes: number): void {
    if (bytes > 0 && this.#public + this.#private + bytes > this.#limits.tokenBytes)
      throw full('the objects of the token take as much as they may take');
  }

  /** A token object has come with so many bytes, or has so many more, or gone with (less than none) so many. */
  weigh(object: TokenObject, bytes: number): void {
    if (object.owner !== undefined) return;
    if (object.isPrivate) this.#private += bytes;
    else this.#public += bytes;
  }

  /** Token objects with so many bytes have come out of the store. */
  loaded(isPrivate: boolean, bytes: number): void {
    if (isPrivate) this.#private += bytes;
    else this.#public += bytes;
  }

  privateGone(): void {
    this.#private = 0;
  }

  allGone(): void {
    this.#public = 0;
    this.#private = 0;
  }

  /** An object's attributes are to have so many bytes more, or less. @throws CryptokiError CKR_DEVICE_MEMORY */
  recharge(object: TokenObject, grown: number): void {
    const account = object.owner?.app.account;
    if (account === undefined) {
      this.weigh(object, grown);
      return;
    }
    if (grown <= 0) account.give(Kept.ObjectBytes, -grown);
    else if (!account.take(Kept.ObjectBytes, grown)) throw full(APPLICATION_FULL);
    object.charged += grown;
  }
}
