/** Compiles trimming.c, in which both ends of large lanes meet, and turns every line of its output into an assertion. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('no call loses what it carries to the engine that gives memory back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-trimming-'));
  try {
    const program = join(folder, 'trimming');
    const lane = join(import.meta.dirname, '../../module/lane');
    const sources = [
      join(import.meta.dirname, 'trimming.c'),
      ...['host', 'trim', 'mapping', 'thread'].map((name) => join(lane, `${name}.c`)),
    ];
    const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-g', '-O1', '-pthread'];
    execFileSync('cc', [...flags, '-fsanitize=address,undefined', '-o', program, ...sources], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const run = execFileSync(program, {
      encoding: 'utf8',
      timeout: 240_000,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(run.trim().split('\n')).toEqual([
      'ok calls-were-answered',
      'ok no-request-was-found-empty',
      'ok no-answer-was-found-empty',
      'ok resting-lanes-hold-no-memory',
      'done',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
