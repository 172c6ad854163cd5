/** C_GetMechanismList and C_GetMechanismInfo (PKCS#11 3.2, 5.5). */

import {
  CKR_BUFFER_TOO_SMALL,
  CKR_MECHANISM_INVALID,
  CKR_OK,
  CKR_SLOT_ID_INVALID,
} from '../generated/constants.ts';
import { registry } from '../mechanisms/registry.ts';
import type { Call } from './call.ts';
import type { Handlers } from './generated/codec.ts';

/** Whether the application may use the mechanism on the slot's token for anything. */
function knows({ app, engine }: Call, slot: number, mechanism: number): boolean {
  if (!app.rights.limited) return true;
  const token = engine.tokens.get(slot);
  return token === undefined || app.rightsOn(token).knowsMechanism(mechanism);
}

export const mechanismHandlers = {
  C_GetMechanismList(call, a) {
    if (!call.engine.hasSlot(a.slot)) return CKR_SLOT_ID_INVALID;
    const { reply } = call;
    const { present, capacity } = a.mechanisms;
    const types = [...registry.keys()].filter((type) => knows(call, a.slot, type));
    reply.ulong(types.length);
    if (!present) return CKR_OK;
    if (capacity < types.length) return CKR_BUFFER_TOO_SMALL;
    for (const type of types) reply.ulong(type);
    return CKR_OK;
  },

  C_GetMechanismInfo(call, a) {
    if (!call.engine.hasSlot(a.slot)) return CKR_SLOT_ID_INVALID;
    const found = registry.get(a.type);
    if (found === undefined || !knows(call, a.slot, a.type)) return CKR_MECHANISM_INVALID;
    const { reply } = call;
    reply.ulong(found.row.min);
    reply.ulong(found.row.max);
    reply.ulong(found.row.flags);
    return CKR_OK;
  },
} satisfies Partial<Handlers>;
