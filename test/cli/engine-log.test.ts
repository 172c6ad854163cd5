/** The doctor reads engine.log, so that somebody hears of it who would not. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkEngineLog } from '../../admin-cli/doctor/engine-log.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-engine-log-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(folder, 'engine.log'), text);
const texts = (running: boolean) => checkEngineLog(folder, running).map(({ text }) => text);

test('nothing where nothing is', () => {
  expect(checkEngineLog(folder, false)).toEqual([]);
  write('2026-11-27T10:00:00.000Z C_Sign: something\n');
  expect(checkEngineLog(folder, false)).toEqual([]);
});

test('lines that were lost are summed up', () => {
  const line = (count: number) =>
    `\n2026-11-27T10:00:00.000Z ${count} lines of this log were lost: it could not be written\n`;
  write(`${line(3)}another${line(4)}2026-11-27T10:00:00.000Z C_Sign: something\n`);
  expect(texts(true)).toEqual([expect.stringMatching(/^7 lines of it were lost/)]);
});

test.each([
  'strongroom-launch: the hard limit RLIMIT_AS (ulimit -H -v) of the application that starts the engine is 1, and the engine needs at least 2',
  'strongroom: the engine was ended before it served, by signal 31 (Bad system call)',
  '2026-11-27T10:00:00.000Z cannot start: another engine holds the store',
])('why the last start failed, unless one succeeded since: %s', (line) => {
  write(`something older\n${line}\n`);
  expect(texts(false)).toEqual([line.replace(/^strongroom(-launch)?: /, '')]);
  expect(texts(true)).toEqual([]);
  const audit = join(folder, 'audit.log');
  writeFileSync(audit, '');
  utimesSync(audit, new Date(), new Date(Date.now() + 60_000));
  expect(texts(false)).toEqual([]);
});
