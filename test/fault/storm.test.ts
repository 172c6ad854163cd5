/**
 * A storm of threads in one application, plain and under ThreadSanitizer. Every answer is checked against what may be. `make soak` takes
 * many more rounds.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { soak } from '../support/soak.ts';
import type { Store } from '../support/store.ts';
import { compile, quickStore } from './support.ts';

const PATIENCE = soak ? 3_000_000 : 600_000;
const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-storm-'));
let store: Store | undefined;

afterEach(async () => {
  await store?.close();
  store = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The library as it is built, with a sanitizer, beside the same engine. */
function sanitizedModule(): string {
  const library = path.join(folder, 'lib');
  mkdirSync(library);
  symlinkSync(path.join(ROOT, 'out/lib/strongroom'), path.join(library, 'strongroom'));
  const module = path.join(library, 'strongroom-pkcs11.so');
  const shim = path.join(ROOT, 'module/shim');
  const sources = [shim, path.join(shim, 'generated')].flatMap((where) =>
    readdirSync(where)
      .filter((name) => name.endsWith('.c'))
      .map((name) => path.join(where, name)),
  );
  const flags = ['-std=c11', '-O1', '-g', '-fPIC', '-fvisibility=hidden', '-shared', '-fsanitize=thread'];
  execFileSync('cc', [...flags, '-o', module, ...sources], { stdio: ['ignore', 'inherit', 'inherit'] });
  return module;
}

function storm(program: string, module: string | undefined, weather: string, rounds: number) {
  store = quickStore(['[slots]', 'free_slot = true']);
  // The engine is there already: ThreadSanitizer loses count of locks when a thread has a child in its own memory, as starting an engine does.
  const first = spawnSync(compile('storm'), [store.module, 'greet', '0'], { env: store.env });
  expect(first.status).toBe(0);
  const run = spawnSync(program, [module ?? store.module, weather, String(rounds)], {
    env: { ...store.env, TSAN_OPTIONS: 'halt_on_error=0 exitcode=66' },
    encoding: 'utf8',
    timeout: PATIENCE,
    maxBuffer: 1 << 26,
  });
  return { said: run.stdout, errors: run.stderr.slice(0, 4000), status: run.status, signal: run.signal };
}

function expectCalm(run: ReturnType<typeof storm>, rounds: number): void {
  expect(run).toMatchObject({ errors: '', status: 0, signal: null });
  const [, done, wrong] = /^rounds (\d+) wrong (\d+) ended \d+\n$/.exec(run.said) ?? [];
  expect(Number(done)).toBeGreaterThanOrEqual(rounds);
  expect(Number(wrong)).toBe(0);
}

describe('a storm of threads', () => {
  const calm = soak ? 200_000 : 5_000;
  test(`${calm} rounds beside threads that must not matter: every call succeeds`, {
    timeout: PATIENCE,
  }, () => {
    expectCalm(storm(compile('storm'), undefined, 'calm', calm), calm);
  });

  const rough = soak ? 100_000 : 3_000;
  test(`${rough} rounds beside logouts, closings and finalising: every answer is explained`, {
    timeout: PATIENCE,
  }, () => {
    const run = storm(compile('storm'), undefined, 'rough', rough);
    expectCalm(run, rough);
    expect(Number(/ended (\d+)/.exec(run.said)?.[1])).toBeGreaterThan(0);
  });
});

describe('the same under ThreadSanitizer', () => {
  let module = '';
  let program = '';
  beforeAll(() => {
    module = sanitizedModule();
    program = path.join(folder, 'storm');
    const flags = ['-std=gnu11', '-O1', '-g', '-pthread', '-fsanitize=thread'];
    execFileSync('cc', [...flags, '-o', program, path.join(import.meta.dirname, 'clients/storm.c'), '-ldl']);
  });

  const rounds = soak ? 20_000 : 1_000;
  for (const weather of ['calm', 'rough'])
    test(`${rounds} ${weather} rounds: no data race in the library`, { timeout: PATIENCE }, () => {
      expectCalm(storm(program, module, weather, rounds), rounds);
    });
});
