/** All handlers by function number. What has none here answers CKR_FUNCTION_NOT_SUPPORTED. */

import type { Call } from './call.ts';
import { cancelHandlers } from './cancel.ts';
import { decryptHandlers } from './decrypt.ts';
import { digestHandlers } from './digest.ts';
import { dualHandlers } from './dual.ts';
import { encryptHandlers } from './encrypt.ts';
import { findHandlers } from './find.ts';
import { callTable, type Handlers } from './generated/codec.ts';
import { keyHandlers } from './keys.ts';
import { loginHandlers } from './login.ts';
import { mechanismHandlers } from './mechanisms.ts';
import { messageHandlers } from './messages/messages.ts';
import { objectHandlers } from './objects.ts';
import { keyStateHandlers } from './own/key-state.ts';
import { ownHandlers } from './own/own.ts';
import { pinStatusHandlers } from './own/pin-status.ts';
import { readingHandlers } from './own/reading.ts';
import { recoveryHandlers } from './own/recovery.ts';
import { rotateHandlers } from './own/rotate.ts';
import { unlockHandlers } from './own/unlock.ts';
import { randomHandlers } from './random.ts';
import { recoverHandlers } from './recover.ts';
import { sessionHandlers } from './sessions.ts';
import { signHandlers } from './sign.ts';
import { slotHandlers } from './slots.ts';
import { verifyHandlers } from './verify.ts';
import { unwrapHandlers } from './wrapping/unwrap.ts';
import { wrapHandlers } from './wrapping/wrap.ts';

const handlers: Partial<Handlers> = {
  ...slotHandlers,
  ...sessionHandlers,
  ...loginHandlers,
  ...objectHandlers,
  ...findHandlers,
  ...encryptHandlers,
  ...decryptHandlers,
  ...digestHandlers,
  ...signHandlers,
  ...verifyHandlers,
  ...recoverHandlers,
  ...dualHandlers,
  ...messageHandlers,
  ...keyHandlers,
  ...wrapHandlers,
  ...unwrapHandlers,
  ...randomHandlers,
  ...mechanismHandlers,
  ...cancelHandlers,
  ...ownHandlers,
  ...recoveryHandlers,
  ...unlockHandlers,
  ...keyStateHandlers,
  ...rotateHandlers,
  ...readingHandlers,
  ...pinStatusHandlers,
};

type Handler = (call: Call, args: object) => number;

/**
 * Index: the function's number. Each handler's argument type is what its row's decoder returns (both are generated from the same row),
 * which the type system cannot see through the table.
 */
export const handlerTable: readonly (Handler | undefined)[] = [
  undefined,
  ...callTable.map((row) => handlers[row.name as keyof Handlers] as Handler | undefined),
];
