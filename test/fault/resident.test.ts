/** Megabytes that went through the engine do not stay in it while their application lives on and asks for nothing more. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/programs.ts';
import type { Store } from '../support/store.ts';
import { compile, quickStore, setUp, Talk } from './support.ts';

const PATIENCE = 120_000;
const MEGABYTES = 12;
const THREADS = 24;

let store: Store | undefined;
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function fresh(): Store {
  store = quickStore();
  setUp(store);
  return store;
}

function large(at: Store, threads: number, megabytes: number, pause: number): Talk {
  const words = [at.module, String(threads), String(megabytes), String(pause)];
  const talk = new Talk(compile('large'), words, at.env);
  talks.push(talk);
  return talk;
}

/** What the engine has in memory, in megabytes. */
function resident(at: Store): number {
  const status = readFileSync(`/proc/${at.enginePid()}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

describe('an engine that many large calls went through', { timeout: 600_000 }, () => {
  test('is small again while their application rests, and serves it right when it goes on', async () => {
    const at = fresh();
    const before = resident(at);
    const client = large(at, THREADS, MEGABYTES, 0);
    for (let round = 0; round < 2; round++) {
      await client.ask('go', 'done', PATIENCE);
      // In and out, each thread: the client's own pages are the same ones.
      expect(await eventually(() => resident(at) < before + 100, PATIENCE)).toBe(true);
    }
    expect(await client.end()).toBe(0);
  });

  test('makes no mistake with calls that come just when memory is given back', async () => {
    const at = fresh();
    // About as long as a lane must have rested, with all phases that there are between the two.
    const clients = [4_900_000, 4_970_000, 5_030_000, 5_100_000].map((pause) => large(at, 8, 2, pause));
    for (const client of clients) client.send('go');
    for (const client of clients) expect(await client.line(PATIENCE)).toBe('done');
    for (const client of clients) expect(await client.end()).toBe(0);
  });
});
