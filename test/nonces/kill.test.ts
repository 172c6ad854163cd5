/**
 * kill -9 of the engine at random moments while keys are used: no vector that the token made is seen twice under a key, no key is used beyond its
 * limit, no change that was answered is lost. Then the same of a store that was put back, of a copy, and of four threads.
 */
import { cpSync, rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { compile, engineLog, homeOf, quickStore, Talk } from '../fault/support.ts';
import { soakCount } from '../support/soak.ts';
import type { Store } from '../support/store.ts';

const kills = soakCount(1000, 50);
/** The engine has up to so long for its start when it is killed in it, and for its work else. */
const START_MS = 200;
const WORK_MS = 40;
const GCM_LIMIT = 2000 + 20 * kills;
const USE_LIMIT = 1000;

let store: Store | undefined;
let client: Talk | undefined;

afterEach(async () => {
  if (client?.ended === false) client.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function ask(talk: Talk, question: string, expected: string): Promise<string> {
  return (await talk.ask(question, expected)).at(-1) ?? '';
}

const numbersIn = (line: string): number[] => (line.match(/\b\d+\b/g) ?? []).map(Number);

test(`${kills} kills repeat no vector and exceed no limit`, {
  timeout: 300_000 + kills * 10_000,
}, async () => {
  store = quickStore();
  client = new Talk(
    compile('nonces', [], `${import.meta.dirname}/clients`),
    [store.module, store.path('vectors')],
    store.env,
  );
  await ask(client, `setup ${GCM_LIMIT} ${USE_LIMIT}`, 'ready');
  let killed = 0;
  let used: number[] = [];
  for (let round = 0; round < kills; round++) {
    await ask(client, 'work 1000000', 'begun');
    const heard = async (...expected: readonly string[]): Promise<string> => {
      for (;;) {
        const line = (await client?.line()) ?? '';
        if (expected.some((word) => line.startsWith(word))) return line;
      }
    };
    // As a rule it works by then, however slow the machine is; every fourth time it may be starting still.
    let last = '';
    if (round % 4 === 0) await pause(Math.random() * START_MS);
    else last = await heard('working', 'ended');
    await pause(Math.random() * WORK_MS);
    let ended = last.startsWith('ended');
    const end = ended
      ? Promise.resolve(last)
      : heard('ended').then((line) => {
          ended = true;
          return line;
        });
    while (!ended) {
      const pid = store.enginePid();
      if (pid !== undefined) {
        process.kill(pid, 'SIGKILL');
        killed++;
      }
      await Promise.race([end, pause(20)]);
    }
    used = numbersIn((await end).replace(/^ended \w+/, ''));
  }
  expect(killed).toBeGreaterThanOrEqual(Math.floor(kills / 2));
  const [sealed = 0, limited = 0, signed = 0] = used;
  expect(sealed, 'the engine worked between its kills').toBeGreaterThanOrEqual(Math.floor(kills / 2));

  // All that is left of the limits is used up, and nothing beyond.
  const rest = numbersIn(
    (await ask(client, `work ${8 * (GCM_LIMIT + USE_LIMIT)}`, 'ended')).replace(/^ended (\w+)/, ''),
  );
  const [, limitedAll = 0, signedAll = 0, refused = 0] = rest;
  expect(limitedAll).toBeLessThanOrEqual(GCM_LIMIT);
  expect(signedAll).toBeLessThanOrEqual(USE_LIMIT);
  expect(limitedAll).toBeGreaterThanOrEqual(limited);
  expect(signedAll).toBeGreaterThanOrEqual(signed);
  expect(refused).toBeGreaterThan(0);
  const [, limitedCount, signedCount] = numbersIn(await ask(client, 'counts', 'counts'));
  expect([limitedCount, signedCount], 'as the token sees it').toEqual([GCM_LIMIT, USE_LIMIT]);

  // Yesterday's store, put back as a whole, which nothing inside it can tell.
  await ask(client, 'leave', 'left');
  await store.stopEngine();
  cpSync(homeOf(store), store.path('yesterday'), { recursive: true });
  expect(await ask(client, 'work 1500', 'ended')).toMatch(/^ended 0x0 /);
  await ask(client, 'leave', 'left');
  await store.stopEngine();
  rmSync(homeOf(store), { recursive: true });
  cpSync(store.path('yesterday'), homeOf(store), { recursive: true });
  await ask(client, 'forget', 'forgotten');
  expect(await ask(client, 'work 1500', 'ended')).toMatch(/^ended 0x0 /);

  const counts = numbersIn(await ask(client, 'counts', 'counts'));
  // What the original had counted, the copy has counted too.
  expect(numbersIn(await ask(client, 'copies 700', 'copied'))).toEqual([(counts[0] ?? 0) + 700]);
  expect(numbersIn(await ask(client, 'threads 400', 'threaded'))).toEqual([1600]);

  const [seen = 0, twice] = numbersIn(await ask(client, 'judge', 'judged'));
  expect(seen).toBeGreaterThan(sealed);
  expect(twice, `of ${seen} vectors`).toBe(0);
  await ask(client, 'leave', 'left');
  expect(await client.end(), client.errors).toBe(0);
  expect(engineLog(store)).not.toMatch(/tamper|altered|a bug|TypeError|RangeError/i);
});
