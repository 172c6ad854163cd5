/**
 * The addon as it is, and the enclave's contract over it. C finds a property only by a look-up with its name, and a number at once, so that a
 * range crosses in three values; this is the only place that spells them out.
 */
import type { Enclave } from './enclave.ts';
import type { SigningPlan } from './generated/numbers.ts';
import type { JobId, KeyHandle } from './handles.ts';
import type { Signatures } from './operations.ts';

type Ranged = Signatures;

export interface Native extends Omit<Enclave, keyof Ranged> {
  sign(
    job: JobId,
    key: KeyHandle,
    plan: SigningPlan,
    context: Uint8Array | null,
    message: Uint8Array,
    offset: number,
    length: number,
    signature: Uint8Array,
    signatureOffset: number,
    signatureLength: number,
  ): number;
  verify(
    job: JobId,
    key: KeyHandle,
    plan: SigningPlan,
    context: Uint8Array | null,
    message: Uint8Array,
    offset: number,
    length: number,
    signature: Uint8Array,
    signatureOffset: number,
    signatureLength: number,
  ): number;
  verifyRecover(
    key: KeyHandle,
    plan: SigningPlan,
    signature: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
}

/** Spells the ranges out. */
export function contractOver(native: Native): Enclave {
  const signatures: Ranged = {
    sign: (job, key, plan, context, message, signature) =>
      native.sign(
        job,
        key,
        plan,
        context,
        message.buffer,
        message.offset,
        message.length,
        signature.buffer,
        signature.offset,
        signature.length,
      ),
    verify: (job, key, plan, context, message, signature) =>
      native.verify(
        job,
        key,
        plan,
        context,
        message.buffer,
        message.offset,
        message.length,
        signature.buffer,
        signature.offset,
        signature.length,
      ),
    verifyRecover: (key, plan, signature, out) =>
      native.verifyRecover(
        key,
        plan,
        signature.buffer,
        signature.offset,
        signature.length,
        out.buffer,
        out.offset,
        out.length,
      ),
  };
  return { ...native, ...signatures };
}
