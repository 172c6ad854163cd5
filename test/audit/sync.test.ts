/** When the writer waits for the disk, counted at its calls of fdatasync. */
import fs from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { Kind } from '../../audit/format.ts';
import type { AuditWriter } from '../../audit/writer.ts';
import { eventually } from '../support/programs.ts';
import { makeLog } from './support.ts';

afterEach(() => vi.restoreAllMocks());

function administrate(writer: AuditWriter, sync?: boolean): void {
  writer.append(
    Kind.Administration,
    1,
    2,
    0,
    60,
    0x1080,
    0,
    new Uint8Array(16).fill(7),
    null,
    0,
    undefined,
    sync,
  );
}

test('an administrative record is synced at once, unless it is said that it need not be', () => {
  const log = makeLog();
  const writer = log.open();
  const syncs = vi.spyOn(fs, 'fdatasyncSync');
  administrate(writer);
  expect(syncs).toHaveBeenCalledTimes(1);
  administrate(writer, false);
  expect(syncs).toHaveBeenCalledTimes(1);
  // It is in the file already, whoever reads it.
  expect(log.verify()).toMatchObject({ ok: true, uncoveredRecords: 2 });
  administrate(writer, true);
  expect(syncs).toHaveBeenCalledTimes(2);
  writer.close();
  expect(log.verify()).toMatchObject({ ok: true, uncoveredRecords: 0 });
});

test('with an interval of 0 every record is synced at once', () => {
  const writer = makeLog().open({ syncInterval: 0 });
  const syncs = vi.spyOn(fs, 'fdatasyncSync');
  administrate(writer, false);
  expect(syncs).toHaveBeenCalledTimes(1);
  writer.close();
});

test('what was not synced at once is synced when the interval has passed', { timeout: 60_000 }, async () => {
  const writer = makeLog().open({ syncInterval: 1 });
  const syncs = vi.spyOn(fs, 'fdatasync');
  administrate(writer, false);
  expect(await eventually(() => syncs.mock.calls.length === 1, 30_000)).toBe(true);
  writer.close();
});

test('a record that comes while the disk is busy has its turn afterwards', { timeout: 60_000 }, async () => {
  const writer = makeLog().open({ syncInterval: 1 });
  const ends: ((error: NodeJS.ErrnoException | null) => void)[] = [];
  vi.spyOn(fs, 'fdatasync').mockImplementation((_fd, done) => void ends.push(done));
  administrate(writer, false);
  expect(await eventually(() => ends.length === 1, 30_000)).toBe(true);
  administrate(writer, false);
  // The interval passes while the first sync is still under way.
  await new Promise((resolve) => setTimeout(resolve, 20));
  ends[0]?.(null);
  expect(await eventually(() => ends.length === 2, 30_000)).toBe(true);
  ends[1]?.(null);
  writer.close();
});
