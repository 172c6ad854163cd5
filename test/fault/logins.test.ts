/** Logins that coincide: each attempt is counted before the PIN is looked at, and yet a crowd of right PINs locks nothing. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { makeStore, type Store } from '../support/store.ts';

const CROWD = 40;
const so = '87654321';
const pin = 'right-pin';

let store: Store | undefined;
afterEach(async () => {
  await store?.close();
  store = undefined;
});

function tool(at: Store, args: readonly string[]): { status: number | null; output: string } {
  const run = spawnSync('pkcs11-tool', ['--module', at.module, ...args], { env: at.env, encoding: 'utf8' });
  return { status: run.status, output: `${run.stdout}${run.stderr}` };
}

function login(at: Store, secret: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('pkcs11-tool', ['--module', at.module, '--login', '--pin', secret, '-O'], {
      env: at.env,
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.on('close', (status) => resolve(status === 0 ? 'in' : output));
  });
}

function prepare(): Store {
  const made = makeStore();
  // How wrong ones are slowed is told in test/pins.
  writeFileSync(made.path('quick.toml'), 'pin.slow_first_ms = 0\n');
  const at = { ...made, env: { ...made.env, STRONGROOM_CONFIG: made.path('quick.toml') } };
  store = at;
  expect(tool(at, ['--init-token', '--label', 'crowd', '--so-pin', so]).status).toBe(0);
  expect(tool(at, ['--login', '--login-type', 'so', '--so-pin', so, '--init-pin', '--pin', pin]).status).toBe(
    0,
  );
  return at;
}

describe('logins at the same moment', () => {
  test('a crowd with the right PIN gets in, all of it', async () => {
    const at = prepare();
    const results = await Promise.all(Array.from({ length: CROWD }, () => login(at, pin)));
    expect(results.filter((result) => result !== 'in')).toEqual([]);
  });

  test('a crowd with wrong PINs is counted one by one, and locks the PIN', async () => {
    const at = prepare();
    const results = await Promise.all(Array.from({ length: CROWD }, (_, i) => login(at, `wrong-${i}`)));
    expect(results.filter((result) => result === 'in')).toEqual([]);
    expect(results.filter((result) => result.includes('CKR_PIN_LOCKED')).length).toBeGreaterThanOrEqual(
      CROWD - 10,
    );
    expect(results.filter((result) => result.includes('CKR_PIN_INCORRECT')).length).toBeLessThanOrEqual(10);
    expect(await login(at, pin)).toContain('CKR_PIN_LOCKED');
  });
});
