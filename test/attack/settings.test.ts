/**
 * The settings that a store carries are its security officers': of all its tokens, and nobody else's. They go before the configuration of
 * whoever starts the engine, and cannot be taken out of the database.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { currentProfile, ROOT } from '../support/profile.ts';
import { makeStore, type Store } from '../support/store.ts';

const CKU_SO = 0;
const CKU_USER = 1;
const CKR_DATA_INVALID = 0x20;
const CKR_DEVICE_ERROR = 0x30;
const CKR_DATA_LEN_RANGE = 0x21;
const CKR_SESSION_COUNT = 0xb1;
const CKR_USER_NOT_LOGGED_IN = 0x101;

interface Addon {
  load(path: string): void;
  initialize(): void;
  finalize(): void;
  initToken(slot: number, soPin: Uint8Array, label: Uint8Array): void;
  openSession(slot: number, readWrite: boolean): number;
  closeSession(session: number): void;
  login(session: number, user: number, pin: Uint8Array): void;
  logout(session: number): void;
  initPin(session: number, pin: Uint8Array): void;
  tokenInfo(slot: number): unknown;
  pinAttempts(slot: number, user: number): { left: number; most: number };
  settings(): Uint8Array;
  setSettings(session: number, settings: Uint8Array): void;
}

const addon = createRequire(import.meta.url)(join(ROOT, 'out/lib/strongroom/cryptoki.node')) as Addon;
const store: Store = makeStore(currentProfile());
afterAll(() => store.close());

/** A fresh copy each time: the addon overwrites PINs. */
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const text = () => Buffer.from(addon.settings()).toString();

function answer(call: () => void): number {
  try {
    call();
    return 0;
  } catch (error) {
    return (error as { rv: number }).rv;
  }
}

test('only the officers of all tokens set them, and only what an engine understands', async () => {
  writeFileSync(store.path('start.toml'), '[pin]\nkdf = "pbkdf2"\niterations = 1000\n');
  for (const [name, value] of Object.entries(store.env)) process.env[name] = value;
  process.env.STRONGROOM_CONFIG = store.path('start.toml');
  addon.load(store.module);
  addon.initialize();
  addon.initToken(0, bytes('officer-0'), bytes('first'));
  addon.initToken(1, bytes('officer-1'), bytes('second'));
  const [first, second] = [addon.openSession(0, true), addon.openSession(1, true)];
  const wish = '[pin]\nmax_attempts = 4\n[sessions]\nmax_per_application = 7\n';

  expect(answer(() => addon.setSettings(first, bytes(wish)))).toBe(CKR_USER_NOT_LOGGED_IN);
  addon.login(second, CKU_SO, bytes('officer-1'));
  addon.initPin(second, bytes('user-pin'));
  // The officer of a token that anybody of this user could have made.
  expect(answer(() => addon.setSettings(second, bytes(wish)))).toBe(CKR_USER_NOT_LOGGED_IN);
  addon.logout(second);
  addon.login(second, CKU_USER, bytes('user-pin'));
  addon.login(first, CKU_SO, bytes('officer-0'));
  expect(answer(() => addon.setSettings(first, bytes(wish)))).toBe(CKR_USER_NOT_LOGGED_IN);
  addon.logout(second);
  addon.login(second, CKU_SO, bytes('officer-1'));

  for (const wrong of [
    'pin.max_attempts = 0',
    'pin.nothing = 1',
    'pin = ',
    '\0',
    '[pin]\nmax_attempts = "4"',
  ])
    expect(
      answer(() => addon.setSettings(first, bytes(wrong))),
      wrong,
    ).toBe(CKR_DATA_INVALID);
  expect(answer(() => addon.setSettings(first, new Uint8Array([0xff, 0xfe])))).toBe(CKR_DATA_INVALID);
  // With one session for two tokens nobody could take them away again.
  for (const limit of ['max_per_application', 'max_total'])
    expect(
      answer(() => addon.setSettings(first, bytes(`sessions.${limit} = 1`))),
      limit,
    ).toBe(CKR_DATA_INVALID);
  const long = (length: number) => bytes(`#${'x'.repeat(length - 2)}\n`);
  expect(answer(() => addon.setSettings(first, long(16_385)))).toBe(CKR_DATA_LEN_RANGE);
  expect(answer(() => addon.setSettings(first, long(1 << 20)))).toBe(CKR_DATA_LEN_RANGE);
  expect(text()).toBe('');
  expect(answer(() => addon.setSettings(first, long(16_384)))).toBe(0);
  expect(addon.settings().length).toBe(16_384);
  expect(answer(() => addon.setSettings(first, bytes(wish)))).toBe(0);
  expect(text()).toBe(wish);
  addon.finalize();
  await store.stopEngine();
});

test('they go before the configuration of whoever starts the engine', async () => {
  const loose = store.path('loose.toml');
  writeFileSync(
    loose,
    '[pin]\nkdf = "pbkdf2"\niterations = 1000\nmax_attempts = 1000\n[sessions]\nmax_per_application = 1000\n',
  );
  process.env.STRONGROOM_CONFIG = loose;
  addon.initialize();
  expect(addon.pinAttempts(1, CKU_USER)).toEqual({ left: 4, most: 4 });
  const opened = Array.from({ length: 7 }, () => addon.openSession(0, true));
  expect(answer(() => addon.openSession(0, true))).toBe(CKR_SESSION_COUNT);
  for (const session of opened) addon.closeSession(session);
  addon.finalize();
  await store.stopEngine();
  // Whoever reads the log sees what held.
  expect(readFileSync(`${store.env.STRONGROOM_HOME}/audit.log`, 'latin1')).toMatch(
    /"maxAttempts":4.*"ownSettings":true/,
  );
});

test('taken out of the database, they are missed', async () => {
  const database = new SQLite(`${store.env.STRONGROOM_HOME}/store.db`);
  expect(database.prepare("DELETE FROM sealed_keys WHERE name = 'settings'").run().changes).toBe(1);
  database.close();
  addon.initialize();
  expect(answer(() => void addon.openSession(0, true))).toBe(CKR_DEVICE_ERROR);
  addon.finalize();
  expect(readFileSync(`${store.env.STRONGROOM_HOME}/engine.log`, 'latin1')).toContain('own keys');
});
