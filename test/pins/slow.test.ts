/** Wrong PINs in a row are answered ever later, whatever the guesser does; everybody else goes on. */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loginHandlers } from '../../module/engine/calls/login.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import type { Session } from '../../module/engine/sessions/application.ts';
import { KeyslotKind } from '../../module/engine/store/protection.ts';
import { owedTo } from '../../module/engine/tokens/pins.ts';
import { Host, span } from '../engine/host.ts';
import { enclave } from '../store/real-enclave.ts';
import { fillSoPin, fillStore, fillUserPin } from '../support/fill.ts';
import { configText, temporaryFolder } from './support.ts';

let folder: string;
let host: Host;

beforeEach(() => {
  folder = temporaryFolder();
  fillStore(enclave, path.join(folder, 'store'), [{ label: 'slow', objects: 1, kind: 'aes' }]);
});

afterEach(() => {
  host.engine.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function begin(...lines: string[]): void {
  const config = path.join(folder, 'own.toml');
  fs.writeFileSync(config, configText(lines).replace('[pin]', 'jobs.max_per_application = 2\n[pin]'));
  host = new Host(path.join(folder, 'store'), 0, config);
}

function restart(...lines: string[]): void {
  host.engine.close();
  begin(...lines);
}

/** The answer, and after how many milliseconds it came. */
async function timed(answer: Promise<number>): Promise<[rv: number, milliseconds: number]> {
  const start = performance.now();
  const rv = await host.answered(answer);
  return [rv, performance.now() - start];
}

const failures = (kind: 0 | 1) => host.engine.store.failures(host.token().record, kind);
const wrong = (session: Session, userType: number = ck.CKU_USER) =>
  host.login(session, 'wrong-pin', userType);

/** Turns until a guess has been found wrong, and its answer waits. */
async function found(count: number, kind: 0 | 1 = KeyslotKind.User): Promise<void> {
  const turn = host.engine.pinTurns.of(host.token().record, kind);
  for (let turns = 0; failures(kind) < count || turn.looking; turns++) {
    if (turns > 1_000_000) throw new Error('nothing is found');
    await host.turn();
  }
}

const GLACIAL = ['slow_after = 1', 'slow_first_ms = 60000', 'slow_most_ms = 300000'];

describe('wrong PINs in a row', () => {
  test('are answered later each time, up to a bound; the right one after them at once', async () => {
    begin('slow_after = 2', 'slow_first_ms = 40', 'slow_most_ms = 100');
    const session = host.session();
    const taken: number[] = [];
    for (let i = 0; i < 5; i++) {
      const [rv, milliseconds] = await timed(wrong(session));
      expect(rv).toBe(ck.CKR_PIN_INCORRECT);
      taken.push(milliseconds);
    }
    // Timers are a millisecond early at the most.
    expect(taken[2]).toBeGreaterThan(38);
    expect(taken[3]).toBeGreaterThan(78);
    expect(taken[4]).toBeGreaterThan(98);
    expect(owedTo(host.engine, host.token().record, KeyslotKind.User)).toBe(0);
    expect(await host.answered(host.login(session))).toBe(ck.CKR_OK);
    expect(failures(KeyslotKind.User)).toBe(0);
  });

  test('are counted and slowed as C_SetPIN’s old one too', async () => {
    begin(...GLACIAL);
    const session = host.session();
    expect(await host.answered(wrong(session))).toBe(ck.CKR_PIN_INCORRECT);
    const a = { oldPin: span('wrong-pin'), newPin: span('another-pin') };
    let answer = -1;
    void host.call(loginHandlers.C_SetPIN, session, a).then((rv) => {
      answer = rv;
    });
    await found(2);
    for (let turn = 0; turn < 100; turn++) await host.turn();
    expect(answer).toBe(-1);
    expect(owedTo(host.engine, host.token().record, KeyslotKind.User)).toBeGreaterThan(0);
  });

  test('hold up nobody but those with a PIN for the same role of the same token', async () => {
    begin(...GLACIAL);
    const session = host.session();
    await host.answered(wrong(session));
    let guess = -1;
    void wrong(session).then((rv) => {
      guess = rv;
    });
    await found(2);
    const other = host.session();
    let second = -1;
    void host.login(other).then((rv) => {
      second = rv;
    });
    // The officer comes in, gives a new PIN, and leaves.
    const officer = host.session();
    expect(await host.answered(host.login(officer, fillSoPin, ck.CKU_SO))).toBe(ck.CKR_OK);
    expect(host.find(officer)).toBeDefined();
    expect(await host.answered(host.logout(officer))).toBe(ck.CKR_OK);
    expect([guess, second]).toEqual([-1, -1]);
    expect(failures(KeyslotKind.User)).toBe(2);
  });

  test('wait in a queue that an application can fill for itself alone', async () => {
    begin(...GLACIAL);
    const guesser = host.app();
    await host.answered(wrong(host.session(guesser)));
    void wrong(host.session(guesser));
    await found(2);
    // Two of its calls may wait; others have room of their own.
    for (let i = 0; i < 2; i++) void wrong(host.session(guesser));
    expect(await host.answered(wrong(host.session(guesser)))).toBe(ck.CKR_HOST_MEMORY);
    let answer = -1;
    void host.login(host.session()).then((rv) => {
      answer = rv;
    });
    for (let turn = 0; turn < 100; turn++) await host.turn();
    expect([answer, failures(KeyslotKind.User)]).toEqual([-1, 2]);
  });

  test('leave with their session and with their application, and none of them was looked at', async () => {
    begin(...GLACIAL);
    const app = host.app();
    const session = host.session(app);
    await host.answered(wrong(session));
    const slowed = wrong(session);
    await found(2);
    const [closing, staying] = [host.session(app), host.session(app)];
    const [closed, ended] = [wrong(closing), wrong(staying)];
    host.close(closing);
    expect(await host.answered(closed)).toBe(ck.CKR_SESSION_CLOSED);
    host.end(app);
    expect(await host.answered(ended)).toBe(ck.CKR_FUNCTION_CANCELED);
    expect(await host.answered(slowed)).toBe(ck.CKR_FUNCTION_CANCELED);
    const { waiting } = host.engine.pinTurns.of(host.token().record, KeyslotKind.User);
    expect([waiting.length, failures(KeyslotKind.User)]).toEqual([0, 2]);
    // Nor does it help that they have gone: the turn is held.
    expect(owedTo(host.engine, host.token().record, KeyslotKind.User)).toBeGreaterThan(0);
  });
});

describe('another engine', () => {
  test('owes what the one before did not wait for, to the right PIN too', async () => {
    const lines = ['slow_after = 1', 'slow_first_ms = 1000', 'slow_most_ms = 1000'];
    begin(...lines);
    await host.answered(wrong(host.session()));
    void wrong(host.session());
    await found(2);
    restart(...lines);
    const owed = owedTo(host.engine, host.token().record, KeyslotKind.User);
    const [rv, milliseconds] = await timed(host.login(host.session()));
    expect(rv).toBe(ck.CKR_OK);
    expect(milliseconds).toBeGreaterThan(owed - 4);
    expect(failures(KeyslotKind.User)).toBe(0);
  });

  test('looks at no PIN before that, and cannot be told to wait less', async () => {
    begin(...GLACIAL);
    await host.answered(wrong(host.session()));
    void wrong(host.session());
    await found(2);
    restart('slow_after = 1000', 'slow_first_ms = 0', 'slow_most_ms = 0');
    let answer = -1;
    void host.login(host.session()).then((rv) => {
      answer = rv;
    });
    for (let turn = 0; turn < 200; turn++) await host.turn();
    expect([answer, failures(KeyslotKind.User)]).toEqual([-1, 2]);
    // The security officer is no guesser at the user's PIN: a new one is looked at at once.
    const officer = host.session();
    expect(await host.answered(host.login(officer, fillSoPin, ck.CKU_SO))).toBe(ck.CKR_OK);
    expect(await host.answered(host.call(loginHandlers.C_InitPIN, officer, { pin: span(fillUserPin) }))).toBe(
      ck.CKR_OK,
    );
    // Nobody has guessed at the new one, so whoever waits is not held up by what was owed for the old one.
    expect(owedTo(host.engine, host.token().record, KeyslotKind.User)).toBe(0);
    for (let turn = 0; answer < 0; turn++) {
      if (turn > 1_000_000) throw new Error('the login still waits');
      await host.turn();
    }
    expect(answer).toBe(ck.CKR_OK);
  });

  test('asks for nothing where the guesses were few', async () => {
    begin('slow_after = 3', 'slow_first_ms = 60000', 'slow_most_ms = 60000');
    for (let i = 0; i < 3; i++) await host.answered(wrong(host.session()));
    restart('slow_after = 3', 'slow_first_ms = 60000', 'slow_most_ms = 60000');
    expect(await host.answered(host.login(host.session()))).toBe(ck.CKR_OK);
  });
});
