/**
 * The enclave's face: everything TypeScript may ask of the C addon that holds key bytes.
 *
 * Keys are opaque handles (positive integers). No call returns the bytes of a sensitive key component; the one
 * call that can write a component out ({@link Enclave.keyComponent}) is for keys that PKCS#11 lets be read, and the
 * engine decides that before it asks.
 *
 * Conventions, so that the hot path allocates nothing:
 * - how an operation is done is a plan, made once and handed over as one number;
 * - an operation with a plan takes its bytes as {@link ByteRange}s, where need be one that is moved for each call; what takes one stretch of
 *   bytes takes it as `(buffer, offset, length)`; the C side checks both against the buffer's real size;
 * - a function that returns `number` returns a result `>= 0`, or `-CKR_x` (the negated PKCS#11 return value) on failure;
 * - an output range too small gives `-CKR_BUFFER_TOO_SMALL`; the needed size is known from {@link Enclave.lastLength};
 * - wrong argument types are bugs of the engine and throw `TypeError`.
 *
 * Inputs may lie in memory that another process can rewrite at any time. The C side reads every input byte once
 * (ciphers in chunks through a private buffer), and never checks one reading and uses another.
 */

import type { Jobs } from './jobs.ts';
import type { Keys } from './keys.ts';
import type { Ciphers, Digests, KeyTransport, Signatures } from './operations.ts';
import type { AuditChain, FileWindows, Mnemonics, Pins, Seals } from './seals.ts';

export { type EncryptionPlan, encryptionPlan } from './encryption.ts';
export {
  Cipher,
  Component,
  EcdhKdf,
  Hash,
  hashBytes,
  KeyKind,
  RsaPadding,
  Scheme,
  type SigningPlan,
  type SigningPlanFields,
  signingPlan,
} from './generated/numbers.ts';
export type { ContextHandle, JobId, KeyHandle } from './handles.ts';
export type { ComponentRanges } from './keys.ts';
export { type ByteRange, MovingRange, nothing, whole } from './range.ts';

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

export interface Enclave
  extends Keys,
    Seals,
    Pins,
    Mnemonics,
    AuditChain,
    FileWindows,
    Digests,
    Signatures,
    Ciphers,
    KeyTransport,
    Jobs {
  status(): EnclaveStatus;
  /** Address ranges of guarded memory as [start, end) in hex strings; for tests only. */
  guardedRegions(): readonly (readonly [string, string])[];
  random(out: Uint8Array, offset: number, length: number): number;
  seedRandom(seed: Uint8Array, offset: number, length: number): number;
  /** Needed length after a -CKR_BUFFER_TOO_SMALL. */
  lastLength(): number;
  /** Frees the parsed (OpenSSL) form of every key in the list; the sealed value stays. Used at logout. */
  purgeParsed(): void;
  /**
   * From now on watches, or does not, how long the enclave works, jobs that are handed over meanwhile included when their result is taken.
   * @returns the microseconds since it was switched last
   */
  watch(on: boolean): number;
  /** Zeroes a range. */
  zero(buffer: Uint8Array, offset: number, length: number): void;
  /** A Uint8Array over guarded memory of `length` bytes, for request and reply scratch. */
  guardedBuffer(length: number): Uint8Array;
}
