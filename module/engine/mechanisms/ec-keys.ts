/**
 * CKM_EC_KEY_PAIR_GEN, CKM_EC_EDWARDS_KEY_PAIR_GEN and CKM_EC_MONTGOMERY_KEY_PAIR_GEN (PKCS#11 3.2, 6.3, the sections of these
 * names). The public template's CKA_EC_PARAMS chooses the curve.
 */
import { KeyKind } from '../../enclave/enclave.ts';
import type { Call, TemplateEntry } from '../calls/call.ts';
import { CryptokiError, checked } from '../errors.ts';
import * as ck from '../generated/constants.ts';
import type { MechanismInfo } from '../generated/mechanisms.ts';
import { curveCosts } from './curves.ts';
import { type Family, Mechanism, type Parameter } from './mechanism.ts';
import { addKeyPair, implying, makeKey, needed, templateForGeneration } from './new-keys.ts';
import { noParameter } from './parameters.ts';

class EcKeyPairGeneration extends Mechanism {
  readonly #keyType: number;
  readonly #kind: KeyKind;

  constructor(row: MechanismInfo, keyType: number, kind: KeyKind) {
    super(row);
    this.#keyType = keyType;
    this.#kind = kind;
  }

  override generateKeyPair(
    call: Call,
    parameter: Parameter,
    publicTemplate: readonly TemplateEntry[],
    privateTemplate: readonly TemplateEntry[],
  ): number {
    noParameter(parameter);
    const { enclave } = call.engine;
    const publicImplied = implying(ck.CKO_PUBLIC_KEY, this.#keyType);
    const publicAttributes = templateForGeneration(call, this, publicTemplate, publicImplied);
    // A copy: the enclave wants the parameters as an array of their own.
    const params = needed(publicAttributes.bytes(ck.CKA_EC_PARAMS), 'CKA_EC_PARAMS').slice();
    const privateImplied = implying(ck.CKO_PRIVATE_KEY, this.#keyType);
    const privateAttributes = templateForGeneration(call, this, privateTemplate, privateImplied);
    const bits = checked(enclave.curveBits(params), 'mechanisms.generate');
    if (bits < this.row.min || bits > this.row.max) {
      throw new CryptokiError(
        ck.CKR_CURVE_NOT_SUPPORTED,
        'mechanisms.generate',
        'not a curve of this mechanism',
      );
    }
    return makeKey(
      call,
      curveCosts(this.#keyType, bits, params.length).generate,
      (job) => enclave.keyGenerateEc(job, this.#kind, params),
      (later, key) => addKeyPair(later, this, publicAttributes, privateAttributes, key),
    );
  }
}

export const ecKeys: Family = [
  [ck.CKM_EC_KEY_PAIR_GEN, (row) => new EcKeyPairGeneration(row, ck.CKK_EC, KeyKind.EcPrivate)],
  [
    ck.CKM_EC_EDWARDS_KEY_PAIR_GEN,
    (row) => new EcKeyPairGeneration(row, ck.CKK_EC_EDWARDS, KeyKind.Ed25519Private),
  ],
  [
    ck.CKM_EC_MONTGOMERY_KEY_PAIR_GEN,
    (row) => new EcKeyPairGeneration(row, ck.CKK_EC_MONTGOMERY, KeyKind.X25519Private),
  ],
];
