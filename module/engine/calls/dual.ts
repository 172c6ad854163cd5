/**
 * C_DigestEncryptUpdate, C_DecryptDigestUpdate, C_SignEncryptUpdate, C_DecryptVerifyUpdate (PKCS#11 3.2, 5.16).
 *
 * The same bytes go through two operations, so they are first copied to where the client cannot change them between the two.
 * When no output is given, the second operation gets nothing.
 */

import type { Handlers } from '../generated/codec.ts';
import { CKR_OK, CKR_OPERATION_NOT_INITIALIZED } from '../generated/constants.ts';
import { copyOf } from '../mechanisms/bytes.ts';
import { OperationKind, type Session } from '../sessions/session.ts';
import { answerWith, endWith, refusal } from './begin.ts';
import { type Call, type Room, type Span, sessionOf } from './call.ts';
import { ciphering } from './ciphering.ts';
import { digesting } from './digest.ts';
import { PROCEED } from './reply.ts';
import { addPart, signing } from './sign.ts';

export const dualHandlers = {
  C_DigestEncryptUpdate(call, a) {
    return through(call, OperationKind.Encrypt, OperationKind.Digest, a.part, a.encrypted);
  },

  C_DecryptDigestUpdate(call, a) {
    return through(call, OperationKind.Decrypt, OperationKind.Digest, a.encrypted, a.part);
  },

  C_SignEncryptUpdate(call, a) {
    return through(call, OperationKind.Encrypt, OperationKind.Sign, a.part, a.encrypted);
  },

  C_DecryptVerifyUpdate(call, a) {
    return through(call, OperationKind.Decrypt, OperationKind.Verify, a.encrypted, a.part);
  },
} satisfies Partial<Handlers>;

/** Takes a part through a cipher, and its plaintext through the other operation. An error ends both. */
function through(call: Call, kind: OperationKind, other: OperationKind, part: Span, room: Room): number {
  const session = sessionOf(call);
  const operation = ciphering(session, kind);
  if (operation === undefined || !takes(session, other)) return CKR_OPERATION_NOT_INITIALIZED;
  const refused = refusal(session, operation);
  if (refused !== CKR_OK) return endBoth(session, kind, other, refused);
  let input: Uint8Array | undefined;
  let output: Uint8Array | undefined;
  try {
    const { reply } = call;
    const most = room.present ? operation.partMost(part.length) : operation.partQuestion(part.length);
    if (most < 0) return endBoth(session, kind, other, -most);
    const answer = reply.query(room, most);
    if (answer !== PROCEED) return answerWith(session, kind, answer);
    input = copyOf(part);
    output = new Uint8Array(most);
    operation.begun = true;
    const whole = { buffer: input, offset: 0, length: input.length };
    const length = operation.update(whole, output, 0, most);
    if (length < 0) return endBoth(session, kind, other, -length);
    const plain = operation.encrypting ? whole : { buffer: output, offset: 0, length };
    const rv = feed(call, session, other, plain);
    if (rv !== CKR_OK) return endBoth(session, kind, other, rv);
    reply.bytes(output.subarray(0, length));
    return CKR_OK;
  } catch (error) {
    endBoth(session, kind, other, CKR_OK);
    throw error;
  } finally {
    input?.fill(0);
    output?.fill(0);
  }
}

/** Whether the other operation is under way and can take parts. */
function takes(session: Session, kind: OperationKind): boolean {
  if (kind === OperationKind.Digest) return digesting(session) !== undefined;
  return signing(session, kind) !== undefined;
}

function feed(call: Call, session: Session, kind: OperationKind, plain: Span): number {
  const digest = kind === OperationKind.Digest ? digesting(session) : undefined;
  if (digest !== undefined) return digest.update(call.engine.enclave, plain);
  const operation = signing(session, kind);
  return operation === undefined ? CKR_OPERATION_NOT_INITIALIZED : addPart(session, kind, operation, plain);
}

function endBoth(session: Session, kind: OperationKind, other: OperationKind, rv: number): number {
  session.end(kind);
  return endWith(session, other, rv);
}
