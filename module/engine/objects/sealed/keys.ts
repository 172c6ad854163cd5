/** Keys that rest sealed in the store until they are used, and how they come into the enclave. */
import type { KeyHandle } from '../../../enclave/enclave.ts';
import { CKA_CLASS, CKO_PUBLIC_KEY, CKR_HOST_MEMORY } from '../../generated/constants.ts';
import { StoreError } from '../../store/errors.ts';
import { CryptokiError } from '../../values/errors.ts';

import type { Home, ObjectsHost } from '../host.ts';
import type { ObjectIndex } from '../index.ts';
import { importPublicKey } from '../key-material.ts';
import { type KeySource, referenceTo, type TokenObject } from '../object.ts';

export class SealedKeys implements KeySource {
  readonly #host: Pick<ObjectsHost, 'enclave' | 'store'>;
  readonly #token: Home;
  readonly #indices: () => readonly ObjectIndex[];

  /** @param indices where the token's own objects are now */
  constructor(
    host: Pick<ObjectsHost, 'enclave' | 'store'>,
    token: Home,
    indices: () => readonly ObjectIndex[],
  ) {
    this.#host = host;
    this.#token = token;
    this.#indices = indices;
  }

  /** Called by an object on the first use of its key. Keys that are open and not in use make room for it where there is none. */
  openKey(object: TokenObject): KeyHandle {
    try {
      return this.#open(object);
    } catch (error) {
      const refused = error instanceof CryptokiError || error instanceof StoreError ? error.rv : 0;
      if (refused !== CKR_HOST_MEMORY || !this.#closeIdleKeys()) throw error;
      return this.#open(object);
    }
  }

  #closeIdleKeys(): boolean {
    let closed = 0;
    for (const index of this.#indices())
      for (const object of index.made()) {
        const key = object.closeKey();
        if (key === 0) continue;
        this.#host.enclave.keyFree(key);
        closed++;
      }
    return closed > 0;
  }

  #open(object: TokenObject): KeyHandle {
    const { enclave, store } = this.#host;
    const { record, master } = this.#token;
    if (object.attributes.ulong(CKA_CLASS) === CKO_PUBLIC_KEY) {
      return importPublicKey(enclave, object.attributes);
    }
    return store.objects.openValue(record, referenceTo(object), master === 0 ? null : master);
  }
}
