/**
 * Who may do what with an object. `anyone` is whoever can load the library on this store, without a PIN; `user` is whoever has given the
 * user's PIN; `nobody` is nobody at all, the user included.
 */
import type { Attributes } from '../attributes.ts';

export type Who = 'anyone' | 'user' | 'nobody';

export interface Rights {
  /** Who knows that it is there. */
  readonly seenBy: Who;
  /** Who may read the value, and with it carry the object away. */
  readonly readBy: Who;
  readonly changedBy: Who;
  readonly deletedBy: Who;
}

/** What {@link rightsOf} and {@link ownerOf} look at. */
export const rightsAttributes = [
  'CKA_PRIVATE',
  'CKA_SENSITIVE',
  'CKA_EXTRACTABLE',
  'CKA_MODIFIABLE',
  'CKA_DESTROYABLE',
] as const;

/** A private object does not exist for those who have given no PIN; every other one is everybody's (PKCS#11 3.2, 4.4 and 5.7). */
export function ownerOf(attributes: Attributes): Who {
  return attributes.is('CKA_PRIVATE') ? 'user' : 'anyone';
}

/** @param secret whether the value is a private or secret key's */
export function rightsOf(attributes: Attributes, secret: boolean): Rights {
  const owner = ownerOf(attributes);
  const closed = secret && (attributes.is('CKA_SENSITIVE') || !attributes.is('CKA_EXTRACTABLE'));
  return {
    seenBy: owner,
    readBy: closed ? 'nobody' : owner,
    changedBy: attributes.is('CKA_MODIFIABLE') ? owner : 'nobody',
    deletedBy: attributes.is('CKA_DESTROYABLE') ? owner : 'nobody',
  };
}
