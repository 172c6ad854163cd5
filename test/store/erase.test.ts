/**
 * What was destroyed or replaced is in none of the store's files when the call returns: not in the database, not in its log. The files are
 * searched while the store is open, as they would be found after a kill.
 */
import fs from 'node:fs';
import path from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Database } from '../../module/engine/store/database.ts';
import { StoreError } from '../../module/engine/store/errors.ts';
import {
  loadPrivate,
  newToken,
  type Opened,
  openStore,
  pinKey,
  putObject,
  temporaryFolder,
  userPin,
} from './support.ts';

/** All sealed blobs of a table's columns, as they are in the files now. */
function blobs(folder: string, query: string): Buffer[] {
  const copy = temporaryFolder();
  for (const name of ['store.db', 'store.db-wal'])
    if (fs.existsSync(path.join(folder, name)))
      fs.copyFileSync(path.join(folder, name), path.join(copy, name));
  const db = new SQLite(path.join(copy, 'store.db'));
  const rows = db.prepare(query).raw().all() as (Buffer | null)[][];
  db.close();
  return rows.flat().filter((value) => value !== null);
}

/** Which of the blobs are found in a file of the folder, in part at least. */
function found(folder: string, wanted: readonly Buffer[]): number {
  const files = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name)));
  const pieces = (blob: Buffer) => {
    const list = [];
    for (let at = 0; at + 16 <= blob.length; at += 16) list.push(blob.subarray(at, at + 16));
    return list;
  };
  return wanted.filter((blob) => pieces(blob).some((piece) => files.some((file) => file.includes(piece))))
    .length;
}

function fresh(): { folder: string; opened: Opened } & ReturnType<typeof newToken> {
  const folder = temporaryFolder();
  const opened = openStore(folder);
  onTestFinished(() => opened.store.close());
  return { folder, opened, ...newToken(opened, 'token') };
}

describe('what is gone is in no file of the store any more', () => {
  test('an old keyslot, after each change of a PIN', () => {
    const { folder, opened, token, master } = fresh();
    const set = () => opened.pins.set(token, 1, pinKey(opened.pins, userPin), master);
    set();
    for (let i = 0; i < 5; i++) {
      const old = blobs(
        folder,
        'SELECT wrapped, salt FROM keyslots NATURAL JOIN keyslot_factors WHERE kind = 1',
      );
      expect(found(folder, old)).toBe(2);
      set();
      expect(found(folder, old)).toBe(0);
    }
  });

  test('the row of a destroyed key or private object, wherever it lay', () => {
    const { folder, opened, token, master } = fresh();
    loadPrivate(opened.store, token, master);
    const made = Array.from({ length: 200 }, (_, i) => putObject(opened.store, token, i % 3 > 0, master));
    for (let i = 0; i < made.length; i += 7) {
      const one = made[i];
      if (one === undefined) throw new Error('no such object');
      const id = Buffer.from(one.id).toString('hex');
      const old = blobs(folder, `SELECT attributes, value FROM objects WHERE id = x'${id}'`);
      expect(found(folder, old)).toBe(old.length);
      opened.store.objects.delete(token, { id: one.id, private: one.private, version: 1 }, master);
      expect(found(folder, old), `object ${i}`).toBe(0);
    }
  });

  test('everything, after C_InitToken', () => {
    const { folder, opened, token, master } = fresh();
    loadPrivate(opened.store, token, master);
    for (let i = 0; i < 100; i++) putObject(opened.store, token, i % 2 === 0, master);
    const old = [
      ...blobs(folder, 'SELECT attributes, value FROM objects'),
      ...blobs(folder, 'SELECT wrapped, salt FROM keyslots NATURAL JOIN keyslot_factors'),
    ];
    expect(found(folder, old)).toBe(old.length);
    const info = { label: 'again', serial: '2', flags: 0, created: 1 };
    opened.pins.reinit(token, info, pinKey(opened.pins, userPin));
    expect(found(folder, old)).toBe(0);
  });

  test('later, where the files could not be written at that moment', () => {
    const { folder, opened, token, master } = fresh();
    const set = () => opened.pins.set(token, 1, pinKey(opened.pins, userPin), master);
    set();
    const told: StoreError[] = [];
    opened.store.onLeftover = (error) => told.push(error);
    const old = blobs(folder, 'SELECT wrapped FROM keyslots WHERE kind = 1');
    const erase = vi.spyOn(Database.prototype, 'erase').mockImplementationOnce(() => {
      throw new StoreError('io', 'store.db could not be written');
    });
    onTestFinished(() => erase.mockRestore());
    set();
    expect(told.length).toBe(1);
    expect(found(folder, old)).toBe(1);
    opened.store.countAttempt(token, 1, 10);
    expect(found(folder, old)).toBe(0);
  });
});
