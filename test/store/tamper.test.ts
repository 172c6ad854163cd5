import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  behindItsBack,
  copyDatabase,
  failure,
  loadPrivate,
  loadPublic,
  login,
  openStore,
  type Put,
  pinKey,
  putObject,
  soPin,
  temporaryFolder,
  tokenAt,
} from './support.ts';
import { prepare } from './two-tokens.ts';

/** What opening, reading publicly and logging in say about a slot: the first failure's kind and place. */
function examine(folder: string, slot = 0): string {
  const { store } = openStore(folder);
  try {
    if (store.problem !== null) return `store: ${store.problem.kind}`;
    const token = tokenAt(store, slot);
    if (token.problem !== null) return `token: ${token.problem.kind}`;
    const publicly = failure(() => loadPublic(store, token));
    if (publicly !== 'nothing was thrown') return `public: ${publicly}`;
    const privately = failure(() => loadPrivate(store, token, login(store, token)));
    return privately === 'nothing was thrown' ? 'good' : `login: ${privately}`;
  } finally {
    store.close();
  }
}

const row = (isPrivate: boolean, object: Put) =>
  `slot = 0 AND private = ${Number(isPrivate)} AND id = x'${hex(object.id)}'`;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function pick<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error('nothing there');
  return item;
}

describe('what is done to the database behind the store is found', () => {
  test('nothing done, nothing found', () => {
    const { folder } = prepare();
    for (let again = 0; again < 3; again++)
      expect([examine(folder), examine(folder, 1)]).toEqual(['good', 'good']);
  });

  test.each([false, true])('a deleted object (private: %s)', (isPrivate) => {
    const { folder, publics, privates } = prepare();
    const object = pick(isPrivate ? privates : publics, 1);
    behindItsBack(folder, (db) => db.exec(`DELETE FROM objects WHERE ${row(isPrivate, object)}`));
    expect(examine(folder)).toBe(isPrivate ? 'login: tampered' : 'public: tampered');
    expect(examine(folder, 1)).toBe('good');
  });

  test.each([false, true])('an old version of an object put back (private: %s)', (isPrivate) => {
    const { folder, publics, privates } = prepare();
    const object = pick(isPrivate ? privates : publics, 0);
    let old: unknown[] = [];
    behindItsBack(folder, (db) => {
      old = Object.values(db.prepare(`SELECT * FROM objects WHERE ${row(isPrivate, object)}`).get() ?? {});
    });
    const { store } = openStore(folder);
    const token = tokenAt(store, 0);
    const master = login(store, token);
    loadPrivate(store, token, master);
    store.objects.replace(token, object, new Uint8Array(3), 'keep', master);
    store.close();
    expect(examine(folder)).toBe('good');
    behindItsBack(folder, (db) =>
      db.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)').run(...old),
    );
    expect(examine(folder)).toBe(isPrivate ? 'login: tampered' : 'public: tampered');
  });

  test.each([false, true])('a destroyed object put back (private: %s)', (isPrivate) => {
    const { folder, publics, privates } = prepare();
    const object = pick(isPrivate ? privates : publics, 0);
    let old: unknown[] = [];
    behindItsBack(folder, (db) => {
      old = Object.values(db.prepare(`SELECT * FROM objects WHERE ${row(isPrivate, object)}`).get() ?? {});
    });
    const { store } = openStore(folder);
    const master = login(store, tokenAt(store, 0));
    loadPrivate(store, tokenAt(store, 0), master);
    store.objects.delete(tokenAt(store, 0), object, master);
    store.close();
    behindItsBack(folder, (db) => db.prepare('INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)').run(...old));
    expect(examine(folder)).toBe(isPrivate ? 'login: tampered' : 'public: tampered');
  });

  test.each([0, 1])('rows swapped between two tokens (private: %s)', (isPrivate) => {
    const { folder } = prepare();
    behindItsBack(folder, (db) => {
      const first = `(SELECT id FROM objects WHERE slot = 0 AND private = ${isPrivate} LIMIT 1)`;
      const second = `(SELECT id FROM objects WHERE slot = 1 AND private = ${isPrivate} LIMIT 1)`;
      db.exec(
        `UPDATE objects SET slot = 2 - slot - 1 WHERE private = ${isPrivate} AND id IN (${first}, ${second})`,
      );
    });
    const expected = isPrivate === 1 ? 'login: tampered' : 'public: tampered';
    expect([examine(folder), examine(folder, 1)]).toEqual([expected, expected]);
  });

  test('two values swapped between objects of one token', () => {
    const { folder, privates } = prepare();
    behindItsBack(folder, (db) => {
      const value = (object: Put) =>
        db
          .prepare(`SELECT value FROM objects WHERE ${row(true, object)}`)
          .pluck()
          .get();
      const [a, b] = [value(pick(privates, 0)), value(pick(privates, 1))];
      db.prepare(`UPDATE objects SET value = ? WHERE ${row(true, pick(privates, 0))}`).run(b);
      db.prepare(`UPDATE objects SET value = ? WHERE ${row(true, pick(privates, 1))}`).run(a);
    });
    expect(examine(folder)).toBe('login: tampered');
  });

  test('a destroyed public object made to look like a change without login', () => {
    const { folder, publics } = prepare();
    const object = pick(publics, 0);
    behindItsBack(folder, (db) => {
      db.exec(`DELETE FROM objects WHERE ${row(false, object)}`);
      db.prepare('INSERT INTO tombstones VALUES (0, ?, 1, ?)').run(object.id, randomBytes(32));
    });
    expect(examine(folder)).toBe('public: tampered');
  });

  test('a mark of confirmation changed', () => {
    const { folder, publics } = prepare();
    behindItsBack(folder, (db) =>
      db.exec(`UPDATE objects SET unconfirmed = 1 WHERE ${row(false, pick(publics, 0))}`),
    );
    expect(examine(folder)).toBe('public: tampered');
  });

  test.each([
    ['a token deleted', 'DELETE FROM tokens WHERE slot = 0', 'store: tampered'],
    ['its manifest deleted', 'DELETE FROM manifest WHERE slot = 0', 'token: tampered'],
    [
      'its manifest exchanged',
      'UPDATE manifest SET slot = CASE slot WHEN 0 THEN 9 ELSE slot END',
      'token: tampered',
    ],
    ['the head deleted', 'DELETE FROM manifest WHERE slot = -1', 'store: tampered'],
    ['a PIN deleted', 'DELETE FROM keyslots WHERE slot = 0', 'token: tampered'],
    ['the PIN of a keyslot deleted', 'DELETE FROM keyslot_factors WHERE slot = 0', 'token: tampered'],
    [
      'a PIN become something else',
      "UPDATE keyslot_factors SET factor = 'mnemonic' WHERE slot = 0",
      'token: tampered',
    ],
    [
      'a factor added',
      'INSERT INTO keyslot_factors SELECT slot, kind, 1, factor, kdf, parameters, salt FROM keyslot_factors',
      'token: tampered',
    ],
    [
      'a factor of a keyslot that is not there',
      "INSERT INTO keyslot_factors VALUES (0, 1, 0, 'pin', 'PBKDF2-HMAC-SHA256', '{}', x'00')",
      'token: tampered',
    ],
    ['a PIN of another token', 'UPDATE keyslots SET slot = 1 - slot', 'token: tampered'],
    ['fewer iterations', `UPDATE keyslot_factors SET parameters = '{"iterations":1}'`, 'token: tampered'],
    [
      'labels swapped',
      'UPDATE tokens SET info = (SELECT info FROM tokens AS t WHERE t.slot <> tokens.slot)',
      'token: tampered',
    ],
    [
      'a head of an earlier generation',
      'UPDATE manifest SET generation = generation - 1 WHERE slot = -1',
      'store: tampered',
    ],
    [
      'a key of the store added',
      "INSERT INTO sealed_keys VALUES ('audit signing', x'00')",
      'store: tampered',
    ],
  ])('%s', (_name, sql, expected) => {
    const { folder } = prepare();
    behindItsBack(folder, (db) => {
      db.pragma('foreign_keys = OFF');
      if (sql.includes('1 - slot')) {
        db.exec(
          'UPDATE keyslots SET slot = 7 WHERE slot = 0; UPDATE keyslots SET slot = 0 WHERE slot = 1; UPDATE keyslots SET slot = 1 WHERE slot = 7',
        );
      } else db.exec(sql);
    });
    expect(examine(folder)).toBe(expected);
  });

  test('a trigger put into the schema', () => {
    const { folder } = prepare();
    behindItsBack(folder, (db) =>
      db.exec('CREATE TRIGGER t AFTER INSERT ON objects BEGIN DELETE FROM keyslots; END'),
    );
    expect(failure(() => openStore(folder))).toBe('tampered');
  });

  test('the count of wrong PINs cannot be put back', () => {
    const { folder } = prepare();
    const copy = path.join(temporaryFolder(), 'copy');
    copyDatabase(folder, copy);
    const { store, pins } = openStore(folder);
    pins.begin(tokenAt(store, 0), 0);
    store.close();
    copyDatabase(copy, folder);
    expect(examine(folder)).toBe('token: rollback');
  });

  test('an old database put back', () => {
    const { folder } = prepare();
    const copy = path.join(temporaryFolder(), 'copy');
    copyDatabase(folder, copy);
    const { store } = openStore(folder);
    putObject(store, tokenAt(store, 0), false, null);
    store.close();
    copyDatabase(copy, folder);
    const again = openStore(folder).store;
    expect(tokenAt(again, 1).problem?.message).toMatch(/an old store.db was put back/);
    expect(again.tokens().map((each) => each.info?.label)).toEqual(['first', 'second']);
    expect(failure(() => loadPublic(again, tokenAt(again, 0)))).toBe('rollback');
    expect(failure(() => putObject(again, tokenAt(again, 0), false, null))).toBe('rollback');
    again.close();
    // Still so: what was found is found again until it is accepted, for each token by itself.
    const later = openStore(folder).store;
    later.accept(tokenAt(later, 0));
    putObject(later, tokenAt(later, 0), false, null);
    later.close();
    expect([examine(folder), examine(folder, 1)]).toEqual(['good', 'token: rollback']);
  });

  test('attempts are counted while a token waits to be accepted, and nothing else changes', () => {
    const { folder } = prepare();
    const copy = path.join(temporaryFolder(), 'copy');
    copyDatabase(folder, copy);
    const { store } = openStore(folder);
    putObject(store, tokenAt(store, 0), false, null);
    store.close();
    copyDatabase(copy, folder);
    const again = openStore(folder);
    const id = Buffer.from(tokenAt(again.store, 0).id).toString('hex');
    // The log knows of three attempts that the old database does not.
    again.store.remindOfAttempts(new Map([[id, [3, 1, 0]]]));
    expect(again.pins.begin(tokenAt(again.store, 0), 0)).toBe(true);
    expect(again.store.failures(tokenAt(again.store, 0), 0)).toBe(4);
    again.store.close();
    const last = openStore(folder);
    expect(last.store.failures(tokenAt(last.store, 0), 0)).toBe(4);
    // The change has not made what was found forgotten, neither for this token nor for the other.
    expect(last.store.tokens().map((token) => token.problem?.kind)).toEqual(['rollback', 'rollback']);
    last.store.close();
  });

  test.each([
    ['the database', 'store.db', 'tampered'],
    ['the store key', 'store.key', 'corrupt'],
  ])('%s gone', (_name, file, kind) => {
    const { folder } = prepare();
    fs.rmSync(path.join(folder, file));
    expect(failure(() => openStore(folder))).toBe(kind);
  });

  test('the store key of another store', () => {
    const { folder } = prepare();
    const other = prepare().folder;
    fs.copyFileSync(path.join(other, 'store.key'), path.join(folder, 'store.key'));
    expect(failure(() => openStore(folder))).toBe('tampered');
  });

  test.each(['gone', 'of another store', 'of an earlier run'])('the anchor %s', (what) => {
    const { folder } = prepare();
    const anchor = path.join(folder, 'store.generation');
    const old = fs.readFileSync(anchor);
    const { store } = openStore(folder);
    putObject(store, tokenAt(store, 0), false, null);
    store.close();
    if (what === 'gone') fs.rmSync(anchor);
    else if (what === 'of another store')
      fs.copyFileSync(path.join(prepare().folder, 'store.generation'), anchor);
    else fs.writeFileSync(anchor, old);
    for (let again = 0; again < 2; again++) expect(examine(folder)).toBe('token: rollback');
    const accepting = openStore(folder).store;
    accepting.accept(tokenAt(accepting, 0));
    accepting.close();
    expect(examine(folder)).toBe('good');
  });

  test('an anchor older than the database by what a power failure may lose is no alarm, and is told', () => {
    const { folder } = prepare();
    const anchor = path.join(folder, 'store.generation');
    const { store } = openStore(folder);
    const old = fs.readFileSync(anchor);
    for (let count = 0; count < 5; count++) putObject(store, tokenAt(store, 0), false, null);
    store.close();
    fs.writeFileSync(anchor, old);
    const again = openStore(folder).store;
    expect([again.problem, again.anchorLag]).toEqual([null, 5]);
    again.close();
    const last = openStore(folder).store;
    expect([last.problem, last.anchorLag]).toEqual([null, 0]);
    last.close();
  });

  test('a token out of use can be initialised again', () => {
    const { folder, publics } = prepare();
    behindItsBack(folder, (db) => db.exec(`DELETE FROM objects WHERE ${row(false, pick(publics, 1))}`));
    const opened = openStore(folder);
    const token = tokenAt(opened.store, 0);
    expect(failure(() => loadPublic(opened.store, token))).toBe('tampered');
    expect(failure(() => putObject(opened.store, token, false, null))).toBe('tampered');
    opened.pins.reinit(
      token,
      { label: 'again', serial: '', flags: 0, created: 0 },
      pinKey(opened.pins, soPin),
    );
    expect(token.problem).toBeNull();
    putObject(opened.store, token, false, null);
    opened.store.close();
    expect([examine(folder), examine(folder, 1)]).toEqual(['good', 'good']);
  });

  test('a row changed while the store is open is not served', () => {
    const { folder, privates } = prepare();
    const { store } = openStore(folder);
    const token = tokenAt(store, 0);
    const master = login(store, token);
    loadPrivate(store, token, master);
    const object = pick(privates, 0);
    expect(failure(() => store.objects.openValue(token, { ...object, version: 2 }, master))).toBe('tampered');
    expect(token.problem?.kind).toBe('tampered');
    expect(failure(() => store.objects.openValue(token, object, master))).toBe('tampered');
    expect(loadPublic(store, tokenAt(store, 1))).toHaveLength(1);
    store.close();
  });
});
