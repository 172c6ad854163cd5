/** Opening a key into the enclave on its first use. Keys that are open and not in use make room for it where there is none. */
import type { KeyHandle } from '../../../enclave/enclave.ts';
import { CKA_CLASS, CKO_PUBLIC_KEY, CKR_HOST_MEMORY } from '../../generated/constants.ts';
import { StoreError } from '../../store/errors.ts';
import { CryptokiError } from '../../values/errors.ts';
import type { Home, ObjectsHost } from '../host.ts';
import { importPublicKey } from '../key-material.ts';
import { referenceTo, type TokenObject } from '../object.ts';

/** Where objects are that were made. */
interface Made {
  made(): Iterable<TokenObject>;
}

export function openWithRoom(
  host: ObjectsHost,
  token: Home,
  object: TokenObject,
  indices: readonly Made[],
): KeyHandle {
  try {
    return open(host, token, object);
  } catch (error) {
    const refused = error instanceof CryptokiError || error instanceof StoreError ? error.rv : 0;
    if (refused !== CKR_HOST_MEMORY || !closeIdleKeys(host, indices)) throw error;
    return open(host, token, object);
  }
}

function closeIdleKeys(host: ObjectsHost, indices: readonly Made[]): boolean {
  let closed = 0;
  for (const index of indices)
    for (const object of index.made()) {
      const key = object.closeKey();
      if (key === 0) continue;
      host.enclave.keyFree(key);
      closed++;
    }
  return closed > 0;
}

function open({ enclave, store }: ObjectsHost, { record, master }: Home, object: TokenObject): KeyHandle {
  if (object.attributes.ulong(CKA_CLASS) === CKO_PUBLIC_KEY)
    return importPublicKey(enclave, object.attributes);
  return store.objects.openValue(record, referenceTo(object), master === 0 ? null : master);
}
