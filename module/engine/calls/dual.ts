/**
 * C_DigestEncryptUpdate, C_DecryptDigestUpdate, C_SignEncryptUpdate, C_DecryptVerifyUpdate (PKCS#11 3.2, 5.16).
 *
 * The same bytes go through two operations, so they are first copied to where the client cannot change them between the two, piece by piece.
 * When no output is given, the second operation gets nothing.
 */

import { CKR_OK, CKR_OPERATION_NOT_INITIALIZED } from '../generated/constants.ts';
import { copyInto } from '../mechanisms/bytes.ts';
import { BLOCK, type CipherOperation } from '../mechanisms/cipher.ts';
import { type Session, sessionOf } from '../sessions/application.ts';
import { OperationKind } from '../sessions/operation.ts';
import type { Room, Span } from '../values/arguments.ts';
import { PROCEED } from '../values/reply.ts';
import { answerWith, endWith, refusal } from './begin.ts';
import type { Call } from './call.ts';
import { ciphering } from './ciphering.ts';
import { digesting } from './digest.ts';
import type { Handlers } from './generated/codec.ts';
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
  const { reply } = call;
  try {
    const most = room.present ? operation.partMost(part.length) : operation.partQuestion(part.length);
    if (most < 0) return endBoth(session, kind, other, -most);
    const answer = reply.query(room, most);
    if (answer !== PROCEED) return answerWith(session, kind, answer);
    operation.begun = true;
    let written = 0;
    for (let done = 0; done < part.length; done += CHUNK) {
      const offset = part.offset + done;
      const piece = { buffer: part.buffer, offset, length: Math.min(CHUNK, part.length - done) };
      const length = pieceThrough(call, session, operation, other, piece, written);
      if (length < 0) {
        call.engine.enclave.zero(reply.buffer, reply.bytesStart, written);
        return endBoth(session, kind, other, -length);
      }
      written += length;
    }
    reply.bytesDone(written);
    return CKR_OK;
  } catch (error) {
    endBoth(session, kind, other, CKR_OK);
    throw error;
  }
}

/** Guarded memory for a piece and what becomes of it: a plaintext is among the two. */
let aside: Uint8Array | undefined;
const CHUNK = 16 * 1024;
/** A cipher may give a block more than it is given. */
const ASIDE_BYTES = 2 * CHUNK + 2 * BLOCK;

/** One piece; gives how many bytes were written into the reply, behind those written before, or -CKR. */
function pieceThrough(
  call: Call,
  session: Session,
  operation: CipherOperation,
  other: OperationKind,
  piece: Span,
  written: number,
): number {
  const { enclave } = call.engine;
  aside ??= enclave.guardedBuffer(ASIDE_BYTES);
  const memory = aside;
  try {
    copyInto(piece, memory, 0);
    const whole = { buffer: memory, offset: 0, length: piece.length };
    const length = operation.update(whole, memory, CHUNK, ASIDE_BYTES - CHUNK);
    if (length < 0) return length;
    const plain = operation.encrypting ? whole : { buffer: memory, offset: CHUNK, length };
    const rv = feed(call, session, other, plain);
    if (rv !== CKR_OK) return -rv;
    const { buffer, bytesStart } = call.reply;
    buffer.set(memory.subarray(CHUNK, CHUNK + length), bytesStart + written);
    return length;
  } finally {
    enclave.zero(memory, 0, ASIDE_BYTES);
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
