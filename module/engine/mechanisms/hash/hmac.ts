/**
 * CKM_<hash>_HMAC and CKM_<hash>_HMAC_GENERAL (PKCS#11 3.2, 6.27 "Hash-Based Message Authentication Codes"; FIPS 198-1).
 */
import { Scheme } from '../../../enclave/enclave.ts';
import type { MechanismInfo } from '../../generated/mechanisms.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { badParameter, noParameter, shaped } from '../parameters.ts';
import { type Costs, Parts, plan, SignatureOperation, type SignaturePlan } from '../signature.ts';
import type { UsableKey } from '../usable-key.ts';
import { allHashes, type HashFunction } from './hashes.ts';

const COSTS: Costs = { sign: 3, verify: 3 };

class Hmac extends Mechanism {
  protected readonly hash: HashFunction;
  readonly #plan: SignaturePlan;

  constructor(row: MechanismInfo, hash: HashFunction) {
    super(row);
    this.hash = hash;
    this.#plan = plan({ scheme: Scheme.Hmac, hash: hash.hash }, Parts.Authenticated);
  }

  override sizeOf(bits: number): number {
    return bits >>> 3;
  }

  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    noParameter(parameter);
    return new SignatureOperation(this.type, key, this.#plan, this.hash.length, COSTS);
  }

  override verify(key: UsableKey, parameter: Parameter): SignatureOperation {
    return this.sign(key, parameter);
  }
}

class HmacGeneral extends Hmac {
  override sign(key: UsableKey, parameter: Parameter): SignatureOperation {
    const length = shaped(parameter, 'ulong').value;
    if (!(length >= 1 && length <= this.hash.length)) throw badParameter('the MAC cannot have that length');
    const cut = plan({ scheme: Scheme.Hmac, hash: this.hash.hash, saltLength: length }, Parts.Authenticated);
    return new SignatureOperation(this.type, key, cut, length, COSTS);
  }
}

export const hmac: Family = allHashes.flatMap(
  (hash): Family => [
    [hash.hmac, (row) => new Hmac(row, hash)],
    [hash.hmacGeneral, (row) => new HmacGeneral(row, hash)],
  ],
);
