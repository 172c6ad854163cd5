/**
 * Compiles the conformance program, runs it against one module and turns every line of its output into a test.
 *
 * STRONGROOM_TEST_MODULE names the module (default: the one that the build makes). With
 * STRONGROOM_TEST_SANITIZE=1 the program is built with ASan and UBSan.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { quickPins } from '../support/store.ts';

const here = import.meta.dirname;
const module = resolve(
  process.env.STRONGROOM_TEST_MODULE ?? join(here, '../../out/lib/strongroom-pkcs11.so'),
);
const minutes = 60_000;

interface Outcome {
  readonly name: string;
  readonly kind: 'ok' | 'not ok' | 'skip';
  readonly reason: string;
}

function build(folder: string): string {
  const program = join(folder, 'conformance');
  const sanitize = process.env.STRONGROOM_TEST_SANITIZE === '1';
  const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-g', '-pthread'];
  const extra = sanitize ? ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'] : ['-O2'];
  const sources = readdirSync(here).filter((file) => file.endsWith('.c'));
  const all = [...sources.map((file) => join(here, file)), join(here, '../bench/orphans.c')];
  execFileSync('cc', [...flags, ...extra, '-o', program, ...all, '-ldl'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return program;
}

/** Runs every case. @returns one outcome a line; @throws when the program crashed or ended before its last line */
function runAll(): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-conformance-build-'));
  try {
    // Wrong PINs lock, and need not take their time before that; a module elsewhere has a configuration of its own.
    const config = process.env.STRONGROOM_CONFIG ?? join(folder, 'quick.toml');
    if (process.env.STRONGROOM_CONFIG === undefined)
      writeFileSync(config, [...quickPins, 'slow_first_ms = 0', ''].join('\n'));
    const run = spawnSync(build(folder), [module], {
      encoding: 'utf8',
      timeout: 10 * minutes,
      // Leaks of the module under test at exit are not this program's to judge.
      env: { ...process.env, STRONGROOM_CONFIG: config, ASAN_OPTIONS: 'detect_leaks=0' },
    });
    const lines = run.stdout.trim().split('\n');
    if (run.status !== 0 || lines.at(-1) !== 'done') {
      throw new Error(`the program ended with ${run.signal ?? run.status}\n${run.stdout}\n${run.stderr}`);
    }
    return lines.slice(0, -1).map((line) => {
      const match = /^(ok|not ok|skip) ([^ :]+)(?:: (.*))?$/.exec(line);
      if (!match) throw new Error(`unexpected line: ${line}`);
      const [, kind, name, reason] = match;
      return { kind: kind as Outcome['kind'], name: name ?? '', reason: reason ?? '' };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe(`conformance of ${module}`, () => {
  test('the module is there', () => {
    expect(existsSync(module), `${module} is missing: build it first`).toBe(true);
  });
  if (!existsSync(module)) return;
  // Cases are discovered by running them, so the program runs while the tests are collected.
  const outcomes = runAll();
  test('the program ran its cases', () => {
    expect(outcomes.length).toBeGreaterThan(50);
  });
  for (const { name, kind, reason } of outcomes) {
    test.skipIf(kind === 'skip')(name, () => {
      expect(kind, reason).toBe('ok');
    });
  }
});
