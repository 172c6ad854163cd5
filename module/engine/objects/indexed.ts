/** Which attributes objects are found by without looking at each. */
import {
  CKA_AC_ISSUER,
  CKA_APPLICATION,
  CKA_CERTIFICATE_TYPE,
  CKA_CHECK_VALUE,
  CKA_CLASS,
  CKA_EC_POINT,
  CKA_HASH_OF_ISSUER_PUBLIC_KEY,
  CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
  CKA_ID,
  CKA_ISSUER,
  CKA_KEY_TYPE,
  CKA_LABEL,
  CKA_MODULUS,
  CKA_OBJECT_ID,
  CKA_OWNER,
  CKA_PUBLIC_KEY_INFO,
  CKA_SERIAL_NUMBER,
  CKA_SUBJECT,
  CKA_UNIQUE_ID,
  CKA_VALUE,
} from '../generated/constants.ts';

/** Attributes whose values are indexed. Empty values are not: they select nothing, and most objects have several. */
const INDEXED_TYPES = [
  CKA_CLASS,
  CKA_LABEL,
  CKA_ID,
  CKA_UNIQUE_ID,
  CKA_KEY_TYPE,
  CKA_CERTIFICATE_TYPE,
  CKA_SUBJECT,
  CKA_ISSUER,
  CKA_SERIAL_NUMBER,
  CKA_MODULUS,
  CKA_EC_POINT,
  CKA_PUBLIC_KEY_INFO,
  CKA_VALUE,
  CKA_APPLICATION,
  CKA_OBJECT_ID,
  CKA_CHECK_VALUE,
  CKA_OWNER,
  CKA_AC_ISSUER,
  CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
  CKA_HASH_OF_ISSUER_PUBLIC_KEY,
];
/** By type, 1 when indexed: a look here is cheaper than a comparison with each, above all before the code is compiled. */
const INDEXED = new Uint8Array(Math.max(...INDEXED_TYPES) + 1);
for (const type of INDEXED_TYPES) INDEXED[type] = 1;

/** True when objects can be found by this value of this attribute. */
export function isIndexed(type: number, length: number): boolean {
  return length !== 0 && INDEXED[type] === 1;
}
