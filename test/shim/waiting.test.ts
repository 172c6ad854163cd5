/** Compiles waiting.c, which contains the library's waiting rules, and turns every line of its output into an assertion. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('callers wait as they should', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-waiting-'));
  try {
    const program = join(folder, 'waiting');
    const flags = [
      '-std=c11',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-g',
      '-O1',
      '-pthread',
      '-fsanitize=address,undefined',
    ];
    execFileSync('cc', [...flags, '-o', program, join(import.meta.dirname, 'waiting.c')], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const lines = execFileSync(program, { encoding: 'utf8', timeout: 240_000 }).trim().split('\n');
    expect(lines).toEqual([
      'ok the-fastest-call-counts-from-the-asking',
      'ok the-expected-time-counts-from-the-asking',
      'ok without-a-beat-one-that-runs-is-given-up-late',
      'ok one-that-is-starved-is-waited-for',
      'ok without-a-beat-the-call-ends',
      'ok its-lane-is-used-no-more',
      'ok the-next-call-ends-soon',
      'ok after-a-beat-calls-go-on',
      'ok a-long-call-is-waited-for',
      'ok a-main-thread-that-hangs-is-noticed-later',
      'ok a-main-thread-that-works-on-one-call-is-waited-for',
      'ok an-answer-at-the-last-moment-counts',
      'ok who-is-finalised-meanwhile-hears-so',
      'ok who-is-forgotten-hears-so',
      'ok and-comes-anew-the-next-time',
      'ok no-slot-has-two-owners',
      'ok every-thread-gets-its-turns',
      'ok nobody-waits-any-more',
      'ok finalising-ends-the-wait',
      'done',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
