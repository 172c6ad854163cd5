/**
 * The attacker runs a program of the same user, and wants nobody else to come in: he takes one of the engine's 1,024 places after the
 * other. One process has its share of them and no more, and hears so at once.
 */
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { compile, engineLog, homeOf, quickStore, Steps, setUp, Talk } from '../fault/support.ts';
import type { Store } from '../support/store.ts';

const PATIENCE = 90_000;
const SHARE = 16;

let store: Store | undefined;
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function fresh(): Store {
  store = quickStore();
  setUp(store, 1);
  return store;
}

function greedy(at: Store, how: string, many: number): Talk {
  const socket = path.join(homeOf(at), 'engine.socket');
  const talk = new Talk(
    compile('places', [], import.meta.dirname),
    [at.module, socket, how, String(many)],
    at.env,
  );
  talks.push(talk);
  return talk;
}

/** An honest application does all that it came for. */
async function served(at: Store): Promise<void> {
  const one = new Steps(at);
  talks.push(one.talk);
  for (const step of ['init', 'login', 'verify 1', 'fini'])
    expect((await one.step(step, PATIENCE)).rv, step).toBe(0);
  expect(await one.end()).toBe(0);
}

describe('a process that takes one place after the other', { timeout: 300_000 }, () => {
  test('has its share, hears so at once, and keeps nobody out', async () => {
    const at = fresh();
    const engine = at.enginePid();
    const first = greedy(at, 'greet', 1100);
    expect(await first.line(PATIENCE)).toBe(`${SHARE} places`);
    // CKR_HOST_MEMORY, and no attempt to start another engine.
    expect(await first.line(PATIENCE)).toBe('library 0x2');
    await served(at);
    const second = greedy(at, 'greet', 1100);
    expect(await second.line(PATIENCE)).toBe(`${SHARE} places`);
    await served(at);
    // The places of the dead are free again.
    for (let i = 0; i < 80; i++) {
      const short = greedy(at, 'greet', SHARE);
      expect(await short.line(PATIENCE)).toBe(`${SHARE} places`);
      short.child.kill('SIGKILL');
      await short.exit;
    }
    await served(at);
    expect(at.enginePid()).toBe(engine);
    expect(engineLog(at)).not.toContain('another engine');
  });

  test('is not the one that becomes another program again and again', async () => {
    const at = fresh();
    const talk = greedy(at, 'execs', 3 * SHARE);
    expect(await talk.line(PATIENCE)).toBe('0 places');
    expect(await talk.line(PATIENCE)).toBe('library 0x0');
    await served(at);
  });

  test('cannot do it with children that leave their connections behind', async () => {
    const at = fresh();
    const attacker = greedy(at, 'orphans', 1100);
    expect(await attacker.line(PATIENCE)).toBe('0 places');
    expect(await attacker.line(PATIENCE)).toBe('library 0x0');
    await served(at);
  });

  test('and says nothing uses up no connection that others need', async () => {
    const at = fresh();
    const mute = [greedy(at, 'mute', 3000), greedy(at, 'orphans', 2500)];
    for (const talk of mute) expect(await talk.line(PATIENCE)).toBe('0 places');
    await served(at);
  });
});
