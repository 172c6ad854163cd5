/**
 * A signature, MAC or verification under way, for every scheme that the enclave knows.
 *
 * A scheme's file gives a {@link SignaturePlan}; this class turns it into one enclave call for single-part use, and into a
 * digest, MAC or collected message for multi-part use. Handlers in `calls/` keep the session's state machine.
 */
import {
  type ByteRange,
  type ContextHandle,
  Hash,
  type JobId,
  MovingRange,
  type SigningPlan,
  type SigningPlanFields,
  signingPlan,
} from '../../enclave/enclave.ts';
import {
  CKR_DATA_LEN_RANGE,
  CKR_DEVICE_MEMORY,
  CKR_OK,
  CKR_OPERATION_NOT_INITIALIZED,
  CKR_SIGNATURE_INVALID,
  CKR_SIGNATURE_LEN_RANGE,
} from '../generated/constants.ts';
import type { Span } from '../values/arguments.ts';
import { copyInto, copyOf, EMPTY, equalsSpan } from './bytes.ts';
import { KeyOperation } from './key-operation.ts';
import type { UsableKey } from './usable-key.ts';

/** What becomes of the parts of a multi-part operation. */
export const Parts = {
  /** The standard has single-part operations only. */
  Refused: 0,
  /** They are digested, and the digest is signed. */
  Digested: 1,
  /** They go through the MAC. */
  Authenticated: 2,
  /** They are kept, since the scheme reads the message twice. */
  Collected: 3,
} as const;
export type Parts = (typeof Parts)[keyof typeof Parts];

/** How a mechanism signs. Frozen and shared when the mechanism has no parameter. */
export interface SignaturePlan {
  /** What the enclave is told when it gets the message, and when it gets the digest. */
  readonly message: SigningPlan;
  readonly digest: SigningPlan;
  readonly hash: Hash;
  /** EdDSA's context. */
  readonly context: Uint8Array | null;
  readonly parts: Parts;
}

/** Microseconds that an operation takes on a short message, roughly; they decide whether the thread pool does it. */
export interface Costs {
  readonly sign: number;
  readonly verify: number;
}

/** Bytes of a message that SHA-512 takes in within a microsecond, roughly; and EdDSA, which reads it twice to sign it (RFC 8032, 5.1.6). */
const COLLECTED_PER_MICROSECOND: Costs = { sign: 250, verify: 500 };

export function plan(how: SigningPlanFields, parts: Parts, context: Uint8Array | null = null): SignaturePlan {
  return Object.freeze({
    message: signingPlan(how),
    digest: signingPlan({ ...how, prehashed: true }),
    hash: how.hash ?? Hash.None,
    context,
    parts,
  });
}

/** Collected messages beyond this are refused (CKR_DATA_LEN_RANGE), so that no client can fill the engine's memory. */
export const COLLECTED_MAX = 16 * 1024 * 1024;

/** Receives digests and MACs on their way back into the enclave; zeroed when what it held was a MAC. */
const scratch = new Uint8Array(64);
/** Laid over what the enclave reads and writes, one call at a time. */
const digested = new MovingRange();
const collected = new MovingRange();
const signature = new MovingRange();

export class SignatureOperation extends KeyOperation {
  readonly plan: SignaturePlan;
  /** Bytes of the signature. */
  readonly length: number;
  /** Bounds on the length of a single part. */
  readonly inputMin: number;
  readonly inputMax: number;
  /** Whether a single part is already the digest under the plan's hash. */
  protected readonly prehashed: boolean = false;
  /** The signature to check, when it was given at the start (C_VerifySignatureInit). */
  given: Uint8Array | undefined;

  readonly #costs: Costs;
  #context: ContextHandle = 0;
  #collected: Uint8Array = EMPTY;
  #collectedLength = 0;

  constructor(
    mechanism: number,
    key: UsableKey,
    signaturePlan: SignaturePlan,
    length: number,
    costs: Costs,
    inputMin = 0,
    inputMax = Number.POSITIVE_INFINITY,
  ) {
    super(mechanism, key);
    this.plan = signaturePlan;
    this.length = length;
    this.#costs = costs;
    this.inputMin = inputMin;
    this.inputMax = inputMax;
  }

  /** Takes the signature that is to be checked, unless the application's operations keep too much already. */
  keepSignature(signature: Span): boolean {
    if (!this.keep(signature.length)) return false;
    this.given = copyOf(signature);
    return true;
  }

  /** Microseconds that it will take, roughly, on one part that is the whole message, or on the parts before when `data` is undefined. */
  cost(use: keyof Costs, data: Span | undefined): number {
    return this.#costs[use] + this.collected(data) / COLLECTED_PER_MICROSECOND[use];
  }

  /** Bytes of the message that the scheme takes whole, 0 for schemes that take a digest. */
  collected(data: Span | undefined): number {
    return this.plan.parts === Parts.Collected ? (data?.length ?? this.#collectedLength) : 0;
  }

  /** Signs one part that is the whole message. Returns the length, 0 for a job, or -CKR. */
  sign(job: JobId, data: Span, out: Uint8Array, outOffset: number): number {
    if (data.length < this.inputMin || data.length > this.inputMax) return -CKR_DATA_LEN_RANGE;
    const refused = this.count(data.length);
    if (refused !== CKR_OK) return -refused;
    return this.#sign(job, this.#single, data, out, outOffset);
  }

  /** Takes another part. Returns a CK_RV. */
  update(part: Span): number {
    const { parts, hash } = this.plan;
    if (parts === Parts.Refused) return CKR_OPERATION_NOT_INITIALIZED;
    const refused = this.count(part.length);
    if (refused !== CKR_OK) return refused;
    this.begun = true;
    if (parts === Parts.Collected) return this.#collect(part);
    const context = this.#open(parts, hash);
    if (context < 0) return -context;
    const result = this.enclave.contextUpdate(context, part.buffer, part.offset, part.length);
    return result < 0 ? -result : CKR_OK;
  }

  /** Signs the parts. Returns the length, 0 for a job, or -CKR. */
  final(job: JobId, out: Uint8Array, outOffset: number): number {
    const { parts } = this.plan;
    if (parts === Parts.Refused) return -CKR_OPERATION_NOT_INITIALIZED;
    const refused = this.count(0);
    if (refused !== CKR_OK) return -refused;
    if (parts === Parts.Collected) {
      return this.#sign(job, this.plan.message, this.#allCollected, out, outOffset);
    }
    const length = this.#close();
    if (length < 0) return length;
    if (parts === Parts.Digested)
      return this.#sign(job, this.plan.digest, digested.over(scratch, 0, length), out, outOffset);
    for (let i = 0; i < this.length; i++) out[outOffset + i] = scratch[i] as number;
    scratch.fill(0);
    return this.length;
  }

  /** Checks a signature over one part. Returns a CK_RV; with a job, CKR_OK says that it is under way. */
  verify(job: JobId, data: Span, given: Span): number {
    if (data.length < this.inputMin || data.length > this.inputMax) return CKR_DATA_LEN_RANGE;
    const refused = this.count(data.length);
    if (refused !== CKR_OK) return refused;
    return this.#verify(job, this.#single, data, given);
  }

  /** Checks a signature over the parts. Returns a CK_RV; with a job, CKR_OK says that it is under way. MACs take no job. */
  verifyFinal(job: JobId, given: Span): number {
    const { parts } = this.plan;
    if (parts === Parts.Refused) return CKR_OPERATION_NOT_INITIALIZED;
    const refused = this.count(0);
    if (refused !== CKR_OK) return refused;
    if (parts === Parts.Collected) return this.#verify(job, this.plan.message, this.#allCollected, given);
    if (parts === Parts.Authenticated && given.length !== this.length) return CKR_SIGNATURE_LEN_RANGE;
    const length = this.#close();
    if (length < 0) return -length;
    if (parts === Parts.Digested)
      return this.#verify(job, this.plan.digest, digested.over(scratch, 0, length), given);
    const same = equalsSpan(scratch, this.length, given);
    scratch.fill(0);
    return same ? CKR_OK : CKR_SIGNATURE_INVALID;
  }

  /** Recovers the data from a signature into `out`. Returns the length or -CKR. */
  recover(given: Span, out: Uint8Array): number {
    if (given.length !== this.length) return -CKR_SIGNATURE_LEN_RANGE;
    const refused = this.count(given.length);
    if (refused !== CKR_OK) return -refused;
    return this.enclave.verifyRecover(
      this.key.key(),
      this.plan.message,
      given,
      signature.over(out, 0, out.length),
    );
  }

  override release(): void {
    if (this.#context > 0) this.enclave.contextFree(this.#context);
    this.#context = 0;
    if (collected.buffer === this.#collected) collected.over(EMPTY, 0, 0); // it would keep the message's room
    this.#collected.fill(0);
    this.#collected = EMPTY;
    this.#collectedLength = 0;
    super.release();
  }

  /** How a single part is signed or checked. */
  get #single(): SigningPlan {
    return this.prehashed ? this.plan.digest : this.plan.message;
  }

  get #allCollected(): ByteRange {
    return collected.over(this.#collected, 0, this.#collectedLength);
  }

  #sign(job: JobId, how: SigningPlan, data: ByteRange, out: Uint8Array, outOffset: number): number {
    const { context } = this.plan;
    return this.enclave.sign(
      job,
      this.key.key(),
      how,
      context,
      data,
      signature.over(out, outOffset, this.length),
    );
  }

  /** The signature in the length that the enclave expects, or undefined when it can be no signature of this key. */
  protected fitted(given: Span): Span | undefined {
    return given.length === this.length ? given : undefined;
  }

  #verify(job: JobId, how: SigningPlan, data: ByteRange, given: Span): number {
    const fitted = this.fitted(given);
    if (fitted === undefined) return CKR_SIGNATURE_LEN_RANGE;
    const result = this.enclave.verify(job, this.key.key(), how, this.plan.context, data, fitted);
    return result < 0 ? -result : CKR_OK;
  }

  #open(parts: Parts, hash: Hash): number {
    if (this.#context === 0) {
      const context =
        parts === Parts.Digested ? this.enclave.digestNew(hash) : this.enclave.macNew(this.key.key(), hash);
      if (context < 0) return context;
      this.#context = context;
    }
    return this.#context;
  }

  /** Ends the digest or MAC into {@link scratch}; its length or -CKR. */
  #close(): number {
    const context = this.#open(this.plan.parts, this.plan.hash);
    if (context < 0) return context;
    this.#context = 0;
    return this.enclave.contextFinal(context, scratch, 0, scratch.length);
  }

  #collect(part: Span): number {
    const needed = this.#collectedLength + part.length;
    if (needed > COLLECTED_MAX) return CKR_DATA_LEN_RANGE;
    if (needed > this.#collected.length) {
      const room = Math.min(COLLECTED_MAX, Math.max(needed, 2 * this.#collected.length, 1024));
      if (!this.keep(room - this.#collected.length)) return CKR_DEVICE_MEMORY;
      const larger = new Uint8Array(room);
      larger.set(this.#collected);
      this.#collected.fill(0);
      this.#collected = larger;
    }
    copyInto(part, this.#collected, this.#collectedLength);
    this.#collectedLength = needed;
    return CKR_OK;
  }
}
