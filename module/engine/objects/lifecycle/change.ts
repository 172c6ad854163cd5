/**
 * How a key goes from state to state: by CKA_STRONGROOM_STATE and a reason, or by times that are changed. Whatever is changed, the state before
 * and the state after must have a way between them in the table (schema/lifecycle), for whoever goes it. So a date that is put off revives no
 * key whose time is over.
 */
import {
  CK_STRONGROOM_STATE_ACTIVE,
  CK_STRONGROOM_STATE_COMPROMISED,
  CK_STRONGROOM_STATE_DEACTIVATED,
  CK_STRONGROOM_STATE_DESTROYED,
  CK_STRONGROOM_STATE_PRE_ACTIVATION,
  CKA_END_DATE,
  CKA_START_DATE,
  CKA_STRONGROOM_ACTIVATION_TIME,
  CKA_STRONGROOM_COMPROMISE_TIME,
  CKA_STRONGROOM_DEACTIVATION_TIME,
  CKA_STRONGROOM_PREDECESSOR,
  CKA_STRONGROOM_STATE,
  CKA_STRONGROOM_STATE_REASON,
  CKA_STRONGROOM_STATE_SET,
  CKA_STRONGROOM_STATE_SET_TIME,
  CKA_STRONGROOM_STATE_SETTER,
  CKA_STRONGROOM_SUCCESSOR,
  CKR_ATTRIBUTE_READ_ONLY,
  CKR_ATTRIBUTE_VALUE_INVALID,
  CKR_TEMPLATE_INCONSISTENT,
  CKU_SO,
  CKU_USER,
} from '../../generated/constants.ts';
import { transitions } from '../../generated/lifecycle.ts';
import { AttributeSet, readUlong, ulongValue } from '../attribute-set.ts';
import { UNIQUE_ID_DIGITS } from '../unique-id.ts';
import { templateError } from '../values.ts';
import { isOfLife, type Life, lifeOf, stateAt, stateName, timeIn, UNLIMITED } from './life.ts';

/** As whom somebody changes a key: whoever is not the security officer counts as the key's user. */
export type Setter = typeof CKU_SO | typeof CKU_USER;

/** The end of the year 9999. */
const LAST_TIME = 253_402_300_799;
const EMPTY = new Uint8Array(0);

const TIMES = [
  CKA_STRONGROOM_ACTIVATION_TIME,
  CKA_STRONGROOM_DEACTIVATION_TIME,
  CKA_STRONGROOM_COMPROMISE_TIME,
];
const DRIVERS = [
  CKA_STRONGROOM_ACTIVATION_TIME,
  CKA_STRONGROOM_DEACTIVATION_TIME,
  CKA_START_DATE,
  CKA_END_DATE,
];

type Values = Map<number, Uint8Array>;

function ulongIn(values: ReadonlyMap<number, Uint8Array>, type: number): number | undefined {
  const value = values.get(type);
  return value === undefined ? undefined : readUlong(value, 0);
}

function invalid(type: number, message: string): Error {
  return templateError(CKR_ATTRIBUTE_VALUE_INVALID, type, message);
}

/** Values that no key can have, whoever gives them. */
function checkValues(values: ReadonlyMap<number, Uint8Array>): void {
  for (const type of TIMES) {
    const time = ulongIn(values, type);
    // Whoever forgot to fill it in has left a 0.
    if (time !== undefined && time !== -1 && !(time >= 1 && time <= LAST_TIME))
      throw invalid(type, 'no time');
  }
  for (const type of [CKA_STRONGROOM_SUCCESSOR, CKA_STRONGROOM_PREDECESSOR]) {
    const id = values.get(type);
    if (id === undefined || id.length === 0) continue;
    if (id.length !== UNIQUE_ID_DIGITS || !/^[0-9a-f]+$/.test(Buffer.from(id).toString('latin1')))
      throw invalid(type, 'no unique id');
  }
}

function checkOrder({ activation, deactivation }: Life): void {
  if (activation === undefined || deactivation === undefined || activation <= deactivation) return;
  throw templateError(CKR_TEMPLATE_INCONSISTENT, CKA_END_DATE, 'the key would end before it begins');
}

/** The life with which a new key begins: active, or not yet. What is stored takes the place of what the template said. */
export function beginLife(values: Values): void {
  const wanted = ulongIn(values, CKA_STRONGROOM_STATE);
  if (wanted !== undefined) {
    if (wanted !== CK_STRONGROOM_STATE_ACTIVE && wanted !== CK_STRONGROOM_STATE_PRE_ACTIVATION)
      throw invalid(CKA_STRONGROOM_STATE, 'no key begins so');
    values.delete(CKA_STRONGROOM_STATE);
    if (wanted === CK_STRONGROOM_STATE_PRE_ACTIVATION)
      values.set(CKA_STRONGROOM_STATE_SET, ulongValue(wanted));
  }
  if (![...values.keys()].some(isOfLife)) return;
  checkValues(values);
  timesTakenAway(values);
  checkOrder(lifeOf(AttributeSet.from(values)) ?? UNLIMITED);
}

/**
 * Takes those times out of the changes that CK_UNAVAILABLE_INFORMATION stands for, which is none, and answers which: nothing is kept of them, so that
 * the key tells what its dates say.
 */
export function timesTakenAway(changes: Values): number[] {
  const gone = TIMES.filter((type) => ulongIn(changes, type) === -1);
  for (const type of gone) changes.delete(type);
  return gone;
}

/**
 * Completes the changes of a key's attributes, where some of them are about its life: the state that is asked for becomes what is stored.
 * @throws CryptokiError CKR_ATTRIBUTE_VALUE_INVALID where no way leads there; CKR_ATTRIBUTE_READ_ONLY where one does for others;
 *   CKR_TEMPLATE_INCONSISTENT where the reason is missing, or values contradict each other
 */
export function settleLife(by: Setter, attributes: AttributeSet, changes: Values, now: number): void {
  if (![...changes.keys()].some(isOfLife)) return;
  checkValues(changes);
  const before = lifeOf(attributes) ?? UNLIMITED;
  const from = stateAt(before, now);
  const wanted = ulongIn(changes, CKA_STRONGROOM_STATE);
  changes.delete(CKA_STRONGROOM_STATE);
  const target = wanted ?? from;
  const isTold = changes.has(CKA_STRONGROOM_STATE_REASON) || changes.has(CKA_STRONGROOM_COMPROMISE_TIME);
  if (target !== from) take(by, before, from, target, changes, now);
  else if (isTold && wanted !== undefined)
    throw invalid(CKA_STRONGROOM_STATE, 'the key is in that state already');
  else if (isTold)
    throw templateError(CKR_TEMPLATE_INCONSISTENT, CKA_STRONGROOM_STATE_REASON, 'a reason for no change');
  const after = lifeOf(attributes.with(changes)) ?? UNLIMITED;
  if (DRIVERS.some((type) => changes.has(type))) checkOrder(after);
  const to = stateAt(after, now);
  if (to === target) return;
  if (wanted !== undefined)
    throw templateError(CKR_TEMPLATE_INCONSISTENT, CKA_STRONGROOM_STATE, 'the times say another state');
  checkWay(by, before, from, to);
}

/** Whether there is a way for him. */
function checkWay(by: Setter, before: Life, from: number, to: number): (typeof transitions)[number] {
  const way = transitions.find((each) => each.from === from && each.to === to);
  if (way === undefined || !(way.user || way.so))
    throw invalid(CKA_STRONGROOM_STATE, `no way from ${stateName(from)} to ${stateName(to)}`);
  const undone = way.undoes && by === CKU_USER && before.setter === CKU_SO;
  if (undone || !(by === CKU_SO ? way.so : way.user))
    throw templateError(CKR_ATTRIBUTE_READ_ONLY, CKA_STRONGROOM_STATE, 'a way for the security officer');
  return way;
}

function take(by: Setter, before: Life, from: number, to: number, changes: Values, now: number): void {
  if (to === CK_STRONGROOM_STATE_DESTROYED) throw invalid(CKA_STRONGROOM_STATE, 'C_DestroyObject destroys');
  const way = checkWay(by, before, from, to);
  const reason = changes.get(CKA_STRONGROOM_STATE_REASON) ?? EMPTY;
  if (way.reason && Buffer.from(reason).toString('utf8').trim() === '')
    throw templateError(CKR_TEMPLATE_INCONSISTENT, CKA_STRONGROOM_STATE_REASON, 'it needs a reason');
  changes.set(CKA_STRONGROOM_STATE_REASON, reason);
  changes.set(CKA_STRONGROOM_STATE_SET, ulongValue(to));
  changes.set(CKA_STRONGROOM_STATE_SETTER, ulongValue(by));
  changes.set(CKA_STRONGROOM_STATE_SET_TIME, ulongValue(now));
  const given = ulongIn(changes, CKA_STRONGROOM_COMPROMISE_TIME);
  if (to === CK_STRONGROOM_STATE_COMPROMISED) {
    if (given !== undefined && given > now) throw invalid(CKA_STRONGROOM_COMPROMISE_TIME, 'in the future');
    if (given === undefined || given === -1) changes.set(CKA_STRONGROOM_COMPROMISE_TIME, ulongValue(now));
  } else if (given !== undefined) {
    throw templateError(CKR_TEMPLATE_INCONSISTENT, CKA_STRONGROOM_COMPROMISE_TIME, 'of no other state');
  }
  // When it truly began and ended, where that was not the time that had been planned.
  if (from === CK_STRONGROOM_STATE_PRE_ACTIVATION && to === CK_STRONGROOM_STATE_ACTIVE)
    setUnlessGiven(changes, CKA_STRONGROOM_ACTIVATION_TIME, now);
  if (to === CK_STRONGROOM_STATE_DEACTIVATED && (before.deactivation ?? Number.POSITIVE_INFINITY) > now)
    setUnlessGiven(changes, CKA_STRONGROOM_DEACTIVATION_TIME, now);
}

function setUnlessGiven(changes: Values, type: number, time: number): void {
  if (!changes.has(type)) changes.set(type, ulongValue(time));
}

/** What changed in a key's life between two sets of its attributes, for the log; undefined when nothing did. */
export function lifeStory(
  before: AttributeSet,
  after: AttributeSet,
  now: number,
): Readonly<Record<string, unknown>> | undefined {
  const [old, life] = [lifeOf(before) ?? UNLIMITED, lifeOf(after) ?? UNLIMITED];
  const [from, to] = [stateAt(old, now), stateAt(life, now)];
  const story: Record<string, unknown> = {};
  if (from !== to || old.set !== life.set) {
    story.from = stateName(from);
    story.to = stateName(to);
    const reason = after.bytes(CKA_STRONGROOM_STATE_REASON);
    if (old.set !== life.set && reason !== undefined && reason.length > 0)
      story.reason = Buffer.from(reason).toString('utf8');
  }
  if (old.activation !== life.activation) story.activation = iso(life.activation);
  if (old.deactivation !== life.deactivation) story.deactivation = iso(life.deactivation);
  const since = timeIn(after, CKA_STRONGROOM_COMPROMISE_TIME);
  if (since !== timeIn(before, CKA_STRONGROOM_COMPROMISE_TIME)) story.compromise = iso(since);
  for (const [name, type] of [
    ['successor', CKA_STRONGROOM_SUCCESSOR],
    ['predecessor', CKA_STRONGROOM_PREDECESSOR],
  ] as const) {
    const id = Buffer.from(after.bytes(type) ?? EMPTY).toString('latin1');
    if (id !== Buffer.from(before.bytes(type) ?? EMPTY).toString('latin1')) story[name] = id;
  }
  return Object.keys(story).length === 0 ? undefined : story;
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : `${new Date(time * 1000).toISOString().slice(0, 19)}Z`;
}
