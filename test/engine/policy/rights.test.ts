/** What rules decide, held against an interpreter that goes through the words of each rule for every question. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionGroups, functionNames } from '../../../module/engine/generated/functions.ts';
import { mechanisms as mechanismTable } from '../../../module/engine/generated/mechanisms.ts';
import type { Identity, NamedObject, NamedToken } from '../../../module/engine/policy/rights.ts';
import { accountsIn } from '../../../module/engine/policy/rules/accounts.ts';
import { Bucket } from '../../../module/engine/policy/rules/bucket.ts';
import { PolicyError } from '../../../module/engine/policy/rules/error.ts';
import { explain, Unsaid } from '../../../module/engine/policy/rules/explain.ts';
import { matches } from '../../../module/engine/policy/rules/glob.ts';
import { parsePolicy } from '../../../module/engine/policy/rules/parse.ts';
import { Policy, withoutPolicy } from '../../../module/engine/policy/rules/policy.ts';
import { functionNumber, type Rule } from '../../../module/engine/policy/rules/rule.ts';
import { roles } from '../../../schema/policy/roles.ts';

/** A rule in its own words. */
interface Words {
  readonly who: readonly string[];
  readonly effect?: 'allow' | 'deny';
  readonly roles?: readonly string[];
  readonly tokens?: readonly string[];
  readonly keys?: readonly string[];
  readonly functions?: readonly string[];
  readonly mechanisms?: readonly string[];
  readonly pinless?: boolean;
}

const accounts = accountsIn('', '');

function textOf(rules: readonly Words[]): string {
  return rules
    .map((rule) =>
      ['[[rule]]', ...Object.entries(rule).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)].join(
        '\n',
      ),
    )
    .join('\n');
}

function policyOf(rules: readonly Words[]): Policy {
  return new Policy(parsePolicy(textOf(rules), 'p.toml', accounts));
}

const someone = (uid: number, gid = uid, ...groups: number[]): Identity => ({
  uid,
  gid,
  groups,
  executable: '',
});
const object = (label: string, more: Partial<NamedObject> = {}): NamedObject => ({
  label,
  id: '',
  tag: '',
  session: false,
  ...more,
});
const type = (name: string) => [...mechanismTable.values()].find((row) => row.name === name)?.type ?? -1;

// ---- the interpreter --------------------------------------------------------------------------------------------------

const groupNamed = (name: string) => functionGroups.find((group) => group.name === name);
const groupFor = (fn: number) => functionGroups.find(({ functions }) => functions.includes(fn));
const like = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return like(pattern.slice(1), text) || (text !== '' && like(pattern, text.slice(1)));
  return pattern[0] === text[0] && text !== '' && like(pattern.slice(1), text.slice(1));
};

function isWho(rule: Words, { uid, gid, groups }: Identity): boolean {
  return rule.who.some((word) => {
    const number = Number(word.slice(4));
    return (
      word === 'any' || (word.startsWith('uid:') ? number === uid : number === gid || groups.includes(number))
    );
  });
}

function isToken({ tokens }: Words, token: NamedToken): boolean {
  if (tokens === undefined) return true;
  return tokens.some((word) =>
    word.startsWith('serial:') ? like(word.slice(7), token.serial) : like(word, token.label),
  );
}

function isKey({ keys }: Words, { label, id, tag, session }: NamedObject): boolean {
  if (keys === undefined) return true;
  return keys.some((word) => {
    if (word === 'session') return session;
    const [kind, pattern] = word.split(':') as [string, string];
    return like(pattern, { label, id, tag }[kind] ?? '');
  });
}

/** Whether an allowing rule gives the function, if its limits let it. */
function gives(rule: Words, fn: number): boolean {
  const group = groupFor(fn);
  const its = rule.roles ?? (rule.functions === undefined ? [] : ['user']);
  const named = (name: string): boolean => {
    const each = groupNamed(name);
    if (rule.functions !== undefined) return rule.functions.includes(name);
    return roles.some(
      (role) => its.includes(role.name) && (role.gives as readonly string[]).includes(each?.name ?? ''),
    );
  };
  const ofObjects = functionGroups.some(
    (each) =>
      each.objects !== 'none' &&
      (named(each.name) ||
        each.functions.some((one) => rule.functions?.includes(functionNames[one - 1] ?? ''))),
  );
  switch (group?.name) {
    case 'general':
      return true;
    case 'find':
    case 'read':
      if (ofObjects) return true;
      break;
    case 'login':
      if (its.includes('user') || its.includes('so')) return true;
  }
  return named(group?.name ?? '') || (rule.functions?.includes(functionNames[fn - 1] ?? '') ?? false);
}

/** What the rules say: false, true, or 'pinless'. */
function ask(
  rules: readonly Words[],
  who: Identity,
  token: NamedToken,
  fn: number,
  about: NamedObject | undefined,
  mechanism: string | undefined,
): boolean | 'pinless' {
  const group = groupFor(fn);
  for (const rule of rules) {
    if (!isWho(rule, who) || !isToken(rule, token)) continue;
    if (rule.effect === 'deny') {
      if (rule.roles !== undefined && rule.functions === undefined) continue;
      const named =
        rule.functions === undefined
          ? group?.comes === 'named' || (rule.keys === undefined && rule.mechanisms === undefined)
          : rule.functions.includes(functionNames[fn - 1] ?? '') ||
            rule.functions.includes(group?.name ?? '');
      if (!named) continue;
      if (
        rule.keys !== undefined &&
        (about === undefined || group?.objects === 'none' || !isKey(rule, about))
      )
        continue;
      if (rule.mechanisms !== undefined && !group?.mechanisms) continue;
      if (rule.mechanisms !== undefined && !rule.mechanisms.includes(mechanism ?? '')) continue;
      return false;
    }
    if (!gives(rule, fn)) continue;
    if (about !== undefined && !isKey(rule, about)) continue;
    if (rule.mechanisms !== undefined && group?.mechanisms && !rule.mechanisms.includes(mechanism ?? ''))
      continue;
    return rule.pinless ? 'pinless' : true;
  }
  return false;
}

/** What the rules say of a role on the token. */
function askRole(rules: readonly Words[], who: Identity, token: NamedToken, role: string): boolean {
  for (const rule of rules) {
    if (!isWho(rule, who) || !isToken(rule, token)) continue;
    const total = [rule.roles, rule.functions, rule.keys, rule.mechanisms].every(
      (limit) => limit === undefined,
    );
    if (rule.effect === 'deny' && (total || rule.roles?.includes(role) === true)) return false;
    if (rule.effect === 'deny') continue;
    if ((rule.roles ?? (rule.functions === undefined ? [] : ['user'])).includes(role)) return true;
  }
  return false;
}

// ---- the comparison ---------------------------------------------------------------------------------------------------

const some = <T>(...values: T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const mechanismNames = ['CKM_ECDSA', 'CKM_RSA_PKCS', 'CKM_SHA256', 'CKM_AES_GCM'];
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const anyRule: fc.Arbitrary<Words> = fc
  .record({
    who: some('uid:1', 'uid:2', 'gid:1', 'gid:7', 'any'),
    effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
    roles: maybe(fc.uniqueArray(fc.constantFrom('user', 'so'), { maxLength: 2 })),
    tokens: maybe(some('web', 'w*', 'serial:a1', '*b')),
    keys: maybe(some('label:web-*', 'label:root', 'id:0a*', 'tag:x', 'tag:', 'session')),
    functions: maybe(
      some('sign', 'verify', 'read', 'digest', 'random', 'create', 'C_Sign', 'C_SignInit', 'login', 'wrap'),
    ),
    mechanisms: maybe(some(...mechanismNames)),
    pinless: maybe(fc.boolean()),
  })
  .map((rule) => {
    const { pinless, ...rest } = Object.fromEntries(
      Object.entries(rule).filter(([, value]) => value !== undefined),
    ) as unknown as Words;
    return rest.effect === 'deny' || pinless === undefined ? rest : { ...rest, pinless };
  })
  // What the reader refuses is no rule.
  .filter((rule) => {
    try {
      policyOf([rule]);
      return true;
    } catch (error) {
      if (error instanceof PolicyError) return false;
      throw error;
    }
  });

const identities = [someone(1), someone(2, 7), someone(3, 3, 1, 7), someone(4)];
const tokens: NamedToken[] = [
  { label: 'web', serial: 'a1' },
  { label: 'blob', serial: 'b2' },
];
const objects = [
  object('web-1'),
  object('root', { id: '0a0b' }),
  object('', { tag: 'x', session: true }),
  object('web-2', { tag: 'y', id: '0b' }),
];
const asked = [
  'C_Sign',
  'C_SignInit',
  'C_VerifyInit',
  'C_GetAttributeValue',
  'C_CreateObject',
  'C_DestroyObject',
  'C_WrapKey',
];

/** As expect, which is too slow for a hundred thousand answers. */
function same(found: boolean, wanted: boolean, about: string): void {
  if (found !== wanted) throw new Error(`${about}: ${found}, not ${wanted}`);
}

describe('rights', () => {
  it('are what each rule, read by itself, says', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { minLength: 1, maxLength: 6 }), (rules) => {
        const policy = policyOf(rules);
        for (const who of identities)
          for (const token of tokens) {
            const rights = policy.rightsOf(who).on(token);
            for (const name of [
              'C_Login',
              'C_OpenSession',
              'C_GenerateRandom',
              'C_DigestInit',
              'C_FindObjects',
            ]) {
              const fn = functionNumber(name);
              const takes = groupFor(fn)?.mechanisms === true;
              const answers = mechanismNames.map((mechanism) => {
                const wanted = ask(rules, who, token, fn, undefined, takes ? mechanism : undefined);
                same(
                  rights.mayUseMechanism(fn, takes ? type(mechanism) : -1),
                  wanted !== false,
                  `${name} ${mechanism}`,
                );
                return wanted !== false;
              });
              if (!takes) expect(rights.mayCall(fn)).toBe(answers[0]);
            }
            same(rights.user, askRole(rules, who, token, 'user'), 'the user');
            same(rights.so, askRole(rules, who, token, 'so'), 'the officer');
            expect(rights.visible).toBe(
              ask(rules, who, token, functionNumber('C_OpenSession'), undefined, undefined) !== false,
            );
            for (const about of objects) {
              const over = rights.over(about, () => about);
              for (const name of asked) {
                const fn = functionNumber(name);
                const takes = groupFor(fn)?.mechanisms === true;
                for (const mechanism of [...mechanismNames, 'CKM_SHA512']) {
                  const wanted = ask(rules, who, token, fn, about, takes ? mechanism : undefined);
                  const number = takes ? type(mechanism) : -1;
                  same(over.mayUse(fn, number), wanted !== false, `${name} ${mechanism} ${about.label}`);
                  same(over.mayUsePinless(fn, number), wanted === 'pinless', `${name} without a PIN`);
                  // People are told the same.
                  const told = explain(policy.rules, {
                    who,
                    what: fn,
                    token,
                    object: about,
                    mechanism: number,
                    at: 0,
                  });
                  same(told.allowed, wanted !== false, `${name} ${mechanism} ${about.label}, explained`);
                  // Whatever may be used is seen, and what may be called on something may be called.
                  if (wanted !== false) same(over.visible && rights.mayCall(fn), true, `${name} is seen`);
                }
              }
            }
          }
      }),
      { numRuns: 200 },
    );
  });

  it('depend on what a question says: one that says too little has no answer', () => {
    const policy = policyOf([
      { who: ['uid:2'], roles: ['user'], tokens: ['a'] },
      { who: ['uid:1'], roles: ['user'], keys: ['label:a'], mechanisms: ['CKM_ECDSA'] },
    ]);
    const [who, token, about] = [someone(1), { label: 'b', serial: '' }, object('a')];
    const ask = (what: string, more: object) =>
      explain(policy.rules, {
        who,
        what: functionNumber(what),
        token: undefined,
        object: undefined,
        mechanism: -1,
        at: 0,
        ...more,
      });
    expect(() => ask('C_Sign', {})).toThrow(new Unsaid(policy.rules[1] as Rule, 'key'));
    expect(() => ask('C_Sign', { object: about })).toThrow(/names mechanisms/);
    expect(ask('C_Sign', { object: about, mechanism: type('CKM_ECDSA') }).rule?.number).toBe(2);
    expect(ask('C_DestroyObject', { object: about }).allowed).toBe(true);
    expect(ask('C_GenerateRandom', {}).allowed).toBe(true);
    expect(() => ask('C_Sign', { who: someone(2) })).toThrow(/names tokens/);
    expect(ask('C_Sign', { who: someone(2), token }).passed.map(({ why }) => why)).toEqual([
      'is about other tokens',
      'is about others',
    ]);
  });

  it('come with roles: the first rule that says something about one decides', () => {
    const policy = policyOf([
      { who: ['uid:1'], effect: 'deny', roles: ['so', 'operator'] },
      { who: ['any'], roles: ['user', 'so', 'operator'] },
      { who: ['any'], roles: ['auditor'] },
    ]);
    const [one, two] = [policy.rightsOf(someone(1)), policy.rightsOf(someone(2))];
    const token = { label: 'a', serial: '' };
    expect([one.operator, one.on(token).so, one.on(token).user, one.auditor, one.metrics]).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
    expect([two.operator, two.on(token).so, two.on(token).user]).toEqual([true, true, true]);
  });

  it('let nobody in whom no rule names, or whom the first one denies everything', () => {
    const policy = policyOf([
      { who: ['uid:1'], effect: 'deny' },
      { who: ['uid:2'], effect: 'deny', tokens: ['a'] },
      { who: ['gid:1'], roles: ['user'] },
    ]);
    expect(policy.rightsOf(someone(1)).enter).toBe(false);
    expect(policy.rightsOf(someone(2)).enter).toBe(false);
    expect(policy.rightsOf(someone(2, 1)).enter).toBe(true);
    expect(policy.rightsOf(someone(2, 1)).on({ label: 'a', serial: '' }).visible).toBe(false);
    expect(policy.rightsOf(someone(2, 1)).on({ label: 'b', serial: '' }).visible).toBe(true);
    expect(policy.rightsOf(someone(5, 5, 1)).enter).toBe(true);
  });

  it('to make tokens are of the labels that the rule names', () => {
    const policy = new Policy(
      parsePolicy('[[rule]]\nwho = ["uid:1"]\ntokens = ["dev-*"]\nnew_tokens = true', 'p', accounts),
    );
    const rights = policy.rightsOf(someone(1));
    expect([
      rights.enter,
      rights.newTokens,
      rights.mayMakeToken('dev-1'),
      rights.mayMakeToken('prod'),
    ]).toEqual([true, true, true, false]);
    expect(rights.on({ label: 'dev-1', serial: '' }).visible).toBe(false);
  });

  it('without a policy are those of root and of the service', () => {
    const rightsOf = withoutPolicy(999);
    expect([0, 999, 1].map((uid) => [rightsOf(someone(uid)).enter, rightsOf(someone(uid)).operator])).toEqual(
      [
        [true, true],
        [true, true],
        [false, false],
      ],
    );
  });

  it('are worked out once for those who are the same, and for objects that the same rules are about', () => {
    const policy = policyOf([{ who: ['any'], keys: ['label:web-*'], functions: ['sign'] }]);
    const rights = policy.rightsOf(someone(1, 2, 3));
    expect(policy.rightsOf(someone(1, 2, 3))).toBe(rights);
    expect(policy.rightsOf(someone(1, 2))).not.toBe(rights);
    const [token] = tokens as [NamedToken];
    expect(rights.on(token)).toBe(rights.on(token));
    const [web1, root, , web2] = objects as [NamedObject, NamedObject, NamedObject, NamedObject];
    const over = (about: NamedObject) => rights.on(token).over(about, () => about);
    expect(over(web1)).toBe(over(web2));
    expect(over(root)).not.toBe(over(web1));
    // Its name is not asked for again.
    expect(rights.on(token).over(web1, () => root)).toBe(over(web1));
  });
});

describe('texts with stars', () => {
  it('match as they read', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }),
        (pattern, text) => {
          expect(matches(pattern, text)).toBe(like(pattern, text));
        },
      ),
    );
    expect(matches(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000))).toBe(false);
  });
});

describe('a rate', () => {
  it('lets a burst through and then so many a second, by a clock that only goes forward', () => {
    let now = 0;
    const bucket = new Bucket({ rate: 10, burst: 3 }, () => now);
    const take = (times: number) => Array.from({ length: times }, () => bucket.take());
    expect(take(4)).toEqual([true, true, true, false]);
    now += 100;
    expect(take(2)).toEqual([true, false]);
    now += 60_000;
    expect(take(4)).toEqual([true, true, true, false]);
  });

  it('is shared by all processes of a user, and not with others', () => {
    const policy = new Policy(
      parsePolicy('[[rule]]\nwho = ["any"]\nroles = ["user"]\nrate = 1\nburst = 2', 'p', accounts),
    );
    const [one, again, other] = [someone(1), someone(1, 5), someone(2)].map((who) => policy.rightsOf(who));
    expect([one?.admits(), again?.admits(), one?.admits(), again?.admits()]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(other?.admits()).toBe(true);
  });
});
