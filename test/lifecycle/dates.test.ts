/** `strongroom key dates` on keys that programs made: what it writes, what programs then read, and what it refuses before anything is changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { buildPkcs11js } from '../support/pkcs11js.ts';
import { makeStore, type Store } from '../support/store.ts';
import { aesKey, ecPair, type Hex, LABEL, makeToken, Program, strongroom } from './program.ts';

const DAY = 86_400;
const NONE = 'ffffffffffffffff';

let store: Store;
let program: Program;
let session: Hex;

beforeAll(async () => {
  await buildPkcs11js();
  store = makeStore();
  await makeToken(store);
  program = new Program(store);
  session = await program.session();
});

afterAll(async () => {
  await program?.leave();
  await store?.close();
});

const date = (key: string, ...args: readonly string[]) =>
  strongroom(store, 'key', 'dates', key, '--token', LABEL, '--pin', 'env:PIN', ...args);

const text = async (key: Hex, type: number) =>
  Buffer.from(await program.attribute(session, key, type), 'hex').toString();
/** How many keys have the day as their last: pkcs11js does not read an empty date. */
const ending = async (day: string) => (await program.find(session, { [ck.CKA_END_DATE]: day })).length;
const until = (key: Hex) => program.number(session, key, ck.CKA_STRONGROOM_DEACTIVATION_TIME);
const state = (key: Hex) => program.number(session, key, ck.CKA_STRONGROOM_STATE);
const seconds = (time: string) => Date.parse(time) / 1000;
const now = () => Math.floor(Date.now() / 1000);

describe('strongroom key dates', () => {
  it('gives a day as every program of PKCS#11 reads it, and takes it away again', async () => {
    const key = await aesKey(program, session, { [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: 'day' });
    const set = await date('day', '--from', '2020-02-29', '--until', '2999-12-31');
    expect(set.code, set.stderr).toBe(0);
    expect([await text(key, ck.CKA_START_DATE), await text(key, ck.CKA_END_DATE)]).toEqual([
      '20200229',
      '29991231',
    ]);
    // To the end of the day.
    expect(await until(key)).toBe(seconds('3000-01-01T00:00:00Z'));
    // A time takes the date's place, and a date the time's: what is read is what holds.
    expect((await date('day', '--until', '2999-12-31T12:00:30-01:00')).code).toBe(0);
    expect([await until(key), await ending('29991231')]).toEqual([seconds('2999-12-31T13:00:30Z'), 0]);
    expect((await date('day', '--until', '2998-12-31')).code).toBe(0);
    expect([await until(key), await text(key, ck.CKA_END_DATE)]).toEqual([
      seconds('2998-12-31T00:00:00Z') + DAY,
      '29981231',
    ]);
    const never = await date('day', '--until', 'never');
    expect(never.stdout).toBe('The secret key “day” has no end.\n');
    expect(await program.attribute(session, key, ck.CKA_STRONGROOM_DEACTIVATION_TIME)).toBe(NONE);
    expect(await ending('29981231')).toBe(0);
    expect(await text(key, ck.CKA_START_DATE)).toBe('20200229');
  });

  it('lets a key wait and begin', async () => {
    const later = now() + 1000 * DAY;
    const key = await aesKey(program, session, {
      [ck.CKA_TOKEN]: true,
      [ck.CKA_LABEL]: 'waits',
      [ck.CKA_STRONGROOM_ACTIVATION_TIME]: later,
    });
    expect(await state(key)).toBe(ck.CK_STRONGROOM_STATE_PRE_ACTIVATION);
    const beyond = await date('waits', '--until', new Date((later - 60) * 1000).toISOString().slice(0, 19));
    expect(beyond.code).toBe(1);
    expect(beyond.stderr).toContain('would end (');
    expect((await date('waits', '--from', '2998-01-01', '--until', '2998-01-01')).code).toBe(0);
    expect(await state(key)).toBe(ck.CK_STRONGROOM_STATE_PRE_ACTIVATION);
    const begun = await date('waits', '--from', '2020-01-01');
    expect(begun.stdout).toContain('began at 2020-01-01 00:00:00 UTC; it is active now.');
    expect(await state(key)).toBe(ck.CK_STRONGROOM_STATE_ACTIVE);
  });

  it('changes neither half of a pair when one of them cannot be', async () => {
    const labelled = { [ck.CKA_TOKEN]: true, [ck.CKA_LABEL]: 'pair', [ck.CKA_ID]: 'pair' };
    const { pub, priv } = await ecPair(program, session, labelled);
    expect((await date('pair', '--until', '2999-01-01')).stdout).toBe(
      'The private key “pair” ends at 2999-01-02 00:00:00 UTC.\nThe public key “pair” ends at 2999-01-02 00:00:00 UTC.\n',
    );
    for (const half of [pub, priv]) expect(await until(half)).toBe(seconds('2999-01-02T00:00:00Z'));
    const compromised = {
      [ck.CKA_STRONGROOM_STATE]: ck.CK_STRONGROOM_STATE_COMPROMISED,
      [ck.CKA_STRONGROOM_STATE_REASON]: 'tried out',
    };
    expect(await program.set(session, pub, compromised)).toBe('CKR_OK');
    const refused = await date('pair', '--until', '2998-01-01');
    expect(refused.stderr).toContain('the public key “pair” is compromised, and no date brings it back');
    expect(refused.code).toBe(1);
    expect(await until(priv)).toBe(seconds('2999-01-02T00:00:00Z'));
  });

  it('says which key may not be modified', async () => {
    const key = await aesKey(program, session, {
      [ck.CKA_TOKEN]: true,
      [ck.CKA_LABEL]: 'fixed',
      [ck.CKA_MODIFIABLE]: false,
    });
    const refused = await date('fixed', '--until', '2999-01-01');
    expect(refused.stderr).toBe(
      'strongroom: the secret key “fixed” may not be modified (CKA_MODIFIABLE is false); nothing was done\n' +
        '  strongroom key suspend, deactivate and compromise stop it all the same.\n',
    );
    expect(refused.code).toBe(1);
    expect(await program.attribute(session, key, ck.CKA_STRONGROOM_DEACTIVATION_TIME)).toBe(NONE);
    const stopped = await strongroom(
      store,
      'key',
      'suspend',
      'fixed',
      '--reason',
      'tried',
      '--pin',
      'env:PIN',
    );
    expect(stopped.code, stopped.stderr).toBe(0);
  });

  it('brings back no key whose day is over', async () => {
    const key = await aesKey(program, session, {
      [ck.CKA_TOKEN]: true,
      [ck.CKA_LABEL]: 'over',
      [ck.CKA_END_DATE]: '20200101',
    });
    for (const end of ['2999-01-01', 'never']) {
      const refused = await date('over', '--until', end);
      expect(refused.stderr).toContain('is deactivated, and no date brings it back; nothing was done');
      expect(refused.code).toBe(1);
    }
    expect(await text(key, ck.CKA_END_DATE)).toBe('20200101');
  });
});

it('a time that is taken away leaves what the date says, also of a new key and of a copy', async () => {
  const none = { [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: { hex: NONE } };
  const end = seconds('2997-01-02T00:00:00Z');
  const key = await aesKey(program, session, { [ck.CKA_END_DATE]: '29970101', ...none });
  expect(await until(key)).toBe(end);
  expect(await program.set(session, key, { [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: end - 5 })).toBe('CKR_OK');
  expect(await until(key)).toBe(end - 5);
  const copy = await program.ok<Hex>('C_CopyObject', session, key, [
    { type: ck.CKA_STRONGROOM_DEACTIVATION_TIME, value: { hex: NONE } },
  ]);
  expect([await until(copy), await until(key)]).toEqual([end, end - 5]);
  expect(await program.set(session, key, none)).toBe('CKR_OK');
  expect(await until(key)).toBe(end);
  expect(await program.find(session, { [ck.CKA_STRONGROOM_DEACTIVATION_TIME]: end })).toHaveLength(2);
});
