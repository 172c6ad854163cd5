/** C_GenerateKey, C_GenerateKeyPair, C_DeriveKey (PKCS#11 3.2, 5.18). */
import * as ck from '../generated/constants.ts';
import { LifeUse } from '../generated/lifecycle.ts';
import { keyFor, Use } from '../mechanisms/key.ts';
import type { Mechanism } from '../mechanisms/mechanism.ts';
import { addKey, isSecretLength } from '../mechanisms/new-keys.ts';
import { mechanismFor } from '../mechanisms/registry.ts';
import type { UsableKey } from '../mechanisms/usable-key.ts';
import { type AttributeSet, boolValue, ulongValue } from '../objects/attribute-set.ts';
import { mayNow } from '../objects/lifecycle/life.ts';
import { completeTemplate } from '../objects/template.ts';
import { sessionOf } from '../sessions/application.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';
import { impliedBy, refuseAlwaysAuthenticate, useOnce } from './wrapping/using.ts';

export const keyHandlers = {
  C_GenerateKey(call, a) {
    const mechanism = mechanismFor(a.mechanism.type, ck.CKF_GENERATE);
    call.audit(mechanism.type, undefined);
    return mechanism.generateKey(call, a.mechanism.parameter, a.template);
  },

  C_GenerateKeyPair(call, a) {
    const mechanism = mechanismFor(a.mechanism.type, ck.CKF_GENERATE_KEY_PAIR);
    call.audit(mechanism.type, undefined);
    return mechanism.generateKeyPair(call, a.mechanism.parameter, a.publicTemplate, a.privateTemplate);
  },

  C_DeriveKey(call, a) {
    const session = sessionOf(call);
    const mechanism = mechanismFor(a.mechanism.type, Use.Derive.flag);
    const base = keyFor(session, call.engine, mechanism, a.baseKey, Use.Derive);
    call.audit(mechanism.type, base.object.id, base.object.isFleeting);
    refuseAlwaysAuthenticate(base);
    const implied = impliedBy(base.object, ck.CKA_DERIVE_TEMPLATE);
    implied.set(ck.CKA_CLASS, ulongValue(ck.CKO_SECRET_KEY));
    // A derived key has always been sensitive, and never extractable, only if its base was so too (6.3, ECDH).
    for (const history of [ck.CKA_ALWAYS_SENSITIVE, ck.CKA_NEVER_EXTRACTABLE]) {
      implied.set(history, boolValue(base.object.attributes.bool(history) === true));
    }
    const { attributes } = completeTemplate({ session, origin: 'derive', template: a.template, implied });
    const keyType = attributes.ulong(ck.CKA_KEY_TYPE) ?? ck.CKK_GENERIC_SECRET;
    const length = attributes.ulong(ck.CKA_VALUE_LEN) ?? 0;
    if (length !== 0 && !isSecretLength(keyType, length)) return ck.CKR_ATTRIBUTE_VALUE_INVALID;
    useOnce(base);
    return mechanism.derive(call, base, a.mechanism.parameter, keyType, length, (key) =>
      derived(call, base, mechanism, attributes, key),
    );
  },
} satisfies Partial<Handlers>;

/** Makes the derived key's object, unless the base has been compromised or the like meanwhile. */
function derived(
  call: Call,
  base: UsableKey,
  mechanism: Mechanism,
  attributes: AttributeSet,
  key: number,
): number {
  if (mayNow(base.object, LifeUse.Derive)) return addKey(call, mechanism, attributes, key);
  call.engine.enclave.keyFree(key);
  return ck.CKR_KEY_FUNCTION_NOT_PERMITTED;
}
