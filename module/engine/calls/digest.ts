/** C_DigestInit, C_Digest, C_DigestUpdate, C_DigestKey, C_DigestFinal (PKCS#11 3.2, 5.12). */

import {
  CKA_CLASS,
  CKA_EXTRACTABLE,
  CKA_SENSITIVE,
  CKF_DIGEST,
  CKO_SECRET_KEY,
  CKR_KEY_INDIGESTIBLE,
  CKR_OK,
  CKR_OPERATION_ACTIVE,
  CKR_OPERATION_NOT_INITIALIZED,
} from '../generated/constants.ts';
import { LifeUse } from '../generated/lifecycle.ts';
import { DigestOperation } from '../mechanisms/digest-operation.ts';
import { mechanismFor } from '../mechanisms/registry.ts';
import { mayNow } from '../objects/lifecycle/life.ts';
import { type Session, sessionOf } from '../sessions/application.ts';
import { OperationKind } from '../sessions/operation.ts';
import { PROCEED } from '../values/reply.ts';
import { answerWith, cancel, endWith } from './begin.ts';
import type { Handlers } from './generated/codec.ts';

const KIND = OperationKind.Digest;

export const digestHandlers = {
  C_DigestInit(call, a) {
    const session = sessionOf(call);
    const { mechanism } = a;
    if (mechanism === null) return cancel(session, KIND);
    if (session.operation(KIND) !== undefined) return CKR_OPERATION_ACTIVE;
    session.begin(KIND, mechanismFor(mechanism.type, CKF_DIGEST).digest(mechanism.parameter));
    return CKR_OK;
  },

  C_Digest(call, a) {
    const session = sessionOf(call);
    const operation = digesting(session);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    if (operation.begun) return endWith(session, KIND, CKR_OPERATION_ACTIVE);
    const { engine, reply } = call;
    const answer = reply.query(a.digest, operation.length);
    if (answer !== PROCEED) return answerWith(session, KIND, answer);
    const length = operation.once(engine.enclave, a.data, reply.buffer, reply.bytesStart);
    if (length < 0) return endWith(session, KIND, -length);
    reply.bytesDone(length);
    return endWith(session, KIND, CKR_OK);
  },

  C_DigestUpdate(call, a) {
    const session = sessionOf(call);
    const operation = digesting(session);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    const rv = operation.update(call.engine.enclave, a.part);
    return rv === CKR_OK ? rv : endWith(session, KIND, rv);
  },

  /**
   * Only keys whose value may be read are digested: the digest of a short secret, or of a secret beside chosen bytes, tells
   * something about it that CKA_SENSITIVE promises to keep.
   */
  C_DigestKey(call, a) {
    const session = sessionOf(call);
    const operation = digesting(session);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    try {
      const key = session.token.objects.getKey(session, a.key);
      const { attributes } = key;
      call.audit(operation.mechanism, key.id);
      const readable = attributes.bool(CKA_SENSITIVE) === false && attributes.bool(CKA_EXTRACTABLE) === true;
      const mayBeUsed = mayNow(key, LifeUse.Derive);
      if (attributes.ulong(CKA_CLASS) !== CKO_SECRET_KEY || !readable || !mayBeUsed) {
        return endWith(session, KIND, CKR_KEY_INDIGESTIBLE);
      }
      const rv = operation.updateKey(call.engine.enclave, key);
      return rv === CKR_OK ? rv : endWith(session, KIND, rv);
    } catch (error) {
      session.end(KIND);
      throw error;
    }
  },

  C_DigestFinal(call, a) {
    const session = sessionOf(call);
    const operation = digesting(session);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    const { engine, reply } = call;
    const answer = reply.query(a.digest, operation.length);
    if (answer !== PROCEED) return answerWith(session, KIND, answer);
    const length = operation.final(engine.enclave, reply.buffer, reply.bytesStart);
    if (length < 0) return endWith(session, KIND, -length);
    reply.bytesDone(length);
    return endWith(session, KIND, CKR_OK);
  },
} satisfies Partial<Handlers>;

/** The digest under way, if there is one. */
export function digesting(session: Session): DigestOperation | undefined {
  const operation = session.operation(KIND);
  return operation instanceof DigestOperation ? operation : undefined;
}
