/** C_SignRecoverInit, C_SignRecover (PKCS#11 3.2, 5.13), C_VerifyRecoverInit, C_VerifyRecover (5.15): single-part only. */

import { CKR_BUFFER_TOO_SMALL, CKR_OK, CKR_OPERATION_NOT_INITIALIZED } from '../generated/constants.ts';
import { Use } from '../mechanisms/key.ts';
import { sessionOf } from '../sessions/application.ts';
import { OperationKind } from '../sessions/operation.ts';
import { PROCEED } from '../values/reply.ts';
import { type Begin, beginWithKey, endWith, refusal } from './begin.ts';
import type { Handlers } from './generated/codec.ts';
import { giveSignature, signing } from './sign.ts';

const beginSign: Begin = (mechanism, key, parameter) => mechanism.signRecover(key, parameter);
const beginVerify: Begin = (mechanism, key, parameter) => mechanism.verifyRecover(key, parameter);

/** Recovered data (public matter) before it is known to fit: a modulus of the largest size. */
const recovered = new Uint8Array(1024);

export const recoverHandlers = {
  C_SignRecoverInit(call, a) {
    return beginWithKey(call, OperationKind.SignRecover, Use.SignRecover, a.mechanism, a.key, beginSign);
  },

  C_SignRecover(call, a) {
    const session = sessionOf(call);
    const operation = signing(session, OperationKind.SignRecover);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    return giveSignature(call, session, OperationKind.SignRecover, operation, a.data, a.signature);
  },

  C_VerifyRecoverInit(call, a) {
    return beginWithKey(
      call,
      OperationKind.VerifyRecover,
      Use.VerifyRecover,
      a.mechanism,
      a.key,
      beginVerify,
    );
  },

  /** CKR_SIGNATURE_INVALID comes before CKR_BUFFER_TOO_SMALL, so the work is done before the room is looked at. */
  C_VerifyRecover(call, a) {
    const session = sessionOf(call);
    const kind = OperationKind.VerifyRecover;
    const operation = signing(session, kind);
    if (operation === undefined) return CKR_OPERATION_NOT_INITIALIZED;
    const { reply } = call;
    if (!a.data.present) return reply.query(a.data, operation.inputMax);
    call.audit(operation.mechanism, operation.objectId);
    let rv: number;
    try {
      rv = refusal(session, operation);
      if (rv === CKR_OK) {
        const length = operation.recover(a.signature, recovered);
        if (length < 0) return endWith(session, kind, -length);
        rv = reply.query(a.data, length);
        if (rv === CKR_BUFFER_TOO_SMALL) return rv;
        if (rv === PROCEED) {
          reply.bytes(recovered.subarray(0, length));
          rv = CKR_OK;
        }
      }
    } catch (error) {
      session.end(kind);
      throw error;
    }
    return endWith(session, kind, rv);
  },
} satisfies Partial<Handlers>;
