/** C_SignInit, C_Sign, C_SignUpdate, C_SignFinal (PKCS#11 3.2, 5.13). */

import {
  CKR_KEY_FUNCTION_NOT_PERMITTED,
  CKR_OK,
  CKR_OPERATION_ACTIVE,
  CKR_OPERATION_NOT_INITIALIZED,
} from '../generated/constants.ts';
import { Use } from '../mechanisms/key.ts';
import { Parts, SignatureOperation } from '../mechanisms/signature.ts';
import { ALWAYS_INLINE } from '../policy/placement.ts';
import { type Session, sessionOf } from '../sessions/application.ts';
import { OperationKind } from '../sessions/operation.ts';
import type { Room, Span } from '../values/arguments.ts';
import { PROCEED } from '../values/reply.ts';
import { answerWith, type Begin, beginWithKey, endWith, refusal } from './begin.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';

const begin: Begin = (mechanism, key, parameter) => mechanism.sign(key, parameter);

export const signHandlers = {
  C_SignInit(call, a) {
    return beginWithKey(call, OperationKind.Sign, Use.Sign, a.mechanism, a.key, begin);
  },

  C_Sign(call, a) {
    const session = sessionOf(call);
    const operation = signing(session, OperationKind.Sign);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    if (operation.begun) return endWith(session, OperationKind.Sign, CKR_OPERATION_ACTIVE);
    return giveSignature(call, session, OperationKind.Sign, operation, a.data, a.signature);
  },

  C_SignUpdate(call, a) {
    const session = sessionOf(call);
    const operation = signing(session, OperationKind.Sign);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    return addPart(session, OperationKind.Sign, operation, a.part);
  },

  C_SignFinal(call, a) {
    const session = sessionOf(call);
    const operation = signing(session, OperationKind.Sign);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    if (operation.plan.parts === Parts.Refused) {
      return endWith(session, OperationKind.Sign, CKR_OPERATION_NOT_INITIALIZED);
    }
    return giveSignature(call, session, OperationKind.Sign, operation, undefined, a.signature);
  },
} satisfies Partial<Handlers>;

/** The signature operation of that kind, if one is under way. */
export function signing(session: Session, kind: OperationKind): SignatureOperation | undefined {
  const operation = session.operation(kind);
  return operation instanceof SignatureOperation ? operation : undefined;
}

/** Feeds a part to a signature or verification. An error ends the operation. */
export function addPart(
  session: Session,
  kind: OperationKind,
  operation: SignatureOperation,
  part: Span,
): number {
  const refused = refusal(session, operation);
  if (refused !== CKR_OK) return endWith(session, kind, refused);
  try {
    const rv = operation.update(part);
    return rv === CKR_OK ? CKR_OK : endWith(session, kind, rv);
  } catch (error) {
    session.end(kind);
    throw error;
  }
}

/**
 * Signs the single part, or the parts before when `data` is undefined. Everything but a question for the length and
 * CKR_BUFFER_TOO_SMALL ends the operation.
 */
export function giveSignature(
  call: Call,
  session: Session,
  kind: OperationKind,
  operation: SignatureOperation,
  data: Span | undefined,
  room: Room,
): number {
  const { engine, reply } = call;
  const answer = reply.query(room, operation.length);
  if (answer !== PROCEED) return answerWith(session, kind, answer);
  call.audit(operation.mechanism, operation.objectId);
  const refused = refusal(session, operation);
  if (refused !== CKR_OK) return endWith(session, kind, refused);
  const cost = operation.cost('sign', data);
  const job = cost <= ALWAYS_INLINE ? 0 : engine.placement.place(call.app, cost, operation.collected(data));
  let result: number;
  try {
    result =
      data === undefined
        ? operation.final(job, reply.buffer, reply.bytesStart)
        : operation.sign(job, data, reply.buffer, reply.bytesStart);
  } finally {
    // The enclave has its own copy of what a job needs.
    session.end(kind);
  }
  if (result < 0) return -result;
  if (job === 0) {
    reply.bytesDone(result);
    return CKR_OK;
  }
  const { length } = operation;
  return call.defer(job, () => takeSignature(call, job, operation, length));
}

/** Gives out what the thread pool has signed, unless the key has been compromised or the like meanwhile. */
function takeSignature(call: Call, job: number, operation: SignatureOperation, length: number): number {
  const { enclave } = call.engine;
  const { reply } = call;
  const result = enclave.jobResult(job);
  if (result < 0) return -result;
  if (!operation.mayGoOn) {
    enclave.jobDrop(job);
    return CKR_KEY_FUNCTION_NOT_PERMITTED;
  }
  const written = enclave.jobOutput(job, reply.buffer, reply.bytesStart, length);
  if (written < 0) return -written;
  reply.bytesDone(written);
  return CKR_OK;
}
