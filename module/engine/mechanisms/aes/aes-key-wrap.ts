/** CKM_AES_KEY_WRAP and CKM_AES_KEY_WRAP_KWP (PKCS#11 3.2, 6.17 "AES Key Wrap"; SP 800-38F, 6.2 and 6.3; RFC 3394, RFC 5649). */
import { Cipher } from '../../../enclave/enclave.ts';
import {
  CKM_AES_KEY_WRAP,
  CKM_AES_KEY_WRAP_KWP,
  CKR_DATA_LEN_RANGE,
  CKR_ENCRYPTED_DATA_LEN_RANGE,
} from '../../generated/constants.ts';
import { type CipherOperation, SinglePartOperation } from '../cipher.ts';
import type { Family, Parameter, Wrapping } from '../mechanism.ts';
import { optionalVector } from '../parameters.ts';
import type { UsableKey } from '../usable-key.ts';
import { AesWrappingMode, aesPlan } from './aes.ts';

/** SP 800-38F's unit. */
const SEMIBLOCK = 8;

class AesKeyWrap extends AesWrappingMode {
  protected override plan(parameter: Parameter): Wrapping {
    return aesPlan(Cipher.AesKeyWrap, optionalVector(parameter, 8), SEMIBLOCK, true);
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new KeyWrapOperation(this.type, key, plan, encrypting);
  }
}

class KeyWrapOperation extends SinglePartOperation {
  override most(length: number): number {
    const whole = length % SEMIBLOCK === 0;
    if (this.encrypting) return whole && length >= 2 * SEMIBLOCK ? length + SEMIBLOCK : -CKR_DATA_LEN_RANGE;
    return whole && length >= 3 * SEMIBLOCK ? length - SEMIBLOCK : -CKR_ENCRYPTED_DATA_LEN_RANGE;
  }
}

class AesKeyWrapKwp extends AesWrappingMode {
  protected override plan(parameter: Parameter): Wrapping {
    return aesPlan(Cipher.AesKeyWrapPad, optionalVector(parameter, 4), 0, true);
  }

  protected override begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation {
    return new KwpOperation(this.type, key, plan, encrypting);
  }
}

class KwpOperation extends SinglePartOperation {
  override most(length: number): number {
    if (this.encrypting) {
      return length === 0 ? -CKR_DATA_LEN_RANGE : Math.ceil(length / SEMIBLOCK) * SEMIBLOCK + SEMIBLOCK;
    }
    return length >= 2 * SEMIBLOCK && length % SEMIBLOCK === 0
      ? length - SEMIBLOCK
      : -CKR_ENCRYPTED_DATA_LEN_RANGE;
  }
}

export const aesKeyWrap: Family = [
  [CKM_AES_KEY_WRAP, (row) => new AesKeyWrap(row)],
  [CKM_AES_KEY_WRAP_KWP, (row) => new AesKeyWrapKwp(row)],
];
