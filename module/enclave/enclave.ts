/**
 * The enclave's face: everything TypeScript may ask of the C addon that holds key bytes.
 *
 * Keys are opaque handles (positive integers). No call returns the bytes of a sensitive key component; the one
 * call that can write a component out ({@link Enclave.keyComponent}) is for keys that PKCS#11 lets be read, and the
 * engine decides that before it asks.
 *
 * Conventions, so that the hot path allocates nothing:
 * - byte ranges are passed as `(buffer, offset, length)`; the C side checks them against the buffer's real size;
 * - a function that returns `number` returns a result `>= 0`, or `-CKR_x` (the negated PKCS#11 return value) on failure;
 * - an output range too small gives `-CKR_BUFFER_TOO_SMALL`; the needed size is known from {@link Enclave.lastLength};
 * - wrong argument types are bugs of the engine and throw `TypeError`.
 *
 * Inputs may lie in memory that another process can rewrite at any time. The C side reads every input byte once
 * (ciphers in chunks through a private buffer), and never checks one reading and uses another.
 */

import type { Cipher, Component, EcdhKdf, Hash, KeyKind, RsaPadding, Scheme } from './generated/numbers.ts';

/** An opaque handle to a key inside the enclave. Positive; reused never within a process. */
export type KeyHandle = number;
/** An opaque handle to a multi-part operation's state inside the enclave. Positive. */
export type ContextHandle = number;
/** Identifies work given to the enclave's thread pool; chosen by the caller, positive, unique while it runs. */
export type JobId = number;

export {
  Cipher,
  Component,
  EcdhKdf,
  Hash,
  hashBytes,
  KeyKind,
  RsaPadding,
  Scheme,
} from './generated/numbers.ts';

/** How a component list is passed in: parallel arrays, each value as offset and length in one buffer. */
export interface ComponentRanges {
  readonly ids: readonly Component[];
  readonly buffer: Uint8Array;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

/** What the enclave reports about itself, for `doctor`, tests and the log. */
export interface EnclaveStatus {
  /** True when OpenSSL's allocations for keys come from guarded memory (the allocator hook is loaded). */
  readonly allocatorHooked: boolean;
  /** True when guarded memory is locked in RAM. */
  readonly memoryLocked: boolean;
  readonly guardedBytes: number;
  /** Bytes that keys may take in all, where locking is required and limited; else 0. */
  readonly keyMemory: number;
  readonly keys: number;
  readonly parsedKeys: number;
  readonly contexts: number;
  readonly poolThreads: number;
  readonly opensslVersion: string;
}

export interface Enclave {
  status(): EnclaveStatus;
  /** Address ranges of guarded memory as [start, end) in hex strings; for tests only. */
  guardedRegions(): readonly (readonly [string, string])[];

  // ---- keys -------------------------------------------------------------------------------------------------------
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

  // ---- sealing: AES-256-GCM under a key derived per context -----------------------------------------------------------
  /**
   * Seals bytes under HKDF-SHA256(root, "strongroom seal v1" ‖ context), random 96-bit nonce, `context` as associated data.
   * Result: version(1) ‖ nonce(12) ‖ ciphertext ‖ tag(16). `root` is a 32-byte Secret.
   */
  seal(root: KeyHandle, context: Uint8Array, plaintext: Uint8Array): Uint8Array | number;
  /** The reverse; -CKR_ENCRYPTED_DATA_INVALID when anything differs. */
  open(root: KeyHandle, context: Uint8Array, sealed: Uint8Array): Uint8Array | number;
  /** Seals a key's value (its kind and all components), so that it can be stored. */
  keySeal(root: KeyHandle, context: Uint8Array, key: KeyHandle): Uint8Array | number;
  keyOpen(root: KeyHandle, context: Uint8Array, sealed: Uint8Array): KeyHandle | number;
  /** HMAC-SHA256 under HKDF-SHA256(root, "strongroom mac v1" ‖ label), 32 bytes into out. */
  macCompute(root: KeyHandle, label: Uint8Array, data: Uint8Array, out: Uint8Array): number;
  /** Constant-time check of the same; 1 or 0. */
  macCheck(root: KeyHandle, label: Uint8Array, data: Uint8Array, mac: Uint8Array): number;
  /**
   * Incremental multiset hash for the manifest: accumulator (32 bytes, little-endian, in place)
   * ± HMAC-SHA256(HKDF(root, "strongroom set v1" ‖ label), item) mod 2^256.
   */
  setHashUpdate(
    root: KeyHandle,
    label: Uint8Array,
    item: Uint8Array,
    accumulator: Uint8Array,
    add: boolean,
  ): number;
  /**
   * What {@link digest}, {@link setHashUpdate} and {@link open} do to each of the store's rows at a load, for a batch of them. sealing/rows.h has the
   * layout of `packed` and `out`, and says how much room the latter needs.
   * @param context of the seals of attributes, with any id and version
   * @param confirmedOnly passes unconfirmed rows over
   * @param out null: nothing is opened
   * @param last gets the id of the last row, which after a failure is the one that it is about
   * @param counts gets two numbers (u32, little-endian): of the rows, and of those that were added
   * @returns the bytes written to `out`. -CKR_ENCRYPTED_DATA_INVALID for a broken seal; -CKR_DATA_INVALID for rows that are not packed as they
   *   should be
   */
  loadRows(
    root: KeyHandle,
    label: Uint8Array,
    context: Uint8Array,
    tokenId: Uint8Array,
    isPrivate: boolean,
    confirmedOnly: boolean,
    packed: Uint8Array,
    accumulator: Uint8Array,
    out: Uint8Array | null,
    last: Uint8Array,
    counts: Uint8Array,
  ): number;
  /** HKDF-SHA256(root, label) as a new 32-byte Secret. */
  keyDeriveLabel(root: KeyHandle, label: Uint8Array): KeyHandle | number;

  // ---- PINs ---------------------------------------------------------------------------------------------------------
  /** PBKDF2-HMAC-SHA256 of the PIN bytes (copied at once; caller zeroes) to a 32-byte Secret, on the pool. */
  pinDerivePbkdf2(
    job: JobId,
    pin: Uint8Array,
    offset: number,
    length: number,
    salt: Uint8Array,
    iterations: number,
  ): number;
  /** The same at once, on the calling thread (for low iteration counts: the in-memory quick slot). */
  pinDerivePbkdf2Now(
    pin: Uint8Array,
    offset: number,
    length: number,
    salt: Uint8Array,
    iterations: number,
  ): KeyHandle | number;

  // ---- audit chain ----------------------------------------------------------------------------------------------------
  /** Loads the chain: `root` derives the MAC key, `previous` is the last record's 32-byte hash (zeros at the beginning). */
  auditStart(root: KeyHandle, previous: Uint8Array): number;
  /**
   * Seals the record whose body is `body[0, length)` (audit/format.ts) and puts it to `out[offset, offset+length+64)`: the body, then
   * hash(32) = SHA-256(previous ‖ body) and mac(32) = HMAC-SHA256(auditKey, hash). Whoever reads `out` meanwhile, or after the
   * process was killed in the middle, finds the record whole, or its length field (the first 4 bytes) as it was:
   * the link to the record before (body bytes 80 to 143) goes out first, the length last. Then hash and MAC replace that link in
   * `body`, for the next record, and the chain is advanced. Returns length + 64. `body` must not be shared memory.
   */
  auditSeal(body: Uint8Array, length: number, out: Uint8Array, offset: number): number;
  /** The same MAC for verification: 1 when mac belongs to hash. */
  auditCheck(hash: Uint8Array, mac: Uint8Array): number;

  // ---- windows onto a file --------------------------------------------------------------------------------------------
  /**
   * A window of `length` bytes (whole pages, at most 2^30): a Uint8Array that stays where it is while other stretches of a file are
   * mapped under it. Shows private zeros at first. Not guarded memory; not in core files. -CKR_HOST_MEMORY.
   */
  fileWindow(length: number): Uint8Array | number;
  /**
   * Maps the file's bytes from `offset` (a multiple of the page size) on under the window, shared and writable. Touching what lies behind
   * the file's end kills the process. -CKR_DEVICE_ERROR: nothing of the file is under the window any more.
   */
  fileWindowSlide(window: Uint8Array, fd: number, offset: number): number;
  /** Lets the file go; the window shows private zeros again. */
  fileWindowRelease(window: Uint8Array): number;
  /**
   * Makes the file at least `offset + length` long and sets room on the disk aside for that range (`length` at most 2^30); what
   * is new reads as zeros. -CKR_DEVICE_MEMORY when disk or quota is full or the file too large, -CKR_DEVICE_ERROR otherwise.
   */
  fileReserve(fd: number, offset: number, length: number): number;

  // ---- random ---------------------------------------------------------------------------------------------------------
  random(out: Uint8Array, offset: number, length: number): number;
  seedRandom(seed: Uint8Array, offset: number, length: number): number;

  // ---- digests, signatures ----------------------------------------------------------------------------------------------
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

  /**
   * Signs. `prehashed`: data is already the digest under `hash` (end of a multi-part operation). `extra`: EdDSA context.
   * `job` 0 runs at once; a positive job runs on the pool, returns 0, and the result is fetched with `jobTake`/`jobOutput`.
   */
  sign(
    job: JobId,
    key: KeyHandle,
    scheme: Scheme,
    hash: Hash,
    mgfHash: Hash,
    saltLength: number,
    prehashed: boolean,
    extra: Uint8Array | null,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  /**
   * Checks a signature: 0 when it is good; -CKR_SIGNATURE_INVALID, -CKR_SIGNATURE_LEN_RANGE, ... `job` 0 checks at once; a positive
   * job copies what it reads, runs on the pool, returns 0, and its verdict is fetched with `jobTake`/`jobResult`.
   */
  verify(
    job: JobId,
    key: KeyHandle,
    scheme: Scheme,
    hash: Hash,
    mgfHash: Hash,
    saltLength: number,
    prehashed: boolean,
    extra: Uint8Array | null,
    data: Uint8Array,
    offset: number,
    length: number,
    signature: Uint8Array,
    signatureOffset: number,
    signatureLength: number,
  ): number;
  /** CKM_RSA_PKCS / CKM_RSA_X_509 message recovery: the recovered data into out. */
  verifyRecover(
    key: KeyHandle,
    scheme: Scheme,
    signature: Uint8Array,
    signatureOffset: number,
    signatureLength: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;

  // ---- encryption -------------------------------------------------------------------------------------------------------
  rsaEncrypt(
    key: KeyHandle,
    padding: RsaPadding,
    hash: Hash,
    mgfHash: Hash,
    label: Uint8Array | null,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  /** `job` as in sign(). PKCS#1 v1.5 uses implicit rejection as OpenSSL 3.5 does. */
  rsaDecrypt(
    job: JobId,
    key: KeyHandle,
    padding: RsaPadding,
    hash: Hash,
    mgfHash: Hash,
    label: Uint8Array | null,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  /** One-shot cipher. Returns the output's length. GCM decryption writes nothing unless the tag is right. */
  cipher(
    key: KeyHandle,
    cipher: Cipher,
    encrypt: boolean,
    iv: Uint8Array,
    aad: Uint8Array,
    param: number,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  cipherNew(
    key: KeyHandle,
    cipher: Cipher,
    encrypt: boolean,
    iv: Uint8Array,
    aad: Uint8Array,
    param: number,
  ): ContextHandle | number;
  /** GCM decryption gives no byte out before final (it holds the data until the tag has been checked). */
  cipherUpdate(
    context: ContextHandle,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  /** Ends and frees the context (not when -CKR_BUFFER_TOO_SMALL). */
  cipherFinal(context: ContextHandle, out: Uint8Array, outOffset: number, outLength: number): number;
  /** Output length that an update with `length` more bytes (or final, length -1) would give at the most. */
  cipherOutputLength(context: ContextHandle, length: number): number;

  // ---- wrap, unwrap, derive: key bytes never come out ---------------------------------------------------------------------
  /**
   * Wraps `target` (a Secret's value, or a private key's PKCS#8 PrivateKeyInfo DER) with a cipher or RSA padding.
   * `cipher` 0 means RSA with `padding`; OAEP's label is then passed as `aad`. AES-ECB and AES-CBC fill a secret's last block
   * with zeros, and take no private keys. Failures are named as C_WrapKey does (-CKR_WRAPPING_KEY_x, -CKR_KEY_SIZE_RANGE).
   */
  keyWrap(
    wrapping: KeyHandle,
    cipher: Cipher | 0,
    padding: RsaPadding | 0,
    hash: Hash,
    mgfHash: Hash,
    iv: Uint8Array,
    aad: Uint8Array,
    param: number,
    target: KeyHandle,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  /**
   * Unwraps to a Secret (`kind` Secret: of `secretLength` bytes when > 0, as the cipher gives otherwise) or a private key (PKCS#8).
   * -CKR_WRAPPED_KEY_INVALID when it does not parse. `job` as in sign(), for RSA.
   */
  keyUnwrap(
    job: JobId,
    unwrapping: KeyHandle,
    cipher: Cipher | 0,
    padding: RsaPadding | 0,
    hash: Hash,
    mgfHash: Hash,
    iv: Uint8Array,
    aad: Uint8Array,
    param: number,
    kind: KeyKind,
    secretLength: number,
    wrapped: Uint8Array,
    offset: number,
    length: number,
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
  /** Whether the named curve in CKA_EC_PARAMS is one the enclave knows: its bits, or -CKR_CURVE_NOT_SUPPORTED / -CKR_DOMAIN_PARAMS_INVALID. */
  curveBits(ecParams: Uint8Array): number;

  // ---- jobs ---------------------------------------------------------------------------------------------------------------
  /** Installs the bell to ring when a job ends: the External of a `struct sr_bell` (hardening/memory/bell.h) that the lane owns; null for none. */
  setJobBell(bell: unknown): void;
  /** The next finished job's id, or 0. Its result stays until `jobResult`. */
  jobTake(): JobId;
  /**
   * The finished job's return value (handle, length or -CKR_x); frees the job unless output remains to be fetched.
   * -CKR_PENDING while it runs, -CKR_OPERATION_NOT_INITIALIZED when there is no such job.
   */
  jobResult(job: JobId): number;
  /** Copies the finished job's output and frees it; returns the length or -CKR_BUFFER_TOO_SMALL (the job stays). */
  jobOutput(job: JobId, out: Uint8Array, outOffset: number, outLength: number): number;
  /**
   * Forgets a job that nobody will ask for any more (its session is gone): at once when it has finished, when it ends
   * otherwise. `jobTake` never names it afterwards.
   */
  jobDrop(job: JobId): void;
  /**
   * Nobody wants what the job gives: its result becomes -CKR_FUNCTION_CANCELED, at once while it waits or when it has ended already,
   * otherwise when its work ends; the search for an RSA key ends soon. `jobTake` names it as any other.
   */
  jobCancel(job: JobId): void;
  /** Whose the jobs are that are handed over from now on: applications take turns at the pool, whatever the number of their jobs. */
  jobsFor(application: number): void;
  /** Jobs under way. */
  jobsRunning(): number;
  /** Needed length after a -CKR_BUFFER_TOO_SMALL. */
  lastLength(): number;
  /** Frees the parsed (OpenSSL) form of every key in the list; the sealed value stays. Used at logout. */
  purgeParsed(): void;
  /** Zeroes a range. */
  zero(buffer: Uint8Array, offset: number, length: number): void;
  /** A Uint8Array over guarded memory of `length` bytes, for request and reply scratch. */
  guardedBuffer(length: number): Uint8Array;
}
