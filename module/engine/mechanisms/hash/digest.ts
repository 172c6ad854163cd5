/** CKM_SHA_1, CKM_SHA<n>, CKM_SHA512_<t> and CKM_SHA3_<n> (PKCS#11 3.2, 6.26 "Digests"; FIPS 180-4, FIPS 202). */
import type { MechanismInfo } from '../../generated/mechanisms.ts';
import { DigestOperation } from '../digest-operation.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { noParameter } from '../parameters.ts';
import { allHashes, type HashFunction } from './hashes.ts';

class Digest extends Mechanism {
  readonly #hash: HashFunction;

  constructor(row: MechanismInfo, hash: HashFunction) {
    super(row);
    this.#hash = hash;
  }

  override digest(parameter: Parameter): DigestOperation {
    noParameter(parameter);
    return new DigestOperation(this.type, this.#hash.hash, this.#hash.length);
  }
}

export const digest: Family = allHashes.map((hash) => [hash.digest, (row) => new Digest(row, hash)] as const);
