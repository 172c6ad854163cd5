/**
 * The attributes that the token works out when an object is made: what a key's value tells in the enclave, and what a
 * certificate's value tells here. Public matter only; a check value is made where the key is.
 */
import { Component, type Enclave, Hash, type KeyHandle } from '../../enclave/enclave.ts';
import {
  CKA_CHECK_VALUE,
  CKA_CLASS,
  CKA_EC_PARAMS,
  CKA_EC_POINT,
  CKA_KEY_TYPE,
  CKA_MODULUS,
  CKA_MODULUS_BITS,
  CKA_PUBLIC_EXPONENT,
  CKA_PUBLIC_KEY_INFO,
  CKA_VALUE,
  CKA_VALUE_LEN,
  CKK_AES,
  CKK_EC_EDWARDS,
  CKK_EC_MONTGOMERY,
  CKK_RSA,
  CKO_CERTIFICATE,
  CKO_PUBLIC_KEY,
  CKO_SECRET_KEY,
  CKR_ATTRIBUTE_VALUE_INVALID,
  CKR_FUNCTION_FAILED,
  CKR_TEMPLATE_INCONSISTENT,
} from '../generated/constants.ts';
import { CryptokiError, checked } from '../values/errors.ts';
import { type AttributeSet, ulongValue } from './attribute-set.ts';
import {
  ecPublicKeyInfo,
  ed25519PublicKeyInfo,
  octetString,
  rsaPublicKeyInfo,
  x25519PublicKeyInfo,
} from './der.ts';
import { sameBytes } from './key-material.ts';
import { isKeyClass } from './private-value.ts';

const NOTHING = new Uint8Array(0);
/** CKA_CHECK_VALUE is so many bytes (PKCS#11 3.2, 4.6 and 4.10). */
const CHECK_VALUE_BYTES = 3;
const SHA1_BYTES = 20;

/**
 * Completes an object's attributes with what only its value tells: CKA_VALUE_LEN and CKA_CHECK_VALUE of a secret key
 * (PKCS#11 3.2, 4.10), the public components and CKA_PUBLIC_KEY_INFO of a public or private key (4.8, 4.9), and
 * CKA_CHECK_VALUE of a certificate (4.6).
 *
 * @param key the enclave's handle to the key or private value, or 0 for objects that have neither
 * @throws CryptokiError CKR_ATTRIBUTE_VALUE_INVALID when the template gave a check value or CKA_PUBLIC_KEY_INFO that differs
 *   from the computed one; CKR_TEMPLATE_INCONSISTENT when it gave a length that is not this key's
 */
export function withComputedAttributes(
  enclave: Enclave,
  attributes: AttributeSet,
  key: KeyHandle,
): AttributeSet {
  const computed = computedAttributes(enclave, attributes, key);
  if (computed === undefined) return attributes;
  const missing: [number, Uint8Array][] = [];
  for (const [type, value] of computed) {
    const given = attributes.bytes(type);
    if (given === undefined || replaces(type, given, value)) missing.push([type, value]);
  }
  return missing.length === 0 ? attributes : attributes.with(missing);
}

/** Whether the computed value takes the place of the one that the template gave. */
function replaces(type: number, given: Uint8Array, value: Uint8Array): boolean {
  switch (type) {
    case CKA_CHECK_VALUE:
      // An empty one in the template says that the object is to have none (4.10).
      if (given.length !== 0 && !sameBytes(given, value)) throw mismatch(CKR_ATTRIBUTE_VALUE_INVALID);
      return false;
    case CKA_PUBLIC_KEY_INFO:
      if (given.length === 0) return true;
      if (!sameBytes(given, value)) throw mismatch(CKR_ATTRIBUTE_VALUE_INVALID);
      return false;
    case CKA_EC_POINT:
    case CKA_MODULUS:
    case CKA_PUBLIC_EXPONENT:
      // Given compressed, raw or with leading zeros: what is kept is the enclave's form.
      return true;
    case CKA_EC_PARAMS:
      // A curve can be named in two ways; what is kept is the application's, by which it will look for the key.
      return false;
    default:
      if (!sameBytes(given, value)) throw mismatch(CKR_TEMPLATE_INCONSISTENT);
      return false;
  }
}

function mismatch(rv: number): CryptokiError {
  return new CryptokiError(rv, 'objects.template', 'the template says something else than the value');
}

function computedAttributes(
  enclave: Enclave,
  attributes: AttributeSet,
  key: KeyHandle,
): Map<number, Uint8Array> | undefined {
  const objectClass = attributes.ulong(CKA_CLASS) ?? -1;
  if (objectClass === CKO_CERTIFICATE) return certificateAttributes(enclave, attributes, key);
  if (key === 0 || !isKeyClass(objectClass)) return undefined;
  const keyType = attributes.ulong(CKA_KEY_TYPE) ?? -1;
  return objectClass === CKO_SECRET_KEY
    ? secretAttributes(enclave, key, keyType)
    : publicAttributes(enclave, key, objectClass, keyType);
}

/** CKA_CHECK_VALUE of a certificate: three bytes of SHA-1 of its value; a certificate given by URL has none. */
function certificateAttributes(
  enclave: Enclave,
  attributes: AttributeSet,
  privateValue: KeyHandle,
): Map<number, Uint8Array> | undefined {
  if (privateValue !== 0) {
    const check = new Uint8Array(CHECK_VALUE_BYTES);
    checked(enclave.keyCheckValue(privateValue, false, check, 0), 'objects.template');
    return new Map([[CKA_CHECK_VALUE, check]]);
  }
  const value = attributes.bytes(CKA_VALUE);
  if (value === undefined || value.length === 0) return undefined;
  const digest = new Uint8Array(SHA1_BYTES);
  checked(enclave.digest(Hash.Sha1, value, 0, value.length, digest, 0, SHA1_BYTES), 'objects.template');
  return new Map([[CKA_CHECK_VALUE, digest.subarray(0, CHECK_VALUE_BYTES)]]);
}

/** Of an AES key an encrypted block of zeros, of all other secrets SHA-1 of the value; three bytes of it. */
function secretAttributes(enclave: Enclave, key: KeyHandle, keyType: number): Map<number, Uint8Array> {
  const check = new Uint8Array(CHECK_VALUE_BYTES);
  checked(enclave.keyCheckValue(key, keyType === CKK_AES, check, 0), 'objects.key');
  return new Map([
    [CKA_VALUE_LEN, ulongValue(checked(enclave.keyBits(key), 'objects.key') / 8)],
    [CKA_CHECK_VALUE, check],
  ]);
}

/**
 * The public attributes of a public or private key, from the enclave: modulus, exponent, domain parameters, point and
 * CKA_PUBLIC_KEY_INFO, as far as the object's class has them.
 */
function publicAttributes(
  enclave: Enclave,
  key: KeyHandle,
  objectClass: number,
  keyType: number,
): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const ofPublicKey = objectClass === CKO_PUBLIC_KEY;
  const source = ofPublicKey ? key : checked(enclave.keyPublicOf(key), 'objects.key');
  try {
    if (keyType === CKK_RSA) {
      const modulus = component(enclave, source, Component.Modulus);
      const exponent = component(enclave, source, Component.PublicExponent);
      found.set(CKA_MODULUS, modulus);
      found.set(CKA_PUBLIC_EXPONENT, exponent);
      if (ofPublicKey) found.set(CKA_MODULUS_BITS, ulongValue(bitLength(modulus)));
      found.set(CKA_PUBLIC_KEY_INFO, rsaPublicKeyInfo(modulus, exponent));
      return found;
    }
    const params = component(enclave, source, Component.EcParams);
    const point = component(enclave, source, Component.EcPoint);
    found.set(CKA_EC_PARAMS, params);
    if (ofPublicKey) found.set(CKA_EC_POINT, octetString(point));
    found.set(CKA_PUBLIC_KEY_INFO, curvePublicKeyInfo(keyType, params, point));
    return found;
  } finally {
    if (!ofPublicKey) enclave.keyFree(source);
  }
}

/** A public component's bytes. */
function component(enclave: Enclave, key: KeyHandle, which: Component): Uint8Array {
  const length = checked(enclave.keyComponent(key, which, NOTHING, 0, 0), 'objects.key');
  if (length === 0) throw new CryptokiError(CKR_FUNCTION_FAILED, 'objects.key', 'an empty key component');
  const bytes = new Uint8Array(length);
  checked(enclave.keyComponent(key, which, bytes, 0, length), 'objects.key');
  return bytes;
}

/** Bits of an unsigned big-endian integer without leading zeros. */
function bitLength(value: Uint8Array): number {
  return value.length * 8 - (Math.clz32(value[0] as number) - 24);
}

function curvePublicKeyInfo(keyType: number, params: Uint8Array, point: Uint8Array): Uint8Array {
  if (keyType === CKK_EC_EDWARDS) return ed25519PublicKeyInfo(point);
  if (keyType === CKK_EC_MONTGOMERY) return x25519PublicKeyInfo(point);
  return ecPublicKeyInfo(params, point);
}
