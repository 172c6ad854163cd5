/**
 * C_MessageEncryptInit, C_EncryptMessage, C_EncryptMessageBegin, C_EncryptMessageNext, C_MessageEncryptFinal, and the same for decryption
 * (PKCS#11 3.2, 5.9 and 5.11).
 *
 * The process and the message that is under way in parts are operations of their own. What fails ends a message, and never the process.
 */
import {
  CKF_END_OF_MESSAGE,
  CKR_AEAD_DECRYPT_FAILED,
  CKR_ARGUMENTS_BAD,
  CKR_DEVICE_MEMORY,
  CKR_ENCRYPTED_DATA_INVALID,
  CKR_OK,
  CKR_OPERATION_ACTIVE,
  CKR_OPERATION_NOT_INITIALIZED,
} from '../../generated/constants.ts';
import { Use } from '../../mechanisms/key.ts';
import { Message, MessageOperation } from '../../mechanisms/messages.ts';
import { type Session, sessionOf } from '../../sessions/application.ts';
import { OperationKind } from '../../sessions/operation.ts';
import type { MessageParameter, Room, Span } from '../../values/arguments.ts';
import { PROCEED } from '../../values/reply.ts';
import { answerWith, beginWithKey, endWith, refusal } from '../begin.ts';
import type { Call } from '../call.ts';
import type { Handlers } from '../generated/codec.ts';
import { answerSealed, BESIDE } from './sealed-answer.ts';

/** A process, and its message that is under way in parts. */
interface Kinds {
  readonly process: OperationKind;
  readonly message: OperationKind;
  readonly use: Use;
}

const sealing: Kinds = {
  process: OperationKind.MessageEncrypt,
  message: OperationKind.EncryptedMessage,
  use: Use.MessageEncrypt,
};
const opening: Kinds = {
  process: OperationKind.MessageDecrypt,
  message: OperationKind.DecryptedMessage,
  use: Use.MessageDecrypt,
};

export const messageHandlers = {
  C_MessageEncryptInit(call, a) {
    return beginWithKey(call, sealing.process, sealing.use, a.mechanism, a.key, (mechanism, key) =>
      mechanism.messageEncrypt(key),
    );
  },

  C_EncryptMessage(call, a) {
    return once(call, sealing, a.parameter, a.associated, (session, message) =>
      sealOnce(call, session, message, a.data, a.encrypted),
    );
  },

  C_EncryptMessageBegin(call, a) {
    return begin(call, sealing, a.parameter, a.associated, (message) => {
      // The vector is given out now, so the message is counted now.
      const rv = message.begin();
      if (rv === CKR_OK) call.reply.bytes(message.made);
      return rv;
    });
  },

  C_EncryptMessageNext(call, a) {
    return next(call, sealing, a.flags, (session, message, last) =>
      sealPart(call, session, message, a.part, a.encrypted, last),
    );
  },

  C_MessageEncryptFinal(call) {
    return final(call, sealing);
  },

  C_MessageDecryptInit(call, a) {
    return beginWithKey(call, opening.process, opening.use, a.mechanism, a.key, (mechanism, key) =>
      mechanism.messageDecrypt(key),
    );
  },

  C_DecryptMessage(call, a) {
    return once(call, opening, a.parameter, a.associated, (session, message) =>
      openOnce(call, session, message, a.encrypted, a.data),
    );
  },

  C_DecryptMessageBegin(call, a) {
    return begin(call, opening, a.parameter, a.associated, () => CKR_OK);
  },

  C_DecryptMessageNext(call, a) {
    return next(call, opening, a.flags, (session, message, last) =>
      openPart(call, session, message, a.encrypted, a.part, last),
    );
  },

  C_MessageDecryptFinal(call) {
    return final(call, opening);
  },
} satisfies Partial<Handlers>;

/** The process, when no message is under way in it; else a CK_RV. */
function processOf(session: Session, { process, message }: Kinds): MessageOperation | number {
  const operation = session.operation(process);
  if (!(operation instanceof MessageOperation)) return CKR_OPERATION_NOT_INITIALIZED;
  if (session.operation(message) !== undefined) return CKR_OPERATION_ACTIVE;
  const refused = refusal(session, operation);
  return refused === CKR_OK ? operation : refused;
}

/** One message in one piece. */
function once(
  call: Call,
  kinds: Kinds,
  parameter: MessageParameter | undefined,
  associated: Span,
  work: (session: Session, message: Message) => number,
): number {
  const session = sessionOf(call);
  const process = processOf(session, kinds);
  return typeof process === 'number' ? process : work(session, process.message(parameter, associated));
}

/** A message in parts begins. */
function begin(
  call: Call,
  kinds: Kinds,
  parameter: MessageParameter | undefined,
  associated: Span,
  work: (message: Message) => number,
): number {
  const session = sessionOf(call);
  const process = processOf(session, kinds);
  if (typeof process === 'number') return process;
  const message = process.message(parameter, associated);
  message.hold(session.app.account, kinds.use.life);
  session.begin(kinds.message, message);
  try {
    const rv = work(message);
    return rv === CKR_OK ? rv : endWith(session, kinds.message, rv);
  } catch (error) {
    session.end(kinds.message);
    throw error;
  }
}

/** A part of the message that is under way. */
function next(
  call: Call,
  kinds: Kinds,
  flags: number,
  work: (session: Session, message: Message, last: boolean) => number,
): number {
  const session = sessionOf(call);
  const message = session.operation(kinds.message);
  if (!(message instanceof Message)) return CKR_OPERATION_NOT_INITIALIZED;
  if (flags !== 0 && flags !== CKF_END_OF_MESSAGE) return endWith(session, kinds.message, CKR_ARGUMENTS_BAD);
  const refused = refusal(session, message);
  if (refused !== CKR_OK) return endWith(session, kinds.message, refused);
  try {
    return work(session, message, flags === CKF_END_OF_MESSAGE);
  } catch (error) {
    session.end(kinds.message);
    throw error;
  }
}

function final(call: Call, { process, message }: Kinds): number {
  const session = sessionOf(call);
  if (!(session.operation(process) instanceof MessageOperation)) return CKR_OPERATION_NOT_INITIALIZED;
  if (session.operation(message) !== undefined) return CKR_OPERATION_ACTIVE;
  return endWith(session, process, CKR_OK);
}

function sealOnce(call: Call, session: Session, message: Message, data: Span, room: Room): number {
  const { reply } = call;
  const answer = reply.query(room, data.length);
  if (answer !== PROCEED) return answer;
  if (reply.space < data.length + BESIDE) return CKR_DEVICE_MEMORY;
  call.audit(message.mechanism, message.objectId);
  message.hold(session.app.account, sealing.use.life);
  try {
    const rv = message.begin();
    if (rv !== CKR_OK) return rv;
    return answerSealed(call, data.length, message.made, message.tag, (out, at) =>
      message.once(0, data, out, at, data.length + message.tag),
    );
  } finally {
    message.release();
  }
}

function sealPart(
  call: Call,
  session: Session,
  message: Message,
  part: Span,
  room: Room,
  last: boolean,
): number {
  const { reply } = call;
  const answer = reply.query(room, part.length);
  if (answer !== PROCEED) return answerWith(session, sealing.message, answer);
  if (reply.space < part.length + BESIDE) return endWith(session, sealing.message, CKR_DEVICE_MEMORY);
  if (last) call.audit(message.mechanism, message.objectId);
  const tag = last ? message.tag : 0;
  const rv = answerSealed(call, part.length, NO_VECTOR, tag, (out, at) => {
    const written = message.update(part, out, at, part.length);
    if (written < 0 || !last) return written;
    const ended = message.final(out, at + written, tag);
    return ended < 0 ? ended : written + ended;
  });
  return rv === CKR_OK && !last ? rv : endWith(session, sealing.message, rv);
}
const NO_VECTOR = new Uint8Array(0);

/** What a tag that does not fit is called here. */
const failure = (rv: number): number => (rv === CKR_ENCRYPTED_DATA_INVALID ? CKR_AEAD_DECRYPT_FAILED : rv);

function openOnce(call: Call, session: Session, message: Message, sealed: Span, room: Room): number {
  const { reply } = call;
  const length = message.most(sealed.length);
  if (length < 0) return -length;
  const answer = reply.query(room, length);
  if (answer !== PROCEED) return answer;
  call.audit(message.mechanism, message.objectId);
  message.hold(session.app.account, opening.use.life);
  try {
    const opened = message.once(0, sealed, reply.buffer, reply.bytesStart, length);
    if (opened < 0) return failure(-opened);
    reply.bytesDone(opened);
    return CKR_OK;
  } finally {
    message.release();
  }
}

/** No plaintext is given out before the tag has been checked: all of it comes with the last part. */
function openPart(
  call: Call,
  session: Session,
  message: Message,
  sealed: Span,
  room: Room,
  last: boolean,
): number {
  const { reply } = call;
  const more = last ? message.most(sealed.length) : sealed.length;
  if (more < 0) return endWith(session, opening.message, -more);
  const all = message.held + more;
  // Of an earlier part it is told what the last one will need, for callers that make room for all of it.
  const answer = reply.query(room, last || !room.present ? all : 0);
  if (answer !== PROCEED) return answerWith(session, opening.message, answer);
  if (last) call.audit(message.mechanism, message.objectId);
  const taken = message.update(sealed, reply.buffer, reply.bytesStart, 0);
  if (taken < 0) return endWith(session, opening.message, failure(-taken));
  message.held = all;
  if (!last) {
    reply.bytesDone(0);
    return CKR_OK;
  }
  const opened = message.final(reply.buffer, reply.bytesStart, all);
  if (opened < 0) return endWith(session, opening.message, failure(-opened));
  reply.bytesDone(opened);
  return endWith(session, opening.message, CKR_OK);
}
