/**
 * Whoever may write to the store's folder wants more guesses at a PIN than it allows: puts back yesterday's database and its anchor, again and
 * again, and guesses the security officer's PIN at the one door that is left.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { engineLog, homeOf, quickStore } from '../fault/support.ts';
import { ROOT } from '../support/profile.ts';
import type { Store } from '../support/store.ts';

const PATIENCE = { timeout: 300_000 };
const SO = 'so-pin-1';
const PIN = 'user-pin-1';

let store: Store | undefined;
afterEach(async () => {
  await store?.close();
  store = undefined;
});

function strongroom(at: Store, pins: Readonly<Record<string, string>>, ...args: string[]) {
  const env = { ...at.env, ...pins };
  const run = spawnSync(path.join(ROOT, 'out/bin/strongroom'), args, { env, encoding: 'utf8' });
  return { code: run.status, text: `${run.stdout}${run.stderr}` };
}

function tool(at: Store, ...args: string[]): string {
  const run = spawnSync('pkcs11-tool', ['--module', at.module, ...args], { env: at.env, encoding: 'utf8' });
  return `${run.stdout}${run.stderr}`;
}

const guess = (at: Store, pin: string) => tool(at, '--login', '--pin', pin, '-O');
const accept = (at: Store, so: string) =>
  strongroom(at, { S: so }, 'store', 'accept', '--so-pin', 'env:S', '--yes');

async function prepare(): Promise<Store> {
  const at = quickStore();
  store = at;
  const init = ['token', 'init', '--label', 'work', '--so-pin', 'env:S', '--pin', 'env:P'];
  expect(strongroom(at, { S: SO, P: PIN }, ...init).code).toBe(0);
  await at.stopEngine();
  return at;
}

const saved = ['store.db', 'store.generation'];

/** Lays database and anchor aside, and gives what puts them back. */
function keepDatabase(at: Store): () => void {
  for (const name of saved) copyFileSync(path.join(homeOf(at), name), at.path(`old-${name}`));
  return () => {
    for (const name of saved) copyFileSync(at.path(`old-${name}`), path.join(homeOf(at), name));
  };
}

test(
  'a database put back is refused until the security officer accepts it, and no guess is won',
  PATIENCE,
  async () => {
    const at = await prepare();
    const putBack = keepDatabase(at);
    for (let i = 0; i < 3; i++) expect(guess(at, `wrong-${i}`)).toContain('CKR_PIN_INCORRECT');
    await at.stopEngine();
    putBack();
    // Neither a right PIN nor a wrong one is looked at.
    for (const pin of [PIN, 'wrong']) expect(guess(at, pin)).toContain('CKR_DEVICE_ERROR');
    // CKF_ERROR_STATE
    expect(tool(at, '-L')).toMatch(/other flags=0x1000\d{3}/);
    expect(engineLog(at)).toContain('an old store.db was put back');
    // An engine started anew says the same.
    await at.stopEngine();
    expect(guess(at, PIN)).toContain('CKR_DEVICE_ERROR');
    expect(accept(at, 'wrong-so').text).toMatch(/9 tries are left/);
    await at.stopEngine();
    expect(guess(at, PIN)).toContain('CKR_DEVICE_ERROR');
    const accepted = accept(at, SO);
    expect(accepted.text).toContain('Token “work” is used again');
    expect(accepted.code).toBe(0);
    // The wrong ones count, although the database had never heard of them.
    expect(strongroom(at, {}, 'pin', 'status').text).toMatch(/work +user .*7 of 10/);
    expect(guess(at, PIN)).not.toContain('CKR_');
    await at.stopEngine();
    expect(guess(at, PIN)).not.toContain('CKR_');
    expect(strongroom(at, {}, 'audit', 'verify').code).toBe(0);
    expect(strongroom(at, {}, 'audit', 'show').text).toContain(
      'the security officer accepts: an old store.db was put back',
    );
    expect(accept(at, SO).text).toContain('Nothing waits to be accepted');
  },
);

test('putting it back again and again gives no more guesses at the officer’s PIN', PATIENCE, async () => {
  const at = await prepare();
  const putBack = keepDatabase(at);
  expect(guess(at, 'wrong')).toContain('CKR_PIN_INCORRECT');
  await at.stopEngine();
  let looked = 0;
  for (let round = 0; round < 5; round++) {
    putBack();
    for (let i = 0; i < 4; i++) {
      const { text } = accept(at, `wrong-${round}-${i}`);
      if (text.includes('CKR_PIN_INCORRECT')) looked++;
    }
    // Emptying the token asks for the same PIN, and counts too.
    const wipe = ['token', 'wipe', '--so-pin', 'env:S', '--yes'];
    if (strongroom(at, { S: `wrong-${round}` }, ...wipe).text.includes('CKR_PIN_INCORRECT')) looked++;
    await at.stopEngine();
  }
  expect(looked).toBeLessThanOrEqual(9);
  putBack();
  expect(accept(at, SO).text).toMatch(/locked/);
});

test('a checkpoint signs the store’s generation', PATIENCE, async () => {
  const at = await prepare();
  const shown = strongroom(at, {}, 'audit', 'show', '--json').text;
  const generations = [...shown.matchAll(/"storeGeneration": (\d+)/g)].map(([, number]) => Number(number));
  expect(generations.at(-1)).toBeGreaterThan(1);
  expect(readFileSync(path.join(homeOf(at), 'audit.log')).includes('"storeGeneration"')).toBe(true);
});
