/**
 * CKM_AES_KEY_GEN, CKM_GENERIC_SECRET_KEY_GEN and CKM_<hash>_KEY_GEN (PKCS#11 3.2, 6.13 "AES key generation", 6.8 "Generic secret
 * key generation", 6.27): random bytes, as many as CKA_VALUE_LEN says.
 */
import type { Call, TemplateEntry } from '../calls/call.ts';
import { CryptokiError, checked } from '../errors.ts';
import * as ck from '../generated/constants.ts';
import type { MechanismInfo } from '../generated/mechanisms.ts';
import { allHashes } from './hashes.ts';
import { type Family, Mechanism, type Parameter } from './mechanism.ts';
import { addKey, implying, isSecretLength, needed, templateForGeneration } from './new-keys.ts';
import { noParameter } from './parameters.ts';

class SecretKeyGeneration extends Mechanism {
  readonly #keyType: number;
  readonly #unit: 'bits' | 'bytes';

  constructor(row: MechanismInfo, keyType: number, unit: 'bits' | 'bytes') {
    super(row);
    this.#keyType = keyType;
    this.#unit = unit;
  }

  override sizeOf(bits: number): number {
    return this.#unit === 'bits' ? bits : bits >>> 3;
  }

  override generateKey(call: Call, parameter: Parameter, template: readonly TemplateEntry[]): number {
    noParameter(parameter);
    const implied = implying(ck.CKO_SECRET_KEY, this.#keyType);
    const attributes = templateForGeneration(call, this, template, implied);
    const length = needed(attributes.ulong(ck.CKA_VALUE_LEN), 'CKA_VALUE_LEN');
    const size = this.sizeOf(length * 8);
    if (size < this.row.min || size > this.row.max || !isSecretLength(this.#keyType, length)) {
      throw new CryptokiError(
        ck.CKR_ATTRIBUTE_VALUE_INVALID,
        'mechanisms.generate',
        'no key can have that length',
      );
    }
    const key = checked(call.engine.enclave.keyGenerateSecret(length), 'mechanisms.generate');
    return addKey(call, this, attributes, key);
  }
}

export const secretKeys: Family = [
  [ck.CKM_AES_KEY_GEN, (row) => new SecretKeyGeneration(row, ck.CKK_AES, 'bytes')],
  [ck.CKM_GENERIC_SECRET_KEY_GEN, (row) => new SecretKeyGeneration(row, ck.CKK_GENERIC_SECRET, 'bits')],
  ...allHashes.map(
    (hash) =>
      [hash.keyGen, (row: MechanismInfo) => new SecretKeyGeneration(row, hash.hmacKeyType, 'bytes')] as const,
  ),
];
