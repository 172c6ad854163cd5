/**
 * The attackers are users whom the policy gives something, and who want more: other keys, other functions, other tokens, and what was theirs
 * before the policy changed. Each is a process of his own user, with the library, at the service's socket.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { CKM_ECDSA, CKR_ACTION_PROHIBITED } from '../../module/engine/generated/constants.ts';
import { accountsIn } from '../../module/engine/policy/rules/accounts.ts';
import { parsePolicy } from '../../module/engine/policy/rules/parse.ts';
import { Policy } from '../../module/engine/policy/rules/policy.ts';
import { functionNumber, groupOf } from '../../module/engine/policy/rules/rule.ts';
import { eventually } from '../support/programs.ts';
import { ANNE, BILL, CARL, Service, type User, whyNoService } from '../support/service.ts';
import { allLeave, Visitor } from './ruled.ts';

const ROOT: User = { uid: 0, gid: 0 };
const OK = '0x0';
const NOT_INITIALIZED = '0x91';
const KEY_INVALID = '0x60';
const NOT_PERMITTED = '0x68';
const MECHANISM_INVALID = '0x70';
const PROHIBITED = '0x1b';
const NOT_SUPPORTED = '0x54';
const REJECTED = '0x200';
const SLOT_INVALID = '0x3';
const USER_TYPE_INVALID = '0x103';
const VALUE_INVALID = '0x13';
const SESSION_INVALID = '0xb3';

const RULES = `
[[rule]]
who = ["uid:0"]
roles = ["user", "so", "operator"]

[[rule]]
who = ["uid:0"]
new_tokens = true

[[rule]]
who = ["uid:${ANNE.uid}"]
tokens = ["web"]
keys = ["label:anne-*"]
functions = ["sign"]
mechanisms = ["CKM_ECDSA"]

[[rule]]
who = ["uid:${BILL.uid}"]
tokens = ["web"]
keys = ["label:bill-*", "session"]
roles = ["user"]
`;

/** Functions that are given a key; what takes it away comes last. */
const tried = [
  'C_EncryptInit',
  'C_DecryptInit',
  'C_SignInit',
  'C_SignRecoverInit',
  'C_VerifyInit',
  'C_VerifyRecoverInit',
  'C_WrapKey',
  'C_UnwrapKey',
  'C_WrapKeyAuthenticated',
  'C_UnwrapKeyAuthenticated',
  'C_DeriveKey',
  'C_GetAttributeValue',
  'C_GetObjectSize',
  'C_SetAttributeValue',
  'C_CopyObject',
  'C_DestroyObject',
];
/** What they answer when there is no such key, or when the mechanism or the function is given for no key at all. */
const invalid = [
  '0x60',
  '0x82',
  '0x115',
  '0xf0',
  NOT_PERMITTED,
  MECHANISM_INVALID,
  PROHIBITED,
  '0x13',
  NOT_SUPPORTED,
];

const why = whyNoService();
let service: Service | undefined;

afterEach(async () => {
  await allLeave();
  await service?.close();
  service = undefined;
});

async function served(rules = RULES): Promise<{ at: Service; root: Visitor }> {
  service = new Service(rules);
  const at = await service.start();
  const root = new Visitor(at, ROOT);
  const made = await root.wishes('start', 'token web', 'token other', 'open web', 'login user');
  expect(made).toEqual([OK, OK, OK, OK, OK]);
  expect(await root.wishes('make anne-1', 'make bill-1')).toEqual([OK, OK]);
  return { at, root };
}

async function user(at: Service, who: User): Promise<Visitor> {
  const visitor = new Visitor(at, who);
  expect(await visitor.wishes('start', 'open web', 'login user')).toEqual([OK, OK, OK]);
  return visitor;
}

async function reload(at: Service, rules: string, said: RegExp): Promise<void> {
  at.writePolicy(rules);
  const before = at.log.length;
  process.kill(at.pid, 'SIGHUP');
  expect(await eventually(() => said.test(at.log.slice(before)), 60_000)).toBe(true);
}

const done = /configuration and policy were read anew/;

describe('users for whom rules hold', { timeout: 300_000, skip: why !== undefined }, () => {
  test('have what the rules give them, and nothing of what they give others', async () => {
    const { at } = await served();
    const anne = await user(at, ANNE);
    // The pair's two halves; of the other token and of Bill's keys nothing is there.
    expect(await anne.wishes('slots', 'find', 'mechanisms')).toEqual(['0x0 1', '0x0 2', '0x0 1']);
    expect(await anne.wishes('key bill-1', 'key anne-1', 'sign')).toEqual([OK, '0x0 1', OK]);
    expect(await anne.wishes('again 20', 'sign sha256', 'verify', 'destroy', 'wrap')).toEqual([
      OK,
      MECHANISM_INVALID,
      NOT_PERMITTED,
      PROHIBITED,
      NOT_PERMITTED,
    ]);
    expect(await anne.wishes('rename anne-2', 'copy anne-2', 'make anne-3', 'random')).toEqual([
      PROHIBITED,
      PROHIBITED,
      NOT_SUPPORTED,
      NOT_SUPPORTED,
    ]);
    expect(await anne.wishes('open other', 'token mine')).toEqual([SLOT_INVALID, SLOT_INVALID]);
    const second = new Visitor(at, ANNE);
    expect(await second.wishes('start', 'open web', 'login so')).toEqual([OK, OK, USER_TYPE_INVALID]);
    const carl = new Visitor(at, CARL);
    expect(await carl.wish('start')).toBe('0x6');
  });

  test.each([
    ['Anne', ANNE],
    ['Bill', BILL],
    ['root', ROOT],
  ])('may do with each key what the rules say: %s', async (_, who) => {
    const { at } = await served();
    const policy = new Policy(parsePolicy(RULES, 'rules', accountsIn('', '')));
    const rights = policy.rightsOf({ ...who, groups: [], executable: '' }).on({ label: 'web', serial: '' });
    for (const label of ['anne-1', 'bill-1']) {
      const visitor = await user(at, who);
      const named = { label, id: '', tag: '', session: false };
      const over = rights.over(named, () => named);
      expect(await visitor.wish(`key ${label}`), label).toBe(over.visible ? '0x0 1' : OK);
      for (const name of tried) {
        const fn = functionNumber(name);
        const group = groupOf[fn];
        const rv = await visitor.wish(`try ${name}`);
        const may = over.mayUse(fn, group?.mechanisms === true ? CKM_ECDSA : -1);
        const refusal = over.visible
          ? [`0x${(group?.refusal ?? 0).toString(16)}`, MECHANISM_INVALID]
          : invalid;
        // CKM_ECDSA is no mechanism for some of them, which the handler says when it gets that far.
        if (may)
          expect(
            [`0x${CKR_ACTION_PROHIBITED.toString(16)}`, NOT_PERMITTED],
            `${name} ${label}`,
          ).not.toContain(rv);
        else expect(refusal, `${name} ${label}`).toContain(rv);
      }
    }
  });

  test('guess no handle, and no name', async () => {
    const { at } = await served();
    const anne = await user(at, ANNE);
    for (let handle = 0; handle < 40; handle++)
      expect(await anne.wishes(`steal ${handle}`, 'sign'), `handle ${handle}`).toEqual([OK, KEY_INVALID]);
    const bill = await user(at, BILL);
    expect(await bill.wishes('key bill-1', 'sign', 'rename anne-1', 'make anne-1')).toEqual([
      '0x0 1',
      OK,
      VALUE_INVALID,
      VALUE_INVALID,
    ]);
    // His own session objects are his to name; nobody else sees them.
    expect(await bill.wish('copy anne-1')).toBe(OK);
    expect(await anne.wish('find')).toBe('0x0 2');
    expect(await bill.wishes('rename bill-2', 'make bill-3', 'find')).toEqual([OK, OK, '0x0 5']);
  });

  test('lose what another policy does not give them, in the middle of things', async () => {
    const { at } = await served();
    const anne = await user(at, ANNE);
    const bill = await user(at, BILL);
    expect(await anne.wishes('key anne-1', 'begin')).toEqual(['0x0 1', OK]);
    expect(await bill.wishes('key bill-1', 'again 5')).toEqual(['0x0 1', OK]);
    await reload(
      at,
      RULES.replace('anne-*', 'ann-*').replace(
        /\[\[rule\]\]\nwho = \["uid:64102"\][^[]*\[.*\]\nkeys[^\n]*\nroles[^\n]*\n/,
        '',
      ),
      done,
    );
    expect(await anne.wish('finish')).toBe(NOT_INITIALIZED);
    expect(await anne.wishes('begin', 'find')).toEqual([KEY_INVALID, OK]);
    expect(await bill.wishes('sign', 'info', 'slots')).toEqual([SESSION_INVALID, SESSION_INVALID, OK]);
    await reload(at, '[[rule]]\nwho = ["user:nobody-of-that-name"]\n', /has no user "nobody-of-that-name"/);
    expect(await anne.wishes('begin', 'find')).toEqual([KEY_INVALID, OK]);
    await reload(at, RULES, done);
    expect(await anne.wishes('key anne-1', 'sign')).toEqual(['0x0 1', OK]);
    expect(await bill.wishes('open web', 'login user', 'key bill-1', 'sign')).toEqual([OK, OK, '0x0 1', OK]);
  });

  test('who call too often are held up, and nobody else is', async () => {
    const { at } = await served(
      RULES.replace('functions = ["sign"]', 'functions = ["sign"]\nrate = 1\nburst = 30'),
    );
    const anne = await user(at, ANNE);
    expect(await anne.wish('key anne-1')).toBe('0x0 1');
    const [rv, count] = (await anne.wish('again 200')).split(' ');
    expect([REJECTED, NOT_INITIALIZED]).toContain(rv);
    expect(Number(count)).toBeGreaterThan(100);
    const bill = await user(at, BILL);
    expect(await bill.wishes('key bill-1', 'again 100')).toEqual(['0x0 1', OK]);
  });

  test('a policy that cannot be understood lets nothing start', async () => {
    service = new Service('[[rule]]\nwho = ["any"]\nroles = ["usr"]\n');
    await expect(service.start()).rejects.toThrow(
      /line 1, rule 1: roles: there is no role "usr"; did you mean "user"\?/,
    );
  });
});
