/** C_GenerateKey, C_GenerateKeyPair, C_WrapKey, C_UnwrapKey, C_DeriveKey (PKCS#11 3.2, 5.18). */
import { Cipher, type JobId } from '../../enclave/enclave.ts';
import * as ck from '../generated/constants.ts';
import { LifeUse } from '../generated/lifecycle.ts';
import { keyFor, Use } from '../mechanisms/key.ts';
import type { Mechanism, Wrapping } from '../mechanisms/mechanism.ts';
import { addKey, isSecretLength } from '../mechanisms/new-keys.ts';
import { mechanismFor } from '../mechanisms/registry.ts';
import { privateCost } from '../mechanisms/rsa/rsa.ts';
import type { UsableKey } from '../mechanisms/usable-key.ts';
import { type AttributeSet, boolValue, ulongValue } from '../objects/attribute-set.ts';
import { keyKindOf, sameBytes } from '../objects/key-material.ts';
import { mayNow } from '../objects/lifecycle/life.ts';
import { checkLife } from '../objects/lifecycle/refusal.ts';
import type { TokenObject } from '../objects/object.ts';
import { completeTemplate } from '../objects/template.ts';
import { sessionOf } from '../sessions/application.ts';
import type { Span, TemplateEntry } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import { PROCEED } from '../values/reply.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';

const EXTRACTABLE: TemplateEntry = {
  type: ck.CKA_EXTRACTABLE,
  value: { buffer: boolValue(true), offset: 0, length: 1 },
};

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

  C_WrapKey(call, a) {
    const session = sessionOf(call);
    const { enclave } = call.engine;
    const mechanism = mechanismFor(a.mechanism.type, Use.Wrap.flag);
    const wrapping = keyFor(session, call.engine, mechanism, a.wrappingKey, Use.Wrap);
    const plan = mechanism.wrap(wrapping, a.mechanism.parameter);
    const target = session.token.objects.getKey(session, a.key);
    call.audit(mechanism.type, target.id, wrapping.object.isFleeting && target.isFleeting);
    checkMayWrap(wrapping.object, target, plan);
    checkLife(call.engine, target, LifeUse.Export, ck.CKR_KEY_NOT_WRAPPABLE);
    const { reply } = call;
    // A question for the length uses nothing.
    if (a.wrapped.present) useOnce(wrapping, plan.cipher === Cipher.AesGcm ? plan.iv : undefined);
    const room = a.wrapped.present ? Math.max(0, Math.min(a.wrapped.capacity, reply.space - 8)) : 0;
    const out = { buffer: reply.buffer, offset: reply.bytesStart, length: room };
    const length = enclave.keyWrap(wrapping.object.key(), plan, target.key(), out);
    if (length === -ck.CKR_BUFFER_TOO_SMALL) {
      const answer = reply.query(a.wrapped, enclave.lastLength());
      return answer === PROCEED ? ck.CKR_DEVICE_MEMORY : answer;
    }
    if (length === -ck.CKR_DATA_LEN_RANGE) return ck.CKR_KEY_SIZE_RANGE;
    if (length < 0) return -length;
    reply.bytesDone(length);
    return ck.CKR_OK;
  },

  C_UnwrapKey(call, a) {
    const session = sessionOf(call);
    const { engine } = call;
    const mechanism = mechanismFor(a.mechanism.type, Use.Unwrap.flag);
    const unwrapping = keyFor(session, engine, mechanism, a.unwrappingKey, Use.Unwrap);
    call.audit(mechanism.type, unwrapping.object.id, unwrapping.object.isFleeting);
    refuseAlwaysAuthenticate(unwrapping);
    const plan = mechanism.unwrap(unwrapping, a.mechanism.parameter);
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

/**
 * Whether a key may leave under another (PKCS#11 3.2, C_WrapKey; CKA_WRAP_WITH_TRUSTED in 4.9 and 4.10).
 * @throws CryptokiError CKR_KEY_NOT_WRAPPABLE, CKR_KEY_UNEXTRACTABLE, CKR_KEY_HANDLE_INVALID (CKA_WRAP_TEMPLATE)
 */
function checkMayWrap(wrapping: TokenObject, target: TokenObject, plan: Wrapping): void {
  const { attributes } = target;
  const objectClass = attributes.ulong(ck.CKA_CLASS);
  const isPrivateKey = objectClass === ck.CKO_PRIVATE_KEY;
  if (objectClass !== ck.CKO_SECRET_KEY && !(isPrivateKey && plan.privateKeys)) {
    throw refused(ck.CKR_KEY_NOT_WRAPPABLE, 'the mechanism does not wrap keys of this class');
  }
  if (attributes.bool(ck.CKA_EXTRACTABLE) !== true) {
    throw refused(ck.CKR_KEY_UNEXTRACTABLE, 'the key is not extractable');
  }
  const needsTrust = attributes.bool(ck.CKA_WRAP_WITH_TRUSTED) === true;
  if (needsTrust && wrapping.attributes.bool(ck.CKA_TRUSTED) !== true) {
    throw refused(ck.CKR_KEY_NOT_WRAPPABLE, 'the key may be wrapped with trusted keys only');
  }
  const template = wrapping.attributes.nested(ck.CKA_WRAP_TEMPLATE);
  if (template === undefined) return;
  for (const [type, value] of template.entries()) {
    const own = attributes.bytes(type);
    if (own === undefined || !sameBytes(own, value)) {
      throw refused(ck.CKR_KEY_HANDLE_INVALID, 'the key does not match CKA_WRAP_TEMPLATE');
    }
  }
}

/**
 * Counts a use, before it is made.
 * @param vector under which AES-GCM encrypts
 * @throws CryptokiError CKR_KEY_FUNCTION_NOT_PERMITTED when the key has been used as often as it may be; as {@link KeyUses.encrypt}
 */
function useOnce({ uses }: UsableKey, vector?: Uint8Array): void {
  const rv = vector === undefined ? uses.take(1, 0, 0) : uses.encrypt(vector, 0);
  if (rv !== ck.CKR_OK) throw refused(rv, 'the key has been used as often as it may be');
}

function refused(rv: number, message: string): CryptokiError {
  return new CryptokiError(rv, 'calls.keys', message);
}

/** A key that demands a login for each use can be used only where an *Init leaves room for the login. */
function refuseAlwaysAuthenticate(key: UsableKey): void {
  if (key.alwaysAuthenticate) {
    throw refused(ck.CKR_USER_NOT_LOGGED_IN, 'the key demands a login for each use');
  }
}

/** What a key's CKA_UNWRAP_TEMPLATE or CKA_DERIVE_TEMPLATE adds to the new key. */
function impliedBy(key: TokenObject, type: number): Map<number, Uint8Array> {
  return new Map(key.attributes.nested(type)?.entries());
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
