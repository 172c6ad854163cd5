/** A policy file's text, made into rules. What is wrong with it is said all at once. */
import { parse, TomlError } from 'smol-toml';
import { type FieldName, type RuleField, ruleFields } from '../../../../schema/policy/fields.ts';
import { type Role, type RoleName, roles } from '../../../../schema/policy/roles.ts';
import { functionGroups } from '../../generated/functions.ts';
import { nearest } from '../words.ts';
import type { Accounts } from './accounts.ts';
import { PolicyError } from './error.ts';
import { type Complain, functionsOf, hoursIn, keysOf, mechanismsOf, tokensOf, whoOf } from './fields.ts';
import type { Rate, Rule } from './rule.ts';

/** A rule as it stands in the file, each value of its type. */
type Given = Partial<Record<FieldName, readonly string[] | string | boolean | number>>;

const fields = ruleFields as readonly RuleField[];
const roleNames = new Map<string, Role>(roles.map((role) => [role.name, role]));
const allNamed = numbersOf(({ comes }) => comes === 'named');

/**
 * @param place where the text comes from, for the messages
 * @throws PolicyError when it is no TOML, or says something that we don't know
 */
export function parsePolicy(text: string, place: string, accounts: Accounts): Rule[] {
  const problems: string[] = [];
  const table = tableIn(text, place);
  for (const name of Object.keys(table))
    if (name !== 'rule')
      problems.push(
        `${place}: there is no ${name}; every rule begins with [[rule]], and what it says follows`,
      );
  const list = (table as { rule?: unknown }).rule ?? [];
  if (!isListOfTables(list)) problems.push(`${place}: rules are written as [[rule]], in double brackets`);
  const tables = isListOfTables(list) ? list : [];
  const lines = linesOf(text, tables.length);
  const rules = tables.map((each, at) => {
    const number = at + 1;
    const line = lines[at] ?? 0;
    const where = line === 0 ? `rule ${number}` : `line ${line}, rule ${number}`;
    return ruleOf(each, number, line, accounts, (problem) => problems.push(`${place}: ${where}: ${problem}`));
  });
  if (problems.length > 0) throw new PolicyError(problems.join('\n'));
  return rules;
}

function tableIn(text: string, place: string): object {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.replace(/^Invalid TOML document: /, '').split('\n', 1);
    throw new PolicyError(`${place}: line ${error.line}, column ${error.column}: ${reason}`);
  }
}

function isListOfTables(value: unknown): value is object[] {
  return (
    Array.isArray(value) &&
    value.every(
      (each) => typeof each === 'object' && each !== null && !Array.isArray(each) && !(each instanceof Date),
    )
  );
}

/** The lines on which rules begin; none where something else looks the same. */
function linesOf(text: string, count: number): number[] {
  const lines = text
    .split('\n')
    .flatMap((line, at) => (/^\s*\[\[\s*"?rule"?\s*\]\]/.test(line) ? [at + 1] : []));
  return lines.length === count ? lines : [];
}

function numbersOf(wanted: (group: (typeof functionGroups)[number]) => boolean): Set<number> {
  return new Set(functionGroups.filter(wanted).flatMap(({ functions }) => functions));
}

function ruleOf(table: object, number: number, line: number, accounts: Accounts, complain: Complain): Rule {
  const given = givenIn(table, complain);
  const words = (name: FieldName): readonly string[] | undefined =>
    given[name] as readonly string[] | undefined;
  if (words('who') === undefined) complain('it names nobody: add who = ["user:…"]');
  const allow = given.effect !== 'deny';
  const limits = (['tokens', 'keys', 'mechanisms'] as const).filter((name) => given[name] !== undefined);
  const named = words('functions');
  const rule = {
    number,
    line,
    allow,
    who: whoOf(words('who') ?? [], accounts, complain),
    tokens: optional(words('tokens'), (list) => tokensOf(list, complain)),
    keys: optional(words('keys'), (list) => keysOf(list, complain)),
    mechanisms: optional(words('mechanisms'), (list) => mechanismsOf(list, complain)),
    pinless: given.pinless === true,
    newTokens: given.new_tokens === true,
    rate: rateOf(given, complain),
    hours: optional(words('hours'), (list) => hoursIn(list, complain)),
  };
  const functions = optional(named, (list) => functionsOf(list, complain));
  if (!allow) {
    for (const name of ['pinless', 'new_tokens', 'rate', 'burst'] as const)
      if (given[name] !== undefined) complain(`${name} belongs into a rule that allows`);
  }
  const its = rolesOf(words('roles'), complain);
  const ofEngine = [...(its ?? [])].filter((name) => roleNames.get(name)?.of === 'engine');
  const beside = [...limits, ...(named === undefined ? [] : ['functions'])];
  if (ofEngine.length > 0 && beside.length > 0)
    complain(
      `${beside.join(' and ')} say nothing about the role "${ofEngine[0]}", which is of the whole engine: give it in a rule of its own`,
    );
  const decided = allow
    ? allowed(its, functions, rule.newTokens, complain)
    : denied(its, functions, limits, complain);
  return { ...rule, ...decided };
}

interface Decided {
  readonly roles: ReadonlySet<RoleName>;
  readonly functions: ReadonlySet<number>;
}

/** What an allowing rule is about. With what it names comes what nobody can do without. */
function allowed(
  its: ReadonlySet<RoleName> | undefined,
  named: ReadonlySet<number> | undefined,
  newTokens: boolean,
  complain: Complain,
): Decided {
  if (its === undefined && named === undefined && !newTokens)
    complain('it does not say what is allowed: add roles or functions');
  const roleSet = its ?? new Set<RoleName>(named === undefined ? [] : ['user']);
  const given = new Set(named);
  if (named === undefined) {
    const groups = new Set<string>([...roleSet].flatMap((name) => roleNames.get(name)?.gives ?? []));
    for (const fn of numbersOf(({ name }) => groups.has(name))) given.add(fn);
  }
  const come = (wanted: Parameters<typeof numbersOf>[0]): void => {
    for (const fn of numbersOf(wanted)) given.add(fn);
  };
  const ofObjects = numbersOf(({ objects }) => objects !== 'none');
  if ([...given].some((fn) => ofObjects.has(fn))) come(({ name }) => name === 'find' || name === 'read');
  if (roleSet.has('user') || roleSet.has('so')) come(({ name }) => name === 'login');
  if (given.size > 0) come(({ comes }) => comes === 'sight');
  if (given.size === 0 && roleSet.size === 0 && !newTokens && (its !== undefined || named !== undefined))
    complain('it allows nothing');
  return { roles: roleSet, functions: given };
}

/** What a denying rule is about: what it names, else everything that its limits can be about. */
function denied(
  its: ReadonlySet<RoleName> | undefined,
  named: ReadonlySet<number> | undefined,
  limits: readonly ('tokens' | 'keys' | 'mechanisms')[],
  complain: Complain,
): Decided {
  const byKeys = limits.includes('keys');
  const byMechanisms = limits.includes('mechanisms');
  const total = its === undefined && named === undefined;
  const functions = new Set(total ? allNamed : named);
  if (total && !byKeys && !byMechanisms)
    for (const fn of numbersOf(({ comes }) => comes === 'sight')) functions.add(fn);
  // A limit is about what can be held against it: "no key named root" says nothing about random numbers.
  for (const fn of numbersOf(
    (group) => (byKeys && group.objects === 'none') || (byMechanisms && !group.mechanisms),
  ))
    functions.delete(fn);
  let roleSet = its ?? new Set<RoleName>();
  if (total && !byKeys && !byMechanisms) {
    const all = [...roleNames.values()].filter(({ of }) => of === 'token' || limits.length === 0);
    roleSet = new Set(all.map(({ name }) => name));
    if (limits.length === 0)
      for (const fn of numbersOf(({ comes }) => comes !== 'named' && comes !== 'sight')) functions.add(fn);
  }
  if ((byKeys || byMechanisms) && roleSet.size > 0)
    complain('keys and mechanisms say nothing about roles: deny those in a rule of their own');
  if (functions.size === 0 && roleSet.size === 0) complain('it denies nothing');
  return { roles: roleSet, functions };
}

function optional<From, To>(value: From | undefined, made: (value: From) => To): To | undefined {
  return value === undefined ? undefined : made(value);
}

function rolesOf(words: readonly string[] | undefined, complain: Complain): Set<RoleName> | undefined {
  if (words === undefined) return undefined;
  const names = new Set<RoleName>();
  for (const word of words) {
    const role = roleNames.get(word);
    if (role !== undefined) names.add(role.name);
    else {
      const meant = nearest(word, roleNames.keys());
      const hint =
        meant === undefined ? `there are ${[...roleNames.keys()].join(', ')}` : `did you mean "${meant}"?`;
      complain(`roles: there is no role "${word}"; ${hint}`);
    }
  }
  return names;
}

function rateOf(given: Given, complain: Complain): Rate | undefined {
  const { rate, burst } = given as { rate?: number; burst?: number };
  if (rate === undefined && burst !== undefined) complain('burst says nothing without rate');
  return rate === undefined ? undefined : { rate, burst: burst ?? rate };
}

/** The fields of a rule, each known and of its type. */
function givenIn(table: object, complain: Complain): Given {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(table)) {
    const field = fields.find((each) => each.name === name);
    if (field === undefined) {
      const meant = nearest(
        name,
        fields.map((each) => each.name),
      );
      const hint = meant === undefined ? 'docs/policy.toml lists all there are' : `did you mean ${meant}?`;
      complain(`there is no ${name}; ${hint}`);
      continue;
    }
    const its = field.alone === true && typeof value === 'string' ? [value] : value;
    const problem = mismatch(field, its);
    if (problem === undefined) given[name] = its;
    else complain(`${name} must be ${problem}`);
  }
  return given as Given;
}

function mismatch(field: RuleField, value: unknown): string | undefined {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'word': {
      const choice = field.choice ?? [];
      return typeof value === 'string' && choice.includes(value)
        ? undefined
        : choice.map((word) => `"${word}"`).join(' or ');
    }
    case 'integer': {
      const { least = 0, most = Number.MAX_SAFE_INTEGER } = field;
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
      return fits ? undefined : `a whole number, ${least} to ${most}`;
    }
    default:
      if (!Array.isArray(value) || value.some((word) => typeof word !== 'string' || /\p{Cc}/u.test(word)))
        return 'a list of texts in quotes, without control characters';
      // Nobody, or no key at all, is a slip as a rule; no role and no function are answers.
      return value.length === 0 && field.name !== 'roles' ? 'a list that is not empty' : undefined;
  }
}
