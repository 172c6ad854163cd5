/**
 * The attacker has the same user as the engine and may send it signals. One of them tells Node to open a port for debuggers, with which
 * anybody on this machine runs what he likes inside the engine.
 */
import { constants } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { compile, engineLog, quickStore, Steps, setUp, Talk } from '../fault/support.ts';
import type { Store } from '../support/store.ts';

let where: Store;
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) await talk.end();
  await where.close();
});

test('no signal opens a port for debuggers, and those that ask for something are ignored', async () => {
  where = quickStore();
  setUp(where, 1);
  const client = new Steps(where);
  talks.push(client.talk);
  for (const step of ['init', 'login']) expect((await client.step(step)).rv, step).toBe(0);
  const pid = where.enginePid();
  if (pid === undefined) throw new Error('no engine runs');
  for (const signal of [
    'SIGUSR1',
    'SIGUSR2',
    'SIGHUP',
    'SIGWINCH',
    'SIGURG',
    'SIGCONT',
    'SIGPIPE',
  ] as const) {
    process.kill(pid, constants.signals[signal]);
    // Two calls: the signal has been taken before the second is served.
    for (let i = 0; i < 2; i++) expect((await client.step('verify 1')).rv, signal).toBe(0);
    expect(engineLog(where)).not.toMatch(/debugger|inspector/i);
  }
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 50));
  // Node says so there, whether it gets the port or not.
  expect(engineLog(where)).toBe('');
  expect(where.enginePid()).toBe(pid);
});

test('nor does one at any moment of its start', { timeout: 180_000 }, async () => {
  where = quickStore();
  setUp(where, 1);
  await where.stopEngine();
  for (let delay = 0; delay < 200; delay += 20) {
    const client = new Talk(compile('tool'), [where.module, 'steps'], where.env);
    talks.push(client);
    client.send('init');
    await new Promise((resolve) => setTimeout(resolve, delay));
    const pid = where.enginePid();
    if (pid !== undefined) process.kill(pid, 'SIGUSR1');
    await client.line(60_000);
    await client.end();
    await where.stopEngine();
  }
  expect(engineLog(where)).not.toMatch(/debugger/i);
});
