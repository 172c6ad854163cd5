/** The system's clock is set back, or leaps ahead, while an engine writes: the log goes on, is in order by its numbers, and verifies. */
import fs from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { Kind } from '../../audit/format.ts';
import { verifyAuditLog } from '../../audit/verify.ts';
import { makeLog } from './support.ts';

const HOUR = 3_600_000;

afterEach(() => vi.restoreAllMocks());

test('a clock that is set back costs no record, and each has the time that the clock showed', () => {
  const log = makeLog();
  const writer = log.open();
  const wall = Date.now();
  const steady = performance.now();
  const showed: number[] = [];
  for (const [at, shift] of [0, -HOUR, 24 * HOUR, -HOUR].entries()) {
    // The writer looks at the wall clock once a second, and counts by the steady one in between.
    vi.spyOn(performance, 'now').mockReturnValue(steady + 2000 * (at + 1));
    vi.spyOn(Date, 'now').mockReturnValue(wall + shift);
    writer.append(Kind.Operation, 1, 7, 0, 43, 0x1041, 0, null, null);
    showed.push(wall + shift);
  }
  vi.restoreAllMocks();
  writer.close();
  const times: number[] = [];
  const numbers: number[] = [];
  const verdict = verifyAuditLog({
    log: log.files.log,
    publicKey: fs.readFileSync(log.files.publicKey, 'utf8'),
    anchor: log.files.anchor,
    onRecord: (record) => {
      numbers.push(record.sequence);
      if (record.kind === Kind.Operation) times.push(Number(record.time / 1_000_000n));
    },
  });
  expect(verdict.ok).toBe(true);
  expect(numbers).toEqual(numbers.map((_, at) => at));
  expect(times.map((time, at) => Math.abs(time - (showed[at] ?? 0)) <= 1)).toEqual(times.map(() => true));
  expect(times.length).toBe(4);
});
