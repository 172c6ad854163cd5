import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountsIn } from '../../../module/engine/policy/rules/accounts.ts';
import { PolicyError } from '../../../module/engine/policy/rules/error.ts';
import { parsePolicy } from '../../../module/engine/policy/rules/parse.ts';
import { functionNumber, type Rule } from '../../../module/engine/policy/rules/rule.ts';
import { functions } from '../../../schema/cryptoki/functions.ts';
import { functionGroups, handleArguments } from '../../../schema/policy/groups.ts';
import { generatePolicySample } from '../../../scripts/generate/policy-sample.ts';
import { ROOT } from '../../support/profile.ts';

const accounts = accountsIn(
  'root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\nadmin:x:1000:1000::/:/bin/sh\nwww-data:x:99:99::/:/bin/false\n',
  'root:x:0:\nwww-data:x:33:\nssl-cert:x:110:www-data,admin\n',
);

/** The rules of a text, or the problems with it. */
function read(text: string): Rule[] | string[] {
  try {
    return parsePolicy(text, 'p.toml', accounts);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^p\.toml: /, ''));
  }
}

function ruleOf(text: string): Rule {
  const [rule] = parsePolicy(`[[rule]]\n${text}`, 'p.toml', accounts);
  if (rule === undefined) throw new Error('no rule');
  return rule;
}

const has = (rule: Rule, ...names: string[]) => names.map((name) => rule.functions.has(functionNumber(name)));

describe('the groups of functions', () => {
  it('have every function in exactly one of them', () => {
    const all = functionGroups.flatMap((group) => [...group.functions]);
    expect([...all].sort()).toEqual(functions.map(({ name }) => name).sort());
  });

  it('find every argument that is the handle of an object', () => {
    const handles = functions.flatMap(({ args }) =>
      args.flatMap((arg) => (arg.kind === 'ulong' && /^h[A-Z]/.test(arg.params[0]) ? [arg.name] : [])),
    );
    expect([...new Set(handles)].sort()).toEqual([...handleArguments].sort());
  });

  it('say that a function is about objects where it names one', () => {
    for (const { name, args } of functions) {
      if (!args.some((arg) => 'name' in arg && arg.kind === 'ulong' && /^h[A-Z]/.test(arg.params[0])))
        continue;
      const group = functionGroups.find((each) => (each.functions as readonly string[]).includes(name));
      expect(group?.objects, name).not.toBe('none');
    }
  });
});

describe('the sample', () => {
  const text = [...generatePolicySample()].map(([, content]) => content).join('');

  it('is what the tables say now', () => {
    expect(readFileSync(path.join(ROOT, 'docs/policy.toml'), 'utf8') === text, 'make generate').toBe(true);
  });

  it('is a policy, with the rules to begin with and with every field', () => {
    expect(read(text)).toEqual([]);
    const begun = text.replaceAll(/^#(?!#) ?/gm, '').replaceAll('user:admin', 'uid:1000');
    const rules = read(begun.slice(0, begun.indexOf('## All that')));
    expect(rules).toHaveLength(3);
    expect(rules).not.toContainEqual(expect.any(String));
    const whole = begun.slice(begun.indexOf('## All that')).replaceAll('group:ssl-cert', 'gid:110');
    expect(read(whole)).toMatchObject([{ number: 1, allow: true, rate: { rate: 500, burst: 1000 } }]);
  });
});

describe('the page about it', () => {
  it('has rules that can be read', () => {
    const page = readFileSync(path.join(ROOT, 'docs/policy.md'), 'utf8');
    const [, rules = ''] = /```toml\n([\s\S]*?)```/.exec(page) ?? [];
    expect(read(rules.replace('group:web-admins', 'group:ssl-cert'))).toHaveLength(5);
  });
});

describe('a policy file', () => {
  it('may have no rules', () => {
    expect(read('')).toEqual([]);
    expect(read('# nobody\n')).toEqual([]);
  });

  it('names users and groups as the system does; of two lines the first counts', () => {
    const { who } = ruleOf(
      'who = ["user:www-data", "group:ssl-cert", "uid:7", "gid:8", "any"]\nroles = ["user"]',
    );
    expect(who).toEqual([{ uid: 33 }, { gid: 110 }, { uid: 7 }, { gid: 8 }, {}]);
  });

  it('says what is wrong, rule by rule, with what may have been meant', () => {
    const text = [
      'rules = 1',
      '',
      '[[rule]]',
      'who = ["user:www-dta", "group:nobody-knows", "uid:x", "usr:root"]',
      'roles = ["usr"]',
      '[[rule]]',
      'whom = ["any"]',
      'functions = ["sing", "C_OpenSession", "SR_StopEngine", "C_Sing"]',
      'keys = ["lable:web", "id:xyz"]',
      'mechanisms = ["CKM_ECDSA_SHA257"]',
      'rate = 0',
    ].join('\n');
    expect(read(text)).toEqual([
      'there is no rules; every rule begins with [[rule]], and what it says follows',
      'line 3, rule 1: who: /etc/passwd has no user "www-dta"; did you mean "www-data"?',
      'line 3, rule 1: who: /etc/group has no group "nobody-knows"',
      'line 3, rule 1: who: "uid:x" has no number of the system’s',
      'line 3, rule 1: who: "usr:root" is nobody: write "user:…", "uid:…", "group:…", "gid:…" or "any"; of other machines "spiffe://…", "dns:…", "subject:…" or "any-remote"; did you mean "user"?',
      'line 3, rule 1: roles: there is no role "usr"; did you mean "user"?',
      'line 3, rule 1: it allows nothing',
      'line 6, rule 2: there is no whom; did you mean who?',
      'line 6, rule 2: rate must be a whole number, 1 to 1000000',
      'line 6, rule 2: it names nobody: add who = ["user:…"]',
      'line 6, rule 2: keys: "lable:web" names no object: write "label:…", "id:…", "tag:…" or "session"; did you mean "label"?',
      'line 6, rule 2: keys: "id:xyz" is not hexadecimal',
      'line 6, rule 2: mechanisms: there is no mechanism "CKM_ECDSA_SHA257" here; did you mean "CKM_ECDSA_SHA256"?',
      'line 6, rule 2: functions: there is no group and no function "sing"; did you mean "sign"?',
      'line 6, rule 2: functions: "C_OpenSession" comes with every right on a token, and is not given by itself',
      'line 6, rule 2: functions: "SR_StopEngine" comes with the role "operator", and is not given by itself',
      'line 6, rule 2: functions: there is no group and no function "C_Sing"; did you mean "C_Sign"?',
    ]);
  });

  it.each([
    ['[[rule]', /^line 1, column 8: /],
    ['rule = 1', 'rules are written as [[rule]], in double brackets'],
    ['[rule]\nwho = ["any"]', 'rules are written as [[rule]], in double brackets'],
    ['[[rule]]\nwho = "any"\nroles = ["user"]', /who must be a list of texts in quotes/],
    ['[[rule]]\nwho = []\nroles = ["user"]', /who must be a list that is not empty/],
    ['[[rule]]\nwho = ["any"]\nroles = ["user"]\nkeys = ["label:a\\nb"]', /without control characters/],
    ['[[rule]]\nwho = ["any"]\neffect = "forbid"', /effect must be "allow" or "deny"/],
    ['[[rule]]\nwho = ["any"]\nroles = ["user"]\npinless = 1', /pinless must be true or false/],
    ['[[rule]]\nwho = ["any"]', /does not say what is allowed/],
    ['[[rule]]\nwho = ["any"]\nroles = []', /allows nothing/],
    ['[[rule]]\nwho = ["any"]\neffect = "deny"\nroles = []', /denies nothing/],
    [
      '[[rule]]\nwho = ["any"]\neffect = "deny"\nkeys = ["label:a"]\nfunctions = ["random"]',
      /denies nothing/,
    ],
    ['[[rule]]\nwho = ["any"]\neffect = "deny"\nrate = 1', /rate belongs into a rule that allows/],
    ['[[rule]]\nwho = ["any"]\nroles = ["user"]\nburst = 1', /burst says nothing without rate/],
    [
      '[[rule]]\nwho = ["any"]\nroles = ["operator"]\ntokens = ["a"]',
      /tokens say nothing about the role "operator"/,
    ],
    ['[[rule]]\nwho = ["any"]\neffect = "deny"\nroles = ["so"]\nkeys = ["tag:a"]', /say nothing about roles/],
  ])('is refused: %s', (text, problem) => {
    expect(read(text)).toContainEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
  });

  it('gives with functions what nobody can do without', () => {
    const rule = ruleOf('who = ["any"]\nfunctions = ["C_Sign"]');
    expect([...rule.roles]).toEqual(['user']);
    expect(has(rule, 'C_Sign', 'C_FindObjects', 'C_GetAttributeValue', 'C_Login', 'C_OpenSession')).toEqual(
      Array(5).fill(true),
    );
    expect(has(rule, 'C_SignInit', 'C_GenerateRandom', 'C_DestroyObject', 'C_InitToken')).toEqual(
      Array(4).fill(false),
    );
    const random = ruleOf('who = ["any"]\nroles = []\nfunctions = ["random"]');
    expect(has(random, 'C_GenerateRandom', 'C_OpenSession')).toEqual([true, true]);
    expect(has(random, 'C_FindObjects', 'C_Login')).toEqual([false, false]);
    const auditor = ruleOf('who = ["any"]\nroles = ["auditor"]');
    expect(auditor.functions.size).toBe(0);
  });

  it('denies what it can be about', () => {
    const keys = ruleOf('who = ["any"]\neffect = "deny"\nkeys = ["label:root"]');
    expect(has(keys, 'C_Sign', 'C_DestroyObject')).toEqual([true, true]);
    expect(has(keys, 'C_GenerateRandom', 'C_Login', 'C_OpenSession')).toEqual([false, false, false]);
    expect(keys.roles.size).toBe(0);
    const mechanisms = ruleOf('who = ["any"]\neffect = "deny"\nmechanisms = ["CKM_RSA_PKCS"]');
    expect(has(mechanisms, 'C_Sign', 'C_DigestInit', 'C_DestroyObject')).toEqual([true, true, false]);
    const token = ruleOf('who = ["any"]\neffect = "deny"\ntokens = ["a"]');
    expect([...token.roles]).toEqual(['user', 'so']);
    const all = ruleOf('who = ["any"]\neffect = "deny"');
    expect(all.functions.size).toBe(functions.length);
    expect(all.roles.size).toBe(5);
    const role = ruleOf('who = ["any"]\neffect = "deny"\nroles = ["so"]');
    expect(role.functions.size).toBe(0);
  });
});

describe('accounts', () => {
  it('know whom a user is', () => {
    expect(accounts.who(33)).toEqual({ name: 'www-data', gid: 33, groups: [110] });
    expect(accounts.who(4)).toBeUndefined();
  });
});
