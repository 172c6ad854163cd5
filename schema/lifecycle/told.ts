/**
 * What a key's attributes tell of its life, uses and rotations, for whoever shows it to people: the command line and the network door read them
 * alike.
 */
import { type OperationName, type Row, type StateName, states, table } from './states.ts';

/** Attributes by their names, as one room or another has read them. */
export interface KeyAttributes {
  /** A CK_ULONG, CK_UNAVAILABLE_INFORMATION by its sign or by its size; undefined for one that is not there. */
  number(name: string): number | undefined;
  /** Empty for one that is not there. */
  text(name: string): string;
  /** A CK_BBOOL; one that is not there is no. */
  is(name: string): boolean;
}

export interface Life {
  readonly state: StateName;
  /** Why it is in that state, as whoever took it there said; empty when it came there by time. */
  readonly reason: string;
  /** As whom he was logged in. */
  readonly by: 'user' | 'security officer' | undefined;
  /** Seconds since 1970. */
  readonly since: number | undefined;
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly compromised: number | undefined;
  /** CKA_UNIQUE_ID; empty for none. */
  readonly successor: string;
  readonly predecessor: string;
}

export const lifeAttributes = [
  'CKA_STRONGROOM_STATE',
  'CKA_STRONGROOM_STATE_REASON',
  'CKA_STRONGROOM_STATE_TIME',
  'CKA_STRONGROOM_STATE_SET',
  'CKA_STRONGROOM_STATE_SETTER',
  'CKA_STRONGROOM_ACTIVATION_TIME',
  'CKA_STRONGROOM_DEACTIVATION_TIME',
  'CKA_STRONGROOM_COMPROMISE_TIME',
  'CKA_STRONGROOM_SUCCESSOR',
  'CKA_STRONGROOM_PREDECESSOR',
] as const;

/** The end of the year 9999: CK_UNAVAILABLE_INFORMATION is no time. */
const LAST_TIME = 253_402_300_799;

function timeOf(attributes: KeyAttributes, name: string): number | undefined {
  const time = attributes.number(name);
  return time === undefined || time < 1 || time > LAST_TIME ? undefined : time;
}

/** A key of an engine that knows no states is active. */
export function stateOf(attributes: KeyAttributes): StateName {
  const number = attributes.number('CKA_STRONGROOM_STATE');
  return states.find((state) => state.number === number)?.name ?? 'active';
}

export function lifeOf(attributes: KeyAttributes): Life {
  const now = attributes.number('CKA_STRONGROOM_STATE');
  // What was said of another state is none of this one's affair: time has gone on since.
  const isSet = now !== undefined && attributes.number('CKA_STRONGROOM_STATE_SET') === now;
  const setter = attributes.number('CKA_STRONGROOM_STATE_SETTER');
  return {
    state: stateOf(attributes),
    reason: isSet ? attributes.text('CKA_STRONGROOM_STATE_REASON') : '',
    by: !isSet ? undefined : setter === 0 ? 'security officer' : setter === 1 ? 'user' : undefined,
    since: timeOf(attributes, 'CKA_STRONGROOM_STATE_TIME'),
    from: timeOf(attributes, 'CKA_STRONGROOM_ACTIVATION_TIME'),
    until: timeOf(attributes, 'CKA_STRONGROOM_DEACTIVATION_TIME'),
    compromised: timeOf(attributes, 'CKA_STRONGROOM_COMPROMISE_TIME'),
    successor: attributes.text('CKA_STRONGROOM_SUCCESSOR'),
    predecessor: attributes.text('CKA_STRONGROOM_PREDECESSOR'),
  };
}

/** Whether a key of that state may be used so. @param use as attributes call it: `sign`, `verify`, `encrypt`, … */
export function mayNow(state: StateName, use: string, isSecret: boolean): boolean {
  const operation = use === 'sign' && isSecret ? 'MAC' : use;
  const row = (table as readonly Row[]).find((each) => each.state === state);
  return row?.may.includes(operation as OperationName) ?? false;
}

export interface Count {
  readonly used: number;
  /** Undefined where there is none. */
  readonly limit?: number;
}

export interface Counts {
  readonly operations: Count;
  readonly bytes: Count;
  /** Of a key that AES-GCM works with. */
  readonly gcmEncryptions?: Count;
  /** Whether AES-GCM takes no vector but the token's. */
  readonly tokenIvOnly?: boolean;
  /** Whether it refuses a vector that has come before. */
  readonly ivReuseCheck?: boolean;
}

const kinds = [
  ['operations', 'CKA_STRONGROOM_USES', 'CKA_STRONGROOM_USE_LIMIT'],
  ['bytes', 'CKA_STRONGROOM_BYTES', 'CKA_STRONGROOM_BYTE_LIMIT'],
  ['gcmEncryptions', 'CKA_STRONGROOM_GCM_INVOCATIONS', 'CKA_STRONGROOM_GCM_LIMIT'],
] as const;

export const countAttributes: readonly string[] = [
  ...kinds.flatMap(([, counter, limit]) => [counter, limit]),
  'CKA_STRONGROOM_TOKEN_IV_ONLY',
  'CKA_STRONGROOM_IV_REUSE_CHECK',
];

/** Undefined of a key whose uses nobody counts: a public one. */
export function countsOf(attributes: KeyAttributes): Counts | undefined {
  const counts = new Map<string, Count>();
  for (const [name, counter, limit] of kinds) {
    const used = attributes.number(counter);
    const most = attributes.number(limit) ?? -1;
    // All ones stand for no limit.
    if (used !== undefined)
      counts.set(name, most >= 0 && Number.isSafeInteger(most) ? { used, limit: most } : { used });
  }
  const operations = counts.get('operations');
  const bytes = counts.get('bytes');
  if (operations === undefined || bytes === undefined) return undefined;
  const gcmEncryptions = counts.get('gcmEncryptions');
  if (gcmEncryptions === undefined) return { operations, bytes };
  return {
    operations,
    bytes,
    gcmEncryptions,
    tokenIvOnly: attributes.is('CKA_STRONGROOM_TOKEN_IV_ONLY'),
    ivReuseCheck: attributes.is('CKA_STRONGROOM_IV_REUSE_CHECK'),
  };
}

/** How much of a limit is used up, in hundredths; 0 where there is none. */
export function percentOf({ used, limit }: Count): number {
  if (limit === undefined) return 0;
  return limit === 0 ? 100 : Math.floor((100 * used) / limit);
}

/** When a key is to be rotated. */
export interface Schedule {
  /** Seconds. */
  readonly every: number;
  /** Seconds since 1970. */
  readonly next: number;
  readonly due: boolean;
}

export const scheduleAttributes = [
  'CKA_STRONGROOM_ROTATE_EVERY',
  'CKA_STRONGROOM_ROTATE_TIME',
  'CKA_STRONGROOM_ROTATION_DUE',
] as const;

/** Undefined for a key that nobody has given one. */
export function scheduleOf(attributes: KeyAttributes): Schedule | undefined {
  const every = attributes.number('CKA_STRONGROOM_ROTATE_EVERY');
  const next = timeOf(attributes, 'CKA_STRONGROOM_ROTATE_TIME');
  if (every === undefined || next === undefined) return undefined;
  return { every, next, due: attributes.is('CKA_STRONGROOM_ROTATION_DUE') };
}

/** Why somebody should look after a key: it is to be rotated, it ends, much of what it may be used is used up. */
export type Due = 'rotation' | 'end' | 'limit';

/** How far ahead people look, in seconds, and from which hundredths of a limit on a key is near it, where they say nothing else. */
export const usualAhead = 30 * 86_400;
export const usualPercent = 50;

/** The counts that a key has. */
export function countList(counts: Counts | undefined): readonly Count[] {
  return [counts?.operations, counts?.bytes, counts?.gcmEncryptions].filter((count) => count !== undefined);
}

/** What is due of a key by a time, in seconds since 1970. One that has a successor has been looked after, and so has one whose time is over. */
export function dueOf(attributes: KeyAttributes, until: number, percent: number): Due[] {
  const { state, until: end, successor } = lifeOf(attributes);
  if (successor !== '') return [];
  const schedule = scheduleOf(attributes);
  const goesOn = state !== 'deactivated' && state !== 'compromised';
  const isNear = (count: Count) => count.limit !== undefined && percentOf(count) >= percent;
  const isDue: Readonly<Record<Due, boolean>> = {
    rotation: schedule !== undefined && (schedule.due || schedule.next <= until),
    end: goesOn && end !== undefined && end <= until,
    limit: goesOn && countList(countsOf(attributes)).some(isNear),
  };
  return (['rotation', 'end', 'limit'] as const).filter((due) => isDue[due]);
}
