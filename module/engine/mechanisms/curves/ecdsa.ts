/** CKM_ECDSA and CKM_ECDSA_<hash> (PKCS#11 3.2, 6.3 "ECDSA without hashing" and "ECDSA with hashing"; FIPS 186-5, 6). */
import { Hash, Scheme } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';
import type { MechanismInfo } from '../../generated/mechanisms.ts';
import type { Span } from '../../values/arguments.ts';
import { hashes } from '../hash/hashes.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { noParameter } from '../parameters.ts';
import { Parts, plan, SignatureOperation, type SignaturePlan } from '../signature.ts';
import type { UsableKey } from '../usable-key.ts';
import { costsOfCurve } from './curves.ts';

class Ecdsa extends Mechanism {
  readonly #plan: SignaturePlan;

  constructor(row: MechanismInfo, hash: Hash) {
    super(row);
    this.#plan = plan({ scheme: Scheme.Ecdsa, hash }, hash === Hash.None ? Parts.Refused : Parts.Digested);
  }

  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    noParameter(parameter);
    // The orders of all curves here are as long as their fields, so r and s each take the field's length.
    const length = 2 * ((key.bits + 7) >>> 3);
    return new EcdsaOperation(this.type, key, this.#plan, length, costsOfCurve(key));
  }

  override verify(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }
}

class EcdsaOperation extends SignatureOperation {
  /** Shorter signatures of two equal halves are widened (PKCS#11 3.2, 6.3.1 "EC Signatures"). */
  protected override fitted(signature: Span): Span | undefined {
    const { length } = signature;
    if (length === this.length) return signature;
    if (length === 0 || length > this.length || length % 2 !== 0) return undefined;
    const half = length / 2;
    const full = this.length / 2;
    const widened = new Uint8Array(this.length);
    for (let i = 0; i < half; i++) {
      widened[full - half + i] = signature.buffer[signature.offset + i] as number;
      widened[2 * full - half + i] = signature.buffer[signature.offset + half + i] as number;
    }
    return { buffer: widened, offset: 0, length: this.length };
  }
}

export const ecdsa: Family = [
  [ck.CKM_ECDSA, (row) => new Ecdsa(row, Hash.None)],
  [ck.CKM_ECDSA_SHA1, (row) => new Ecdsa(row, hashes.Sha1.hash)],
  [ck.CKM_ECDSA_SHA224, (row) => new Ecdsa(row, hashes.Sha224.hash)],
  [ck.CKM_ECDSA_SHA256, (row) => new Ecdsa(row, hashes.Sha256.hash)],
  [ck.CKM_ECDSA_SHA384, (row) => new Ecdsa(row, hashes.Sha384.hash)],
  [ck.CKM_ECDSA_SHA512, (row) => new Ecdsa(row, hashes.Sha512.hash)],
  [ck.CKM_ECDSA_SHA3_224, (row) => new Ecdsa(row, hashes.Sha3_224.hash)],
  [ck.CKM_ECDSA_SHA3_256, (row) => new Ecdsa(row, hashes.Sha3_256.hash)],
  [ck.CKM_ECDSA_SHA3_384, (row) => new Ecdsa(row, hashes.Sha3_384.hash)],
  [ck.CKM_ECDSA_SHA3_512, (row) => new Ecdsa(row, hashes.Sha3_512.hash)],
];
