/** C_WrapKey, C_WrapKeyAuthenticated (PKCS#11 3.2, 5.18). */
import * as ck from '../../generated/constants.ts';
import { LifeUse } from '../../generated/lifecycle.ts';
import { keyFor, Use } from '../../mechanisms/key.ts';
import type { Mechanism, Wrapping } from '../../mechanisms/mechanism.ts';
import { mechanismFor } from '../../mechanisms/registry.ts';
import type { UsableKey } from '../../mechanisms/usable-key.ts';
import { sameBytes } from '../../objects/key-material.ts';
import { checkLife } from '../../objects/lifecycle/refusal.ts';
import type { TokenObject } from '../../objects/object.ts';
import { sessionOf } from '../../sessions/application.ts';
import { PROCEED } from '../../values/reply.ts';
import type { Call } from '../call.ts';
import type { Handlers } from '../generated/codec.ts';
import { answerSealed, BESIDE } from '../messages/sealed-answer.ts';
import { checkUse, refused, useOnce } from './using.ts';

/** What both functions are called with. */
interface Going {
  readonly mechanism: { readonly type: number };
  readonly wrappingKey: number;
  readonly key: number;
}

export const wrapHandlers = {
  C_WrapKey(call, a) {
    const leaving = new Leaving(call, a, (mechanism, key) => mechanism.wrap(key, a.mechanism.parameter));
    const { reply } = call;
    const { needed } = leaving;
    if (needed < 0) return -needed;
    const answer = reply.query(a.wrapped, needed);
    if (answer !== PROCEED) return answer;
    if (reply.space < needed + BESIDE) return ck.CKR_DEVICE_MEMORY;
    leaving.count();
    const written = leaving.wrap(reply.buffer, reply.bytesStart, needed);
    if (written < 0) return -written;
    reply.bytesDone(written);
    // Where it came with the call, nobody waits for it.
    const { made } = leaving;
    if (made.length > 0) reply.bytes(made);
    return ck.CKR_OK;
  },

  C_WrapKeyAuthenticated(call, a) {
    const leaving = new Leaving(call, a, (mechanism, key) =>
      mechanism.wrapAuthenticated(key, a.mechanism.parameter, a.associated),
    );
    const { reply } = call;
    const { needed, tag } = leaving;
    if (needed < 0) return -needed;
    const length = needed - tag;
    const answer = reply.query(a.wrapped, length);
    if (answer !== PROCEED) return answer;
    if (reply.space < needed + BESIDE) return ck.CKR_DEVICE_MEMORY;
    leaving.count();
    return answerSealed(call, length, leaving.made, tag, (out, at) => leaving.wrap(out, at, needed));
  },
} satisfies Partial<Handlers>;

const NO_ROOM = { buffer: new Uint8Array(0), offset: 0, length: 0 };
const NO_VECTOR = new Uint8Array(0);

/** A key on its way out of the token, under another. */
class Leaving {
  readonly #call: Call;
  readonly #wrapping: UsableKey;
  readonly #target: TokenObject;
  readonly #plan: Wrapping;

  /** @throws CryptokiError where the one may not leave under the other */
  constructor(call: Call, a: Going, how: (mechanism: Mechanism, key: UsableKey) => Wrapping) {
    const session = sessionOf(call);
    const mechanism = mechanismFor(a.mechanism.type, Use.Wrap.flag);
    const wrapping = keyFor(session, call.engine, mechanism, a.wrappingKey, Use.Wrap);
    const plan = how(mechanism, wrapping);
    const target = session.token.objects.getKey(session, a.key);
    call.audit(mechanism.type, target.id, wrapping.object.isFleeting && target.isFleeting);
    checkMayWrap(wrapping.object, target, plan);
    checkLife(call.engine, target, LifeUse.Export, ck.CKR_KEY_NOT_WRAPPABLE);
    this.#call = call;
    this.#wrapping = wrapping;
    this.#target = target;
    this.#plan = plan;
  }

  /** Bytes of the wrapped key with all that belongs to it, or -CKR. Asking for them uses nothing. */
  get needed(): number {
    const length = this.#run(NO_ROOM);
    return length === -ck.CKR_BUFFER_TOO_SMALL ? this.#call.engine.enclave.lastLength() : failure(length);
  }

  /** Bytes of the tag, where it has one. */
  get tag(): number {
    return this.#plan.param;
  }

  /** The vector that the token made; empty where it came with the call. */
  get made(): Uint8Array {
    return this.#plan.vector?.made ?? NO_VECTOR;
  }

  /** Counts the use, once, before it is made. @throws CryptokiError */
  count(): void {
    if (this.#plan.vector === undefined) useOnce(this.#wrapping);
    else checkUse(this.#plan.vector.count(0));
  }

  /** Returns how many bytes were written, or -CKR. */
  wrap(buffer: Uint8Array, offset: number, length: number): number {
    return failure(this.#run({ buffer, offset, length }));
  }

  #run(out: { buffer: Uint8Array; offset: number; length: number }): number {
    const { enclave } = this.#call.engine;
    return enclave.keyWrap(this.#wrapping.object.key(), this.#plan, this.#target.key(), out);
  }
}

/** What is wrong with the data is wrong with the key. */
function failure(result: number): number {
  return result === -ck.CKR_DATA_LEN_RANGE ? -ck.CKR_KEY_SIZE_RANGE : result;
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
