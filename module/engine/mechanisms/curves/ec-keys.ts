/**
 * CKM_EC_KEY_PAIR_GEN, CKM_EC_EDWARDS_KEY_PAIR_GEN and CKM_EC_MONTGOMERY_KEY_PAIR_GEN (PKCS#11 3.2, 6.3, the sections of these
 * names). The public template's CKA_EC_PARAMS chooses the curve.
 */
import { type KeyHandle, KeyKind } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';
import type { MechanismInfo } from '../../generated/mechanisms.ts';
import type { AttributeSet } from '../../objects/attribute-set.ts';
import { Blueprint } from '../../objects/blueprint.ts';
import { sessionOf } from '../../sessions/application.ts';
import type { TemplateEntry } from '../../values/arguments.ts';
import { CryptokiError, checked } from '../../values/errors.ts';
import type { KeyCall } from '../key-call.ts';
import { type Family, Mechanism, type Parameter } from '../mechanism.ts';
import { implying, makeKey, makerOf, needed, pairAdded, templateForGeneration } from '../new-keys.ts';
import { noParameter } from '../parameters.ts';
import { questionOf, recall, remember } from '../template-memory.ts';
import { curveCosts } from './curves.ts';

class EcKeyPairGeneration extends Mechanism {
  readonly #keyType: number;
  readonly #kind: KeyKind;

  constructor(row: MechanismInfo, keyType: number, kind: KeyKind) {
    super(row);
    this.#keyType = keyType;
    this.#kind = kind;
  }

  override generateKeyPair(
    call: KeyCall,
    parameter: Parameter,
    publicTemplate: readonly TemplateEntry[],
    privateTemplate: readonly TemplateEntry[],
  ): number {
    noParameter(parameter);
    const session = sessionOf(call);
    const [likePublic, likePrivate] = recall(session, this.type, publicTemplate, privateTemplate) ?? [];
    if (likePublic !== undefined && likePrivate !== undefined) {
      return this.generateLike(call, likePublic.attributes, (key) =>
        pairAdded(call, this, key, (owner, publicKey) =>
          owner.token.objects.addPairLike(
            owner,
            { like: likePublic, key: publicKey },
            { like: likePrivate, key },
            makerOf(call, this),
          ),
        ),
      );
    }
    const question = questionOf(session, this.type, [publicTemplate, privateTemplate]);
    const publicImplied = implying(ck.CKO_PUBLIC_KEY, this.#keyType);
    const publicAttributes = templateForGeneration(call, this, publicTemplate, publicImplied);
    needed(publicAttributes.bytes(ck.CKA_EC_PARAMS), 'CKA_EC_PARAMS');
    const privateImplied = implying(ck.CKO_PRIVATE_KEY, this.#keyType);
    const privateAttributes = templateForGeneration(call, this, privateTemplate, privateImplied);
    return this.generateLike(call, publicAttributes, (key) =>
      pairAdded(call, this, key, (owner, publicKey) => {
        const pair = owner.token.objects.addPair(
          owner,
          { attributes: publicAttributes, key: publicKey },
          { attributes: privateAttributes, key },
          makerOf(call, this),
        );
        remember(owner.app, question, Blueprint.ofPair(pair[0].attributes, pair[1].attributes));
        return pair;
      }),
    );
  }

  /** On the curve that the attributes name. */
  override generateLike(call: KeyCall, attributes: AttributeSet, then: (key: KeyHandle) => number): number {
    const { enclave } = call.engine;
    // A copy: the enclave wants the parameters as an array of their own.
    const params = needed(attributes.bytes(ck.CKA_EC_PARAMS), 'CKA_EC_PARAMS').slice();
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
      then,
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
