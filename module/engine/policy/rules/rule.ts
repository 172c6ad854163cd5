/** A rule as the engine works with it, and whether it is about a question. */
import type { RoleName } from '../../../../schema/policy/roles.ts';
import { functionGroups, functionNames } from '../../generated/functions.ts';
import type { Identity, NamedObject, NamedToken } from '../rights.ts';
import { matches, type Pattern } from './glob.ts';
import { type Hours, isWithin } from './hours.ts';
import { isName, type NamePattern } from './names.ts';

/** Somebody of this machine, everybody of it where nothing is said. */
export interface Who {
  readonly uid?: number;
  readonly gid?: number;
  /** Somebody of another machine instead, by a name of his certificate; or everybody of those. */
  readonly remote?: NamePattern | 'any';
}

export type TokenPattern = Pattern<'label' | 'serial'>;
export type ObjectPattern = Pattern<'label' | 'id' | 'tag' | 'session'>;

export interface Rate {
  /** Calls a second. */
  readonly rate: number;
  /** Calls at once. */
  readonly burst: number;
}

export interface Rule {
  /** From 1, in the order of the file. */
  readonly number: number;
  /** Where it begins in the file; 0 where that is not known. */
  readonly line: number;
  readonly allow: boolean;
  readonly who: readonly Who[];
  /** The roles that it decides about. */
  readonly roles: ReadonlySet<RoleName>;
  /** Undefined for all, here and below. */
  readonly tokens: readonly TokenPattern[] | undefined;
  readonly keys: readonly ObjectPattern[] | undefined;
  /** The functions that it decides about, by number: all that follows from its roles and limits is in here already. */
  readonly functions: ReadonlySet<number>;
  readonly mechanisms: ReadonlySet<number> | undefined;
  readonly pinless: boolean;
  readonly newTokens: boolean;
  readonly rate: Rate | undefined;
  readonly hours: readonly Hours[] | undefined;
}

/** Nobody is of this machine and of another: for whom the network door asks, its own user and groups are no matter. */
function isOne(who: Who, { uid, gid, groups, remote }: Identity): boolean {
  const { remote: wanted } = who;
  if (wanted !== undefined)
    return remote !== undefined && (wanted === 'any' || remote.names.some((name) => isName(wanted, name)));
  return (
    remote === undefined &&
    (who.uid === undefined || who.uid === uid) &&
    (who.gid === undefined || who.gid === gid || groups.includes(who.gid))
  );
}

export function isAbout(rule: Rule, identity: Identity): boolean {
  return rule.who.some((who) => isOne(who, identity));
}

/** Whether the rule holds at that time, in milliseconds since 1970. */
export function holdsAt(rule: Rule, time: number): boolean {
  return rule.hours?.some((hours) => isWithin(hours, time)) ?? true;
}

export function isOfToken(rule: Rule, token: NamedToken): boolean {
  return rule.tokens?.some(({ kind, pattern }) => matches(pattern, token[kind])) ?? true;
}

export function isOfObject(rule: Rule, object: NamedObject): boolean {
  return (
    rule.keys?.some(({ kind, pattern }) =>
      kind === 'session' ? object.session : matches(pattern, object[kind]),
    ) ?? true
  );
}

/** A function's number by its name; 0 when there is none. */
export function functionNumber(name: string): number {
  return functionNames.indexOf(name) + 1;
}

/** By number: the group of each function. */
export const groupOf: readonly ((typeof functionGroups)[number] | undefined)[] = [
  undefined,
  ...functionNames.map((_, at) => functionGroups.find(({ functions }) => functions.includes(at + 1))),
];

/** Whether the rule says anything about the function with that mechanism. Of functions that take none it says so whatever its mechanisms. */
export function isOfCall(rule: Rule, fn: number, mechanism: number): boolean {
  if (!rule.functions.has(fn)) return false;
  return rule.mechanisms === undefined || groupOf[fn]?.mechanisms === false || rule.mechanisms.has(mechanism);
}
