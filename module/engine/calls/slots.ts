/** General information, slots and tokens (PKCS#11 3.2, 5.4 and 5.5). */

import { version } from '../../../schema/product.ts';
import * as C from '../generated/constants.ts';
import { KeyslotKind } from '../store/protection.ts';
import { dueFor, type Role } from '../tokens/new-pins.ts';
import { standing } from '../tokens/pins.ts';
import type { Token } from '../tokens/token.ts';
import { longest } from '../values/pin-rules.ts';
import { StructWriter, size } from '../values/structs.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';
import { initToken } from './init-token.ts';
import { seesSlot } from './policy/permission.ts';

export const MANUFACTURER = 'Strongroom';
/** The release, in CK_INFO and in the slot's and token's versions: major and minor. */
export const VERSION = version.split('.').map(Number).slice(0, 2) as [number, number];

/** The flags that each role's PIN has. */
const pinFlags = {
  [KeyslotKind.User]: {
    low: C.CKF_USER_PIN_COUNT_LOW,
    last: C.CKF_USER_PIN_FINAL_TRY,
    locked: C.CKF_USER_PIN_LOCKED,
    due: C.CKF_USER_PIN_TO_BE_CHANGED,
  },
  [KeyslotKind.So]: {
    low: C.CKF_SO_PIN_COUNT_LOW,
    last: C.CKF_SO_PIN_FINAL_TRY,
    locked: C.CKF_SO_PIN_LOCKED,
    due: C.CKF_SO_PIN_TO_BE_CHANGED,
  },
} as const;

/** Those of them that are true at this moment (PKCS#11 3.2, 3.2). */
function flagsOfPin(call: Call, token: Token, role: Role): number {
  const { engine } = call;
  if (!engine.pins.has(token.record, role)) return 0;
  const { failed, left } = standing(engine, token.record, role);
  const { low, last, locked, due } = pinFlags[role];
  return (
    (failed > 0 ? low : 0) |
    (left === 1 ? last : 0) |
    (left === 0 ? locked : 0) |
    (dueFor(engine, token.record, role) === undefined ? 0 : due)
  );
}

function tokenFlags(call: Call, token: Token): number {
  let flags = C.CKF_RNG | C.CKF_DUAL_CRYPTO_OPERATIONS | C.CKF_TOKEN_INITIALIZED;
  // As this application sees it: what it may use needs no login of it, or some of it does.
  const needsNone = token.keeper !== undefined && call.app.rightsOn(token).pinless;
  if (!needsNone) flags |= C.CKF_LOGIN_REQUIRED;
  if (call.engine.pins.has(token.record, KeyslotKind.User)) flags |= C.CKF_USER_PIN_INITIALIZED;
  if (call.engine.problemOf(token) !== null) flags |= C.CKF_ERROR_STATE;
  return flags | flagsOfPin(call, token, KeyslotKind.User) | flagsOfPin(call, token, KeyslotKind.So);
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
    const rules = call.engine.pins.rulesOf(token?.record);
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
      .ulong(longest(rules, KeyslotKind.User))
      .ulong(rules.minLength[KeyslotKind.User])
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
