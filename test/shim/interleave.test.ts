/**
 * Every interleaving of small programs of calls in shared sessions, by a scheduler that tries all of them. With one place for two sessions,
 * and with one each. `make soak` explores longer programs and three threads.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { soak } from '../support/soak.ts';

const here = import.meta.dirname;
const shim = join(here, '../../module/shim');

describe('the interleavings of opening, call, flush, cancel and close', () => {
  for (const places of [1, 2]) {
    test(`${places === 1 ? 'of two sessions that share a place' : 'of sessions with a place each'}`, {
      timeout: soak ? 3_000_000 : 900_000,
    }, () => {
      const folder = mkdtempSync(join(tmpdir(), 'strongroom-interleave-'));
      try {
        const program = join(folder, 'interleave');
        const sources = readdirSync(here).filter((name) => /^interleave.*\.c$/.test(name));
        execFileSync('cc', [
          ...['-std=c11', '-O2', '-g', '-Wall', '-Wextra', '-Werror', '-fno-stack-protector'],
          ...[`-DSR_PAIRING_ENTRIES=${places}`, '-o', program],
          ...sources.map((name) => join(here, name)),
          ...['marshal.c', 'messages.c', 'generated/parameters.c'].map((file) => join(shim, file)),
        ]);
        // Where an answer is wrong, the program says which calls led there and ends with 1.
        const said = execFileSync(program, [soak ? 'all' : 'few'], { encoding: 'utf8' });
        expect(said).toMatch(/^explored \d+ programs, \d+ steps, \d+ endings\n$/);
        expect(Number(/(\d+) endings/.exec(said)?.[1])).toBeGreaterThan(4000);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
