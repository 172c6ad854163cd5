/**
 * Whoever starts the engine chooses its configuration. What protects a token's PINs is the token's own: a configuration can ask for more, and
 * never for less.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { makeStore, type Store } from '../support/store.ts';

const so = '87654321';
const pin = 'right-pin';
let store: Store | undefined;

afterEach(async () => {
  await store?.close();
  store = undefined;
});

/** The same store, and an engine that was started with another file of the attacker's own. */
function configured(at: Store, name: string, attempts: number): Readonly<Record<string, string>> {
  const config = at.path(`${name}.toml`);
  writeFileSync(
    config,
    `[pin]\nkdf = "pbkdf2"\niterations = 1000\nslow_first_ms = 0\nmax_attempts = ${attempts}\nso_max_attempts = ${attempts}\n`,
  );
  return { ...at.env, STRONGROOM_CONFIG: config };
}

function tool(at: Store, env: Readonly<Record<string, string>>, ...args: string[]): string {
  const run = spawnSync('pkcs11-tool', ['--module', at.module, ...args], { env, encoding: 'utf8' });
  return run.status === 0 ? 'ok' : `${run.stdout}${run.stderr}`;
}

const guess = (at: Store, env: Readonly<Record<string, string>>, value: string) =>
  tool(at, env, '--login', '--pin', value, '-O');

function prepare(attempts: number): Store {
  const at = makeStore();
  store = at;
  const env = configured(at, 'owner', attempts);
  expect(tool(at, env, '--init-token', '--label', 'limits', '--so-pin', so)).toBe('ok');
  const init = ['--login', '--login-type', 'so', '--so-pin', so, '--init-pin', '--pin', pin];
  expect(tool(at, env, ...init)).toBe('ok');
  return at;
}

describe('a token’s lockout', () => {
  test('is no matter of who configures the engine: locked stays locked', async () => {
    const at = prepare(3);
    const own = configured(at, 'owner', 3);
    for (let i = 0; i < 3; i++) expect(guess(at, own, `wrong-${i}`)).toMatch(/CKR_PIN_(INCORRECT|LOCKED)/);
    await at.stopEngine();
    const loose = configured(at, 'attacker', 1000);
    expect(guess(at, loose, 'wrong-again')).toContain('CKR_PIN_LOCKED');
    // Not even the right one opens it; the security officer can.
    expect(guess(at, loose, pin)).toContain('CKR_PIN_LOCKED');
    // Whoever reads the log later sees with what this engine was started.
    const log = readFileSync(`${at.env.STRONGROOM_HOME}/audit.log`, 'latin1');
    expect(log).toContain('"maxAttempts":1000');
    expect(log).toContain(loose.STRONGROOM_CONFIG);
    const reset = ['--login', '--login-type', 'so', '--so-pin', so, '--init-pin', '--pin', pin];
    expect(tool(at, loose, ...reset)).toBe('ok');
    expect(guess(at, loose, pin)).toBe('ok');
  });

  test('keeps to the fewest attempts that were ever configured', async () => {
    const at = prepare(5);
    expect(guess(at, configured(at, 'owner', 5), 'wrong')).toContain('CKR_PIN_INCORRECT');
    await at.stopEngine();
    const loose = configured(at, 'attacker', 1000);
    const answers = Array.from({ length: 8 }, (_, i) => guess(at, loose, `wrong-${i}`));
    expect(answers.filter((answer) => answer.includes('CKR_PIN_INCORRECT')).length).toBeLessThanOrEqual(3);
    expect(answers.at(-1)).toContain('CKR_PIN_LOCKED');
  });
});
