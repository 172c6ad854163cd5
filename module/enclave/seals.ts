/** What the store and the log stand on: seals, labelled MACs, PINs, the audit chain, windows onto a file. */
import type { JobId, KeyHandle } from './handles.ts';

/** AES-256-GCM under a key derived for each context, and MACs under one for each label. */
export interface Seals {
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
   * What `digest`, {@link setHashUpdate} and {@link open} do to each of the store's rows at a load, for a batch of them. sealing/rows.h has the
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
  /** HKDF-SHA256 with the first key (both are 32-byte Secrets) as salt, the second as secret and `label` as info: a new 32-byte Secret. */
  keyCombine(first: KeyHandle, second: KeyHandle, label: Uint8Array): KeyHandle | number;
}

export interface Pins {
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
  /**
   * Argon2id (RFC 9106) of the PIN bytes (copied at once; caller zeroes) to a 32-byte Secret, on the pool, which runs few of them at a time: each
   * takes `memoryKib`. At most 1 GiB, 64 passes, 64 lanes, and 8 KiB a lane at the least; an empty PIN is none.
   * @param secret and `data`: what RFC 9106 calls so, for its vectors; the engine has none
   */
  pinDeriveArgon2id(
    job: JobId,
    pin: Uint8Array,
    offset: number,
    length: number,
    salt: Uint8Array,
    memoryKib: number,
    passes: number,
    lanes: number,
    secret: Uint8Array | null,
    data: Uint8Array | null,
  ): number;
}

/** Recovery words (BIP39, English), as bytes. */
export interface Mnemonics {
  /**
   * Writes the words of a Secret of 16, 20, 24, 28 or 32 bytes, a space between two.
   * @returns their length, at most 215; -CKR_KEY_SIZE_RANGE
   */
  mnemonicWords(entropy: KeyHandle, out: Uint8Array, offset: number, length: number): number;
  /**
   * Writes words as {@link mnemonicWords} would, and answers their length, or -CKR_PIN_INVALID when they are none. Any ASCII white space
   * may stand between them, letters may be large or small, and four letters of a word are enough. -CKR_PIN_LEN_RANGE for more than 1,024 bytes.
   */
  mnemonicNormal(
    words: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  /** HKDF-SHA256 of the entropy of words (copied at once; caller zeroes) to a 32-byte Secret, on the pool, with failures as above. */
  mnemonicDerive(job: JobId, words: Uint8Array, offset: number, length: number, salt: Uint8Array): number;
}

export interface AuditChain {
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
}

export interface FileWindows {
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
}
