/** A log that cannot be written: nobody is kept from his keys, and no processor is spent on it. */
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/programs.ts';
import type { Store } from '../support/store.ts';
import { homeOf, quickStore, Steps, setUp } from './support.ts';
import { atRest } from './ticks.ts';

const stores: Store[] = [];

afterEach(async () => {
  for (const where of stores.splice(0)) await where.close();
});

/** A store whose next engine has something to say: there is something behind the end of its audit log. */
async function worthALine(): Promise<Store> {
  const where = quickStore();
  stores.push(where);
  setUp(where, 2);
  await where.stopEngine();
  spoil(where);
  return where;
}

function spoil(where: Store): void {
  appendFileSync(path.join(homeOf(where), 'audit.log'), 'no record at all');
}

const ways: [string, () => { stderr: number | 'pipe'; after: () => void }][] = [
  [
    'a full disk',
    () => {
      const full = openSync('/dev/full', 'w');
      return { stderr: full, after: () => closeSync(full) };
    },
  ],
  ['a reader that went away', () => ({ stderr: 'pipe', after: () => undefined })],
];

test.each(ways)('%s is no trouble', { timeout: 180_000 }, async (_, way) => {
  const where = await worthALine();
  const { stderr, after } = way();
  const launcher = path.join(path.dirname(where.module), 'strongroom/strongroom-launch');
  const config = String(where.env.STRONGROOM_CONFIG);
  const args = ['--foreground', '--store', homeOf(where), '--config', config];
  const engine = spawn(launcher, args, { stdio: ['ignore', 'ignore', stderr] });
  engine.stderr?.destroy();
  after();
  const served = () => existsSync(path.join(homeOf(where), 'engine.socket'));
  expect(await eventually(served, 60_000)).toBe(true);
  const client = new Steps(where);
  for (const step of ['init', 'login', 'verify 2', 'key more'])
    expect((await client.step(step, 60_000)).rv, step).toBe(0);
  // It would be 300 with a processor to itself.
  expect(await atRest(where.enginePid(), 3_000, 30)).toBeLessThanOrEqual(30);
  expect(await client.end()).toBe(0);
  await where.stopEngine();
});
