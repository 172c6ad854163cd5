/** Objects that are about to be made: whether the session may, and what they will be called. */
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import {
  CKA_CLASS,
  CKA_PRIVATE,
  CKA_TOKEN,
  CKA_UNIQUE_ID,
  CKO_PUBLIC_KEY,
  CKR_SESSION_CLOSED,
  CKR_SESSION_READ_ONLY,
  CKR_USER_NOT_LOGGED_IN,
} from '../generated/constants.ts';
import type { NewObject } from '../store/objects.ts';
import { CryptokiError } from '../values/errors.ts';
import type { AttributeSet } from './attribute-set.ts';
import type { Blueprint } from './blueprint.ts';
import type { TokenObject, Viewer } from './object.ts';
import type { Admission } from './room.ts';
import { idOfUniqueId, newObjectId } from './unique-id.ts';

export interface Draft extends Admission {
  readonly id: Uint8Array;
  readonly isPrivate: boolean;
}

export function refusal(rv: number, message: string): CryptokiError {
  return new CryptokiError(rv, 'objects', message);
}

/**
 * Whether a session may make, change or destroy an object with these attributes (PKCS#11 3.2, 5.7): token objects need a
 * read/write session, private objects the user's login.
 * @throws CryptokiError CKR_SESSION_READ_ONLY, CKR_USER_NOT_LOGGED_IN, CKR_SESSION_CLOSED
 */
export function checkMayWrite(session: Viewer, isToken: boolean, isPrivate: boolean): void {
  if (session.closed) throw refusal(CKR_SESSION_CLOSED, 'the session was closed meanwhile');
  if (isToken && !session.readWrite) throw refusal(CKR_SESSION_READ_ONLY, 'a read-only session');
  if (isPrivate && session.login !== 'user') {
    throw refusal(CKR_USER_NOT_LOGGED_IN, 'private objects need the user');
  }
}

/** @throws CryptokiError as {@link checkMayWrite} */
export function draftOf(session: Viewer, attributes: AttributeSet, key: KeyHandle): Draft {
  const isToken = attributes.bool(CKA_TOKEN) === true;
  const isPrivate = attributes.bool(CKA_PRIVATE) === true;
  checkMayWrite(session, isToken, isPrivate);
  const id = idOfUniqueId(attributes.bytes(CKA_UNIQUE_ID) ?? new Uint8Array(0));
  return { id, isToken, isPrivate, attributes, key };
}

/** A secret key like the one that a blueprint was made of. @throws CryptokiError as {@link checkMayWrite} */
export function draftLike(session: Viewer, enclave: Enclave, like: Blueprint, key: KeyHandle): Draft {
  const { isToken, isPrivate } = like;
  checkMayWrite(session, isToken, isPrivate);
  const id = newObjectId();
  return { id, isToken, isPrivate, attributes: like.forSecret(enclave, id, key), key };
}

/** A key that has been made, and completed attributes for its object. */
export interface Made {
  readonly attributes: AttributeSet;
  readonly key: KeyHandle;
}

/** Half of a pair like another one. */
export interface HalfLike {
  readonly like: Blueprint;
  readonly key: KeyHandle;
}

/** A pair on a curve like another one. @throws CryptokiError as {@link checkMayWrite} */
export function draftPairLike(
  session: Viewer,
  enclave: Enclave,
  first: HalfLike,
  second: HalfLike,
): readonly [Draft, Draft] {
  for (const { like } of [first, second]) checkMayWrite(session, like.isToken, like.isPrivate);
  const [id, otherId] = [newObjectId(), newObjectId()];
  const attributes = first.like.forPublic(enclave, id, first.key);
  const others = second.like.forPrivate(otherId, attributes);
  const { isToken, isPrivate } = second.like;
  return [
    { id, isToken: first.like.isToken, isPrivate: first.like.isPrivate, attributes, key: first.key },
    { id: otherId, isToken, isPrivate, attributes: others, key: second.key },
  ];
}

/** What the store is given of a token object. */
export function rowOf({ id, isPrivate, attributes, key }: Draft): NewObject {
  // A public key stands complete in its attributes: it needs no sealed value.
  const value = key !== 0 && attributes.ulong(CKA_CLASS) !== CKO_PUBLIC_KEY ? key : null;
  return { id, private: isPrivate, attributes: attributes.packed, value };
}

/** An object whose place another one takes, with the attributes that it is to have then. */
export interface Retired {
  readonly object: TokenObject;
  readonly attributes: AttributeSet;
}
