/**
 * An encryption or decryption under way. {@link SymmetricOperation} serves every cipher mode of the enclave; a mode's file says
 * how long the output is. RSA has its own class in rsa-cipher.ts.
 */
import { Cipher, type ContextHandle, type Hash, type JobId, type RsaPadding } from '../../enclave/enclave.ts';
import { CKR_OPERATION_NOT_INITIALIZED } from '../generated/constants.ts';
import type { Span } from '../values/arguments.ts';
import { KeyOperation } from './key-operation.ts';
import type { UsableKey } from './usable-key.ts';

/** How a mechanism encrypts: a cipher, or 0 and an RSA padding. */
export interface CipherPlan {
  readonly cipher: Cipher | 0;
  readonly padding: RsaPadding | 0;
  readonly hash: Hash;
  readonly mgfHash: Hash;
  readonly iv: Uint8Array;
  /** Associated data; with OAEP, the label. */
  readonly aad: Uint8Array;
  /** The cipher's own number: GCM's tag length in bytes, the counter's bits. */
  readonly param: number;
}

/** Length of an AES block in bytes. */
export const BLOCK = 16;

export abstract class CipherOperation extends KeyOperation {
  readonly encrypting: boolean;
  /** Microseconds when that is long enough to matter, else 0. */
  readonly cost: number;

  constructor(mechanism: number, key: UsableKey, encrypting: boolean, cost: number) {
    super(mechanism, key);
    this.encrypting = encrypting;
    this.cost = cost;
  }

  /** Most bytes that a single part of that length can give, or -CKR when it cannot have that length. */
  abstract most(length: number): number;

  /** Does a single part. Returns the output's length, 0 for a job, or -CKR. */
  abstract once(job: JobId, data: Span, out: Uint8Array, outOffset: number, outLength: number): number;

  /** Most bytes that another part of that length can give, or -CKR. */
  abstract partMost(length: number): number;

  /**
   * What a question for the length of another part is answered (the output is NULL): what would suffice for that call. A mode that keeps
   * output back until the end counts that too, since callers take the answer for the room that they will need.
   */
  partQuestion(length: number): number {
    return this.partMost(length);
  }

  abstract update(part: Span, out: Uint8Array, outOffset: number, outLength: number): number;

  /** Most bytes that the end can give, or -CKR. */
  abstract finalMost(): number;

  abstract final(out: Uint8Array, outOffset: number, outLength: number): number;
}

/** One mode with one key: the enclave does single parts in one call, and keeps a context for several. */
export abstract class SymmetricOperation extends CipherOperation {
  readonly plan: CipherPlan;
  readonly #cipher: Cipher;
  #context: ContextHandle = 0;

  constructor(mechanism: number, key: UsableKey, plan: CipherPlan, encrypting: boolean) {
    super(mechanism, key, encrypting, 0);
    this.plan = plan;
    this.#cipher = plan.cipher === 0 ? Cipher.AesEcb : plan.cipher;
  }

  protected override get carried(): number {
    return this.plan.iv.length + this.plan.aad.length;
  }

  override once(_job: JobId, data: Span, out: Uint8Array, outOffset: number, outLength: number): number {
    const { iv, aad, param } = this.plan;
    return this.enclave.cipher(
      this.key.key(),
      this.#cipher,
      this.encrypting,
      iv,
      aad,
      param,
      data.buffer,
      data.offset,
      data.length,
      out,
      outOffset,
      outLength,
    );
  }

  override partMost(length: number): number {
    const context = this.#open();
    return context < 0 ? context : this.enclave.cipherOutputLength(context, length);
  }

  override update(part: Span, out: Uint8Array, outOffset: number, outLength: number): number {
    const context = this.#open();
    if (context < 0) return context;
    return this.enclave.cipherUpdate(
      context,
      part.buffer,
      part.offset,
      part.length,
      out,
      outOffset,
      outLength,
    );
  }

  override finalMost(): number {
    return this.partMost(-1);
  }

  override final(out: Uint8Array, outOffset: number, outLength: number): number {
    const context = this.#open();
    return context < 0 ? context : this.enclave.cipherFinal(context, out, outOffset, outLength);
  }

  override release(): void {
    if (this.#context > 0) this.enclave.contextFree(this.#context);
    this.#context = 0;
    super.release();
  }

  #open(): number {
    if (this.#context === 0) {
      const { iv, aad, param } = this.plan;
      const context = this.enclave.cipherNew(this.key.key(), this.#cipher, this.encrypting, iv, aad, param);
      if (context < 0) return context;
      this.#context = context;
    }
    return this.#context;
  }
}

/** A mode that the standard gives single-part operations only. */
export abstract class SinglePartOperation extends SymmetricOperation {
  override partMost(_length: number): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }

  override update(): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }

  override finalMost(): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }

  override final(): number {
    return -CKR_OPERATION_NOT_INITIALIZED;
  }
}
