/** The launcher is killed, or stops, at each of its moments: the application hears of it, and the next start is as good as ever. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Store, stragglers } from '../support/store.ts';
import { compile, homeOf, quickStore, Steps, setUp } from './support.ts';

const CKR_OK = 0;
const CKR_DEVICE_ERROR = 0x30;

let where: Store;

afterEach(() => where.close());

/** The library in a folder of its own, with the launcher of killed.c. */
function ownLibrary(): { module: string; set: (name: string, text: string) => void; reached: () => boolean } {
  const from = path.join(path.dirname(where.module), 'strongroom');
  const to = where.path('library');
  mkdirSync(path.join(to, 'strongroom'), { recursive: true });
  copyFileSync(where.module, path.join(to, 'strongroom-pkcs11.so'));
  copyFileSync(compile('killed'), path.join(to, 'strongroom/strongroom-launch'));
  const file = (name: string) => path.join(to, 'strongroom', name);
  writeFileSync(file('killed.launcher'), path.join(from, 'strongroom-launch'));
  return {
    module: path.join(to, 'strongroom-pkcs11.so'),
    set: (name, text) => writeFileSync(file(name), text),
    reached: () => readFileSync(file('killed.reached'), 'utf8') === 'yes',
  };
}

test('killed at any of its system calls', { timeout: 300_000 }, async () => {
  where = quickStore();
  setUp(where);
  await where.stopEngine();
  const library = ownLibrary();
  const client = new Steps(where, library.module);
  let at = 1;
  let failures = 0;
  for (let more = true; more; at++) {
    library.set('killed.at', String(at));
    const { rv } = await client.step('init', 60_000);
    expect([CKR_OK, CKR_DEVICE_ERROR], `call ${at}`).toContain(rv);
    more = library.reached();
    if (rv === CKR_OK) {
      expect((await client.step('login', 60_000)).rv, `call ${at}`).toBe(CKR_OK);
      expect((await client.step('fini')).rv).toBe(CKR_OK);
    } else failures++;
    await where.stopEngine();
    expect(at).toBeLessThan(500);
  }
  // A launcher has many calls before its fork, and then hardly any.
  expect(failures).toBeGreaterThan(10);
  expect(at).toBeGreaterThan(failures);
  const sound = new Steps(where);
  for (const step of ['init', 'login', 'fini']) expect((await sound.step(step)).rv, step).toBe(CKR_OK);
  expect(await sound.end()).toBe(0);
  expect(await client.end()).toBe(0);
});

test('the process that the engine is born from, killed while it waits', { timeout: 300_000 }, async () => {
  where = quickStore();
  setUp(where);
  await where.stopEngine();
  let met = 0;
  for (let round = 0; round < 40 && met < 8; round++) {
    const client = new Steps(where);
    const init = client.step('init', 90_000);
    let done = false;
    void init.finally(() => {
      done = true;
    });
    const starting = () => stragglers(homeOf(where)).filter(({ command }) => command.includes('engine.cjs'));
    // Two of them: the engine, and the one that waits for it. Or only the one, which is about to fork.
    while (!done && starting().length < (round % 2) + 1)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const [first] = starting().sort((a, b) => a.pid - b.pid);
    if (!done && first !== undefined) {
      process.kill(first.pid, 'SIGKILL');
      met++;
    }
    const { rv } = await init;
    expect([CKR_OK, CKR_DEVICE_ERROR]).toContain(rv);
    await client.end();
    const next = new Steps(where);
    for (const step of ['init', 'login', 'fini'])
      expect((await next.step(step, 90_000)).rv, step).toBe(CKR_OK);
    await next.end();
    await where.stopEngine();
  }
  expect(met).toBeGreaterThan(0);
});

test('stopped for good before it has started anything', { timeout: 180_000 }, async () => {
  where = quickStore();
  const library = ownLibrary();
  library.set('killed.at', '20');
  library.set('killed.stop', '');
  const client = new Steps(where, library.module);
  expect((await client.step('init', 90_000)).rv).toBe(CKR_DEVICE_ERROR);
  expect(await client.end()).toBe(0);
});
