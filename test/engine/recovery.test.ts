/** Recovery words at the engine's calls: made, confirmed, used, and everything that is tried with them. */
import { validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loginHandlers } from '../../module/engine/calls/login.ts';
import { recoveryHandlers } from '../../module/engine/calls/own/recovery.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import type { Session } from '../../module/engine/sessions/application.ts';
import { KeyslotKind } from '../../module/engine/store/protection.ts';
import { Reply } from '../../module/engine/values/reply.ts';
import { enclave, temporaryFolder } from '../store/support.ts';
import { fillSoPin, fillStore, fillUserPin } from '../support/fill.ts';
import { Host } from './host.ts';

const { SR_AddRecovery, SR_ConfirmRecovery, SR_RemoveRecovery, SR_Recover, SR_GetTokenAccess } =
  recoveryHandlers;
const { C_Login, C_Logout, C_InitPIN } = loginHandlers;

function span(bytes: Uint8Array | string) {
  const buffer = Buffer.from(bytes);
  return { buffer, offset: 0, length: buffer.length };
}

let folder = '';
let host: Host;

beforeEach(() => {
  folder = `${temporaryFolder()}/store`;
  fillStore(enclave, folder, [
    { label: 'first', objects: 3, kind: 'aes' },
    { label: 'second', objects: 1, kind: 'aes' },
  ]);
  host = new Host(folder);
});
afterEach(() => host.engine.store.close());

const answered = (answer: Promise<number>) => host.answered(answer);

async function logIn(userType: number, pin: string, slot = 0): Promise<number> {
  const session = host.session(host.app(), slot);
  const rv = await answered(host.call(C_Login, session, { userType, pin: span(pin) }));
  if (rv === ck.CKR_OK) await answered(host.call(C_Logout, session, {}));
  host.close(session);
  return rv;
}

async function officer(slot = 0): Promise<Session> {
  const session = host.session(host.app(), slot);
  expect(await answered(host.call(C_Login, session, { userType: ck.CKU_SO, pin: span(fillSoPin) }))).toBe(0);
  return session;
}

/** The words that a call answers; undefined with what it answered instead. */
async function add(
  session: Session,
  count = 24,
  capacity = 215,
  lists = 1,
): Promise<{ rv: number; words: string }> {
  const area = new Uint8Array(4096);
  const reply = new Reply(area);
  const words = { present: true, capacity };
  const rv = await answered(host.call(SR_AddRecovery, session, { count, lists, words }, reply));
  const length = new DataView(area.buffer).getUint32(0, true);
  return { rv, words: Buffer.from(area.subarray(8, 8 + length)).toString() };
}

async function newWords(slot = 0): Promise<string> {
  const session = await officer(slot);
  const { rv, words } = await add(session);
  expect([rv, await answered(host.call(SR_ConfirmRecovery, session, {}))]).toEqual([0, 0]);
  host.close(session);
  return words;
}

function recover(
  words: Uint8Array | string | null,
  userType = ck.CKU_USER,
  pin: string | null = 'a new PIN',
  slot = 0,
) {
  const newPin = pin === null ? null : span(pin);
  const a = { slot, words: words === null ? null : span(words), userType, newPin };
  return answered(host.call(SR_Recover, host.session(host.app(), slot), a));
}

interface Way {
  readonly way: string;
  readonly set: boolean;
  readonly left?: number;
  readonly words?: number;
  readonly lists?: number;
  readonly needs?: readonly unknown[];
}

async function ways(slot = 0): Promise<Record<string, Way>> {
  const area = new Uint8Array(4096);
  const access = { present: true, capacity: 4000 };
  const rv = await answered(
    host.call(SR_GetTokenAccess, host.session(host.app(), slot), { slot, access }, new Reply(area)),
  );
  expect(rv).toBe(0);
  const length = new DataView(area.buffer).getUint32(0, true);
  const { ways: list } = JSON.parse(Buffer.from(area.subarray(8, 8 + length)).toString()) as { ways: Way[] };
  return Object.fromEntries(list.map((way) => [way.way, way]));
}

const failures = (kind: KeyslotKind) => host.engine.store.failures(host.token().record, kind);

/** Lists of words for so many people, which count from now on. */
async function newSheets(people: number, count = 24, slot = 0): Promise<string[]> {
  const session = await officer(slot);
  const { rv, words } = await add(session, count, 4000, people);
  expect([rv, await answered(host.call(SR_ConfirmRecovery, session, {}))]).toEqual([0, 0]);
  host.close(session);
  return words.split('\n');
}

describe('recovery words', () => {
  test('set a lost user PIN and a locked SO PIN anew, unlock both, and no key is lost', async () => {
    const words = await newWords();
    expect(validateMnemonic(words, wordlist)).toBe(true);
    for (const [type, pin] of [
      [ck.CKU_USER, fillUserPin],
      [ck.CKU_SO, fillSoPin],
    ] as const) {
      let rv = 0;
      for (let i = 0; i < 10; i++) rv = await logIn(type, 'wrong');
      expect(rv).toBe(ck.CKR_PIN_LOCKED);
      expect(await logIn(type, pin)).toBe(ck.CKR_PIN_LOCKED);
      expect(await recover(words, type, `new for ${type}`)).toBe(ck.CKR_OK);
      expect(await logIn(type, pin)).toBe(ck.CKR_PIN_INCORRECT);
      expect(await logIn(type, `new for ${type}`)).toBe(ck.CKR_OK);
    }
    const session = host.session();
    await answered(host.call(C_Login, session, { userType: ck.CKU_USER, pin: span('new for 1') }));
    expect(host.find(session).length).toBeGreaterThanOrEqual(3);
    // As they are typed by somebody in a hurry.
    const typed = words
      .toUpperCase()
      .replaceAll(' ', '\n')
      .replaceAll(/[A-Z]+/g, (word) => word.slice(0, 4));
    expect(await recover(typed, ck.CKU_USER, 'once more')).toBe(ck.CKR_OK);
    expect(await logIn(ck.CKU_USER, 'once more')).toBe(ck.CKR_OK);
  });

  test('that are not confirmed open nothing, and leave those that were there', async () => {
    const old = await newWords();
    const session = await officer();
    const { words } = await add(session, 12);
    expect(words.split(' ')).toHaveLength(12);
    expect(await recover(words)).toBe(ck.CKR_PIN_INCORRECT);
    expect(await recover(old)).toBe(ck.CKR_OK);
    expect((await ways())['recovery words']?.words).toBe(24);
    host.close(session);
    const again = await officer();
    expect(await answered(host.call(SR_ConfirmRecovery, again, {}))).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    // Of two that were shown the last one counts, once.
    const first = await add(again);
    const second = await add(again, 15);
    expect(await answered(host.call(SR_ConfirmRecovery, again, {}))).toBe(ck.CKR_OK);
    expect(await answered(host.call(SR_ConfirmRecovery, again, {}))).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    expect(await recover(first.words)).toBe(ck.CKR_PIN_INCORRECT);
    expect(await recover(old)).toBe(ck.CKR_PIN_INCORRECT);
    expect(await recover(second.words)).toBe(ck.CKR_OK);
  });

  test('ask for room before they are made', async () => {
    const session = await officer();
    for (const count of [12, 15, 18, 21, 24]) {
      expect((await add(session, count, count * 9 - 2)).rv).toBe(ck.CKR_BUFFER_TOO_SMALL);
      expect((await add(session, count, count * 9 - 1)).rv).toBe(ck.CKR_OK);
    }
    for (const count of [0, 1, 11, 13, 23, 25, 27, 2 ** 32, -1])
      expect((await add(session, count, 4000)).rv).toBe(ck.CKR_ARGUMENTS_BAD);
  });

  test('survive the engine’s end, and are gone when they are removed', async () => {
    const words = await newWords();
    host.engine.store.close();
    host = new Host(folder);
    expect(await recover(words)).toBe(ck.CKR_OK);
    const session = await officer();
    expect(await answered(host.call(SR_RemoveRecovery, session, {}))).toBe(ck.CKR_OK);
    expect(await answered(host.call(SR_RemoveRecovery, session, {}))).toBe(ck.CKR_USER_PIN_NOT_INITIALIZED);
    expect(await recover(words)).toBe(ck.CKR_USER_PIN_NOT_INITIALIZED);
    expect((await ways())['recovery words']).toEqual({ way: 'recovery words', set: false });
  });

  test('that are another’s are counted, by themselves, and lock at the last', async () => {
    const words = await newWords();
    const others = await newWords(1);
    expect(await logIn(ck.CKU_USER, 'wrong')).toBe(ck.CKR_PIN_INCORRECT);
    expect(await logIn(ck.CKU_SO, 'wrong')).toBe(ck.CKR_PIN_INCORRECT);
    expect(await recover(others)).toBe(ck.CKR_PIN_INCORRECT);
    expect([failures(KeyslotKind.So), failures(KeyslotKind.User), failures(KeyslotKind.Recovery)]).toEqual([
      1, 1, 1,
    ]);
    // A right PIN clears its own count alone.
    expect(await logIn(ck.CKU_USER, fillUserPin)).toBe(ck.CKR_OK);
    expect([failures(KeyslotKind.So), failures(KeyslotKind.User), failures(KeyslotKind.Recovery)]).toEqual([
      1, 0, 1,
    ]);
    expect(await recover(words, ck.CKU_USER)).toBe(ck.CKR_OK);
    expect([failures(KeyslotKind.So), failures(KeyslotKind.Recovery)]).toEqual([1, 0]);
    let rv = 0;
    for (let i = 0; i < 100; i++) rv = await recover(others);
    expect(rv).toBe(ck.CKR_PIN_LOCKED);
    expect(await recover(words)).toBe(ck.CKR_PIN_LOCKED);
    expect((await ways())['recovery words']?.left).toBe(0);
    expect(await logIn(ck.CKU_USER, 'a new PIN')).toBe(ck.CKR_OK);
    // The officer makes new ones, which are not locked.
    expect(await recover(await newWords())).toBe(ck.CKR_OK);
  });

  test('that are none are refused before anything is counted', async () => {
    const words = await newWords();
    const list = words.split(' ');
    const swapped = [list[1], list[0], ...list.slice(2)].join(' ');
    const refused: [Uint8Array | string | null, number][] = [
      [null, ck.CKR_ARGUMENTS_BAD],
      ['', ck.CKR_DATA_INVALID],
      [list.slice(0, 23).join(' '), ck.CKR_DATA_INVALID],
      [`${words} zoo`, ck.CKR_DATA_INVALID],
      [words.replaceAll(' ', '\0'), ck.CKR_DATA_INVALID],
      [`${words}\0`, ck.CKR_DATA_INVALID],
      [new Uint8Array(1024), ck.CKR_DATA_INVALID],
      [new Uint8Array(1025), ck.CKR_DATA_INVALID],
      [new Uint8Array(16_000_000).fill(0x61), ck.CKR_DATA_INVALID],
      [fillUserPin, ck.CKR_DATA_INVALID],
    ];
    // Now and then such words are somebody's: a checksum of twelve has four bits.
    for (const others of [swapped, list.slice(0, 12).join(' ')])
      if (!validateMnemonic(others, wordlist)) refused.push([others, ck.CKR_DATA_INVALID]);
    for (const [bad, expected] of refused) expect(await recover(bad)).toBe(expected);
    for (const [pin, expected] of [
      [null, ck.CKR_ARGUMENTS_BAD],
      ['123', ck.CKR_PIN_LEN_RANGE],
      ['x'.repeat(256), ck.CKR_PIN_LEN_RANGE],
    ] as const)
      expect(await recover(words, ck.CKU_USER, pin)).toBe(expected);
    expect(await recover(words, ck.CKU_CONTEXT_SPECIFIC)).toBe(ck.CKR_USER_TYPE_INVALID);
    expect(await recover(words, 77)).toBe(ck.CKR_USER_TYPE_INVALID);
    expect(failures(KeyslotKind.Recovery)).toBe(0);
    expect(await logIn(ck.CKU_USER, fillUserPin)).toBe(ck.CKR_OK);
    expect(await recover(words)).toBe(ck.CKR_OK);
  });

  test('of a token that was initialised anew open nothing', async () => {
    const words = await newWords();
    const from = host.session(host.app(), 1);
    expect(await answered(host.initToken(from))).toBe(ck.CKR_OK);
    expect(await recover(words)).toBe(ck.CKR_USER_PIN_NOT_INITIALIZED);
  });

  test('an officer who logs out while they are made gets none that count', async () => {
    const session = await officer();
    const made = add(session);
    await answered(host.call(C_Logout, session, {}));
    expect((await made).rv).toBe(ck.CKR_OK);
    expect((await ways())['recovery words']?.set).toBe(false);
    expect(await answered(host.call(C_InitPIN, session, { pin: span('1234') }))).toBe(
      ck.CKR_USER_NOT_LOGGED_IN,
    );
  });
});

describe('recovery words of several people', () => {
  const tries = () => failures(KeyslotKind.Recovery);

  test.each([2, 3, 5])('%i lists are all needed, in any order', async (people) => {
    const sheets = await newSheets(people, 12);
    expect(sheets).toHaveLength(people);
    for (const sheet of sheets) expect(validateMnemonic(sheet, wordlist)).toBe(true);
    expect(new Set(sheets).size).toBe(people);
    expect((await ways())['recovery words']).toMatchObject({ lists: people, words: 12, left: 100 });
    expect((await ways())['recovery words']?.needs).toHaveLength(people);
    expect(await recover(sheets.join('\n'), ck.CKU_SO, 'officer anew')).toBe(ck.CKR_OK);
    expect(await logIn(ck.CKU_SO, 'officer anew')).toBe(ck.CKR_OK);
    // Whatever stands between the words, and whoever comes first.
    for (const order of [sheets.toReversed(), [...sheets.slice(1), ...sheets.slice(0, 1)]])
      expect(await recover(order.join('\n\n').toUpperCase().replaceAll(' ', '\t'))).toBe(ck.CKR_OK);
    expect(await logIn(ck.CKU_USER, 'a new PIN')).toBe(ck.CKR_OK);
    expect(tries()).toBe(0);
    host.engine.store.close();
    host = new Host(folder);
    expect(await recover(sheets.join(' '), ck.CKU_USER, 'and once more')).toBe(ck.CKR_OK);
  });

  test('one list is no oracle: it is refused uncounted as none, whether it is right or not', async () => {
    const [first = '', second = ''] = await newSheets(2);
    const [stranger = ''] = await newSheets(2, 24, 1);
    // An odd number of words never makes two lists; half of 24 is one in sixteen times, with another's words.
    const half = (list: string) => {
      const words = list.split(' ');
      return [words.slice(0, 12), words.slice(12)].every((part) =>
        validateMnemonic(part.join(' '), wordlist),
      );
    };
    for (const alone of [first, second, stranger]) {
      const fits = half(alone);
      expect(await recover(alone)).toBe(fits ? ck.CKR_PIN_INCORRECT : ck.CKR_DATA_INVALID);
      if (!fits) expect(tries()).toBe(0);
      expect(await recover(`${alone} zoo`)).toBe(ck.CKR_DATA_INVALID);
    }
    const before = tries();
    // With another's list beside it, with itself, and without it, the answer and the count are the same.
    for (const [i, pair] of [
      [first, stranger],
      [stranger, second],
      [stranger, stranger],
      [first, first],
      [second, second],
    ].entries()) {
      expect(await recover(pair.join('\n'))).toBe(ck.CKR_PIN_INCORRECT);
      expect(tries()).toBe(before + i + 1);
    }
    expect(await recover(`${second}\n${first}`)).toBe(ck.CKR_OK);
    expect(tries()).toBe(0);
  });

  test('a bad checksum in any of them is no try, whatever the others are', async () => {
    const sheets = await newSheets(3);
    const bad = `${'abandon '.repeat(23)}abandon`;
    expect(validateMnemonic(bad, wordlist)).toBe(false);
    for (let at = 0; at < 3; at++)
      expect(await recover(sheets.with(at, bad).join('\n'))).toBe(ck.CKR_DATA_INVALID);
    expect(await recover(sheets.slice(0, 2).join('\n'))).toBe(ck.CKR_DATA_INVALID);
    expect(await recover(new Uint8Array(16_000_000).fill(0x20))).toBe(ck.CKR_DATA_INVALID);
    expect(await recover(new Uint8Array(3 * 1024).fill(0x20))).toBe(ck.CKR_DATA_INVALID);
    expect(tries()).toBe(0);
    expect(await recover(sheets.join('\n'))).toBe(ck.CKR_OK);
  });

  test('lists of two generations open nothing together', async () => {
    const old = await newSheets(2);
    const fresh = await newSheets(2);
    for (const mixed of [[old[0], fresh[0]], [old[0], fresh[1]], [old[1], fresh[0]], [old[1], fresh[1]], old])
      expect(await recover(mixed.join('\n'))).toBe(ck.CKR_PIN_INCORRECT);
    expect(tries()).toBe(5);
    expect(await recover(fresh.join('\n'))).toBe(ck.CKR_OK);
    // One list in their place, and several in the place of one.
    const one = await newWords();
    expect((await ways())['recovery words']?.lists).toBe(1);
    expect(await recover(fresh.join('\n'))).toBe(ck.CKR_DATA_INVALID);
    expect(await recover(fresh[0] ?? '')).toBe(ck.CKR_PIN_INCORRECT);
    const two = await newSheets(2, 12);
    expect(await recover(`${one}`)).not.toBe(ck.CKR_OK);
    expect(await recover(two.join(' '))).toBe(ck.CKR_OK);
  });

  test('are counted together, and lock together', async () => {
    const sheets = await newSheets(2, 12);
    const strange = await newSheets(2, 12, 1);
    const wrong = [sheets[0], strange[1]].join('\n');
    // At the same moment too: one after the other is looked at, and right ones among them count as none.
    const answers = await Promise.all([
      recover(wrong),
      recover(wrong),
      recover(sheets.join('\n')),
      recover(wrong),
    ]);
    expect(answers.filter((rv) => rv === ck.CKR_OK)).toHaveLength(1);
    let rv = 0;
    for (let i = 0; i < 100 && rv !== ck.CKR_PIN_LOCKED; i++) rv = await recover(wrong);
    expect(rv).toBe(ck.CKR_PIN_LOCKED);
    expect(await recover(sheets.join('\n'))).toBe(ck.CKR_PIN_LOCKED);
    expect((await ways())['recovery words']?.left).toBe(0);
    expect(await recover((await newSheets(2, 12)).join('\n'))).toBe(ck.CKR_OK);
  });

  test('those that are not confirmed leave the ones of before, and none are made for nobody or for six', async () => {
    const old = await newSheets(2);
    const session = await officer();
    const { words } = await add(session, 24, 431, 2);
    expect(words.split('\n').map((list) => list.split(' ').length)).toEqual([24, 24]);
    expect(await recover(words)).toBe(ck.CKR_PIN_INCORRECT);
    expect(await recover(old.join('\n'))).toBe(ck.CKR_OK);
    for (const lists of [0, 6, -1, 2 ** 32])
      expect((await add(session, 24, 4000, lists)).rv).toBe(ck.CKR_ARGUMENTS_BAD);
    for (const lists of [1, 2, 3, 4, 5]) {
      expect((await add(session, 24, lists * 216 - 2, lists)).rv).toBe(ck.CKR_BUFFER_TOO_SMALL);
      expect((await add(session, 24, lists * 216 - 1, lists)).rv).toBe(ck.CKR_OK);
    }
  });
});
