/**
 * SR_SetKeyState: a key goes from one state to another, by its CKA_UNIQUE_ID. It does what C_SetAttributeValue does with CKA_STRONGROOM_STATE,
 * and two things more: it works with keys that say CKA_MODIFIABLE is false, since any key can be compromised; and the security officer, to whom
 * private objects do not show, can stop one all the same. He needs its unique id for that (the audit log has it), and learns nothing else of it.
 */
import type { Enclave } from '../../../enclave/enclave.ts';
import * as C from '../../generated/constants.ts';
import { ulongValue } from '../../objects/attribute-set.ts';
import { settleLife } from '../../objects/lifecycle/change.ts';
import type { TokenObject } from '../../objects/object.ts';
import { rightsOver } from '../../objects/policy/named.ts';
import { Query } from '../../objects/query.ts';
import { UNIQUE_ID_DIGITS } from '../../objects/unique-id.ts';
import { ANY_MECHANISM } from '../../policy/rights.ts';
import { type Session, sessionOf } from '../../sessions/application.ts';
import { Opening } from '../../tokens/opening.ts';
import type { Span } from '../../values/arguments.ts';
import { type Call, NO_MECHANISM } from '../call.ts';
import type { Handlers } from '../generated/codec.ts';
import { noteLife } from './life-notes.ts';

const REASON_MOST = 1000;

interface Wanted {
  readonly uniqueId: Uint8Array;
  readonly state: number;
  readonly reason: Uint8Array;
  /** Since when others may know it, in seconds since 1970; -1 for none. */
  readonly since: number;
}

function copyOf({ buffer, offset, length }: Span): Uint8Array {
  return buffer.slice(offset, offset + length);
}

/** The key, if it is there for the session: for the security officer every key of the token. */
function keyOf(session: Session, enclave: Enclave, uniqueId: Uint8Array): TokenObject | undefined {
  const value = { buffer: uniqueId, offset: 0, length: uniqueId.length };
  const { objects } = session.token;
  const template = [{ type: C.CKA_UNIQUE_ID, value }];
  let found: TokenObject[] = [];
  if (session.login === 'so')
    for (const index of objects.indices) index.collect(new Query(template, enclave, objects.counting), found);
  else found = objects.find(session, template);
  return found.find(({ hasKey }) => hasKey);
}

function setState(call: Call, session: Session, wanted: Wanted): number {
  if (session.closed) return C.CKR_SESSION_CLOSED;
  const { token } = session;
  const key = keyOf(session, call.engine.enclave, wanted.uniqueId);
  if (key === undefined) return C.CKR_KEY_HANDLE_INVALID;
  call.audit(NO_MECHANISM, key.id, key.isFleeting);
  if (key.isPrivate && session.login === 'none') return C.CKR_USER_NOT_LOGGED_IN;
  if (session.rights.limited && !rightsOver(session.rights, key.attributes).mayUse(call.fn, ANY_MECHANISM))
    return C.CKR_ACTION_PROHIBITED;
  const changes = new Map([[C.CKA_STRONGROOM_STATE, ulongValue(wanted.state)]]);
  if (wanted.reason.length > 0) changes.set(C.CKA_STRONGROOM_STATE_REASON, wanted.reason);
  if (wanted.since !== -1) changes.set(C.CKA_STRONGROOM_COMPROMISE_TIME, ulongValue(wanted.since));
  const now = token.clock.now();
  settleLife(session.login === 'so' ? C.CKU_SO : C.CKU_USER, key.attributes, changes, now);
  if (changes.size === 0) return C.CKR_OK;
  const attributes = key.attributes.with(changes);
  noteLife(call, session, key, attributes, now);
  token.objects.settle(key, attributes);
  return C.CKR_OK;
}

/** Private objects come into memory for the security officer's one change, unless they are there for a user. */
function asOfficer(call: Call, session: Session, then: () => number): number {
  const { engine } = call;
  const { token, app } = session;
  if (token.users.size > 0) return then();
  const master = token.securityOfficers.get(app);
  if (master === undefined) return C.CKR_USER_NOT_LOGGED_IN;
  if (token.opening === undefined) {
    const copy = engine.enclave.keyDuplicate(master);
    if (copy < 0) return -copy;
    token.opening = new Opening(engine, token, copy);
  }
  return token.opening.join(call, session, then);
}

export const keyStateHandlers = {
  SR_SetKeyState(call, a) {
    const session = sessionOf(call);
    if (a.uniqueId.length !== UNIQUE_ID_DIGITS) return C.CKR_KEY_HANDLE_INVALID;
    if (a.reason.length > REASON_MOST) return C.CKR_ATTRIBUTE_VALUE_INVALID;
    // What it says may have to wait until private objects are in.
    const wanted = {
      uniqueId: copyOf(a.uniqueId),
      state: a.state,
      reason: copyOf(a.reason),
      since: a.since,
    };
    const set = (): number => setState(call, session, wanted);
    return session.login === 'so' ? asOfficer(call, session, set) : set();
  },
} satisfies Partial<Handlers>;
