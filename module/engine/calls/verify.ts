/**
 * C_VerifyInit, C_Verify, C_VerifyUpdate, C_VerifyFinal, and the same with the signature given at the start:
 * C_VerifySignatureInit, C_VerifySignature, C_VerifySignatureUpdate, C_VerifySignatureFinal (PKCS#11 3.2, 5.15).
 *
 * Both are one operation, so that a session has one verification under way; which functions continue it depends on whether it
 * was given its signature.
 */

import {
  CKR_DEVICE_MEMORY,
  CKR_KEY_FUNCTION_NOT_PERMITTED,
  CKR_OK,
  CKR_OPERATION_ACTIVE,
  CKR_OPERATION_NOT_INITIALIZED,
} from '../generated/constants.ts';
import { Use } from '../mechanisms/key.ts';
import type { SignatureOperation } from '../mechanisms/signature.ts';
import { type Session, sessionOf } from '../sessions/application.ts';
import { OperationKind } from '../sessions/operation.ts';
import type { Span } from '../values/arguments.ts';
import { type Begin, beginWithKey, endWith, refusal } from './begin.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';
import { addPart, signing } from './sign.ts';

/** Signatures whose check takes no longer than this many microseconds are checked at once, whoever waits. */
const ALWAYS_INLINE = 45;

const begin: Begin = (mechanism, key, parameter) => mechanism.verify(key, parameter);

export const verifyHandlers = {
  C_VerifyInit(call, a) {
    return beginWithKey(call, OperationKind.Verify, Use.Verify, a.mechanism, a.key, begin);
  },

  C_Verify(call, a) {
    return check(call, verifying(sessionOf(call), false), a.data, a.signature);
  },

  C_VerifyUpdate(call, a) {
    return update(call, false, a.part);
  },

  C_VerifyFinal(call, a) {
    return check(call, verifying(sessionOf(call), false), undefined, a.signature);
  },

  C_VerifySignatureInit(call, a) {
    const rv = beginWithKey(call, OperationKind.Verify, Use.Verify, a.mechanism, a.key, begin);
    if (rv !== CKR_OK || a.mechanism === null) return rv;
    const session = sessionOf(call);
    const kept = signing(session, OperationKind.Verify)?.keepSignature(a.signature) ?? true;
    return kept ? CKR_OK : endWith(session, OperationKind.Verify, CKR_DEVICE_MEMORY);
  },

  C_VerifySignature(call, a) {
    const operation = verifying(sessionOf(call), true);
    return check(call, operation, a.data, givenSignature(operation));
  },

  C_VerifySignatureUpdate(call, a) {
    return update(call, true, a.part);
  },

  C_VerifySignatureFinal(call) {
    const operation = verifying(sessionOf(call), true);
    return check(call, operation, undefined, givenSignature(operation));
  },
} satisfies Partial<Handlers>;

/** The verification under way, if it was begun with (or without) its signature. */
function verifying(session: Session, withSignature: boolean): SignatureOperation | undefined {
  const operation = signing(session, OperationKind.Verify);
  return operation !== undefined && (operation.given !== undefined) === withSignature ? operation : undefined;
}

function givenSignature(operation: SignatureOperation | undefined): Span | undefined {
  const given = operation?.given;
  return given === undefined ? undefined : { buffer: given, offset: 0, length: given.length };
}

function update(call: Call, withSignature: boolean, part: Span): number {
  const session = sessionOf(call);
  const operation = verifying(session, withSignature);
  if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
  return addPart(session, OperationKind.Verify, operation, part);
}

/** Checks the single part, or the parts before when `data` is undefined. The operation ends in any case. */
function check(
  call: Call,
  operation: SignatureOperation | undefined,
  data: Span | undefined,
  signature: Span | undefined,
): number {
  if (operation === undefined || signature === undefined) return CKR_OPERATION_NOT_INITIALIZED;
  const session = sessionOf(call);
  if (data !== undefined && operation.begun) {
    return endWith(session, OperationKind.Verify, CKR_OPERATION_ACTIVE);
  }
  call.audit(operation.mechanism, operation.objectId);
  const { engine } = call;
  const cost = operation.cost('verify', data);
  let job = 0;
  let rv: number;
  try {
    rv = refusal(session, operation);
    if (rv !== CKR_OK) return rv;
    if (cost > ALWAYS_INLINE) job = engine.placement.place(call.app, cost, operation.collected(data));
    rv = data === undefined ? operation.verifyFinal(job, signature) : operation.verify(job, data, signature);
  } finally {
    // The enclave has its own copy of what a job needs.
    session.end(OperationKind.Verify);
  }
  if (rv !== CKR_OK || job === 0) return rv;
  return call.defer(job, () => verdict(call, job, operation));
}

/** What the thread pool found. */
function verdict(call: Call, job: number, operation: SignatureOperation): number {
  const result = call.engine.enclave.jobResult(job);
  if (result < 0) return -result;
  return operation.mayGoOn ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED;
}
