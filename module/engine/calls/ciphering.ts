/** What encryption and decryption have in common: single parts, parts, and the end (PKCS#11 3.2, 5.8 and 5.10). */

import type { JobId } from '../../enclave/enclave.ts';
import {
  CKR_BUFFER_TOO_SMALL,
  CKR_DEVICE_MEMORY,
  CKR_KEY_FUNCTION_NOT_PERMITTED,
  CKR_OK,
  CKR_OPERATION_ACTIVE,
  CKR_OPERATION_NOT_INITIALIZED,
} from '../generated/constants.ts';
import { CipherOperation } from '../mechanisms/cipher.ts';
import { ALWAYS_INLINE } from '../policy/placement.ts';
import type { Session } from '../sessions/application.ts';
import { sessionOf } from '../sessions/application.ts';
import type { OperationKind } from '../sessions/operation.ts';
import type { Room, Span } from '../values/arguments.ts';
import { checked } from '../values/errors.ts';
import { PROCEED } from '../values/reply.ts';
import { answerWith, endWith, refusal } from './begin.ts';
import type { Call } from './call.ts';

/** The cipher operation of that kind, if one is under way. */
export function ciphering(session: Session, kind: OperationKind): CipherOperation | undefined {
  const operation = session.operation(kind);
  return operation instanceof CipherOperation ? operation : undefined;
}

/** A single part, start to end. */
export function single(call: Call, kind: OperationKind, data: Span, room: Room): number {
  const session = sessionOf(call);
  const operation = ciphering(session, kind);
  if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
  if (operation.begun) return endWith(session, kind, CKR_OPERATION_ACTIVE);
  const most = operation.most(data.length);
  if (most < 0) return endWith(session, kind, -most);
  const { engine, reply } = call;
  // The length of a ciphertext is known beforehand; that of a plaintext may not be, but asking for it needs no key.
  if (operation.encrypting || !room.present) {
    const answer = reply.query(room, most);
    if (answer !== PROCEED) return answerWith(session, kind, answer);
  }
  call.audit(operation.mechanism, operation.objectId);
  const refused = refusal(session, operation);
  if (refused !== CKR_OK) return endWith(session, kind, refused);
  const { cost } = operation;
  const job = cost <= ALWAYS_INLINE ? 0 : engine.placement.place(call.app, cost);
  if (job !== 0) return singleLater(call, job, session, kind, operation, data, room);
  try {
    if (reply.space < most + 8) return endWith(session, kind, CKR_DEVICE_MEMORY);
    const length = operation.once(0, data, reply.buffer, reply.bytesStart, most);
    if (length < 0) return endWith(session, kind, -length);
    if (length > room.capacity) {
      // Only the work itself could tell (padding). The plaintext is its caller's own, but was not given out.
      engine.enclave.zero(reply.buffer, reply.bytesStart, length);
      return answerWith(session, kind, reply.query(room, length));
    }
    reply.bytesDone(length);
    return endWith(session, kind, CKR_OK);
  } catch (error) {
    session.end(kind);
    throw error;
  }
}

/** A private-key operation on the thread pool. The operation leaves the session meanwhile, and returns if the room was too small. */
function singleLater(
  call: Call,
  job: JobId,
  session: Session,
  kind: OperationKind,
  operation: CipherOperation,
  data: Span,
  room: Room,
): number {
  const { reply } = call;
  const { enclave } = call.engine;
  session.take(kind);
  const started = operation.once(job, data, reply.buffer, reply.bytesStart, 0);
  if (started < 0) {
    session.settle(kind, operation, false);
    return -started;
  }
  return call.defer(job, () => {
    const length = enclave.jobResult(job);
    if (length < 0) {
      session.settle(kind, operation, false);
      return -length;
    }
    if (!operation.mayGoOn) {
      if (length > 0) enclave.jobDrop(job);
      session.settle(kind, operation, false);
      return CKR_KEY_FUNCTION_NOT_PERMITTED;
    }
    const answer = reply.query(room, length);
    if (answer === PROCEED) {
      // An empty plaintext is no output: such a job is done with its result.
      const { buffer, bytesStart } = reply;
      if (length > 0) checked(enclave.jobOutput(job, buffer, bytesStart, length), 'calls.decrypt');
      reply.bytesDone(length);
    } else if (length > 0) enclave.jobDrop(job);
    session.settle(kind, operation, answer === CKR_BUFFER_TOO_SMALL);
    return answer === PROCEED ? CKR_OK : answer;
  });
}

/** Another part. `most` bounds its output, so the room is known to suffice before the part is taken. */
export function another(call: Call, kind: OperationKind, part: Span, room: Room): number {
  const session = sessionOf(call);
  const operation = ciphering(session, kind);
  if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
  const refused = refusal(session, operation);
  if (refused !== CKR_OK) return endWith(session, kind, refused);
  try {
    const { reply } = call;
    const most = room.present ? operation.partMost(part.length) : operation.partQuestion(part.length);
    if (most < 0) return endWith(session, kind, -most);
    const answer = reply.query(room, most);
    if (answer !== PROCEED) return answerWith(session, kind, answer);
    operation.begun = true;
    const length = operation.update(part, reply.buffer, reply.bytesStart, most);
    if (length < 0) return endWith(session, kind, -length);
    reply.bytesDone(length);
    return CKR_OK;
  } catch (error) {
    session.end(kind);
    throw error;
  }
}

/** The end of several parts. The enclave says when the room is too small for what is left, and then keeps it. */
export function last(call: Call, kind: OperationKind, room: Room): number {
  const session = sessionOf(call);
  const operation = ciphering(session, kind);
  if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
  const refused = refusal(session, operation);
  if (refused !== CKR_OK) return endWith(session, kind, refused);
  try {
    const { engine, reply } = call;
    const most = operation.finalMost();
    if (most < 0) return endWith(session, kind, -most);
    if (!room.present) return reply.query(room, most);
    call.audit(operation.mechanism, operation.objectId);
    const fitting = Math.max(0, Math.min(room.capacity, most, reply.space - 8));
    const length = operation.final(reply.buffer, reply.bytesStart, fitting);
    if (length === -CKR_BUFFER_TOO_SMALL) {
      return answerWith(session, kind, reply.query(room, engine.enclave.lastLength()));
    }
    if (length < 0) return endWith(session, kind, -length);
    reply.bytesDone(length);
    return endWith(session, kind, CKR_OK);
  } catch (error) {
    session.end(kind);
    throw error;
  }
}
