/** Rules that hold at some hours: when that is, and that a right ends with its hour also for whoever is there. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { Identity } from '../../../module/engine/policy/rights.ts';
import { accountsIn } from '../../../module/engine/policy/rules/accounts.ts';
import { PolicyError } from '../../../module/engine/policy/rules/error.ts';
import { hoursOf, isWithin } from '../../../module/engine/policy/rules/hours.ts';
import { parsePolicy } from '../../../module/engine/policy/rules/parse.ts';
import { Policy } from '../../../module/engine/policy/rules/policy.ts';
import { OperationKind } from '../../../module/engine/sessions/operation.ts';
import { by, handle, host, made, ROOT, reload, room, rules, SIGNER, serve, span, user } from './world.ts';

const accounts = accountsIn('', '');
const at = (text: string): number => Date.parse(`${text}Z`);

function within(hours: string, time: string): boolean {
  const read = hoursOf(hours);
  if (typeof read === 'string') throw new Error(read);
  return isWithin(read, at(time));
}

// 2026-11-27 is a Friday.
describe('hours', () => {
  it.each([
    ['mon-fri 08:00-18:00', '2026-11-27T07:59:59.999', false],
    ['mon-fri 08:00-18:00', '2026-11-27T08:00', true],
    ['mon-fri 08:00-18:00', '2026-11-27T17:59:59.999', true],
    ['mon-fri 08:00-18:00', '2026-11-27T18:00', false],
    ['mon-fri 08:00-18:00', '2026-11-28T09:00', false],
    ['08:00-18:00', '2026-11-28T09:00', true],
    ['sat,sun', '2026-11-28T00:00', true],
    ['sat,sun', '2026-11-29T23:59', true],
    ['sat,sun', '2026-11-30T00:00', false],
    ['Fri 20:00-24:00 UTC', '2026-11-27T23:59', true],
    ['fri-mon', '2026-11-30T12:00', true],
    ['fri-mon', '2026-12-01T12:00', false],
    ['mon,wed-fri 10:00-11:00', '2026-11-25T10:30', true],
    ['mon,wed-fri 10:00-11:00', '2026-11-24T10:30', false],
    // Over midnight, into a day that is not named.
    ['fri 22:00-06:00', '2026-11-27T21:59', false],
    ['fri 22:00-06:00', '2026-11-27T22:00', true],
    ['fri 22:00-06:00', '2026-11-28T05:59', true],
    ['fri 22:00-06:00', '2026-11-28T06:00', false],
    ['fri 22:00-06:00', '2026-11-27T03:00', false],
    ['sun 22:00-06:00', '2026-11-30T03:00', true],
    // 08:00 is an hour later for UTC in winter than in summer, and so is the end.
    ['08:00-18:00 Europe/Berlin', '2026-11-27T07:00', true],
    ['08:00-18:00 Europe/Berlin', '2026-11-27T06:59', false],
    ['08:00-18:00 Europe/Berlin', '2026-07-27T06:00', true],
    ['08:00-18:00 Europe/Berlin', '2026-07-27T16:00', false],
    // The day is the zone's, too.
    ['sat 00:00-01:00 Asia/Kolkata', '2026-11-27T18:30', true],
    ['sat 00:00-01:00 Asia/Kolkata', '2026-11-27T18:29', false],
    // Clocks are put forward at 01:00 UTC, from 02:00 to 03:00, and back in autumn: an hour that comes twice is within both times.
    ['02:30-03:30 Europe/Berlin', '2026-03-29T00:59', false],
    ['02:30-03:30 Europe/Berlin', '2026-03-29T01:00', true],
    ['02:30-03:00 Europe/Berlin', '2026-10-25T00:45', true],
    ['02:30-03:00 Europe/Berlin', '2026-10-25T01:15', false],
    ['02:30-03:00 Europe/Berlin', '2026-10-25T01:45', true],
    ['thu', '1970-01-01T00:00', true],
    ['wed 23:00-24:00', '1969-12-31T23:30', true],
  ])('%s at %s: %s', (hours, time, expected) => {
    expect(within(hours, time)).toBe(expected);
  });

  it('in UTC are those of a zone that is always at it', () => {
    const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
    const clock = (minutes: number) =>
      `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const day = fc.constantFrom(...days);
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(
        day,
        day,
        minute,
        minute,
        fc.integer({ min: 0, max: 2 ** 42 }),
        (first, last, from, to, time) => {
          fc.pre(from !== to);
          const text = `${first}-${last} ${clock(from)}-${clock(to)}`;
          const when = new Date(time).toISOString().slice(0, -1);
          const date = new Date(time);
          const its = date.getUTCHours() * 60 + date.getUTCMinutes();
          const runs = (name: string | undefined): boolean => {
            for (let one = days.indexOf(first); ; one = (one + 1) % 7) {
              if (days[one] === name) return true;
              if (days[one] === last) return false;
            }
          };
          const today = runs(days[date.getUTCDay()]);
          const before = runs(days[(date.getUTCDay() + 6) % 7]);
          const expected =
            from < to ? today && its >= from && its < to : (today && its >= from) || (before && its < to);
          expect(within(text, when), text).toBe(expected);
          expect(within(`${text} Etc/GMT`, when), text).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that are none are refused, with what was meant', () => {
    const problemOf = (hours: unknown): string => {
      try {
        parsePolicy(
          `[[rule]]\nwho = ["any"]\nroles = ["user"]\nhours = ${JSON.stringify(hours)}`,
          'p',
          accounts,
        );
        return 'fine';
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        return error.message.replace('p: line 1, rule 1: ', '');
      }
    };
    expect(
      [
        'mon-fri 08:00-18:00',
        true,
        [],
        [''],
        ['mo-fr 08:00-18:00'],
        ['monday'],
        ['mon-'],
        ['mon-wed-fri'],
        ['mon 8-18'],
        ['mon 8:00-18:00'],
        ['08:00 - 18:00'],
        ['08:00-08:00'],
        ['24:00-06:00'],
        ['08:00-24:01'],
        ['08:60-09:00'],
        ['mon 08:00-18:00 Europe/Belin'],
        ['mon 08:00-18:00 CEST'],
        ['mon 08:00-18:00 +02:00'],
        ['mon 08:00-18:00 tue 08:00-18:00'],
        ['Europe/Berlin'],
      ].map(problemOf),
    ).toMatchInlineSnapshot(`
      [
        "fine",
        "hours must be a list of texts in quotes, without control characters",
        "hours must be a list that is not empty",
        "hours: "" names no days: write "mon-fri 08:00-18:00"",
        "hours: "mo-fr 08:00-18:00" names no days: write "mon-fri 08:00-18:00"",
        "hours: "monday" names no days: write "mon-fri 08:00-18:00"",
        "hours: "mon-" names no days: write "mon-fri 08:00-18:00"; did you mean "mon"?",
        "hours: "mon-wed-fri" names no days: write "mon-fri 08:00-18:00"",
        "hours: "mon 8-18" names no times: write them as "08:00-18:00", up to "24:00"",
        "hours: "mon 8:00-18:00" names no times: write them as "08:00-18:00", up to "24:00"",
        "hours: "08:00 - 18:00" names no times: write them as "08:00-18:00", up to "24:00"",
        "hours: "08:00-08:00" names no times: write them as "08:00-18:00", up to "24:00"",
        "hours: "24:00-06:00" names no times: write them as "08:00-18:00", up to "24:00"",
        "hours: "08:00-24:01" names no times: write them as "08:00-18:00", up to "24:00"",
        "hours: "08:60-09:00" names no times: write them as "08:00-18:00", up to "24:00"",
        "hours: "mon 08:00-18:00 Europe/Belin" has a time zone that nobody knows: did you mean "Europe/Berlin"?",
        "hours: "mon 08:00-18:00 CEST" has a time zone that nobody knows: write one such as "Europe/Berlin", or none for UTC",
        "hours: "mon 08:00-18:00 +02:00" has a time zone that nobody knows: write one such as "Europe/Berlin", or none for UTC",
        "hours: "mon 08:00-18:00 tue 08:00-18:00" is too much: write days, times and a time zone, several in a list",
        "hours: "Europe/Berlin" names no days: write "mon-fri 08:00-18:00"",
      ]
    `);
  });
});

const someone = (uid: number): Identity => ({ uid, gid: uid, groups: [], executable: '' });

describe('a policy with hours', () => {
  const text = `
[[rule]]
who = ["uid:1"]
effect = "deny"
hours = ["sat,sun", "fri 20:00-24:00"]

[[rule]]
who = ["uid:1", "uid:2"]
roles = ["user"]
rate = 1
`;

  it('is at each time what it would be without the rules of other hours', () => {
    const policy = new Policy(parsePolicy(text, 'p', accounts), at('2026-11-27T12:00'));
    const rights = policy.rightsOf(someone(1));
    expect([rights.enter, policy.rightsOf(someone(2)).enter]).toEqual([true, true]);
    expect(policy.tick(at('2026-11-27T19:59'))).toBe(false);
    expect(policy.rightsOf(someone(1))).toBe(rights);
    expect(policy.tick(at('2026-11-27T20:00'))).toBe(true);
    expect([policy.rightsOf(someone(1)).enter, policy.rightsOf(someone(2)).enter]).toEqual([false, true]);
    expect(policy.tick(at('2026-11-28T00:00'))).toBe(false);
    expect(policy.tick(at('2026-11-30T00:00'))).toBe(true);
    expect(policy.rightsOf(someone(1)).enter).toBe(true);
  });

  it('gives nobody his rate anew when hours begin or end', () => {
    const policy = new Policy(parsePolicy(text, 'p', accounts), at('2026-11-27T12:00'));
    expect(policy.rightsOf(someone(2)).admits()).toBe(true);
    expect(policy.tick(at('2026-11-28T12:00'))).toBe(true);
    expect(policy.rightsOf(someone(2)).admits()).toBe(false);
  });
});

describe('an engine with rules that hold at some hours', () => {
  const RULES = `
[[rule]]
who = ["uid:${ROOT}"]
roles = ["user"]

[[rule]]
who = ["uid:${SIGNER}"]
keys = ["label:web"]
functions = ["sign"]
hours = ["fri 08:00-18:00"]

[[rule]]
who = ["uid:${SIGNER}"]
keys = ["label:web"]
functions = ["verify"]
tokens = ["few"]
`;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: at('2026-11-27T17:00:30') });
  });
  afterEach(() => vi.useRealTimers());

  const mechanism = by(ck.CKM_SHA256_HMAC);

  test('ends what they gave when their hour ends, for whoever is there', async () => {
    rules(RULES);
    expect(reload()).toBeUndefined();
    const root = await user(ROOT);
    const web = await made(root, 'web');
    const signer = await user(SIGNER);
    const second = host.session(signer.app, 1);
    const epochs = vi.spyOn(host.engine, 'bumpEpoch');
    const lines = vi.spyOn(host.engine, 'log');
    const begin = () => serve('C_SignInit', signer, { mechanism, key: handle(signer, web) });
    expect(await begin()).toBe(ck.CKR_OK);
    vi.setSystemTime(at('2026-11-27T17:00:30'));
    vi.advanceTimersByTime(at('2026-11-27T17:59:59') - Date.now());
    expect([signer.closed, signer.login, epochs.mock.calls.length]).toEqual([false, 'user', 0]);
    expect(await serve('C_Sign', signer, { data: span('x'), signature: room })).toBe(ck.CKR_OK);
    expect(await begin()).toBe(ck.CKR_OK);
    vi.advanceTimersByTime(1_000);
    expect([signer.closed, signer.login, signer.operation(OperationKind.Sign)]).toEqual([
      true,
      'none',
      undefined,
    ]);
    expect(epochs).toHaveBeenCalled();
    expect(lines.mock.calls).toContainEqual(['hours have begun or ended: of 3 rules these hold: 1, 3']);
    // What other rules give stays, and nobody else notices.
    expect([second.closed, second.app.rights.enter, root.closed, root.login]).toEqual([
      false,
      true,
      false,
      'user',
    ]);
    expect(await serve('C_OpenSession', signer.app, { slot: 0, flags: 6 })).toBe(ck.CKR_SLOT_ID_INVALID);
    // A week later it begins again.
    vi.advanceTimersByTime(at('2026-12-04T08:00') - Date.now());
    const again = await user(SIGNER);
    expect(await serve('C_SignInit', again, { mechanism, key: handle(again, web) })).toBe(ck.CKR_OK);
  });

  test('looks at the clock when somebody comes, which may have been set', () => {
    rules(RULES.replace('tokens = ["few"]', 'hours = ["sun"]'));
    expect(reload()).toBeUndefined();
    const attach = (number: number) =>
      host.engine.attach(number, { pid: 1, uid: SIGNER, gid: SIGNER, groups: [] });
    expect(attach(100)).toBe(true);
    vi.setSystemTime(at('2026-11-28T12:00'));
    expect(attach(101)).toBe(false);
    vi.setSystemTime(at('2026-11-29T12:00'));
    expect(attach(102)).toBe(true);
  });

  test('looks at no clock where no rule has hours, nor any more when they have gone', () => {
    const tick = vi.spyOn(Policy.prototype, 'tick');
    vi.advanceTimersByTime(3_600_000);
    expect(tick).not.toHaveBeenCalled();
    rules(RULES);
    expect(reload()).toBeUndefined();
    vi.advanceTimersByTime(3_600_000);
    expect(tick).toHaveBeenCalledTimes(60);
    rules(RULES.replace('hours = ["fri 08:00-18:00"]', ''));
    expect(reload()).toBeUndefined();
    vi.advanceTimersByTime(3_600_000);
    expect(tick).toHaveBeenCalledTimes(60);
    tick.mockRestore();
  });
});
