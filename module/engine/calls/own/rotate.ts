/** SR_RotateKey: a successor takes the place of a key, as rotation.ts does it. */
import * as C from '../../generated/constants.ts';
import { sessionOf } from '../../sessions/application.ts';
import { NO_MECHANISM } from '../call.ts';
import type { Handlers } from '../generated/codec.ts';
import { rotateKey } from './rotation.ts';

const REASON_MOST = 1000;
/** A hundred years. */
const GRACE_MOST = 3_155_760_000;

export const rotateHandlers = {
  SR_RotateKey(call, a) {
    const session = sessionOf(call);
    const { objects } = session.token;
    const key = objects.getKey(session, a.key);
    call.audit(NO_MECHANISM, key.id, key.isFleeting);
    if (a.reason.length > REASON_MOST) return C.CKR_ATTRIBUTE_VALUE_INVALID;
    const grace = a.grace === -1 ? call.engine.config.keys.rotationGraceSeconds : a.grace;
    if (grace > GRACE_MOST) return C.CKR_ARGUMENTS_BAD;
    const { buffer, offset, length } = a.reason;
    const reason = Buffer.from(buffer.slice(offset, offset + length)).toString('utf8');
    return rotateKey(call, session, key, { grace, reason, by: 'user' }, (successor) => {
      call.reply.ulong(objects.handleFor(session, successor));
      return C.CKR_OK;
    });
  },
} satisfies Partial<Handlers>;
