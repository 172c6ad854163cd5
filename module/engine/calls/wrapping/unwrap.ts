/** C_UnwrapKey, C_UnwrapKeyAuthenticated (PKCS#11 3.2, 5.18). */
import type { JobId } from '../../../enclave/enclave.ts';
import * as ck from '../../generated/constants.ts';
import { LifeUse } from '../../generated/lifecycle.ts';
import { keyFor, Use } from '../../mechanisms/key.ts';
import type { Mechanism, Wrapping } from '../../mechanisms/mechanism.ts';
import { addKey, isSecretLength } from '../../mechanisms/new-keys.ts';
import { mechanismFor } from '../../mechanisms/registry.ts';
import { privateCost } from '../../mechanisms/rsa/rsa.ts';
import type { UsableKey } from '../../mechanisms/usable-key.ts';
import { type AttributeSet, boolValue } from '../../objects/attribute-set.ts';
import { keyKindOf } from '../../objects/key-material.ts';
import { mayNow } from '../../objects/lifecycle/life.ts';
import type { TokenObject } from '../../objects/object.ts';
import { completeTemplate } from '../../objects/template.ts';
import { sessionOf } from '../../sessions/application.ts';
import type { Span, TemplateEntry } from '../../values/arguments.ts';
import type { Call } from '../call.ts';
import type { Handlers } from '../generated/codec.ts';
import { impliedBy, refuseAlwaysAuthenticate, refused, useOnce } from './using.ts';

const EXTRACTABLE: TemplateEntry = {
  type: ck.CKA_EXTRACTABLE,
  value: { buffer: boolValue(true), offset: 0, length: 1 },
};

/** What both functions are called with. */
interface Coming {
  readonly mechanism: { readonly type: number };
  readonly unwrappingKey: number;
  readonly wrapped: Span;
  readonly template: readonly TemplateEntry[];
}

export const unwrapHandlers = {
  C_UnwrapKey(call, a) {
    return comeIn(call, a, (mechanism, key) => mechanism.unwrap(key, a.mechanism.parameter));
  },

  C_UnwrapKeyAuthenticated(call, a) {
    return comeIn(call, a, (mechanism, key) =>
      mechanism.unwrapAuthenticated(key, a.mechanism.parameter, a.associated),
    );
  },
} satisfies Partial<Handlers>;

/** Brings a key in, decrypted as the plan says that `how` makes. */
function comeIn(call: Call, a: Coming, how: (mechanism: Mechanism, key: UsableKey) => Wrapping): number {
  const session = sessionOf(call);
  const { engine } = call;
  const mechanism = mechanismFor(a.mechanism.type, Use.Unwrap.flag);
  const unwrapping = keyFor(session, engine, mechanism, a.unwrappingKey, Use.Unwrap);
  call.audit(mechanism.type, unwrapping.object.id, unwrapping.object.isFleeting);
  refuseAlwaysAuthenticate(unwrapping);
  const plan = how(mechanism, unwrapping);
  const implied = impliedBy(unwrapping.object, ck.CKA_UNWRAP_TEMPLATE);
  const template = extractableUnlessSaid(a.template, implied);
  const { attributes } = completeTemplate({ session, origin: 'unwrap', template, implied });
  const length = lengthToUnwrap(unwrapping.object, plan, attributes, a.wrapped.length);
  useOnce(unwrapping);
  const cost = plan.cipher === 0 ? privateCost(unwrapping.bits) : 0;
  const job = cost === 0 ? 0 : engine.placement.place(call.app, cost);
  const result = unwrap(call, job, unwrapping, plan, attributes, length, a.wrapped);
  if (job === 0 || result < 0) return addUnwrapped(call, mechanism, attributes, result);
  return call.defer(job, () => {
    const unwrapped = engine.enclave.jobResult(job);
    if (unwrapped > 0 && !mayNow(unwrapping.object, LifeUse.Unwrap)) {
      engine.enclave.keyFree(unwrapped);
      return ck.CKR_KEY_FUNCTION_NOT_PERMITTED;
    }
    return addUnwrapped(call, mechanism, attributes, unwrapped);
  });
}

/** "The CKA_EXTRACTABLE attribute is by default set to CK_TRUE" (C_UnwrapKey), unlike that of other new keys. */
function extractableUnlessSaid(
  template: readonly TemplateEntry[],
  implied: ReadonlyMap<number, Uint8Array>,
): readonly TemplateEntry[] {
  const said = implied.has(ck.CKA_EXTRACTABLE) || template.some(({ type }) => type === ck.CKA_EXTRACTABLE);
  return said ? template : [...template, EXTRACTABLE];
}

/**
 * The length of the secret that will be unwrapped, 0 when the mechanism finds it out (and for private keys).
 * That null bytes alone are cut off, and how many, is the enclave's to see (secret_from in wrap.c).
 * @throws CryptokiError CKR_TEMPLATE_INCOMPLETE when only CKA_VALUE_LEN could tell, CKR_WRAPPED_KEY_LEN_RANGE when it cannot be
 */
function lengthToUnwrap(
  unwrapping: TokenObject,
  plan: Wrapping,
  attributes: AttributeSet,
  wrapped: number,
): number {
  if (attributes.ulong(ck.CKA_CLASS) === ck.CKO_PRIVATE_KEY) {
    if (plan.privateKeys) return 0;
    throw refused(ck.CKR_TEMPLATE_INCONSISTENT, 'the mechanism unwraps secret keys only');
  }
  if (plan.unpadded === 0) return 0;
  // A multiple of the block, or with AES Key Wrap of the semiblock, behind an 8-byte integrity check.
  const most = plan.unpadded === 8 ? wrapped - 8 : wrapped;
  if (most < 1 || most % plan.unpadded !== 0) {
    throw refused(ck.CKR_WRAPPED_KEY_LEN_RANGE, 'no wrapped key has that length');
  }
  const given = attributes.ulong(ck.CKA_VALUE_LEN);
  if (given !== undefined) {
    const cut = given !== most && plan.steerable;
    if (cut && unwrapping.attributes.nested(ck.CKA_UNWRAP_TEMPLATE) !== undefined) {
      throw refused(ck.CKR_WRAPPED_KEY_LEN_RANGE, 'a key with CKA_UNWRAP_TEMPLATE cuts nothing off here');
    }
    return given;
  }
  // Secrets of any length: all that comes out is the key. An AES key may be shorter than that, and not by a free choice.
  if (attributes.ulong(ck.CKA_KEY_TYPE) !== ck.CKK_AES) return 0;
  const possible = [16, 24, 32].filter((length) => length <= most && length > most - plan.unpadded);
  const [only] = possible;
  if (only === undefined) throw refused(ck.CKR_WRAPPED_KEY_LEN_RANGE, 'no AES key has that length');
  if (possible.length > 1) throw refused(ck.CKR_TEMPLATE_INCOMPLETE, 'CKA_VALUE_LEN is needed');
  return only;
}

/** Gives the wrapped key to the enclave. */
function unwrap(
  call: Call,
  job: JobId,
  unwrapping: UsableKey,
  plan: Wrapping,
  attributes: AttributeSet,
  length: number,
  wrapped: Span,
): number {
  const kind = keyKindOf(attributes.ulong(ck.CKA_CLASS) ?? -1, attributes.ulong(ck.CKA_KEY_TYPE) ?? -1);
  if (kind === 0) throw refused(ck.CKR_TEMPLATE_INCONSISTENT, 'no such keys here');
  return call.engine.enclave.keyUnwrap(job, unwrapping.object.key(), plan, kind, length, wrapped);
}

/** Makes the unwrapped key's object, after a check of its length against its type and CKA_VALUE_LEN. */
function addUnwrapped(call: Call, mechanism: Mechanism, attributes: AttributeSet, result: number): number {
  if (result < 0) return unwrapError(-result);
  const { enclave } = call.engine;
  if (attributes.ulong(ck.CKA_CLASS) === ck.CKO_SECRET_KEY) {
    const length = enclave.keyBits(result) / 8;
    const wanted = attributes.ulong(ck.CKA_VALUE_LEN) ?? length;
    if (length !== wanted || !isSecretLength(attributes.ulong(ck.CKA_KEY_TYPE) ?? -1, length)) {
      enclave.keyFree(result);
      return ck.CKR_WRAPPED_KEY_LEN_RANGE;
    }
  }
  return addKey(call, mechanism, attributes, result);
}

/** What a failed decryption is called when it was to give a key. */
function unwrapError(rv: number): number {
  switch (rv) {
    case ck.CKR_ENCRYPTED_DATA_INVALID:
      return ck.CKR_WRAPPED_KEY_INVALID;
    case ck.CKR_ENCRYPTED_DATA_LEN_RANGE:
      return ck.CKR_WRAPPED_KEY_LEN_RANGE;
    default:
      return rv;
  }
}
