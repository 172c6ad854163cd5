/** The fuzzers, for a few seconds each: `make fuzz` runs them for ten minutes. */
import { expect, test } from 'vitest';
import { fuzz } from './run.ts';

test('some seconds of fuzzing find nothing', { timeout: 300_000 }, async () => {
  const results = await fuzz(8, Math.floor(Math.random() * 1e9));
  for (const { name, executions, findings } of results) {
    expect(findings, name).toEqual([]);
    // The door's has processes of its own to start, and a machine to share.
    expect(executions, name).toBeGreaterThan(name.includes('door') ? 10 : 100);
  }
});
