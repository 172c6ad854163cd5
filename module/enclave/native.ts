/**
 * The addon as it is, and the enclave's contract over it. C finds a property only by a look-up with its name, and a number at once, so that a
 * range crosses in three values; this is the only place that spells them out.
 */
import type { Enclave } from './enclave.ts';
import type { Cipher, Hash, KeyKind, RsaPadding, SigningPlan } from './generated/numbers.ts';
import type { ContextHandle, JobId, KeyHandle } from './handles.ts';
import type { Ciphers, KeyTransport, Signatures } from './operations.ts';

/** What takes plans and ranges. */
type Ranged = Signatures & Omit<Ciphers, 'cipherOutputLength'> & Pick<KeyTransport, 'keyWrap' | 'keyUnwrap'>;

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
  rsaEncrypt(
    key: KeyHandle,
    padding: RsaPadding | 0,
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
  rsaDecrypt(
    job: JobId,
    key: KeyHandle,
    padding: RsaPadding | 0,
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
  cipher(
    key: KeyHandle,
    cipher: Cipher | 0,
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
    cipher: Cipher | 0,
    encrypt: boolean,
    iv: Uint8Array,
    aad: Uint8Array,
    param: number,
  ): ContextHandle | number;
  cipherUpdate(
    context: ContextHandle,
    data: Uint8Array,
    offset: number,
    length: number,
    out: Uint8Array,
    outOffset: number,
    outLength: number,
  ): number;
  cipherFinal(context: ContextHandle, out: Uint8Array, outOffset: number, outLength: number): number;
  /** `cipher` 0 means RSA with `padding`; OAEP's label is then passed as `aad`. */
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
}

/** No label and an empty one are the same (RFC 8017, 7.1). */
function labelOf(aad: Uint8Array): Uint8Array | null {
  return aad.length === 0 ? null : aad;
}

/** Spells plans and ranges out. */
export function contractOver(native: Native): Enclave {
  const ranged: Ranged = {
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
    rsaEncrypt: (key, { padding, hash, mgfHash, aad }, data, out) =>
      native.rsaEncrypt(
        key,
        padding,
        hash,
        mgfHash,
        labelOf(aad),
        data.buffer,
        data.offset,
        data.length,
        out.buffer,
        out.offset,
        out.length,
      ),
    rsaDecrypt: (job, key, { padding, hash, mgfHash, aad }, data, out) =>
      native.rsaDecrypt(
        job,
        key,
        padding,
        hash,
        mgfHash,
        labelOf(aad),
        data.buffer,
        data.offset,
        data.length,
        out.buffer,
        out.offset,
        out.length,
      ),
    cipher: (key, { cipher, iv, aad, param }, encrypt, data, out) =>
      native.cipher(
        key,
        cipher,
        encrypt,
        iv,
        aad,
        param,
        data.buffer,
        data.offset,
        data.length,
        out.buffer,
        out.offset,
        out.length,
      ),
    cipherNew: (key, { cipher, iv, aad, param }, encrypt) =>
      native.cipherNew(key, cipher, encrypt, iv, aad, param),
    cipherUpdate: (context, data, out) =>
      native.cipherUpdate(context, data.buffer, data.offset, data.length, out.buffer, out.offset, out.length),
    cipherFinal: (context, out) => native.cipherFinal(context, out.buffer, out.offset, out.length),
    keyWrap: (wrapping, { cipher, padding, hash, mgfHash, iv, aad, param }, target, out) =>
      native.keyWrap(
        wrapping,
        cipher,
        padding,
        hash,
        mgfHash,
        iv,
        aad,
        param,
        target,
        out.buffer,
        out.offset,
        out.length,
      ),
    keyUnwrap: (job, unwrapping, { cipher, padding, hash, mgfHash, iv, aad, param }, kind, length, wrapped) =>
      native.keyUnwrap(
        job,
        unwrapping,
        cipher,
        padding,
        hash,
        mgfHash,
        iv,
        aad,
        param,
        kind,
        length,
        wrapped.buffer,
        wrapped.offset,
        wrapped.length,
      ),
  };
  return { ...native, ...ranged };
}
