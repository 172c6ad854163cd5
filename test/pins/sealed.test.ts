/** Whoever starts the engine says what is asked of PINs: he can ask for more than a token was used with, and never for less. */
import { afterEach, describe, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { ConfigError, parseSettings, withSettings } from '../../module/engine/policy/config.ts';
import { makeStore, type Store } from '../support/store.ts';
import { addon, bytes, enter, rvOf, SO, statusOf, USER } from './support.ts';

const so = 'officer-Pin-31';
const pin = 'User-pin-27';
const STRICT = [
  'profile = "strict"',
  'classes = 2',
  'history = 2',
  'max_age_days = 30',
  'refused = "User-pin-99"',
];
const LOOSE = [
  'profile = "open"',
  'min_length = 4',
  'so_min_length = 4',
  'classes = 1',
  'history = 0',
  'max_age_days = 0',
  'must_change_after_reset = false',
  'refuse_trivial = false',
  'slow_after = 1000',
  'slow_most_ms = 0',
];

describe('rules that a token was used with', () => {
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
    expect(rvOf(() => addon.initToken(0, bytes(so), bytes('sealed')))).toBe(ck.CKR_OK);
    return made;
  }

  async function again(at: Store, lines: readonly string[]): Promise<void> {
    addon.finalize();
    await at.stopEngine();
    enter(at, lines, 'again');
  }

  const initPin = (session: number, value: string) => rvOf(() => addon.initPin(session, bytes(value)));

  function officer(): number {
    const session = addon.openSession(0, true);
    expect(rvOf(() => addon.login(session, SO, bytes(so)))).toBe(ck.CKR_OK);
    return session;
  }

  function expectStrict(): void {
    const session = officer();
    for (const [value, rv] of [
      ['k3-l4-m', ck.CKR_PIN_LEN_RANGE],
      ['klmnopqrst', ck.CKR_PIN_INVALID],
      ['password', ck.CKR_PIN_INVALID],
      ['user-PIN-99', ck.CKR_PIN_INVALID],
      [pin, ck.CKR_OK],
      [pin, ck.CKR_PIN_INVALID],
    ] as const)
      expect(initPin(session, value), value).toBe(rv);
    expect(addon.tokenInfo(0).minPin).toBe(8);
    expect(addon.tokenInfo(0).flags & ck.CKF_USER_PIN_TO_BE_CHANGED).not.toBe(0);
    expect(statusOf(0, USER)).toMatchObject({
      mustChange: 'reset',
      policy: { minLength: 8, classes: 2, history: 2, maxAgeDays: 30, refuseTrivial: true, refused: 1 },
    });
    expect(statusOf(0, SO)).toMatchObject({ policy: { minLength: 12 } });
  }

  test('hold from its making on, whatever the next engine is told', async () => {
    const at = begin(...STRICT);
    await again(at, LOOSE);
    expectStrict();
  });

  test('hold from the first attempt on where more was asked for later', async () => {
    const at = begin(...LOOSE);
    await again(at, STRICT);
    officer();
    await again(at, LOOSE);
    expectStrict();
  });

  test('hold at once, and are forgotten where nobody has tried a PIN under them', async () => {
    const at = begin(...LOOSE);
    await again(at, STRICT);
    expect(addon.tokenInfo(0).minPin).toBe(8);
    await again(at, LOOSE);
    expect(addon.tokenInfo(0).minPin).toBe(4);
  });

  test('end with the token: one that is emptied has those that are configured', async () => {
    const at = begin(...STRICT);
    await again(at, LOOSE);
    expect(rvOf(() => addon.initToken(0, bytes(so), bytes('emptied')))).toBe(ck.CKR_OK);
    expect(addon.tokenInfo(0).minPin).toBe(4);
    expect(initPin(officer(), '0000')).toBe(ck.CKR_OK);
    // And under stricter ones the officer's own PIN must be one that they take.
    await again(at, ['so_min_length = 20']);
    expect(rvOf(() => addon.initToken(0, bytes(so), bytes('again')))).toBe(ck.CKR_PIN_LEN_RANGE);
    expect(addon.tokenInfo(0).label).toBe('emptied');
  });

  test('are no matter of slowness either', async () => {
    const at = begin('slow_after = 2', 'slow_first_ms = 10', 'slow_most_ms = 30');
    await again(at, LOOSE);
    expect(statusOf(0, USER)).toMatchObject({ policy: { slowAfter: 2, slowFirstMs: 10, slowMostMs: 30 } });
  });
});

describe('a configuration', () => {
  const problems = (text: string): string => {
    try {
      parseSettings(text, 'it');
      return '';
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  };

  test.each([
    ['pin.min_length = 0', 'pin.min_length must be 4 to 255 (bytes), not 0'],
    ['pin.min_length = 1e3', 'pin.min_length must be'],
    ['pin.max_length = 256', 'pin.max_length must be 4 to 255 (bytes), not 256'],
    ['pin.classes = 5', 'pin.classes must be 1 to 4 (kinds of characters), not 5'],
    ['pin.classes = 0', 'pin.classes must be 1 to 4'],
    ['pin.history = -1', 'pin.history must be 0 to 24 (PINs), not -1'],
    ['pin.max_age_days = 99999', 'pin.max_age_days must be 0 to 36500 (days)'],
    ['pin.slow_first_ms = 3600000', 'pin.slow_first_ms must be 0 to 60000 (milliseconds)'],
    ['pin.slow_after = "never"', 'pin.slow_after must be a whole number'],
    ['pin.profile = "lax"', 'pin.profile must be one of "open", "strict"'],
    ['pin.profile = true', 'pin.profile must be a text in quotes'],
    ['pin.refused = ["1234"]', 'pin.refused must be a text in quotes, not a list'],
    [
      `pin.refused = "${'x'.repeat(3000)}"`,
      'pin.refused must be words separated by blanks, at most 2048 bytes',
    ],
    ['pin.refused = "a\\u0000b"', 'pin.refused must be words'],
    ['pin.min_length = 9\npin.max_length = 8', 'pin.max_length (8) is less than pin.min_length (9)'],
    [
      'pin.profile = "strict"\npin.max_length = 10',
      'pin.max_length (10) is less than pin.so_min_length (12)',
    ],
    ['pin.minimum = 4', 'there is no key pin.minimum'],
  ])('of %s is refused, and says what is wrong', (text, message) => {
    expect(problems(text)).toContain(`it: ${message}`);
  });

  test('of a store goes before a file’s, with the profile that it names', () => {
    const file = parseSettings('pin.min_length = 4\npin.so_min_length = 5', 'file');
    const own = parseSettings('pin.profile = "strict"\npin.so_min_length = 20', 'store');
    expect(withSettings(file, own).pin.rules).toMatchObject({ minLength: [20, 8], refuseTrivial: true });
    expect(withSettings(own, file).pin.rules).toMatchObject({ minLength: [5, 4], refuseTrivial: true });
  });

  test('lists refused PINs by blanks', () => {
    const { pin: asked } = withSettings(parseSettings('pin.refused = "  one\\ttwo  grün "', 'it'));
    expect(asked.rules.refused).toEqual(['one', 'two', 'grün']);
  });
});
