/** CKM_AES_ECB (PKCS#11 3.2, 6.13 "AES-ECB"; SP 800-38A, 6.1). */
import { Cipher } from '../../../enclave/enclave.ts';
import { CKM_AES_ECB } from '../../generated/constants.ts';
import { EMPTY } from '../bytes.ts';
import { BLOCK, type CipherOperation } from '../cipher.ts';
import type { Family, Parameter, Wrapping } from '../mechanism.ts';
import { noParameter } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { AesWrappingMode, aesPlan, BlockOperation } from './aes.ts';

class AesEcb extends AesWrappingMode {
  readonly #plan = aesPlan(Cipher.AesEcb, EMPTY, BLOCK, false);

  protected override plan(parameter: Parameter): Wrapping {
    noParameter(parameter);
    return this.#plan;
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new BlockOperation(this.type, key, plan, encrypting);
  }
}

export const aesEcb: Family = [[CKM_AES_ECB, (row) => new AesEcb(row)]];
