/**
 * One PKCS#11 object as the engine holds it: packed attributes, and for keys, and private objects with a value, a lazily opened handle in
 * the enclave.
 */

import type { KeyHandle } from '../../enclave/enclave.ts';
import {
  CKA_CLASS,
  CKA_UNIQUE_ID,
  CKR_KEY_HANDLE_INVALID,
  CKR_OBJECT_HANDLE_INVALID,
} from '../generated/constants.ts';
import { Kept } from '../policy/quotas.ts';
import type { TokenRights } from '../policy/rights.ts';
import type { ObjectRef } from '../store/objects.ts';
import { CryptokiError } from '../values/errors.ts';
import type { Login } from '../values/login.ts';
import type { AttributeSet } from './attribute-set.ts';
import type { Home, Owner } from './host.ts';
import { isKeyClass } from './private-value.ts';
import { idOfUniqueId } from './unique-id.ts';
import type { KeyUses } from './uses/key-uses.ts';

const NO_BYTES = new Uint8Array(0);

/** Where a key that is not open in the enclave comes from on its first use. */
export interface KeySource {
  openKey(object: TokenObject): KeyHandle;
}

/** A session, through which an application sees its objects and the token's. */
export interface Viewer {
  readonly app: Owner;
  readonly readWrite: boolean;
  readonly closed: boolean;
  /** As whom the application is logged in to the session's token. */
  readonly login: Login;
  /** What the application may do on the session's token. */
  readonly rights: TokenRights;
  /** Whether private objects of the token may be used without a login, as far as the rules say so of each. */
  readonly unlocked: boolean;
  /** Session objects made in it. */
  readonly ownObjects: Set<TokenObject>;
}

export class TokenObject {
  /** CK_OBJECT_HANDLE: unique in the engine's life, never reused. Applications get it through TokenObjects.handleFor. */
  readonly handle: number;
  readonly token: Home;
  /** The session that owns it, or undefined for a token object. */
  readonly owner: Viewer | undefined;
  /** CKA_PRIVATE, held here because every look-up asks for it. */
  readonly isPrivate: boolean;
  attributes: AttributeSet;
  /** Counts the changes of a token object; the store asks for it. Session objects stay at 1. */
  version = 1;
  /** What is counted of a key's uses, once it has been used; made by uses/counting.ts. */
  uses: KeyUses<TokenObject> | undefined;
  /** Bytes that the owner's application is charged for it; of session objects only. */
  charged = 0;
  /** The object's place in the index that holds it; the index's own. */
  slot = -1;
  /** That index, once it is in one. */
  index: { readonly dropped: boolean } | undefined;
  #id: Uint8Array | undefined;
  #key: KeyHandle;
  #dead = false;
  /** Operations under way that keep the key. */
  #holds = 0;
  readonly #source: KeySource | undefined;

  /**
   * @param key the enclave's handle, or 0 when the object has none or it is still sealed in the store
   * @param source opens the key or value on first use; undefined for objects that have none in the store
   */
  constructor(
    handle: number,
    token: Home,
    owner: Viewer | undefined,
    isPrivate: boolean,
    attributes: AttributeSet,
    key: KeyHandle,
    source: KeySource | undefined,
  ) {
    this.handle = handle;
    this.token = token;
    this.owner = owner;
    this.isPrivate = isPrivate;
    this.attributes = attributes;
    this.#key = key;
    this.#source = source;
  }

  /** 16 random bytes; CKA_UNIQUE_ID is their hex. Names the object in store and audit log. */
  get id(): Uint8Array {
    this.#id ??= idOfUniqueId(this.attributes.bytes(CKA_UNIQUE_ID) ?? NO_BYTES);
    return this.#id;
  }

  /** True for a session object: it is gone after a power failure, whatever the disk holds. */
  get isFleeting(): boolean {
    return this.owner !== undefined;
  }

  /** True once the object is destroyed, its session closed or its token logged out: the handle is then dead. */
  get dead(): boolean {
    return this.#dead || this.index?.dropped === true || this.owner?.closed === true;
  }

  /** True when the object has a key or a private value (in the enclave or sealed in the store). */
  get hasValue(): boolean {
    return this.#key !== 0 || this.#source !== undefined;
  }

  /** True when that is a key. */
  get hasKey(): boolean {
    return this.hasValue && isKeyClass(this.attributes.ulong(CKA_CLASS));
  }

  /**
   * The enclave's handle to the key or private value, opening the sealed one on first use. A dead object has it as long as an operation
   * holds it.
   * @throws CryptokiError CKR_OBJECT_HANDLE_INVALID for a dead object, CKR_KEY_HANDLE_INVALID for one that has neither
   */
  key(): KeyHandle {
    if (this.#holds === 0 && this.dead) {
      throw new CryptokiError(CKR_OBJECT_HANDLE_INVALID, 'objects.key', 'the object is gone');
    }
    if (this.#key === 0) {
      if (this.#source === undefined) {
        throw new CryptokiError(CKR_KEY_HANDLE_INVALID, 'objects.key', 'the object is not a key');
      }
      this.#key = this.#source.openKey(this);
    }
    return this.#key;
  }

  /** The handle if the key is open in the enclave now, else 0. */
  get openHandle(): KeyHandle {
    return this.#key;
  }

  /** Keeps the key in the enclave until {@link letGo}, even when the object dies meanwhile. @throws as {@link key} */
  hold(): void {
    this.key();
    this.#holds++;
  }

  /** Forgets a key that can be opened again, unless an operation holds it. Returns the handle that the caller frees, or 0. */
  closeKey(): KeyHandle {
    if (this.#source === undefined || this.#holds > 0) return 0;
    const key = this.#key;
    this.#key = 0;
    return key;
  }

  /** Ends one {@link hold}. Returns the handle that the caller frees in the enclave now, or 0. */
  letGo(): KeyHandle {
    this.#holds--;
    return this.#orphan();
  }

  /** The object is dead from now on; {@link die} has yet to come. */
  doom(): void {
    this.#dead = true;
  }

  /** The object is dead from now on. Returns the handle that the caller frees in the enclave now, or 0 when it is not open or held. */
  die(): KeyHandle {
    this.#dead = true;
    return this.#orphan();
  }

  /** The open handle, forgotten here, of a dead object that nobody holds. */
  #orphan(): KeyHandle {
    if (this.#holds > 0 || !this.dead) return 0;
    const key = this.#key;
    this.#key = 0;
    if (this.charged > 0) {
      const account = this.owner?.app.account;
      account?.give(Kept.Objects, 1);
      account?.give(Kept.ObjectBytes, this.charged);
      this.charged = 0;
    }
    return key;
  }
}

/** The object as the store knows it. */
export function referenceTo(object: TokenObject): ObjectRef {
  return { id: object.id, private: object.isPrivate, version: object.version };
}
