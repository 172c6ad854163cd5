/** CKM_AES_CTR (PKCS#11 3.2, 6.14 "AES with Counter"; SP 800-38A, 6.5). */
import { Cipher } from '../../../enclave/enclave.ts';
import { CKM_AES_CTR } from '../../generated/constants.ts';
import { copyOf, EMPTY } from '../bytes.ts';
import { BLOCK, type CipherOperation, SymmetricOperation } from '../cipher.ts';
import type { Family, Parameter, Wrapping } from '../mechanism.ts';
import { badParameter, shaped } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { AesMode, aesPlan } from './aes.ts';

class AesCtr extends AesMode {
  protected override plan(parameter: Parameter): Wrapping {
    const { counterBits, cb } = shaped(parameter, 'ctr');
    if (!(counterBits >= 1 && counterBits <= 128))
      throw badParameter('the counter has between 1 and 128 bits');
    if (cb.length !== BLOCK) throw badParameter('the counter block is 16 bytes long');
    return aesPlan(Cipher.AesCtr, copyOf(cb), 0, false, EMPTY, counterBits);
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new StreamOperation(this.type, key, plan, encrypting);
  }
}

class StreamOperation extends SymmetricOperation {
  override most(length: number): number {
    return length;
  }
}

export const aesCtr: Family = [[CKM_AES_CTR, (row) => new AesCtr(row)]];
