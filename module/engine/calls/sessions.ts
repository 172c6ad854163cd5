/** Sessions (PKCS#11 3.2, 5.6). */

import type { Handlers } from '../generated/codec.ts';
import * as C from '../generated/constants.ts';
import { closeSession, openSession } from '../sessions/lifecycle.ts';
import { type Call, sessionOf } from './call.ts';

function info(call: Call): number {
  const session = sessionOf(call);
  const { reply } = call;
  reply.ulong(session.token.slotId);
  reply.ulong(session.state);
  reply.ulong(session.readWrite ? C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION : C.CKF_SERIAL_SESSION);
  reply.ulong(0);
  return C.CKR_OK;
}

export const sessionHandlers = {
  C_OpenSession(call, a) {
    if (!call.engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    if ((a.flags & C.CKF_SERIAL_SESSION) === 0) return C.CKR_SESSION_PARALLEL_NOT_SUPPORTED;
    const token = call.engine.tokens.get(a.slot);
    if (token === undefined) return C.CKR_TOKEN_NOT_RECOGNIZED;
    if (token.record.problem !== null) return C.CKR_DEVICE_ERROR;
    const readWrite = (a.flags & C.CKF_RW_SESSION) !== 0;
    if (!readWrite && call.app.loginOf(token) === 'so') return C.CKR_SESSION_READ_WRITE_SO_EXISTS;
    call.reply.ulong(openSession(call.engine, call.app, token, readWrite).handle);
    return C.CKR_OK;
  },

  C_CloseSession(call) {
    closeSession(call.engine, sessionOf(call));
    return C.CKR_OK;
  },

  C_CloseAllSessions(call, a) {
    if (!call.engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    for (const session of [...call.app.sessions.values()])
      if (session.token.slotId === a.slot) closeSession(call.engine, session);
    return C.CKR_OK;
  },

  C_GetSessionInfo: info,

  C_GetSessionValidationFlags(call, a) {
    if (a.type !== C.CKS_LAST_VALIDATION_OK) return C.CKR_ARGUMENTS_BAD;
    call.reply.ulong(0);
    return C.CKR_OK;
  },
} satisfies Partial<Handlers>;
