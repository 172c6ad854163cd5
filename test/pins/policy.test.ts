/** What a token takes for a PIN, and what a PIN opens that must be changed: through the C interface. */
import { afterEach, describe, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { makeStore, type Store } from '../support/store.ts';
import { addon, bytes, enter, rvOf, SO, statusOf, USER } from './support.ts';

const LABEL = 'Ledger 2026';
const SLOT = 0;
const so = 'officer-Pin-31';
const pin = 'User-pin-27';

let store: Store | undefined;

afterEach(async () => {
  addon.finalize();
  await store?.close();
  store = undefined;
});

function begin(...lines: string[]): Store {
  const made = makeStore();
  store = made;
  enter(made, lines);
  return made;
}

/** The same store, by an engine with another configuration. */
async function again(at: Store, ...lines: string[]): Promise<void> {
  addon.finalize();
  await at.stopEngine();
  enter(at, lines, 'again');
}

const initToken = (value: string | readonly number[], slot = SLOT) =>
  rvOf(() => addon.initToken(slot, bytes(value), bytes(LABEL)));
const login = (session: number, user: number, value: string | readonly number[]) =>
  rvOf(() => addon.login(session, user, bytes(value)));
const initPin = (session: number, value: string | readonly number[]) =>
  rvOf(() => addon.initPin(session, bytes(value)));
const setPin = (session: number, old: string, value: string | readonly number[]) =>
  rvOf(() => addon.setPin(session, bytes(old), bytes(value)));

/** A token, and a session of its officer. */
function officer(): number {
  expect(initToken(so)).toBe(ck.CKR_OK);
  const session = addon.openSession(SLOT, true);
  expect(login(session, SO, so)).toBe(ck.CKR_OK);
  return session;
}

/** The same, with the user's PIN set, and nobody logged in. */
function withUser(value = pin): number {
  const session = officer();
  expect(initPin(session, value)).toBe(ck.CKR_OK);
  addon.logout(session);
  return session;
}

const flags = () => addon.tokenInfo(SLOT).flags;
const classes = (...values: number[]) => values.map((value) => rvOf(() => addon.find(value, 2)));

describe('the profile “open”', () => {
  test('takes what scripts have always set', () => {
    begin();
    expect(initToken('1234')).toBe(ck.CKR_OK);
    const session = addon.openSession(SLOT, true);
    expect(login(session, SO, '1234')).toBe(ck.CKR_OK);
    for (const value of ['0000', 'a'.repeat(255), LABEL, 'password'])
      expect(initPin(session, value), value).toBe(ck.CKR_OK);
    const { minPin, maxPin } = addon.tokenInfo(SLOT);
    expect([minPin, maxPin]).toEqual([4, 255]);
  });

  test('takes any bytes, and tells those from each other that are no UTF-8 or go on behind a NUL', () => {
    begin();
    const session = officer();
    for (const value of [
      [0xff, 0xfe, 0xfd, 0xfc],
      [0x61, 0, 0x62, 0x63],
      [0, 0, 0, 0],
    ]) {
      expect(initPin(session, value)).toBe(ck.CKR_OK);
      addon.logout(session);
      expect(login(session, USER, [0x61, 0, 0, 0])).toBe(ck.CKR_PIN_INCORRECT);
      expect(login(session, USER, value)).toBe(ck.CKR_OK);
      addon.logout(session);
      expect(login(session, SO, so)).toBe(ck.CKR_OK);
    }
  });

  test('has bounds all the same', () => {
    begin();
    const session = officer();
    for (const value of ['abc', 'a'.repeat(256)])
      expect(initPin(session, value), `${value.length}`).toBe(ck.CKR_PIN_LEN_RANGE);
    expect(initToken('abc', 1)).toBe(ck.CKR_PIN_LEN_RANGE);
    // What cannot be a PIN can be tried, and counts.
    addon.logout(session);
    expect(login(session, SO, 'a'.repeat(256))).toBe(ck.CKR_PIN_INCORRECT);
    expect(flags() & ck.CKF_SO_PIN_COUNT_LOW).not.toBe(0);
  });
});

describe('the profile “strict”', () => {
  test('asks for 12 bytes of the officer and 8 of the user', () => {
    begin('profile = "strict"');
    expect(initToken('k3k3-l4l4-m')).toBe(ck.CKR_PIN_LEN_RANGE);
    const session = officer();
    expect(initPin(session, 'k3-l4-m')).toBe(ck.CKR_PIN_LEN_RANGE);
    expect(initPin(session, 'k3-l4-m5')).toBe(ck.CKR_OK);
    const { minPin, maxPin } = addon.tokenInfo(SLOT);
    expect([minPin, maxPin]).toEqual([8, 255]);
    expect(setPin(session, so, 'k3-l4-m5')).toBe(ck.CKR_PIN_LEN_RANGE);
  });

  test.each([
    '00000000',
    '12345678',
    '98765432',
    '78901234',
    'abcdefgh',
    'abcabcabc',
    '12121212',
    'password',
    'PassWord',
    LABEL,
    LABEL.toUpperCase(),
  ])('refuses %s', (value) => {
    begin('profile = "strict"');
    expect(initPin(officer(), value)).toBe(ck.CKR_PIN_INVALID);
  });

  test('can be asked for less, key by key', () => {
    begin('profile = "strict"', 'min_length = 6', 'refuse_trivial = false');
    const session = officer();
    expect(initPin(session, '000000')).toBe(ck.CKR_OK);
    expect(initPin(session, '00000')).toBe(ck.CKR_PIN_LEN_RANGE);
  });
});

describe('rules', () => {
  test('about kinds of characters count bytes, so that letters of any alphabet are “others”', () => {
    begin('classes = 3');
    const session = officer();
    for (const [value, rv] of [
      ['abcdefgh', ck.CKR_PIN_INVALID],
      ['Abcdefgh', ck.CKR_PIN_INVALID],
      ['Abcdefg1', ck.CKR_OK],
      ['abcd-efg1', ck.CKR_OK],
      ['Grüße', ck.CKR_OK],
      ['grüße', ck.CKR_PIN_INVALID],
    ] as const)
      expect(initPin(session, value), value).toBe(rv);
  });

  test('about refused PINs hold for every way to set one', () => {
    begin('refused = "hunter2 Acme2026 grün"', 'so_min_length = 4');
    expect(initToken('HUNTER2')).toBe(ck.CKR_PIN_INVALID);
    const session = withUser();
    expect(login(session, SO, so)).toBe(ck.CKR_OK);
    expect(setPin(session, so, 'acme2026')).toBe(ck.CKR_PIN_INVALID);
    expect(initPin(session, 'hunter2')).toBe(ck.CKR_PIN_INVALID);
    addon.logout(session);
    expect(setPin(session, pin, 'grün')).toBe(ck.CKR_PIN_INVALID);
    expect(setPin(session, pin, 'hunter22')).toBe(ck.CKR_OK);
    // A wrong old PIN is told before anything about the new one, but for its form.
    expect(setPin(session, pin, 'hunter3333')).toBe(ck.CKR_PIN_INCORRECT);
  });

  test('about length go up to a longest one, which is never below the shortest', async () => {
    const at = begin('max_length = 16');
    const session = withUser();
    expect(login(session, SO, so)).toBe(ck.CKR_OK);
    expect(initPin(session, 'k3-l4-m5-n6-o7-p8')).toBe(ck.CKR_PIN_LEN_RANGE);
    await again(at, 'min_length = 20');
    const { minPin, maxPin } = addon.tokenInfo(SLOT);
    expect([minPin, maxPin]).toEqual([20, 20]);
  });
});

describe('a history', () => {
  test('keeps a role’s last PINs from being set again, by whomever', async () => {
    const at = begin('history = 3');
    const session = withUser('first-pin');
    expect(setPin(session, 'first-pin', 'first-pin')).toBe(ck.CKR_PIN_INVALID);
    expect(setPin(session, 'first-pin', 'second-pin')).toBe(ck.CKR_OK);
    expect(setPin(session, 'second-pin', 'third-pin')).toBe(ck.CKR_OK);
    for (const old of ['first-pin', 'second-pin', 'third-pin'])
      expect(setPin(session, 'third-pin', old), old).toBe(ck.CKR_PIN_INVALID);
    expect(login(session, SO, so)).toBe(ck.CKR_OK);
    expect(initPin(session, 'second-pin')).toBe(ck.CKR_PIN_INVALID);
    // The officer's PIN is another's history.
    expect(setPin(session, so, 'first-pin')).toBe(ck.CKR_OK);
    expect(setPin(session, 'first-pin', so)).toBe(ck.CKR_PIN_INVALID);
    expect(initPin(session, 'fourth-pin')).toBe(ck.CKR_OK);
    // It lasts, and asks for as much when less is configured.
    await again(at);
    const later = addon.openSession(SLOT, true);
    for (const old of ['second-pin', 'third-pin', 'fourth-pin'])
      expect(setPin(later, 'fourth-pin', old), old).toBe(ck.CKR_PIN_INVALID);
    expect(setPin(later, 'fourth-pin', 'first-pin')).toBe(ck.CKR_OK);
    expect(login(later, USER, 'first-pin')).toBe(ck.CKR_OK);
  });

  test('that begins later knows the present PIN, when it is changed', async () => {
    const at = begin();
    withUser();
    await again(at, 'history = 5');
    const session = addon.openSession(SLOT, true);
    expect(setPin(session, pin, pin)).toBe(ck.CKR_PIN_INVALID);
    expect(setPin(session, pin, 'another-pin')).toBe(ck.CKR_OK);
  });
});

describe('a PIN that must be changed', () => {
  test('lets its user in, and to nothing but C_SetPIN (PKCS#11 3.2, 3.2)', () => {
    begin('must_change_after_reset = true');
    const session = withUser();
    expect(flags() & ck.CKF_USER_PIN_TO_BE_CHANGED).not.toBe(0);
    expect(flags() & ck.CKF_SO_PIN_TO_BE_CHANGED).toBe(0);
    expect(statusOf(SLOT, USER)).toMatchObject({ mustChange: 'reset' });
    // Without a login the token is as public as ever.
    expect(classes(session)).toEqual([ck.CKR_OK]);
    expect(login(session, USER, pin)).toBe(ck.CKR_OK);
    const second = addon.openSession(SLOT, true);
    expect(classes(session, second)).toEqual([ck.CKR_PIN_EXPIRED, ck.CKR_PIN_EXPIRED]);
    const label = [[ck.CKA_CLASS, bytes([0, 0, 0, 0, 0, 0, 0, 0])]] as const;
    expect(rvOf(() => addon.createObject(session, label))).toBe(ck.CKR_PIN_EXPIRED);
    // The same again is no change.
    expect(setPin(session, pin, pin)).toBe(ck.CKR_PIN_INVALID);
    expect(setPin(session, 'wrong-pin', 'Another-pin-1')).toBe(ck.CKR_PIN_INCORRECT);
    expect(classes(session)).toEqual([ck.CKR_PIN_EXPIRED]);
    expect(setPin(session, pin, 'Another-pin-1')).toBe(ck.CKR_OK);
    expect(classes(session, second)).toEqual([ck.CKR_OK, ck.CKR_OK]);
    expect(flags() & ck.CKF_USER_PIN_TO_BE_CHANGED).toBe(0);
    addon.logout(session);
    expect(login(session, USER, 'Another-pin-1')).toBe(ck.CKR_OK);
    expect(classes(session)).toEqual([ck.CKR_OK]);
  });

  test('can be changed without a login too, and the login after that opens', () => {
    begin('must_change_after_reset = true');
    const session = withUser();
    expect(setPin(session, pin, 'Another-pin-1')).toBe(ck.CKR_OK);
    expect(login(session, USER, 'Another-pin-1')).toBe(ck.CKR_OK);
    expect(classes(session)).toEqual([ck.CKR_OK]);
  });

  test('stays one when somebody logs out, when the engine ends, and when nothing is configured any more', async () => {
    const at = begin('must_change_after_reset = true');
    const session = withUser();
    expect(login(session, USER, pin)).toBe(ck.CKR_OK);
    addon.logout(session);
    expect(classes(session)).toEqual([ck.CKR_OK]);
    await again(at);
    expect(flags() & ck.CKF_USER_PIN_TO_BE_CHANGED).not.toBe(0);
    const later = addon.openSession(SLOT, true);
    expect(login(later, USER, pin)).toBe(ck.CKR_OK);
    expect(classes(later)).toEqual([ck.CKR_PIN_EXPIRED]);
  });
});
