/**
 * A successor takes the place of a key (docs/rotation.md). It is generated with the same template, tried once, and comes into the
 * store in the one step that takes the label from the old key and says when that one ends; so whoever looks for a key by its label finds one that
 * works, always, and whoever has found the old one has its time of grace. Public halves go the same way in the same step.
 */

import type { AuditWriter } from '../../../../audit/writer.ts';
import type { KeyHandle } from '../../../enclave/enclave.ts';
import * as C from '../../generated/constants.ts';
import { allHashes } from '../../mechanisms/hash/hashes.ts';
import type { KeyCall } from '../../mechanisms/key-call.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { mechanismFor } from '../../mechanisms/registry.ts';
import { tryKey } from '../../mechanisms/trial.ts';
import { type AttributeSet, boolValue, ulongValue } from '../../objects/attribute-set.ts';
import { stateName, stateNow } from '../../objects/lifecycle/life.ts';
import {
  isSucceeded,
  newRotation,
  type Rotation,
  retiredAttributes,
  successorAttributes,
} from '../../objects/lifecycle/succession.ts';
import type { TokenObject } from '../../objects/object.ts';
import { rightsOver } from '../../objects/policy/named.ts';
import { ANY_MECHANISM } from '../../policy/rights.ts';
import { functionNumber } from '../../policy/rules/rule.ts';
import type { Session } from '../../sessions/application.ts';
import { CryptokiError, checked } from '../../values/errors.ts';

const PLACE = 'calls.rotate';

const pairMakers: ReadonlyMap<number, number> = new Map([
  [C.CKK_RSA, C.CKM_RSA_PKCS_KEY_PAIR_GEN],
  [C.CKK_EC, C.CKM_EC_KEY_PAIR_GEN],
  [C.CKK_EC_EDWARDS, C.CKM_EC_EDWARDS_KEY_PAIR_GEN],
  [C.CKK_EC_MONTGOMERY, C.CKM_EC_MONTGOMERY_KEY_PAIR_GEN],
]);
const secretMakers: ReadonlyMap<number, number> = new Map([
  [C.CKK_AES, C.CKM_AES_KEY_GEN],
  [C.CKK_GENERIC_SECRET, C.CKM_GENERIC_SECRET_KEY_GEN],
  ...allHashes.map(({ hmacKeyType, keyGen }) => [hmacKeyType, keyGen] as const),
]);

/** What is asked for. */
export interface Wish {
  /** Seconds for which the old key goes on as before. */
  readonly grace: number;
  readonly reason: string;
  /** Who asks, for the log. */
  readonly by: string;
}

/** What a rotation needs of the call that asks for it. */
export interface RotationCall extends KeyCall {
  readonly engine: KeyCall['engine'] & { readonly audit: AuditWriter };
}

function refused(rv: number, message: string): CryptokiError {
  return new CryptokiError(rv, PLACE, message);
}

const keyTypeOf = (attributes: AttributeSet): number => attributes.ulong(C.CKA_KEY_TYPE) ?? -1;
const isPair = (attributes: AttributeSet): boolean => attributes.ulong(C.CKA_CLASS) === C.CKO_PRIVATE_KEY;

function makerOf(attributes: AttributeSet): Mechanism {
  const isOfPair = isPair(attributes);
  const type = (isOfPair ? pairMakers : secretMakers).get(keyTypeOf(attributes)) ?? -1;
  return mechanismFor(type, isOfPair ? C.CKF_GENERATE_KEY_PAIR : C.CKF_GENERATE);
}

/** Whether the key may have a successor now. It is asked again when one has been generated, since that takes a while. */
function checkMayRotate(call: RotationCall, session: Session, key: TokenObject): void {
  if (session.closed) throw refused(C.CKR_SESSION_CLOSED, 'the session was closed meanwhile');
  if (!session.token.objects.sees(session, key)) throw refused(C.CKR_KEY_HANDLE_INVALID, 'no such key');
  const { attributes } = key;
  if (attributes.ulong(C.CKA_CLASS) === C.CKO_PUBLIC_KEY)
    throw refused(C.CKR_KEY_TYPE_INCONSISTENT, 'the private half is what is rotated');
  if (key.owner !== undefined) throw refused(C.CKR_ACTION_PROHIBITED, 'session objects have no successors');
  if (isSucceeded(attributes)) throw refused(C.CKR_KEY_CHANGED, 'the key has a successor already');
  const state = stateNow(key);
  if (state === C.CK_STRONGROOM_STATE_PRE_ACTIVATION || state === C.CK_STRONGROOM_STATE_SUSPENDED)
    throw refused(C.CKR_KEY_FUNCTION_NOT_PERMITTED, `the key is ${stateName(state)}`);
  checkMayRetire(call, session, key);
}

/** Whether its attributes may change so. */
function checkMayRetire(call: RotationCall, { rights }: Session, { attributes }: TokenObject): void {
  if (attributes.bool(C.CKA_MODIFIABLE) === false)
    throw refused(C.CKR_ACTION_PROHIBITED, 'the object may not be modified');
  if (rights.limited && !rightsOver(rights, attributes).mayUse(call.fn, ANY_MECHANISM))
    throw refused(C.CKR_ACTION_PROHIBITED, 'no rule gives the key for that');
}

/** The public halves of the key, as far as the session sees them; copies of one among them. */
function publicHalves(session: Session, { attributes }: TokenObject): TokenObject[] {
  const info = attributes.bytes(C.CKA_PUBLIC_KEY_INFO);
  if (!isPair(attributes) || info === undefined || info.length === 0) return [];
  const wanted = [
    [C.CKA_CLASS, ulongValue(C.CKO_PUBLIC_KEY)],
    [C.CKA_TOKEN, boolValue(true)],
    [C.CKA_PUBLIC_KEY_INFO, Uint8Array.from(info)],
  ] as const;
  return session.token.objects
    .find(
      session,
      wanted.map(([type, buffer]) => ({ type, value: { buffer, offset: 0, length: buffer.length } })),
    )
    .filter((half) => !isSucceeded(half.attributes));
}

/** The keys have been made and tried: they become objects, and the old ones theirs. Takes both keys over. */
function succeed(
  call: RotationCall,
  session: Session,
  key: TokenObject,
  rotation: Rotation,
  { reason, by }: Wish,
  made: { readonly key: KeyHandle; readonly publicKey: KeyHandle },
  then: (successor: TokenObject) => number,
): number {
  const { objects } = session.token;
  const { enclave } = call.engine;
  const left = new Set([made.key, made.publicKey].filter((handle) => handle !== 0));
  try {
    checkMayRotate(call, session, key);
    const halves = publicHalves(session, key);
    for (const half of halves) checkMayRetire(call, session, half);
    const attributes = successorAttributes(key.attributes, rotation);
    const successors = [{ attributes, key: made.key }];
    const retired = [
      { object: key, attributes: retiredAttributes(key.attributes, rotation, nameOf(attributes)) },
    ];
    const [half] = halves;
    if (half !== undefined) {
      const ofHalf = successorAttributes(half.attributes, rotation);
      successors.push({ attributes: ofHalf, key: made.publicKey });
      for (const each of halves)
        retired.push({
          object: each,
          attributes: retiredAttributes(each.attributes, rotation, nameOf(ofHalf)),
        });
    }
    const end = retired[0]?.attributes.ulong(C.CKA_STRONGROOM_DEACTIVATION_TIME);
    call.engine.audit.life(
      key.id,
      {
        by,
        successor: textOf(nameOf(attributes)),
        ...(end === undefined
          ? {}
          : { deactivation: new Date(end * 1000).toISOString().replace('.000', '') }),
        ...(reason === '' ? {} : { reason }),
      },
      call.app.id,
      session.token.slotId,
    );
    const maker = {
      fn: functionNumber(isPair(attributes) ? 'C_GenerateKeyPair' : 'C_GenerateKey'),
      mechanism: rotation.mechanism,
    };
    const [successor] = objects.succeed(session, successors, retired, maker);
    if (successor === undefined) throw refused(C.CKR_FUNCTION_FAILED, 'there is no successor');
    for (const { key: handle } of successors) left.delete(handle);
    call.audit(rotation.mechanism, successor.id);
    return then(successor);
  } finally {
    for (const handle of left) enclave.keyFree(handle);
  }
}

function nameOf(attributes: AttributeSet): Uint8Array {
  return attributes.bytes(C.CKA_UNIQUE_ID) ?? new Uint8Array(0);
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/**
 * Generates a successor, tries it, and has it take the key's place; goes on with it.
 * @returns what `then` returns, a CK_RV, or PENDING
 * @throws CryptokiError CKR_KEY_CHANGED for a key that has one already, CKR_KEY_TYPE_INCONSISTENT for a public key, CKR_ACTION_PROHIBITED,
 *   CKR_KEY_FUNCTION_NOT_PERMITTED in a state that has none
 */
export function rotateKey(
  call: RotationCall,
  session: Session,
  key: TokenObject,
  wish: Wish,
  then: (successor: TokenObject) => number,
): number {
  const { enclave } = call.engine;
  checkMayRotate(call, session, key);
  const mechanism = makerOf(key.attributes);
  const keyType = keyTypeOf(key.attributes);
  return mechanism.generateLike(call, key.attributes, (made) => {
    let publicKey: KeyHandle = 0;
    try {
      if (isPair(key.attributes)) publicKey = checked(enclave.keyPublicOf(made), PLACE);
    } catch (error) {
      enclave.keyFree(made);
      throw error;
    }
    return tryKey(call, { keyType, key: made, publicKey }, (result) => {
      if (result < 0) {
        for (const handle of [made, publicKey]) if (handle !== 0) enclave.keyFree(handle);
        return -result;
      }
      const now = session.token.clock.now();
      const rotation = newRotation(key.attributes, now, wish.grace, mechanism.type);
      return succeed(call, session, key, rotation, wish, { key: made, publicKey }, then);
    });
  });
}
