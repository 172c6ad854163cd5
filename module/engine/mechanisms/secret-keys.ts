/**
 * CKM_AES_KEY_GEN, CKM_GENERIC_SECRET_KEY_GEN and CKM_<hash>_KEY_GEN (PKCS#11 3.2, 6.13 "AES key generation", 6.8 "Generic secret
 * key generation", 6.27): random bytes, as many as CKA_VALUE_LEN says.
 */

import type { KeyHandle } from '../../enclave/enclave.ts';
import * as ck from '../generated/constants.ts';
import type { MechanismInfo } from '../generated/mechanisms.ts';
import type { AttributeSet } from '../objects/attribute-set.ts';
import { Blueprint } from '../objects/blueprint.ts';
import { sessionOf } from '../sessions/application.ts';
import type { TemplateEntry } from '../values/arguments.ts';
import { CryptokiError, checked } from '../values/errors.ts';
import { allHashes } from './hash/hashes.ts';
import type { KeyCall } from './key-call.ts';
import { type Family, Mechanism, type Parameter } from './mechanism.ts';
import { implying, isSecretLength, keyAdded, makerOf, needed, templateForGeneration } from './new-keys.ts';
import { noParameter } from './parameters.ts';
import { questionOf, recall, remember } from './template-memory.ts';

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

  override generateKey(call: KeyCall, parameter: Parameter, template: readonly TemplateEntry[]): number {
    noParameter(parameter);
    const session = sessionOf(call);
    const { enclave } = call.engine;
    const { objects } = session.token;
    const [known] = recall(session, this.type, template) ?? [];
    if (known !== undefined) {
      const length = needed(known.attributes.ulong(ck.CKA_VALUE_LEN), 'CKA_VALUE_LEN');
      const key = checked(enclave.keyGenerateSecret(length), 'mechanisms.generate');
      return keyAdded(call, this, objects.addLike(session, known, key, makerOf(call, this)));
    }
    const question = questionOf(session, this.type, [template]);
    const implied = implying(ck.CKO_SECRET_KEY, this.#keyType);
    const attributes = templateForGeneration(call, this, template, implied);
    return this.generateLike(call, attributes, (key) => {
      const object = objects.add(session, attributes, key, makerOf(call, this));
      remember(session.app, question, [Blueprint.ofSecret(object.attributes)]);
      return keyAdded(call, this, object);
    });
  }

  override generateLike(call: KeyCall, attributes: AttributeSet, then: (key: KeyHandle) => number): number {
    const length = needed(attributes.ulong(ck.CKA_VALUE_LEN), 'CKA_VALUE_LEN');
    const size = this.sizeOf(length * 8);
    if (size < this.row.min || size > this.row.max || !isSecretLength(this.#keyType, length)) {
      throw new CryptokiError(
        ck.CKR_ATTRIBUTE_VALUE_INVALID,
        'mechanisms.generate',
        'no key can have that length',
      );
    }
    return then(checked(call.engine.enclave.keyGenerateSecret(length), 'mechanisms.generate'));
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
