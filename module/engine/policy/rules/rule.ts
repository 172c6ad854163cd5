/** A rule as the engine works with it, and whether it is about a question. */
import type { RoleName } from '../../../../schema/policy/roles.ts';
import { functionGroups, functionNames } from '../../generated/functions.ts';
import type { Identity, NamedObject, NamedToken } from '../rights.ts';
import { matches } from './glob.ts';

/** Somebody: everybody where neither is said. */
export interface Who {
  readonly uid?: number;
  readonly gid?: number;
}

/** A kind of name, and the pattern for it. */
export interface Pattern<Kind extends string> {
  readonly kind: Kind;
  readonly pattern: string;
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
}

export function isAbout(rule: Rule, { uid, gid, groups }: Identity): boolean {
  return rule.who.some(
    (who) =>
      (who.uid === undefined || who.uid === uid) &&
      (who.gid === undefined || who.gid === gid || groups.includes(who.gid)),
  );
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
