/** CKM_AES_CBC and CKM_AES_CBC_PAD (PKCS#11 3.2, 6.13 "AES-CBC" and "AES-CBC with PKCS padding"; SP 800-38A, 6.2). */
import { Cipher } from '../../../enclave/enclave.ts';
import { CKM_AES_CBC, CKM_AES_CBC_PAD, CKR_ENCRYPTED_DATA_LEN_RANGE } from '../../generated/constants.ts';
import { BLOCK, type CipherOperation, SymmetricOperation } from '../cipher.ts';
import type { Family, Parameter, Wrapping } from '../mechanism.ts';
import { vector } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { AesWrappingMode, aesPlan, BlockOperation } from './aes.ts';

class AesCbc extends AesWrappingMode {
  protected override plan(parameter: Parameter): Wrapping {
    return aesPlan(Cipher.AesCbc, vector(parameter, BLOCK), BLOCK, false);
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new BlockOperation(this.type, key, plan, encrypting);
  }
}

class AesCbcPad extends AesWrappingMode {
  protected override plan(parameter: Parameter): Wrapping {
    return aesPlan(Cipher.AesCbcPad, vector(parameter, BLOCK), 0, true);
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new PaddedOperation(this.type, key, plan, encrypting);
  }
}

/** PKCS #7 padding adds 1 to 16 bytes. */
class PaddedOperation extends SymmetricOperation {
  override most(length: number): number {
    if (this.encrypting) return length - (length % BLOCK) + BLOCK;
    return length === 0 || length % BLOCK !== 0 ? -CKR_ENCRYPTED_DATA_LEN_RANGE : length - 1;
  }
}

export const aesCbc: Family = [
  [CKM_AES_CBC, (row) => new AesCbc(row)],
  [CKM_AES_CBC_PAD, (row) => new AesCbcPad(row)],
];
