/**
 * The values of private objects that are no keys: what somebody keeps in a private data object is as secret as a key, and lives where keys
 * do. Such an object's CKA_VALUE is not among its attributes: it goes by its place in the request into the enclave, and from there into
 * the reply and, sealed, into the store. An empty one tells nothing, and stays an attribute.
 */
import { Component, type ComponentRanges } from '../../enclave/enclave.ts';
import {
  CKA_CLASS,
  CKA_PRIVATE,
  CKA_VALUE,
  CKO_PRIVATE_KEY,
  CKO_PUBLIC_KEY,
  CKO_SECRET_KEY,
} from '../generated/constants.ts';
import type { AttributeSet } from './attribute-set.ts';

/** True for the classes whose objects hold a key. */
export function isKeyClass(objectClass: number | undefined): boolean {
  return objectClass === CKO_SECRET_KEY || objectClass === CKO_PRIVATE_KEY || objectClass === CKO_PUBLIC_KEY;
}

/** A value where it lies, for the enclave to read there. */
export function valueAt(buffer: Uint8Array, offset: number, length: number): ComponentRanges {
  return { ids: [Component.Value], buffer, offsets: [offset], lengths: [length] };
}

/** An object's attributes, and where its value lies if that has to be in the enclave. */
export interface Parted {
  readonly attributes: AttributeSet;
  readonly value?: ComponentRanges;
}

/**
 * Parts attributes from a value among them that has to be in the enclave. The value is still where it was, in the packed form of the
 * attributes that were given.
 */
export function parted(attributes: AttributeSet): Parted {
  if (isKeyClass(attributes.ulong(CKA_CLASS)) || attributes.bool(CKA_PRIVATE) !== true) return { attributes };
  const place = attributes.locate(CKA_VALUE);
  if (place < 0) return { attributes };
  const start = attributes.startAt(place);
  const length = attributes.endAt(place) - start;
  if (length === 0) return { attributes };
  return { attributes: attributes.with([], [CKA_VALUE]), value: valueAt(attributes.buffer, start, length) };
}
