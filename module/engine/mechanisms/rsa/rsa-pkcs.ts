/**
 * CKM_RSA_PKCS and CKM_<hash>_RSA_PKCS: PKCS #1 v1.5 (PKCS#11 3.2, 6.1 "PKCS #1 v1.5 RSA" and "... signature with hashing";
 * RFC 8017, 7.2 and 8.2).
 */
import { Hash, RsaPadding, Scheme } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';
import type { MechanismInfo } from '../../generated/mechanisms.ts';
import type { CipherOperation } from '../cipher.ts';
import { hashes } from '../hash/hashes.ts';
import { type Family, Mechanism, type Parameter, type Wrapping } from '../mechanism.ts';
import { noParameter } from '../parameters.ts';
import { Parts, plan, SignatureOperation, type SignaturePlan } from '../signature.ts';
import type { UsableKey } from '../usable-key.ts';
import { modulusBytes, signatureCosts } from './rsa.ts';
import { RsaCipherOperation, rsaWrapping } from './rsa-cipher.ts';

/** Bytes that the block format adds at least (RFC 8017, 7.2.1 and 9.2). */
const OVERHEAD = 11;

class RsaPkcs extends Mechanism {
  readonly #plan = plan({ scheme: Scheme.RsaPkcs1 }, Parts.Refused);
  readonly #wrapping: Wrapping = rsaWrapping(RsaPadding.Pkcs1, Hash.None, Hash.None, null, 0);

  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    noParameter(parameter);
    const length = modulusBytes(key.bits);
    const costs = signatureCosts(key.bits);
    return new SignatureOperation(this.type, key, this.#plan, length, costs, 0, length - OVERHEAD);
  }

  override verify(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }

  override signRecover(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }

  override verifyRecover(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }

  override encrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    noParameter(parameter);
    return new RsaCipherOperation(this.type, key, this.#wrapping, OVERHEAD, true);
  }

  override decrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    noParameter(parameter);
    return new RsaCipherOperation(this.type, key, this.#wrapping, OVERHEAD, false);
  }

  override wrap(_key: UsableKey, parameter: Parameter): Wrapping {
    noParameter(parameter);
    return this.#wrapping;
  }

  override unwrap(_key: UsableKey, parameter: Parameter): Wrapping {
    noParameter(parameter);
    return this.#wrapping;
  }
}

class RsaPkcsHashed extends Mechanism {
  readonly #plan: SignaturePlan;

  constructor(row: MechanismInfo, hash: Hash) {
    super(row);
    this.#plan = plan({ scheme: Scheme.RsaPkcs1, hash }, Parts.Digested);
  }

  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    noParameter(parameter);
    return new SignatureOperation(
      this.type,
      key,
      this.#plan,
      modulusBytes(key.bits),
      signatureCosts(key.bits),
    );
  }

  override verify(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }
}

export const rsaPkcs: Family = [
  [ck.CKM_RSA_PKCS, (row) => new RsaPkcs(row)],
  [ck.CKM_SHA1_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha1.hash)],
  [ck.CKM_SHA224_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha224.hash)],
  [ck.CKM_SHA256_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha256.hash)],
  [ck.CKM_SHA384_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha384.hash)],
  [ck.CKM_SHA512_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha512.hash)],
  [ck.CKM_SHA3_224_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha3_224.hash)],
  [ck.CKM_SHA3_256_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha3_256.hash)],
  [ck.CKM_SHA3_384_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha3_384.hash)],
  [ck.CKM_SHA3_512_RSA_PKCS, (row) => new RsaPkcsHashed(row, hashes.Sha3_512.hash)],
];
