/**
 * An encryption or decryption under way. {@link SymmetricOperation} serves every cipher mode of the enclave; a mode's file says
 * how long the output is. RSA has its own class in rsa-cipher.ts.
 */
import { type ContextHandle, type EncryptionPlan, type JobId, MovingRange } from '../../enclave/enclave.ts';
import { CKR_OK, CKR_OPERATION_NOT_INITIALIZED } from '../generated/constants.ts';
import type { Span } from '../values/arguments.ts';
import { KeyOperation } from './key-operation.ts';
import type { UsableKey } from './usable-key.ts';

/** Length of an AES block in bytes. */
export const BLOCK = 16;

/** Laid over what the enclave writes, one call at a time. */
const output = new MovingRange();

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
  readonly plan: EncryptionPlan;
  #context: ContextHandle = 0;

  constructor(mechanism: number, key: UsableKey, plan: EncryptionPlan, encrypting: boolean) {
    super(mechanism, key, encrypting, 0);
    this.plan = plan;
  }

  protected override get carried(): number {
    return this.plan.iv.length + this.plan.aad.length;
  }

  override once(_job: JobId, data: Span, out: Uint8Array, outOffset: number, outLength: number): number {
    const refused = this.count(data.length);
    if (refused !== CKR_OK) return -refused;
    const key = this.key.key();
    return this.enclave.cipher(key, this.plan, this.encrypting, data, output.over(out, outOffset, outLength));
  }

  override partMost(length: number): number {
    const context = this.#open();
    return context < 0 ? context : this.enclave.cipherOutputLength(context, length);
  }

  override update(part: Span, out: Uint8Array, outOffset: number, outLength: number): number {
    const context = this.#open();
    if (context < 0) return context;
    const refused = this.count(part.length);
    if (refused !== CKR_OK) return -refused;
    return this.enclave.cipherUpdate(context, part, output.over(out, outOffset, outLength));
  }

  override finalMost(): number {
    return this.partMost(-1);
  }

  override final(out: Uint8Array, outOffset: number, outLength: number): number {
    const context = this.#open();
    if (context < 0) return context;
    const refused = this.count(0);
    if (refused !== CKR_OK) return -refused;
    return this.enclave.cipherFinal(context, output.over(out, outOffset, outLength));
  }

  override release(): void {
    if (this.#context > 0) this.enclave.contextFree(this.#context);
    this.#context = 0;
    super.release();
  }

  #open(): number {
    if (this.#context === 0) {
      const context = this.enclave.cipherNew(this.key.key(), this.plan, this.encrypting);
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
