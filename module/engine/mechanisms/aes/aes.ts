/** What the AES families share. */
import { Cipher, Hash } from '../../../enclave/enclave.ts';
import { CKR_DATA_LEN_RANGE, CKR_ENCRYPTED_DATA_LEN_RANGE } from '../../generated/constants.ts';
import { EMPTY } from '../bytes.ts';
import { BLOCK, type CipherOperation, SymmetricOperation } from '../cipher.ts';
import { Mechanism, type Parameter, type Wrapping } from '../mechanism.ts';
import type { UsableKey } from '../usable-key.ts';

/** A mode of AES: the parameter makes a plan, and all functions use it. */
export abstract class AesMode extends Mechanism {
  /** The rows count AES keys in bytes. */
  override sizeOf(bits: number): number {
    return bits >>> 3;
  }

  /** Reads the parameter. @throws CKR_MECHANISM_PARAM_INVALID */
  protected abstract plan(parameter: Parameter, key: UsableKey): Wrapping;

  /** Begins an operation with it. */
  protected abstract begin(key: UsableKey, plan: Wrapping, encrypting: boolean): CipherOperation;

  override encrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    return this.begin(key, this.plan(parameter, key), true);
  }

  override decrypt(key: UsableKey, parameter: Parameter): CipherOperation {
    return this.begin(key, this.plan(parameter, key), false);
  }
}

/** A mode that wraps keys too. */
export abstract class AesWrappingMode extends AesMode {
  override wrap(key: UsableKey, parameter: Parameter): Wrapping {
    return this.plan(parameter, key);
  }

  override unwrap(key: UsableKey, parameter: Parameter): Wrapping {
    return this.plan(parameter, key);
  }
}

/** A plan for a mode; `unpadded` and `privateKeys` as in {@link Wrapping}. */
export function aesPlan(
  cipher: Cipher,
  iv: Uint8Array,
  unpadded: number,
  privateKeys: boolean,
  aad: Uint8Array = EMPTY,
  param = 0,
): Wrapping {
  return {
    cipher,
    padding: 0,
    hash: Hash.None,
    mgfHash: Hash.None,
    iv,
    aad,
    param,
    privateKeys,
    unpadded,
    steerable: cipher === Cipher.AesCbc,
  };
}

/** ECB and CBC: whole blocks in, whole blocks out. */
export class BlockOperation extends SymmetricOperation {
  override most(length: number): number {
    if (length % BLOCK === 0) return length;
    return this.encrypting ? -CKR_DATA_LEN_RANGE : -CKR_ENCRYPTED_DATA_LEN_RANGE;
  }
}
