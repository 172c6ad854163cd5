/**
 * The life of a key (schema/lifecycle): which state it is in at a moment, and what it may do then. Everything that starts or goes on with an
 * operation asks here.
 *
 * A key of which nobody has said anything has no life to look at, and is active: that costs its users one comparison.
 */
import {
  CK_STRONGROOM_STATE_ACTIVE,
  CK_STRONGROOM_STATE_COMPROMISED,
  CK_STRONGROOM_STATE_DEACTIVATED,
  CK_STRONGROOM_STATE_PRE_ACTIVATION,
  CK_STRONGROOM_STATE_SUSPENDED,
  CKA_CLASS,
  CKA_END_DATE,
  CKA_START_DATE,
  CKA_STRONGROOM_ACTIVATION_TIME,
  CKA_STRONGROOM_DEACTIVATION_TIME,
  CKA_STRONGROOM_PREDECESSOR,
  CKA_STRONGROOM_STATE,
  CKA_STRONGROOM_STATE_SET,
  CKA_STRONGROOM_STATE_SETTER,
  CKO_SECRET_KEY,
} from '../../generated/constants.ts';
import { LifeUse, permitted, stateNames } from '../../generated/lifecycle.ts';
import type { AttributeSet } from '../attribute-set.ts';
import type { Home } from '../host.ts';

export interface Life {
  /** The state that somebody took the key to; undefined while it follows from times alone. */
  readonly set: number | undefined;
  /** CKU_SO or CKU_USER: as whom he was logged in. */
  readonly setter: number | undefined;
  /** Seconds since 1970; undefined when there is none. */
  readonly activation: number | undefined;
  readonly deactivation: number | undefined;
}

/** Of a key of which nobody has said anything. */
export const UNLIMITED: Life = {
  set: undefined,
  setter: undefined,
  activation: undefined,
  deactivation: undefined,
};

const DAY = 86_400;

/** The first second of a CK_DATE's day in UTC; undefined for an empty one. */
function dayOf(date: Uint8Array | undefined): number | undefined {
  if (date === undefined || date.length !== 8) return undefined;
  const text = Buffer.from(date.buffer, date.byteOffset, 8).toString('latin1');
  const day = new Date(0);
  day.setUTCFullYear(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8)));
  return day.getTime() / 1000;
}

/** Whether the attribute says something about a key's life. */
export function isOfLife(type: number): boolean {
  return (
    type === CKA_START_DATE ||
    type === CKA_END_DATE ||
    (type >= CKA_STRONGROOM_STATE && type <= CKA_STRONGROOM_PREDECESSOR)
  );
}

/** A time as it is stored; CK_UNAVAILABLE_INFORMATION stands for none. */
export function timeIn(attributes: AttributeSet, type: number): number | undefined {
  const time = attributes.ulong(type);
  return time === undefined || time < 0 ? undefined : time;
}

/** The key's life, or undefined for one that is active whatever the time. */
export function lifeOf(attributes: AttributeSet): Life | undefined {
  const { count } = attributes;
  const isOurs = count > 0 && attributes.typeAt(count - 1) >= CKA_STRONGROOM_STATE;
  const start = dayOf(attributes.bytes(CKA_START_DATE));
  const end = dayOf(attributes.bytes(CKA_END_DATE));
  if (!isOurs && start === undefined && end === undefined) return undefined;
  const set = attributes.ulong(CKA_STRONGROOM_STATE_SET);
  // To the end of the day that was named.
  const lastSecond = end === undefined ? undefined : end + DAY;
  const activation = timeIn(attributes, CKA_STRONGROOM_ACTIVATION_TIME) ?? start;
  const deactivation = timeIn(attributes, CKA_STRONGROOM_DEACTIVATION_TIME) ?? lastSecond;
  if (set === undefined && activation === undefined && deactivation === undefined) return undefined;
  return { set, setter: attributes.ulong(CKA_STRONGROOM_STATE_SETTER), activation, deactivation };
}

/** Which state that is at a time (seconds since 1970). */
export function stateAt({ set, activation, deactivation }: Life, now: number): number {
  if (set === CK_STRONGROOM_STATE_COMPROMISED || set === CK_STRONGROOM_STATE_DEACTIVATED) return set;
  if (deactivation !== undefined && now >= deactivation) return CK_STRONGROOM_STATE_DEACTIVATED;
  if (set === CK_STRONGROOM_STATE_SUSPENDED) return set;
  // One that was made to wait, without a time, waits until somebody activates it.
  const waits = activation === undefined ? set === CK_STRONGROOM_STATE_PRE_ACTIVATION : now < activation;
  return waits ? CK_STRONGROOM_STATE_PRE_ACTIVATION : CK_STRONGROOM_STATE_ACTIVE;
}

/** Since when it has been in the state that it is in, as far as that is known. */
export function stateSince(life: Life, now: number, set: number | undefined): number | undefined {
  const state = stateAt(life, now);
  if (life.set === state) return set;
  if (state === CK_STRONGROOM_STATE_DEACTIVATED) return life.deactivation;
  return state === CK_STRONGROOM_STATE_ACTIVE ? life.activation : undefined;
}

/** Whether a key in that state may be used so. */
function mayIn(state: number, use: LifeUse): boolean {
  return ((permitted.get(state) ?? 0) & use) !== 0;
}

/** What a use of the key is in the table: a secret key makes MACs where a private one signs. */
function asUsed(attributes: AttributeSet, use: LifeUse): LifeUse {
  return use === LifeUse.Sign && attributes.ulong(CKA_CLASS) === CKO_SECRET_KEY ? LifeUse.MAC : use;
}

/** A key, as far as its life goes. */
export interface Living {
  readonly attributes: AttributeSet;
  readonly token: Pick<Home, 'clock'>;
}

/** The state that the key is in now. */
export function stateNow({ attributes, token }: Living): number {
  const life = lifeOf(attributes);
  return life === undefined ? CK_STRONGROOM_STATE_ACTIVE : stateAt(life, token.clock.now());
}

/** Whether the key may be used so now; where it signs, makes MACs if it is a secret one. */
export function mayNow(key: Living, use: LifeUse): boolean {
  return mayInLife(lifeOf(key.attributes), key, use);
}

/** The same for who knows its life. */
export function mayInLife(life: Life | undefined, { attributes, token }: Living, use: LifeUse): boolean {
  return life === undefined || mayIn(stateAt(life, token.clock.now()), asUsed(attributes, use));
}

export function stateName(state: number): string {
  return stateNames.get(state) ?? `state ${state}`;
}
