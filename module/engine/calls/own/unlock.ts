/** Unlocking tokens for those whose rules say that they need no C_Login, and locking them again. */
import * as C from '../../generated/constants.ts';
import { lock, unlock } from '../../sessions/unlocking.ts';
import { KeyslotKind } from '../../store/protection.ts';
import { withPin } from '../../tokens/pins.ts';
import type { Handlers } from '../generated/codec.ts';

export const unlockHandlers = {
  SR_UnlockToken(call, a) {
    const { engine, app } = call;
    // Where one user is served, whoever is served may log in.
    if (!engine.shared) return C.CKR_FUNCTION_NOT_SUPPORTED;
    if (!app.rights.operator) return C.CKR_FUNCTION_REJECTED;
    if (!engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    const token = engine.tokens.get(a.slot);
    if (token === undefined) return C.CKR_TOKEN_NOT_RECOGNIZED;
    if (engine.problemOf(token) !== null) return C.CKR_DEVICE_ERROR;
    if (token.keeper !== undefined) return C.CKR_USER_ALREADY_LOGGED_IN;
    if (!engine.pins.has(token.record, KeyslotKind.User)) return C.CKR_USER_PIN_NOT_INITIALIZED;
    return withPin(call, token.record, KeyslotKind.User, a.pin, (master) =>
      unlock(call, engine, token, master, app),
    );
  },

  SR_LockToken(call, a) {
    const { engine, app } = call;
    if (!engine.shared) return C.CKR_FUNCTION_NOT_SUPPORTED;
    if (!app.rights.operator) return C.CKR_FUNCTION_REJECTED;
    if (!engine.hasSlot(a.slot)) return C.CKR_SLOT_ID_INVALID;
    const token = engine.tokens.get(a.slot);
    if (token === undefined) return C.CKR_TOKEN_NOT_RECOGNIZED;
    return lock(engine, token) ? C.CKR_OK : C.CKR_USER_NOT_LOGGED_IN;
  },
} satisfies Partial<Handlers>;
