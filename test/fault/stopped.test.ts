/**
 * An engine that is stopped (SIGSTOP, a frozen container, a debugger): whoever waits for it, and whoever comes, is told CKR_DEVICE_ERROR
 * instead of waiting for ever; and when it goes on, everything goes on. Answers come within five seconds where the machine has time; the
 * tests wait for them much longer.
 */
import { spawn, spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import type { Store } from '../support/store.ts';
import { compile, homeOf, quickStore, Steps, setUp, Talk } from './support.ts';
import { working } from './ticks.ts';

const PATIENCE = 60_000;
const DEVICE_ERROR = 0x30;
const OPERATION_NOT_INITIALIZED = 0x91;
const ONE_FOUND = 0x1000001;

let store: Store | undefined;
let stoppedEngine: number | undefined;
const talks: Talk[] = [];

afterEach(async () => {
  if (stoppedEngine !== undefined) goOn();
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function fresh(lines: readonly string[] = []): Store {
  store = quickStore(lines);
  setUp(store, 2);
  return store;
}

function stop(at: Store): number {
  const pid = at.enginePid();
  if (pid === undefined) throw new Error('there is no engine');
  process.kill(pid, 'SIGSTOP');
  stoppedEngine = pid;
  return pid;
}

function goOn(): void {
  if (stoppedEngine !== undefined) process.kill(stoppedEngine, 'SIGCONT');
  stoppedEngine = undefined;
}

function steps(at: Store): Steps {
  const client = new Steps(at);
  talks.push(client.talk);
  return client;
}

async function loggedIn(at: Store): Promise<Steps> {
  const client = steps(at);
  expect((await client.step('init', PATIENCE)).rv).toBe(0);
  expect((await client.step('login', PATIENCE)).rv).toBe(0);
  expect((await client.step('verify 2', PATIENCE)).rv).toBe(0);
  return client;
}

function greedy(at: Store, threads: number, bits: number): Talk {
  const talk = new Talk(compile('greedy'), [at.module, String(threads), String(bits)], at.env);
  talks.push(talk);
  return talk;
}

describe('an engine that is stopped', { timeout: 400_000 }, () => {
  test('leaves no caller waiting, whatever for, and no thread that waits for a lane', async () => {
    const at = fresh();
    const crowd = greedy(at, 100, 8192);
    expect(await crowd.line(PATIENCE)).toBe('begun');
    const one = await loggedIn(at);
    await working(at);
    stop(at);
    for (let i = 0; i < 100; i++) expect(await crowd.line(PATIENCE)).toBe('0x30');
    for (const step of ['info', 'use key-1', 'make late', 'count data-0', 'rsa 2048', 'login'])
      expect((await one.step(step, PATIENCE)).rv, step).toBe(DEVICE_ERROR);
    expect((await one.step('fini', PATIENCE)).rv).toBe(0);
    expect((await one.step('init', PATIENCE)).rv).toBe(DEVICE_ERROR);
    goOn();
    expect((await one.step('init', PATIENCE)).rv).toBe(0);
    expect((await one.step('login', PATIENCE)).rv).toBe(0);
    expect((await one.step('verify 2', PATIENCE)).rv).toBe(0);
    expect(await one.end()).toBe(0);
  });

  test('takes up again where it was: sessions and logins are there, and no late answer is taken for another', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    for (let round = 0; round < 3; round++) {
      // The engine has taken this request when it is stopped, and answers it when it goes on.
      one.talk.send('rsa 8192');
      await working(at);
      stop(at);
      expect(Number((await one.talk.line(PATIENCE)).split(' ')[1])).toBe(DEVICE_ERROR);
      // These it has not even seen.
      expect((await one.step('count data-0', PATIENCE)).rv).toBe(DEVICE_ERROR);
      goOn();
      await eventually(async () => (await one.step('info', PATIENCE)).rv === 0, PATIENCE);
      expect((await one.step('count data-1', PATIENCE)).rv).toBe(ONE_FOUND);
      expect((await one.step('verify 2', PATIENCE)).rv).toBe(0);
      expect((await one.step(`key fresh-${round}`, PATIENCE)).rv).toBe(0);
      expect((await one.step(`use fresh-${round}`, PATIENCE)).rv).toBe(0);
    }
    expect(await one.end()).toBe(0);
  });

  test('has no operation left, when it goes on, of a call that failed without it', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    for (const parts of [1, 2]) {
      expect((await one.step('begin', PATIENCE)).rv).toBe(0);
      expect((await one.step('part', PATIENCE)).rv).toBe(0);
      stop(at);
      // The first is given up with its lane, the second not even sent.
      for (let i = 0; i < parts; i++) expect((await one.step('part', PATIENCE)).rv).toBe(DEVICE_ERROR);
      goOn();
      await eventually(async () => (await one.step('info', PATIENCE)).rv === 0, PATIENCE);
      expect((await one.step('part', PATIENCE)).rv).toBe(OPERATION_NOT_INITIALIZED);
    }
    expect((await one.step('begin', PATIENCE)).rv).toBe(0);
    expect((await one.step('part', PATIENCE)).rv).toBe(0);
    expect(await one.end()).toBe(0);
  });

  test('answers whoever comes, also while somebody else is starting an engine', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    stop(at);
    expect((await steps(at).step('init', PATIENCE)).rv).toBe(DEVICE_ERROR);
    // No way in: whoever comes wants to start an engine, and the store is the stopped one's.
    const socket = path.join(homeOf(at), 'engine.socket');
    renameSync(socket, `${socket}.away`);
    expect((await steps(at).step('init', PATIENCE)).rv).toBe(DEVICE_ERROR);
    const starter = spawn('flock', [path.join(homeOf(at), 'start.lock'), 'cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    starter.stdin.write('held\n');
    await new Promise((resolve) => starter.stdout.once('data', resolve));
    expect((await steps(at).step('init', PATIENCE)).rv).toBe(DEVICE_ERROR);
    starter.stdin.end();
    renameSync(`${socket}.away`, socket);
    goOn();
    await eventually(async () => (await one.step('info', PATIENCE)).rv === 0, PATIENCE);
    expect((await one.step('verify 2', PATIENCE)).rv).toBe(0);
    expect(await one.end()).toBe(0);
  });

  test('hears when it goes on that an application has ended meanwhile', async () => {
    const at = fresh(['linger_seconds = 1']);
    const one = await loggedIn(at);
    stop(at);
    expect((await one.step('fini', PATIENCE)).rv).toBe(0);
    expect((await steps(at).step('init', PATIENCE)).rv).toBe(DEVICE_ERROR);
    goOn();
    // Both processes are still there, and nobody keeps the engine from leaving.
    expect(await eventually(() => at.enginePid() === undefined, PATIENCE)).toBe(true);
    expect((await one.step('init', PATIENCE)).rv).toBe(0);
    expect(await one.end()).toBe(0);
  });

  test('is named by doctor', async () => {
    const at = fresh();
    const pid = stop(at);
    const run = spawnSync(path.join(ROOT, 'out/bin/strongroom'), ['doctor', '--json'], {
      env: at.env,
      encoding: 'utf8',
      timeout: PATIENCE,
    });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain(`pid ${pid} is stopped`);
    expect(run.stdout).toContain(`kill -CONT ${pid}`);
  });
});

describe('an engine that is slow', { timeout: 400_000 }, () => {
  test('is not taken for one that is stopped, while its pool has long work or it is stopped for a moment', async () => {
    const at = fresh();
    const crowd = greedy(at, 12, 4096);
    expect(await crowd.line(PATIENCE)).toBe('begun');
    // Every one of them waits for those before it.
    for (let i = 0; i < 12; i++) {
      const pid = stop(at);
      await new Promise((resolve) => setTimeout(resolve, 300));
      process.kill(pid, 'SIGCONT');
      stoppedEngine = undefined;
      expect(await crowd.line(PATIENCE * 2)).toBe('0x0');
    }
  });
});
