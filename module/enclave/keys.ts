/** Keys: made, asked about, and given up. */
import type { Component, KeyKind } from './generated/numbers.ts';
import type { JobId, KeyHandle } from './handles.ts';

/** How a component list is passed in: parallel arrays, each value as offset and length in one buffer. */
export interface ComponentRanges {
  readonly ids: readonly Component[];
  readonly buffer: Uint8Array;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

export interface Keys {
  /**
   * Makes a key from its components. Checks that they belong together (lengths, point on curve, n = p·q, scalar in
   * range; an RSA private key may come with (n,d,e) only or with all of p, q, dP, dQ, qInv). For EcPrivate the components
   * are EcParams and Value. Input ranges are read once and are the caller's to zero.
   * Returns the handle, or -CKR_ATTRIBUTE_VALUE_INVALID, -CKR_CURVE_NOT_SUPPORTED, -CKR_TEMPLATE_INCOMPLETE, -CKR_HOST_MEMORY.
   */
  keyImport(kind: KeyKind, components: ComponentRanges): KeyHandle | number;
  /** A fresh random secret of `length` bytes. */
  keyGenerateSecret(length: number): KeyHandle | number;
  /**
   * A fresh EC, Ed25519 or X25519 private key (kind EcPrivate/Ed25519Private/X25519Private); `ecParams` is the DER of CKA_EC_PARAMS.
   * With a job, 0 or -CKR_x now, and the handle as the job's result.
   */
  keyGenerateEc(job: JobId, kind: KeyKind, ecParams: Uint8Array): KeyHandle | number;
  /** A fresh RSA private key on the thread pool; `jobTake` then gives its handle. `publicExponent` big-endian. Sizes 1024-8192. */
  keyGenerateRsa(job: JobId, bits: number, publicExponent: Uint8Array): number;
  /** The public half of a private key as a new handle. */
  keyPublicOf(key: KeyHandle): KeyHandle | number;
  /** What the handle holds; for tests only, since the engine reads it off the object. */
  keyKind(key: KeyHandle): KeyKind | number;
  /** Size in bits: of the modulus, of the curve's field, of the secret. */
  keyBits(key: KeyHandle): number;
  /** Bytes that the key occupies, all components together. */
  keySize(key: KeyHandle): number;
  /**
   * Writes one component; returns its length. With `length` 0 writes nothing and returns the length needed.
   * -CKR_ATTRIBUTE_TYPE_INVALID when the key has no such component.
   */
  keyComponent(key: KeyHandle, component: Component, out: Uint8Array, offset: number, length: number): number;
  /** 1 when a component is byte for byte these, 0 when it is not; -CKR_ATTRIBUTE_TYPE_INVALID when the key has none such. */
  keyComponentEquals(
    key: KeyHandle,
    component: Component,
    bytes: Uint8Array,
    offset: number,
    length: number,
  ): number;
  /**
   * First three bytes of SHA-1 of a secret's or data's value (CKA_CHECK_VALUE for non-block-cipher secrets, PKCS#11 3.2 4.9, and
   * certificates).
   */
  keyCheckValue(key: KeyHandle, aes: boolean, out: Uint8Array, offset: number): number;
  /** Zeroes and frees. Later use of the handle gives -CKR_KEY_HANDLE_INVALID. */
  keyFree(key: KeyHandle): void;
  /** Another handle to a copy of the same key (C_CopyObject). */
  keyDuplicate(key: KeyHandle): KeyHandle | number;
  /** True when both handles hold the same private value or public key; for tests only. */
  keyEqual(a: KeyHandle, b: KeyHandle): boolean;
  /** Whether the named curve in CKA_EC_PARAMS is one the enclave knows: its bits, or -CKR_CURVE_NOT_SUPPORTED / -CKR_DOMAIN_PARAMS_INVALID. */
  curveBits(ecParams: Uint8Array): number;
}
