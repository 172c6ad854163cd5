/** Sessions (PKCS#11 3.2, 5.6). */

import { SESSIONS_GRANTED } from '../../lane/lane.ts';
import * as C from '../generated/constants.ts';
import { Kept } from '../policy/quotas.ts';
import { sessionOf } from '../sessions/application.ts';
import { closeSession, openSession } from '../sessions/lifecycle.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';
import { seesSlot } from './policy/permission.ts';

function info(call: Call): number {
  const session = sessionOf(call);
  const { reply } = call;
  reply.ulong(session.token.slotId);
  reply.ulong(session.state);
  reply.ulong(session.readWrite ? C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION : C.CKF_SERIAL_SESSION);
  reply.ulong(0);
  return C.CKR_OK;
}

/** How many more sessions the application may open. */
function spareSessions(call: Call): number {
  return call.app.account.spare(Kept.Sessions);
}

function open(call: Call, handle: number, slot: number, flags: number): number {
  if (!call.engine.hasSlot(slot)) return C.CKR_SLOT_ID_INVALID;
  if ((flags & C.CKF_SERIAL_SESSION) === 0) return C.CKR_SESSION_PARALLEL_NOT_SUPPORTED;
  const token = call.engine.tokens.get(slot);
  if (!seesSlot(call.app, token)) return C.CKR_SLOT_ID_INVALID;
  if (token === undefined) return C.CKR_TOKEN_NOT_RECOGNIZED;
  if (call.engine.problemOf(token) !== null) return C.CKR_DEVICE_ERROR;
  const readWrite = (flags & C.CKF_RW_SESSION) !== 0;
  if (!readWrite && call.app.loginOf(token) === 'so') return C.CKR_SESSION_READ_WRITE_SO_EXISTS;
  openSession(handle, call.app, token, readWrite);
  return C.CKR_OK;
}

/**
 * A session that the shim opened under a handle it was granted. It is told of late, so nothing is taken on trust; but the few that an honest
 * application may have opened before it came to its limit are let in.
 */
export function openGranted(call: Call, handle: number, slot: number, flags: number): number {
  if (spareSessions(call) <= -SESSIONS_GRANTED) return C.CKR_SESSION_COUNT;
  return call.app.mayOpen(handle) ? open(call, handle, slot, flags) : C.CKR_SESSION_HANDLE_INVALID;
}

export const sessionHandlers = {
  C_OpenSession(call, a) {
    if (call.engine.tokens.has(a.slot) && spareSessions(call) <= 0) return C.CKR_SESSION_COUNT;
    const handle = call.app.nextSessionHandles(1 + SESSIONS_GRANTED);
    const rv = open(call, handle, a.slot, a.flags);
    if (rv !== C.CKR_OK) return rv;
    // Near the limit nothing is granted: what the application opens by itself could not be refused any more.
    const granted = spareSessions(call) > 2 * SESSIONS_GRANTED ? SESSIONS_GRANTED : 0;
    if (granted > 0) call.app.grant(handle + 1, handle + 1 + granted);
    call.reply.ulong(handle);
    call.reply.ulong(granted);
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
