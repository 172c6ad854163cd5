import SQLite from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { StoreError } from '../../module/engine/store/errors.ts';
import { Reader } from '../../module/engine/store/reader.ts';

const db = new SQLite(':memory:');
afterAll(() => db.close());

// Not STRICT, so that each column takes whatever damage would make of it.
db.exec('CREATE TABLE things (number, bytes, words, maybe)');
const put = db.prepare('INSERT INTO things VALUES (?, ?, ?, ?)');
const sql = 'SELECT number, bytes, words, maybe FROM things';

interface Thing {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly words: string;
  readonly maybe: Uint8Array | null;
}

const reader = new Reader(db.prepare<[], Thing>(sql), {
  number: 'integer',
  bytes: 'blob',
  words: 'text',
  maybe: 'blob or null',
});

function only(...row: readonly unknown[]): void {
  db.exec('DELETE FROM things');
  put.run(...row);
}

const bytes = Buffer.from([1, 2]);

test.each([
  [7, bytes, 'words', null],
  [-1, Buffer.alloc(0), '', bytes],
])('a row of the right kinds is given: %s', (...row) => {
  only(...row);
  expect(reader.get()).toEqual({ number: row[0], bytes: row[1], words: row[2], maybe: row[3] });
  expect(reader.all()).toHaveLength(1);
});

test.each([
  ['number', ['7', bytes, 'words', null]],
  ['number', [7.5, bytes, 'words', null]],
  ['number', [null, bytes, 'words', null]],
  ['bytes', [7, 'bytes', 'words', null]],
  ['bytes', [7, null, 'words', null]],
  ['words', [7, bytes, bytes, null]],
  ['maybe', [7, bytes, 'words', 'text']],
])('another kind of %s is damage', (name, row) => {
  only(...row);
  for (const read of [() => reader.get(), () => reader.all()])
    expect(read).toThrow(
      expect.objectContaining({ kind: 'corrupt', message: expect.stringContaining(name) }),
    );
  expect(() => reader.get()).toThrow(StoreError);
});

test('a column of another name is damage, and no row at all is none', () => {
  const renamed = new Reader(
    db.prepare<[], Thing>('SELECT number, bytes, words AS Words, maybe FROM things'),
    {
      words: 'text',
    } as never,
  );
  only(7, bytes, 'words', null);
  expect(() => renamed.get()).toThrow(expect.objectContaining({ kind: 'corrupt' }));
  db.exec('DELETE FROM things');
  expect(renamed.get()).toBeUndefined();
  expect(renamed.all()).toEqual([]);
});
