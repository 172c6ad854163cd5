/** C_SessionCancel (PKCS#11 3.2, 5.6). */

import * as ck from '../generated/constants.ts';
import { sessionOf } from '../sessions/application.ts';
import { OperationKind } from '../sessions/operation.ts';
import type { Handlers } from './generated/codec.ts';

/** The flag that names each kind of operation; all others are of operations that no session of ours has. */
const kinds: readonly (readonly [flag: number, kind: OperationKind])[] = [
  [ck.CKF_ENCRYPT, OperationKind.Encrypt],
  [ck.CKF_DECRYPT, OperationKind.Decrypt],
  [ck.CKF_DIGEST, OperationKind.Digest],
  [ck.CKF_SIGN, OperationKind.Sign],
  [ck.CKF_SIGN_RECOVER, OperationKind.SignRecover],
  [ck.CKF_VERIFY, OperationKind.Verify],
  [ck.CKF_VERIFY_RECOVER, OperationKind.VerifyRecover],
  [ck.CKF_MESSAGE_ENCRYPT, OperationKind.MessageEncrypt],
  [ck.CKF_MESSAGE_DECRYPT, OperationKind.MessageDecrypt],
  [ck.CKF_FIND_OBJECTS, OperationKind.Find],
];

export const cancelHandlers = {
  C_SessionCancel(call, a) {
    const session = sessionOf(call);
    for (const [flag, kind] of kinds) if ((a.flags & flag) !== 0) session.end(kind);
    return ck.CKR_OK;
  },
} satisfies Partial<Handlers>;
