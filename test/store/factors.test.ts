/** What opens a token: factors and keyslots, what they cost, and what becomes of those of earlier releases. */

import path from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { costOfAll } from '../../module/engine/store/factors/factors.ts';
import { newMnemonic } from '../../module/engine/store/factors/mnemonic.ts';
import { pinFactor } from '../../module/engine/store/factors/pin.ts';
import { Pins } from '../../module/engine/store/keyslot.ts';
import { costsLess, mostOf, noCost } from '../../module/engine/store/protection.ts';
import { Store } from '../../module/engine/store/store.ts';
import type { KeyslotChoice, Token } from '../../module/engine/store/token.ts';
import { cheapKdf } from '../support/kdf.ts';
import {
  behindItsBack,
  bytes,
  enclave,
  failure,
  login,
  newToken,
  type Opened,
  openStore,
  pinKey,
  soPin,
  temporaryFolder,
  tokenAt,
  userPin,
} from './support.ts';

const [so, user, recovery] = [0, 1, 2] as const;
let job = 9000;

/** The handle that the pool makes of each secret. */
async function derived(pins: Pins, choice: KeyslotChoice, ...secrets: Uint8Array[]): Promise<number[]> {
  const jobs = choice.map((factor, i) => {
    const buffer = secrets[i] ?? new Uint8Array();
    pins.derive(++job, factor, { buffer, offset: 0, length: buffer.length });
    return job;
  });
  const left = new Set(jobs);
  while (left.size > 0) {
    const ended = enclave.jobTake();
    if (ended > 0) left.delete(ended);
    else await new Promise((done) => setTimeout(done, 1));
  }
  return jobs.map((each) => enclave.jobResult(each));
}

/** Recovery words, made as the engine makes them. */
function newWords(size = 32): Uint8Array {
  const entropy = enclave.keyGenerateSecret(size);
  const room = new Uint8Array(300);
  const length = enclave.mnemonicWords(entropy, room, 0, 300);
  return room.slice(0, length);
}

async function addRecovery({ store, pins }: Opened, token: Token, master: number): Promise<Uint8Array> {
  const words = newWords();
  const choice = pins.chooseFor([newMnemonic({ words: 24, made: 1_700_000_000_000 })], token);
  const kek = pins.combine(await derived(pins, choice, words));
  store.setKeyslot(token, recovery, { choice, kek }, master);
  return words;
}

async function opens({ store, pins }: Opened, token: Token, ...secrets: Uint8Array[]): Promise<boolean> {
  const choice = token.keyslots.get(recovery)?.factors ?? [];
  const kek = pins.combine(await derived(pins, choice, ...secrets));
  const master = store.unlock(token, recovery, kek);
  const right = master !== null && enclave.keyEqual(master, login(store, token));
  expect(right).toBe(master !== null);
  return right;
}

describe('factors', () => {
  test('recovery words open the token beside its PINs, and stay when PINs change', async () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    const { token, master } = newToken(first, 'token');
    const words = await addRecovery(first, token, master);
    first.pins.set(token, user, pinKey(first.pins, userPin), master);
    first.pins.set(token, so, pinKey(first.pins, soPin), master);
    first.store.close();
    const again = openStore(folder);
    const reopened = tokenAt(again.store, 0);
    expect(await opens(again, reopened, words)).toBe(true);
    expect(await opens(again, reopened, newWords())).toBe(false);
    again.store.removeKeyslot(reopened, recovery);
    expect([...reopened.keyslots.keys()]).toEqual([so, user]);
    again.store.close();
    const last = openStore(folder);
    expect([...tokenAt(last.store, 0).keyslots.keys()]).toEqual([so, user]);
    expect(tokenAt(last.store, 0).problem).toBeNull();
    last.store.close();
  });

  test('a keyslot of several needs each of them, in their order', async () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    const { token, master } = newToken(first, 'token');
    const words = newWords(16);
    const both = [pinFactor, newMnemonic({ words: 12, made: 0 })];
    const choice = first.pins.chooseFor(both, token);
    const kek = first.pins.combine(await derived(first.pins, choice, userPin, words));
    first.store.setKeyslot(token, recovery, { choice, kek }, master);
    first.store.close();
    const again = openStore(folder);
    const reopened = tokenAt(again.store, 0);
    expect(reopened.keyslots.get(recovery)?.factors.map(({ factor }) => factor)).toEqual(['pin', 'mnemonic']);
    expect(await opens(again, reopened, userPin, words)).toBe(true);
    expect(await opens(again, reopened, soPin, words)).toBe(false);
    expect(await opens(again, reopened, userPin, newWords(16))).toBe(false);
    const one = await derived(again.pins, choice, userPin, words);
    expect(again.store.unlock(reopened, recovery, one[0] ?? 0)).toBeNull();
    expect(again.store.unlock(reopened, recovery, one[1] ?? 0)).toBeNull();
    expect(again.store.unlock(reopened, recovery, again.pins.combine(one.toReversed()))).toBeNull();
    again.store.close();
    behindItsBack(folder, (db) => {
      db.exec(`UPDATE keyslot_factors SET place = place + 10 WHERE kind = 2;
        UPDATE keyslot_factors SET place = 11 - place WHERE kind = 2`);
    });
    const exchanged = openStore(folder);
    expect(tokenAt(exchanged.store, 0).problem?.kind).toBe('tampered');
    exchanged.store.close();
  });

  test('what a later release has made is told from damage, and neither is guessed at', () => {
    const salt = new Uint8Array(32);
    const cost = (factor: string, kdf: string, parameters: string) =>
      failure(() => costOfAll([{ factor, kdf, parameters, salt }]));
    expect(cost('fingerprint', 'Argon2id', '{}')).toBe('version');
    expect(cost('pin', 'scrypt', '{}')).toBe('version');
    expect(cost('mnemonic', 'Argon2id', '{}')).toBe('version');
    const argon2 = (memoryKib: unknown, passes: unknown, lanes: unknown) =>
      cost('pin', 'Argon2id', JSON.stringify({ memoryKib, passes, lanes }));
    expect(argon2(65_536, 3, 4)).toBe('nothing was thrown');
    for (const absurd of [
      argon2(2 ** 20 + 1, 3, 4),
      argon2(31, 3, 4),
      argon2(65_536, 65, 4),
      argon2(65_536, 0, 4),
      argon2(65_536, 3, 65),
      argon2(65_536, 3, 0),
      argon2('65536', 3, 4),
      argon2(65_536.5, 3, 4),
      argon2(-65_536, 3, 4),
      argon2(undefined, 3, 4),
      cost('pin', 'Argon2id', 'null'),
      cost('pin', 'Argon2id', '{'),
      cost('pin', 'PBKDF2-HMAC-SHA256', '{"iterations":4000000000}'),
      cost('pin', 'PBKDF2-HMAC-SHA256', '{"iterations":0}'),
      cost('mnemonic', 'HKDF-SHA256', '{"words":1000,"made":0}'),
    ])
      expect(absurd).toBe('tampered');
  });
});

describe('what a guess costs', () => {
  const argon2 = { memoryKib: 8192, passes: 1, lanes: 1 };
  const heavy = { ...noCost, argon2 };
  const many = { ...noCost, iterations: 100_000_000 };

  test('Argon2id outranks any number of iterations; within one of them each parameter counts', () => {
    expect([costsLess(many, heavy), costsLess(heavy, many)]).toEqual([true, false]);
    expect([costsLess(noCost, many), costsLess(many, many), costsLess(heavy, heavy)]).toEqual([
      true,
      false,
      false,
    ]);
    for (const more of [{ memoryKib: 8193 }, { passes: 2 }, { lanes: 2 }])
      expect(costsLess(heavy, { ...heavy, argon2: { ...argon2, ...more } })).toBe(true);
    expect(mostOf(many, { ...heavy, iterations: 5 })).toEqual({ iterations: 100_000_000, argon2 });
  });

  test('a configuration can ask for more than a token has had, and never for less', async () => {
    const folder = temporaryFolder();
    const cheap = openStore(folder);
    const { token, master } = newToken(cheap, 'token');
    expect(cheap.pins.outdated(token, so)).toBe(false);
    const strong = new Pins(cheap.store, enclave, { kdf: { ...heavy, kdf: 'argon2id' } });
    expect(strong.outdated(token, so)).toBe(true);
    const choice = strong.choose(token);
    expect(choice[0]).toMatchObject({ kdf: 'Argon2id', parameters: JSON.stringify(argon2) });
    strong.begin(token, so);
    const [kek = 0] = await derived(strong, choice, soPin);
    strong.upgrade(token, so, { choice, kek }, master);
    // What was counted goes on.
    expect(cheap.store.failures(token, so)).toBe(1);
    expect(strong.outdated(token, so)).toBe(false);
    cheap.store.close();

    const store = Store.open(folder, enclave);
    const reopened = tokenAt(store, 0);
    const lax = new Pins(store, enclave, { kdf: { ...cheapKdf, iterations: 1 } });
    expect(lax.choose(reopened)[0]?.parameters).toBe(JSON.stringify(argon2));
    const passes = new Pins(store, enclave, {
      kdf: { ...noCost, kdf: 'argon2id', argon2: { memoryKib: 16, passes: 2, lanes: 2 } },
    });
    expect(passes.choose(reopened)[0]?.parameters).toBe('{"memoryKib":8192,"passes":2,"lanes":2}');
    expect(passes.outdated(reopened, so)).toBe(true);
    const [again = 0] = await derived(lax, reopened.keyslots.get(so)?.factors ?? [], soPin);
    expect(lax.finish(reopened, so, again)).not.toBeNull();
    store.close();
  });
});

/** The rows of a kind, to be put back or elsewhere. */
function rowsOf(folder: string, slot: number, kind: number) {
  const db = new SQLite(path.join(folder, 'store.db'));
  try {
    const all = (table: string) =>
      db.prepare(`SELECT * FROM ${table} WHERE slot = ? AND kind = ?`).raw().all(slot, kind) as unknown[][];
    return { keyslots: all('keyslots'), keyslot_factors: all('keyslot_factors') };
  } finally {
    db.close();
  }
}

function putBack(folder: string, rows: ReturnType<typeof rowsOf>, slot: number, kind: number): void {
  behindItsBack(folder, (db) => {
    db.prepare('DELETE FROM keyslots WHERE slot = ? AND kind = ?').run(slot, kind);
    for (const [table, list] of Object.entries(rows))
      for (const [, , ...rest] of list)
        db.prepare(`INSERT INTO ${table} VALUES (?, ?${', ?'.repeat(rest.length)})`).run(slot, kind, ...rest);
  });
}

describe('keyslots put where they do not belong', () => {
  test.each([
    ['recovery words, after they were removed', recovery, recovery, 0],
    ['an old PIN', user, user, 0],
    ['recovery words in a PIN’s place', recovery, user, 0],
    ['the SO PIN in the user’s place', so, user, 0],
    ['another token’s recovery words', recovery, recovery, 1],
    ['another token’s SO PIN', so, so, 1],
  ] as const)('%s', async (_, from, to, at) => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    for (const name of ['first', 'second']) {
      const { token, master } = newToken(first, name);
      await addRecovery(first, token, master);
      first.pins.set(token, user, pinKey(first.pins, userPin), master);
    }
    first.store.close();
    const rows = rowsOf(folder, 0, from);
    expect(rows.keyslots.length + rows.keyslot_factors.length).toBe(2);
    const second = openStore(folder);
    const token = tokenAt(second.store, 0);
    const master = login(second.store, token);
    second.store.removeKeyslot(token, recovery);
    second.pins.set(token, user, pinKey(second.pins, bytes('another PIN')), master);
    second.store.close();
    putBack(folder, rows, at, to);
    const third = openStore(folder);
    expect(tokenAt(third.store, at).problem?.kind).toBe('tampered');
    expect(tokenAt(third.store, 1 - at).problem).toBeNull();
    expect(failure(() => login(third.store, tokenAt(third.store, at)))).toBe('tampered');
    third.store.close();
  });
});

test('a store of the first layout opens, and its PINs with it', () => {
  const folder = temporaryFolder();
  const first = openStore(folder);
  const { token, master } = newToken(first, 'token');
  first.pins.set(token, user, pinKey(first.pins, userPin), master);
  first.store.close();
  behindItsBack(folder, (db) =>
    db.exec(`
      ALTER TABLE keyslots ADD COLUMN kdf TEXT NOT NULL DEFAULT '';
      ALTER TABLE keyslots ADD COLUMN parameters TEXT NOT NULL DEFAULT '';
      ALTER TABLE keyslots ADD COLUMN salt BLOB NOT NULL DEFAULT x'';
      UPDATE keyslots SET (kdf, parameters, salt) = (
        SELECT kdf, parameters, salt FROM keyslot_factors AS f WHERE f.slot = keyslots.slot AND f.kind = keyslots.kind);
      DROP TABLE keyslot_factors;
      PRAGMA user_version = 1;`),
  );
  const second = openStore(folder);
  const reopened = tokenAt(second.store, 0);
  expect(reopened.problem).toBeNull();
  expect(login(second.store, reopened, user, userPin)).toBeGreaterThan(0);
  second.pins.set(reopened, user, pinKey(second.pins, bytes('another')), login(second.store, reopened));
  second.store.close();
  const third = openStore(folder);
  expect(login(third.store, tokenAt(third.store, 0), user, bytes('another'))).toBeGreaterThan(0);
  third.store.close();
});
