/** A digest under way: one enclave call for a single part, a context for several. */
import type { ContextHandle, Enclave, Hash } from '../../enclave/enclave.ts';
import { CKR_OK } from '../generated/constants.ts';
import type { TokenObject } from '../objects/object.ts';
import type { Operation } from '../sessions/operation.ts';
import type { Span } from '../values/arguments.ts';

export class DigestOperation implements Operation {
  readonly mechanism: number;
  readonly objectId = undefined;
  readonly hash: Hash;
  /** Bytes of the digest. */
  readonly length: number;
  needsAuthentication = false;
  /** True from the first part on. */
  begun = false;
  #context: ContextHandle = 0;
  #enclave: Enclave | undefined;

  constructor(mechanism: number, hash: Hash, length: number) {
    this.mechanism = mechanism;
    this.hash = hash;
    this.length = length;
  }

  /** Digests a single part. Returns the length or -CKR. */
  once(enclave: Enclave, data: Span, out: Uint8Array, outOffset: number): number {
    return enclave.digest(this.hash, data.buffer, data.offset, data.length, out, outOffset, this.length);
  }

  /** Takes another part. Returns a CK_RV. */
  update(enclave: Enclave, part: Span): number {
    this.begun = true;
    const context = this.#open(enclave);
    if (context < 0) return -context;
    const result = enclave.contextUpdate(context, part.buffer, part.offset, part.length);
    return result < 0 ? -result : CKR_OK;
  }

  /** Takes a secret key's value. Returns a CK_RV. */
  updateKey(enclave: Enclave, key: TokenObject): number {
    this.begun = true;
    const context = this.#open(enclave);
    if (context < 0) return -context;
    const result = enclave.digestKey(context, key.key());
    return result < 0 ? -result : CKR_OK;
  }

  /** Gives the digest of the parts. Returns the length or -CKR. */
  final(enclave: Enclave, out: Uint8Array, outOffset: number): number {
    const context = this.#open(enclave);
    if (context < 0) return context;
    this.#context = 0;
    return enclave.contextFinal(context, out, outOffset, this.length);
  }

  release(): void {
    if (this.#context > 0) this.#enclave?.contextFree(this.#context);
    this.#context = 0;
  }

  #open(enclave: Enclave): number {
    if (this.#context === 0) {
      const context = enclave.digestNew(this.hash);
      if (context < 0) return context;
      this.#context = context;
      this.#enclave = enclave;
    }
    return this.#context;
  }
}
