/** Which rule decides a question, and why those before it do not: for people. It goes through the rules one by one, as they read them. */
import type { RoleName } from '../../../../schema/policy/roles.ts';
import { functionNames } from '../../generated/functions.ts';
import { ANY_MECHANISM, type Identity, type NamedObject, type NamedToken } from '../rights.ts';
import { groupOf, holdsAt, isAbout, isOfCall, isOfObject, isOfToken, type Rule } from './rule.ts';

/** What somebody wants to do. */
export interface Question {
  readonly who: Identity;
  /** A function's number, or a role. */
  readonly what: number | RoleName;
  /** Undefined where it is not said. */
  readonly token: NamedToken | undefined;
  readonly object: NamedObject | undefined;
  readonly mechanism: number;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

export interface Explanation {
  readonly allowed: boolean;
  readonly pinless: boolean;
  /** The rule that decides; undefined where none does. */
  readonly rule: Rule | undefined;
  /** Those before it, each with the reason why it does not. */
  readonly passed: readonly { readonly rule: Rule; readonly why: string }[];
}

/** The question leaves out what a rule depends on. */
export class Unsaid extends Error {
  override readonly name = 'Unsaid';
  readonly what: 'token' | 'key' | 'mechanism';

  constructor(rule: Rule, what: 'token' | 'key' | 'mechanism') {
    super(`rule ${rule.number} names ${what}s`);
    this.what = what;
  }
}

/** @throws Unsaid when the answer depends on what the question does not say */
export function explain(rules: readonly Rule[], question: Question): Explanation {
  const passed: { rule: Rule; why: string }[] = [];
  for (const rule of rules) {
    const why = whyNot(rule, question);
    if (why === undefined) return { allowed: rule.allow, pinless: rule.allow && rule.pinless, rule, passed };
    passed.push({ rule, why });
  }
  return { allowed: false, pinless: false, rule: undefined, passed };
}

/** In a word, of a rule that is not about somebody; also that "any" is nobody on another machine. */
function aboutWhom(rule: Rule, { remote }: Identity): string {
  const remotes = rule.who.filter((each) => each.remote !== undefined).length;
  if (remote !== undefined && remotes === 0) return 'is about users of this machine alone';
  if (remote === undefined && remotes === rule.who.length)
    return 'is about clients of the network door alone';
  return 'is about others';
}

function whyNot(rule: Rule, { who, what, token, object, mechanism, at }: Question): string | undefined {
  if (!isAbout(rule, who)) return aboutWhom(rule, who);
  if (!holdsAt(rule, at)) return 'is about other hours';
  const group = typeof what === 'number' ? groupOf[what] : undefined;
  const role = group !== undefined && group.comes !== 'named' && group.comes !== 'sight' ? group.comes : what;
  if (typeof role === 'string') {
    if (!rule.roles.has(role)) return `says nothing of the role ${role}`;
  } else if (!rule.functions.has(role)) return `says nothing of ${functionNames[role - 1]}`;
  if (rule.tokens !== undefined && (role === 'user' || role === 'so' || typeof role === 'number')) {
    if (token === undefined) throw new Unsaid(rule, 'token');
    if (!isOfToken(rule, token)) return 'is about other tokens';
  }
  if (typeof role === 'string') return undefined;
  if (rule.keys !== undefined && group?.objects !== 'none') {
    if (object === undefined) throw new Unsaid(rule, 'key');
    if (!isOfObject(rule, object)) return 'is about other keys';
  }
  if (rule.mechanisms !== undefined && group?.mechanisms === true) {
    if (mechanism === ANY_MECHANISM) throw new Unsaid(rule, 'mechanism');
    if (!isOfCall(rule, role, mechanism)) return 'is about other mechanisms';
  }
  return undefined;
}
