/**
 * CKM_RSA_PKCS_PSS and CKM_<hash>_RSA_PKCS_PSS (PKCS#11 3.2, 6.1 "PKCS #1 RSA PSS" and "... signature with hashing"; RFC 8017,
 * 8.1).
 */
import { Scheme } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';
import type { MechanismInfo } from '../../generated/mechanisms.ts';
import { type HashFunction, hashes } from '../hash/hashes.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { badParameter, hashNamed, mgfNamed, shaped } from '../parameters.ts';
import { Parts, plan, SignatureOperation } from '../signature.ts';
import type { UsableKey } from '../usable-key.ts';
import { modulusBytes, signatureCosts } from './rsa.ts';

class RsaPss extends Mechanism {
  /** The hash in the mechanism's name, or undefined when the caller digests. */
  readonly #own: HashFunction | undefined;

  constructor(row: MechanismInfo, own: HashFunction | undefined) {
    super(row);
    this.#own = own;
  }

  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    const { hashAlg, mgf, sLen } = shaped(parameter, 'pss');
    const named = hashNamed(hashAlg);
    const own = this.#own;
    if (own !== undefined && own !== named) throw badParameter('hashAlg is not the hash of the mechanism');
    // RFC 8017, 9.1.1: emLen is the length of modBits - 1 bits.
    const encoded = modulusBytes(key.bits - 1);
    if (!(sLen >= 0 && sLen <= encoded - 2 - named.length)) {
      throw badParameter('the salt is too long for the modulus');
    }
    const how = { scheme: Scheme.RsaPss, hash: named.hash, mgfHash: mgfNamed(mgf).hash, saltLength: sLen };
    const signing = plan(how, own === undefined ? Parts.Refused : Parts.Digested);
    const length = modulusBytes(key.bits);
    const costs = signatureCosts(key.bits);
    if (own !== undefined) return new SignatureOperation(this.type, key, signing, length, costs);
    return new PrehashedPss(this.type, key, signing, length, costs, named.length, named.length);
  }

  override verify(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }
}

/** CKM_RSA_PKCS_PSS proper: what comes in is the digest. */
class PrehashedPss extends SignatureOperation {
  protected override readonly prehashed = true;
}

export const rsaPss: Family = [
  [ck.CKM_RSA_PKCS_PSS, (row) => new RsaPss(row, undefined)],
  [ck.CKM_SHA1_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha1)],
  [ck.CKM_SHA224_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha224)],
  [ck.CKM_SHA256_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha256)],
  [ck.CKM_SHA384_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha384)],
  [ck.CKM_SHA512_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha512)],
  [ck.CKM_SHA3_224_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha3_224)],
  [ck.CKM_SHA3_256_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha3_256)],
  [ck.CKM_SHA3_384_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha3_384)],
  [ck.CKM_SHA3_512_RSA_PKCS_PSS, (row) => new RsaPss(row, hashes.Sha3_512)],
];
