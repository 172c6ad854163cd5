/**
 * What a rotation makes of a key's attributes: those of its successor, and its own afterwards. A label names a role, and means the newest key; an
 * id names one key, which its certificate was made for, so a successor has another one.
 */
import { rulesFor } from '../../generated/attributes.ts';
import * as ck from '../../generated/constants.ts';
import { AttributeSet, boolValue, readUlong, ulongValue } from '../attribute-set.ts';
import { newObjectId, uniqueIdValue } from '../unique-id.ts';
import { templateError } from '../values.ts';
import { lifeOf, timeIn, UNLIMITED } from './life.ts';

const EMPTY = new Uint8Array(0);
const DAY = 86_400;
/** Ten minutes at least, lest a slip makes a key each second; a hundred years at most. */
const EVERY_LEAST = 600;
const EVERY_MOST = 36_525 * DAY;

/** What is the old key's alone, beside what the rules give to the token to say: its value's, its life's, and its names. */
const OWN: ReadonlySet<number> = new Set([
  ck.CKA_MODULUS,
  ck.CKA_EC_POINT,
  ck.CKA_PUBLIC_KEY_INFO,
  ck.CKA_PUBLIC_CRC64_VALUE,
  ck.CKA_START_DATE,
  ck.CKA_END_DATE,
  ck.CKA_STRONGROOM_STATE_REASON,
  ck.CKA_STRONGROOM_ACTIVATION_TIME,
  ck.CKA_STRONGROOM_DEACTIVATION_TIME,
  ck.CKA_STRONGROOM_COMPROMISE_TIME,
  ck.CKA_STRONGROOM_SUCCESSOR,
]);

/** One rotation. */
export interface Rotation {
  /** Seconds since 1970. */
  readonly now: number;
  /** How long the old key goes on as before. */
  readonly grace: number;
  /** By which the successor is generated. */
  readonly mechanism: number;
  /** What tells the old key's new label from others': both halves of a pair have the same. */
  readonly mark: string;
  /** CKA_ID of the successor, where the old key has one: likewise. */
  readonly id: Uint8Array;
}

/** @param old the private or secret key */
export function newRotation(old: AttributeSet, now: number, grace: number, mechanism: number): Rotation {
  const name = Buffer.from(old.bytes(ck.CKA_UNIQUE_ID) ?? EMPTY).toString('latin1');
  return { now, grace, mechanism, mark: name.slice(0, 8), id: newObjectId() };
}

/**
 * The successor's attributes, but for what only its value tells. Whatever the old key was asked for or kept from holds for it as well, but for
 * CKA_TRUSTED, which the security officer alone gives; and nobody has to believe that it was imported, or ever readable.
 */
export function successorAttributes(old: AttributeSet, { now, mechanism, id }: Rotation): AttributeSet {
  const objectClass = old.ulong(ck.CKA_CLASS) ?? -1;
  const rules = rulesFor(objectClass, old.ulong(ck.CKA_KEY_TYPE));
  const kept = new Map<number, Uint8Array>();
  for (const [type, value] of old.entries())
    if (rules?.get(type)?.readOnly !== true && !OWN.has(type)) kept.set(type, value);
  kept.set(ck.CKA_START_DATE, EMPTY);
  kept.set(ck.CKA_END_DATE, EMPTY);
  kept.set(ck.CKA_LOCAL, boolValue(true));
  kept.set(ck.CKA_KEY_GEN_MECHANISM, ulongValue(mechanism));
  if (old.has(ck.CKA_OBJECT_VALIDATION_FLAGS)) kept.set(ck.CKA_OBJECT_VALIDATION_FLAGS, ulongValue(0));
  if (old.has(ck.CKA_TRUSTED)) kept.set(ck.CKA_TRUSTED, boolValue(false));
  if (old.has(ck.CKA_ALWAYS_SENSITIVE)) {
    kept.set(ck.CKA_ALWAYS_SENSITIVE, boolValue(old.bool(ck.CKA_SENSITIVE) === true));
    kept.set(ck.CKA_NEVER_EXTRACTABLE, boolValue(old.bool(ck.CKA_EXTRACTABLE) === false));
  }
  // An empty one says that there is to be none.
  if ((old.bytes(ck.CKA_CHECK_VALUE)?.length ?? 0) > 0) kept.delete(ck.CKA_CHECK_VALUE);
  if ((old.bytes(ck.CKA_ID)?.length ?? 0) > 0) kept.set(ck.CKA_ID, id);
  const { activation, deactivation } = lifeOf(old) ?? UNLIMITED;
  // One that was to serve for a year is followed by another one of a year.
  if (activation !== undefined && deactivation !== undefined)
    kept.set(ck.CKA_STRONGROOM_DEACTIVATION_TIME, ulongValue(now + deactivation - activation));
  const every = timeIn(old, ck.CKA_STRONGROOM_ROTATE_EVERY);
  if (every !== undefined) kept.set(ck.CKA_STRONGROOM_ROTATE_TIME, ulongValue(now + every));
  kept.set(ck.CKA_STRONGROOM_PREDECESSOR, Uint8Array.from(old.bytes(ck.CKA_UNIQUE_ID) ?? EMPTY));
  kept.set(ck.CKA_UNIQUE_ID, uniqueIdValue(newObjectId()));
  return AttributeSet.from(kept);
}

/** The old key's attributes afterwards. @param successor its CKA_UNIQUE_ID */
export function retiredAttributes(
  old: AttributeSet,
  { now, grace, mark }: Rotation,
  successor: Uint8Array,
): AttributeSet {
  const changes = new Map<number, Uint8Array>([[ck.CKA_STRONGROOM_SUCCESSOR, Uint8Array.from(successor)]]);
  const label = old.bytes(ck.CKA_LABEL) ?? EMPTY;
  if (label.length > 0) {
    const at = new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ');
    changes.set(ck.CKA_LABEL, Buffer.concat([label, Buffer.from(` (rotated ${at} ${mark})`)]));
    changes.set(ck.CKA_STRONGROOM_FORMER_LABEL, Uint8Array.from(label));
  }
  const end = lifeOf(old)?.deactivation ?? Number.POSITIVE_INFINITY;
  if (end > now + grace) changes.set(ck.CKA_STRONGROOM_DEACTIVATION_TIME, ulongValue(now + grace));
  return old.with(changes, [ck.CKA_STRONGROOM_ROTATE_EVERY, ck.CKA_STRONGROOM_ROTATE_TIME]);
}

/** Whether the key has a successor. */
export function isSucceeded(attributes: AttributeSet): boolean {
  return (attributes.bytes(ck.CKA_STRONGROOM_SUCCESSOR)?.length ?? 0) > 0;
}

/**
 * Completes the changes of a key's attributes where its rotations are among them.
 * @throws CryptokiError CKR_ATTRIBUTE_VALUE_INVALID for what is no such time; CKR_ATTRIBUTE_READ_ONLY for a key that has a successor
 */
export function settleRotations(
  attributes: AttributeSet,
  changes: Map<number, Uint8Array>,
  now: number,
): void {
  const given = changes.get(ck.CKA_STRONGROOM_ROTATE_EVERY);
  if (given === undefined) return;
  if (isSucceeded(attributes))
    throw templateError(ck.CKR_ATTRIBUTE_READ_ONLY, ck.CKA_STRONGROOM_ROTATE_EVERY, 'it has a successor');
  const every = readUlong(given, 0) ?? 0;
  if (every !== -1 && !(every >= EVERY_LEAST && every <= EVERY_MOST))
    throw templateError(ck.CKR_ATTRIBUTE_VALUE_INVALID, ck.CKA_STRONGROOM_ROTATE_EVERY, 'too short or long');
  changes.set(ck.CKA_STRONGROOM_ROTATE_TIME, ulongValue(every === -1 ? -1 : now + every));
}

/** Whether it is time for a successor. */
export function isDue(attributes: AttributeSet, now: number): boolean {
  const at = timeIn(attributes, ck.CKA_STRONGROOM_ROTATE_TIME);
  return at !== undefined && at <= now;
}
