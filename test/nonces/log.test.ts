/** What people see of limits: a record in the audit log at each threshold, once each, also when the engine has been killed meanwhile. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { compile, engineLog, quickStore, Talk } from '../fault/support.ts';
import { ROOT } from '../support/profile.ts';
import type { Store } from '../support/store.ts';

let store: Store | undefined;
let client: Talk | undefined;

afterEach(async () => {
  if (client?.ended === false) client.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

test('each threshold stands in the log once, over a kill and a restart', { timeout: 120_000 }, async () => {
  store = quickStore();
  const program = compile('nonces', [], `${import.meta.dirname}/clients`);
  client = new Talk(program, [store.module, store.path('vectors')], store.env);
  await client.ask('setup 100 40', 'ready');
  // Of eight messages one is the limited key's, and one signature.
  for (const messages of [450, 40, 200, 300]) {
    await client.ask(`work ${messages}`, 'ended');
    const pid = store.enginePid();
    if (pid !== undefined && messages !== 200) process.kill(pid, 'SIGKILL');
    else await client.ask('leave', 'left');
  }
  expect(await client.end(), client.errors).toBe(0);
  const shown = execFileSync(path.join(ROOT, 'out/bin/strongroom'), ['audit', 'show', '--count', '100000'], {
    env: store.env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  // One line a record: number, time, who, what, the key, and the rest in words.
  const records = [...shown.matchAll(/^\d+ .* engine +limit +([0-9a-f]{8}…) +(.*?) *$/gm)];
  const told = records.map(([, , detail]) => detail ?? '').sort();
  const all = (what: string) =>
    [50, 75, 90, 95, 99].map((percent) => `${percent} % of the ${what} that a key may have are used up`);
  expect(told).toEqual([...all('100 encryptions with AES-GCM'), ...all('40 uses')].sort());
  expect(new Set(records.map(([, key]) => key)).size).toBe(2);
  expect(engineLog(store)).toContain('50 % of the 100 encryptions with AES-GCM');
});
