/** General information, slots and tokens (PKCS#11 3.2, 5.4 and 5.5). */

import { version } from '../../../schema/product.ts';
import * as C from '../generated/constants.ts';
import { KeyslotKind } from '../store/protection.ts';
import { PIN_MAX, PIN_MIN } from '../tokens/pins.ts';
import type { Token } from '../tokens/token.ts';
import { StructWriter, size } from '../values/structs.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';
import { initToken } from './init-token.ts';
import { seesSlot } from './policy/permission.ts';

export const MANUFACTURER = 'Strongroom';
/** The release, in CK_INFO and in the slot's and token's versions: major and minor. */
export const VERSION = version.split('.').map(Number).slice(0, 2) as [number, number];

/** Flags that follow from a PIN's counter. */
function pinFlags(call: Call, token: Token): number {
  const { pins } = call.engine;
  let flags = 0;
  const add = (kind: KeyslotKind, low: number, last: number, locked: number): void => {
    if (!pins.has(token.record, kind)) return;
    const failed = call.engine.store.failures(token.record, kind);
    const left = pins.remaining(token.record, kind);
    if (left === 0) flags |= locked;
    else if (failed > 0) flags |= left === 1 ? low | last : low;
  };
  add(KeyslotKind.User, C.CKF_USER_PIN_COUNT_LOW, C.CKF_USER_PIN_FINAL_TRY, C.CKF_USER_PIN_LOCKED);
  add(KeyslotKind.So, C.CKF_SO_PIN_COUNT_LOW, C.CKF_SO_PIN_FINAL_TRY, C.CKF_SO_PIN_LOCKED);
  return flags;
}

function tokenFlags(call: Call, token: Token): number {
  let flags = C.CKF_RNG | C.CKF_DUAL_CRYPTO_OPERATIONS | C.CKF_TOKEN_INITIALIZED;
  // As this application sees it: what it may use needs no login of it, or some of it does.
  const needsNone = token.keeper !== undefined && call.app.rightsOn(token).pinless;
  if (!needsNone) flags |= C.CKF_LOGIN_REQUIRED;
  if (call.engine.pins.has(token.record, KeyslotKind.User)) flags |= C.CKF_USER_PIN_INITIALIZED;
  if (call.engine.problemOf(token) !== null) flags |= C.CKF_ERROR_STATE;
  return flags | pinFlags(call, token);
}

function countSessions(call: Call, token: Token | undefined): [all: number, readWrite: number] {
  let all = 0;
  let readWrite = 0;
  for (const session of call.app.sessions.values()) {
    if (session.token !== token) continue;
    all++;
    if (session.readWrite) readWrite++;
  }
  return [all, readWrite];
}

export const slotHandlers = {
  C_GetInfo(call) {
    new StructWriter(call.reply, size.CK_INFO)
      .version(3, 2)
      .text(MANUFACTURER, 32)
      .ulong(0)
      .text('Strongroom PKCS#11 software HSM', 32)
      .version(VERSION[0], VERSION[1])
      .done();
    return C.CKR_OK;
  },

  C_GetSlotList(call, a) {
    const { app, engine } = call;
    const slots = engine.slotIds().filter((slot) => seesSlot(app, engine.tokens.get(slot)));
    // Every slot has its token present: tokens are files, and the uninitialised slot holds one that waits to be initialised.
    if (!a.slots.present || a.slots.capacity < slots.length) {
      call.reply.ulong(slots.length);
      return a.slots.present ? C.CKR_BUFFER_TOO_SMALL : C.CKR_OK;
    }
    call.reply.ulong(slots.length);
    for (const slot of slots) call.reply.ulong(slot);
    return C.CKR_OK;
  },

  C_GetSlotInfo(call, a) {
    if (!call.engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    new StructWriter(call.reply, size.CK_SLOT_INFO)
      .text(`Strongroom slot ${a.slot}`, 64)
      .text(MANUFACTURER, 32)
      .ulong(C.CKF_TOKEN_PRESENT)
      .version(VERSION[0], VERSION[1])
      .version(VERSION[0], VERSION[1])
      .done();
    return C.CKR_OK;
  },

  C_GetTokenInfo(call, a) {
    if (!call.engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    const token = call.engine.tokens.get(a.slot);
    const [sessions, readWrite] = countSessions(call, token);
    const most = call.engine.config.sessions.maxPerApplication;
    const info = token?.record.info;
    new StructWriter(call.reply, size.CK_TOKEN_INFO)
      .text(info?.label ?? '', 32)
      .text(MANUFACTURER, 32)
      .text('Strongroom', 16)
      .text(info?.serial ?? '', 16)
      .ulong(token === undefined ? C.CKF_RNG | C.CKF_LOGIN_REQUIRED : tokenFlags(call, token))
      .ulong(most)
      .ulong(sessions)
      .ulong(most)
      .ulong(readWrite)
      .ulong(PIN_MAX)
      .ulong(PIN_MIN)
      .ulong(-1)
      .ulong(-1)
      .ulong(-1)
      .ulong(-1)
      .version(VERSION[0], VERSION[1])
      .version(VERSION[0], VERSION[1])
      .text('', 16)
      .done();
    return C.CKR_OK;
  },

  C_InitToken(call, a) {
    return initToken(call, a.slot, a.pin, a.label);
  },
} satisfies Partial<Handlers>;
