/** What is done with keys. */
import type { EncryptionPlan } from './encryption.ts';
import type { EcdhKdf, Hash, KeyKind, SigningPlan } from './generated/numbers.ts';
import type { ContextHandle, JobId, KeyHandle } from './handles.ts';
import type { ByteRange } from './range.ts';

/** Digests, and MACs in several parts. */
export interface Digests {
  digest(
    hash: Hash,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  digestNew(hash: Hash): ContextHandle | number;
  /** Feeds a secret key's value into a digest (C_DigestKey). */
  digestKey(context: ContextHandle, key: KeyHandle): number;
  /** An HMAC context. */
  macNew(key: KeyHandle, hash: Hash): ContextHandle | number;
  /** For digest and MAC contexts. */
  contextUpdate(context: ContextHandle, data: Uint8Array, offset: number, length: number): number;
  /** Ends a digest or MAC context and frees it (not when -CKR_BUFFER_TOO_SMALL). */
  contextFinal(context: ContextHandle, out: Uint8Array, outOffset: number, outLength: number): number;
  contextFree(context: ContextHandle): void;
}

export interface Signatures {
  /**
   * Signs as the plan says; the length of the signature. `context`: EdDSA's, or null.
   * `job` 0 runs at once; a positive job runs on the pool, returns 0, and the result is fetched with `jobTake`/`jobOutput`.
   */
  sign(
    job: JobId,
    key: KeyHandle,
    plan: SigningPlan,
    context: Uint8Array | null,
    message: ByteRange,
    signature: ByteRange,
  ): number;
  /**
   * Checks a signature: 0 when it is good; -CKR_SIGNATURE_INVALID, -CKR_SIGNATURE_LEN_RANGE, ... `job` 0 checks at once; a positive
   * job copies what it reads, runs on the pool, returns 0, and its verdict is fetched with `jobTake`/`jobResult`.
   */
  verify(
    job: JobId,
    key: KeyHandle,
    plan: SigningPlan,
    context: Uint8Array | null,
    message: ByteRange,
    signature: ByteRange,
  ): number;
  /** CKM_RSA_PKCS / CKM_RSA_X_509 message recovery: the recovered data into out. */
  verifyRecover(key: KeyHandle, plan: SigningPlan, signature: ByteRange, out: ByteRange): number;
}

export interface Ciphers {
  /** With the plan's RSA padding. */
  rsaEncrypt(key: KeyHandle, plan: EncryptionPlan, data: ByteRange, out: ByteRange): number;
  /** `job` as in sign(). PKCS#1 v1.5 uses implicit rejection as OpenSSL 3.5 does. */
  rsaDecrypt(job: JobId, key: KeyHandle, plan: EncryptionPlan, data: ByteRange, out: ByteRange): number;
  /** One-shot cipher. Returns the output's length. GCM decryption writes nothing unless the tag is right. */
  cipher(key: KeyHandle, plan: EncryptionPlan, encrypt: boolean, data: ByteRange, out: ByteRange): number;
  cipherNew(key: KeyHandle, plan: EncryptionPlan, encrypt: boolean): ContextHandle | number;
  /** GCM decryption gives no byte out before final (it holds the data until the tag has been checked). */
  cipherUpdate(context: ContextHandle, data: ByteRange, out: ByteRange): number;
  /** Ends and frees the context (not when -CKR_BUFFER_TOO_SMALL). */
  cipherFinal(context: ContextHandle, out: ByteRange): number;
  /** Output length that an update with `length` more bytes (or final, length -1) would give at the most. */
  cipherOutputLength(context: ContextHandle, length: number): number;
}

/** Wrapping, unwrapping and agreement: key bytes never come out. */
export interface KeyTransport {
  /**
   * Wraps `target` (a Secret's value, or a private key's PKCS#8 PrivateKeyInfo DER) as the plan says. AES-ECB and AES-CBC fill a secret's
   * last block with zeros, and take no private keys. Failures are named as C_WrapKey does (-CKR_WRAPPING_KEY_x, -CKR_KEY_SIZE_RANGE).
   */
  keyWrap(wrapping: KeyHandle, plan: EncryptionPlan, target: KeyHandle, out: ByteRange): number;
  /**
   * Unwraps to a Secret (`kind` Secret: of `secretLength` bytes when > 0, as the cipher gives otherwise) or a private key (PKCS#8).
   * -CKR_WRAPPED_KEY_INVALID when it does not parse. `job` as in sign(), for RSA.
   */
  keyUnwrap(
    job: JobId,
    unwrapping: KeyHandle,
    plan: EncryptionPlan,
    kind: KeyKind,
    secretLength: number,
    wrapped: ByteRange,
  ): KeyHandle | number;
  /**
   * ECDH (SEC 1, 3.3.1; X25519 RFC 7748) to a Secret of `length` bytes (0: the whole shared secret, KDF None only).
   * `peer` is the raw point, or the DER OCTET STRING of it. With a job, 0 or -CKR_x now, and the handle as the job's result.
   */
  keyAgree(
    job: JobId,
    key: KeyHandle,
    peer: Uint8Array,
    kdf: EcdhKdf,
    hash: Hash,
    shared: Uint8Array,
    length: number,
  ): KeyHandle | number;
}
