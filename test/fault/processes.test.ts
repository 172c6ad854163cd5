/** Processes of every kind around one store: starting at once, vanishing, forking, closing what is not theirs; and what an engine costs. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/programs.ts';
import { type Store, stragglers } from '../support/store.ts';
import { compile, engineLog, homeOf, quickStore, Steps, setUp, Talk } from './support.ts';
import { atRest } from './ticks.ts';

let store: Store | undefined;
const talks: Talk[] = [];

function fresh(lines: readonly string[] = [], many = 1): Store {
  store = quickStore(lines);
  if (many > 0) setUp(store, many);
  return store;
}

afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function many(where: Store, ...args: string[]) {
  return spawnSync(compile('many'), [where.module, ...args], {
    env: where.env,
    encoding: 'utf8',
    timeout: 100_000,
  });
}

/** A line of /proc/PID/FILE, in kilobytes. */
function kilobytes(pid: number | undefined, file: string, name: string): number {
  const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
}

function enginesOf(where: Store): number {
  return stragglers(homeOf(where)).filter(({ command }) => command.includes('engine.cjs')).length;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('coming and going', () => {
  test('ten processes that start at once share one engine', async () => {
    const where = fresh([], 0);
    const clients = Array.from({ length: 10 }, () => new Steps(where));
    talks.push(...clients.map(({ talk }) => talk));
    const answers = await Promise.all(clients.map((client) => client.step('init')));
    expect(answers.map(({ rv }) => rv)).toEqual(new Array(10).fill(0));
    expect(enginesOf(where)).toBe(1);
    for (const client of clients) expect((await client.step('fini')).rv).toBe(0);
    for (const client of clients) expect(await client.end()).toBe(0);
    expect(engineLog(where)).not.toMatch(/another engine|EADDRINUSE/);
  });

  test('the engine leaves after the linger time, and leaves nothing running', async () => {
    const where = fresh(['linger_seconds = 1']);
    const pid = where.enginePid();
    expect(pid).toBeDefined();
    expect(await eventually(() => where.enginePid() === undefined, 60_000)).toBe(true);
    expect(existsSync(path.join(homeOf(where), 'engine.socket'))).toBe(false);
    expect(stragglers(where.folder)).toEqual([]);
    const client = new Steps(where);
    talks.push(client.talk);
    for (const step of ['init', 'login', 'verify 1', 'fini'])
      expect((await client.step(step)).rv, step).toBe(0);
  });

  test('clients that vanish in the middle of a call leave nothing behind', { timeout: 180_000 }, async () => {
    const where = fresh();
    const honest = new Steps(where);
    talks.push(honest.talk);
    expect((await honest.step('init')).rv).toBe(0);
    expect((await honest.step('login')).rv).toBe(0);
    const engine = where.enginePid();
    const vanish = async (count: number) => {
      for (let i = 0; i < count; i++) {
        expect(many(where, 'vanish').signal).toBe('SIGKILL');
        if (i % 20 === 0) expect((await honest.step('verify 1')).rv).toBe(0);
      }
      await pause(200);
    };
    // An engine cannot be traced, so that its files and mappings are root's alone to see.
    const mayLook = process.getuid?.() === 0;
    const filesHeld = () => (mayLook ? readdirSync(`/proc/${engine}/fd`).length : 0);
    const maps = () => (mayLook ? readFileSync(`/proc/${engine}/maps`, 'utf8') : '');
    const lanesHeld = () => (maps().match(/memfd:strongroom-lane/g) ?? []).length;
    await vanish(60);
    const before = {
      rss: kilobytes(engine, 'status', 'VmRSS'),
      fds: filesHeld(),
    };
    await vanish(240);
    const after = {
      rss: kilobytes(engine, 'status', 'VmRSS'),
      fds: filesHeld(),
    };
    expect(where.enginePid()).toBe(engine);
    expect(after.fds).toBeLessThanOrEqual(before.fds + 1);
    expect(after.rss).toBeLessThan(before.rss + 16_384);
    // Mappings go when the collector finds their views unused, which may take it a while.
    expect(lanesHeld()).toBeLessThan(400);
    expect((await honest.step('verify 1')).rv).toBe(0);
    console.log(
      `engine after 60 and 300 vanished clients: ${before.rss} and ${after.rss} kB, ${lanesHeld()} lanes mapped`,
    );
  });
});

describe('unusual hosts', () => {
  test('a hundred threads in one process', () => {
    const run = many(fresh(), 'threads', '100');
    expect(run.status, run.stderr).toBe(0);
  });

  // Threads that wait for a lane, or for each other, must sleep: where they look again and again, dozens of them kept the engine from
  // its processor for a minute and more.
  test('more threads than lanes, with a session for each call, do not keep the engine from its work', () => {
    const where = fresh();
    for (let round = 0; round < 3; round++) {
      const run = many(where, 'churn', '120');
      expect([run.status, run.stderr]).toEqual([0, '']);
      // Of processor time, which a busy machine does not stretch: a second is usual, and threads that look again and again take all there is.
      expect(Number(/processor_ms=(\d+)/.exec(run.stdout)?.[1])).toBeLessThan(15_000);
    }
  });

  test('a host that never closes its sessions is stopped at its limit, and nobody else is', () => {
    const small = fresh(['[sessions]', 'max_per_application = 10']);
    for (let again = 0; again < 2; again++) {
      const { stdout, stderr, status } = many(small, 'crowd');
      expect([stderr, status, stdout]).toEqual(['', 0, '10 of 10, 10 counted\n']);
    }
    expect(engineLog(small)).toBe('');
  });

  test('sessions that the engine has not heard of yet count too', () => {
    const { stdout, stderr, status } = many(fresh(['[sessions]', 'max_per_application = 300']), 'crowd');
    expect([stderr, status]).toEqual(['', 0]);
    const [, opened, most, counted] = /^(\d+) of (\d+), (\d+) counted\n$/.exec(stdout)?.map(Number) ?? [];
    expect(most).toBe(300);
    expect(counted).toBe(opened);
    // Up to 32 may have been opened before the engine could say no; they are honoured.
    expect(opened).toBeGreaterThanOrEqual(300);
    expect(opened).toBeLessThanOrEqual(332);
  });

  test('a host that closes every descriptor goes on, and its own are left alone', () => {
    const run = many(fresh(), 'closed');
    expect(run.status, run.stderr).toBe(0);
  });

  test('forked children, whichever ends first', async () => {
    const where = fresh();
    const run = many(where, 'forks', '24');
    expect(run.status, run.stderr).toBe(0);
    // The pipe that we read is open until the orphan has gone, so its word is here already.
    expect(run.stdout).toContain('orphan done');
  });

  // Making a program set-uid for somebody else takes root.
  test.skipIf(process.geteuid?.() !== 0)('a set-uid program ignores the environment (needs root)', () => {
    const where = fresh([], 0);
    const nobody = 65534;
    const world = path.join(where.folder, 'world');
    // The program belongs to nobody and is started by root, so its real and effective users differ.
    mkdirSync(world, { mode: 0o755 });
    chmodSync(where.folder, 0o711);
    const program = path.join(world, 'many');
    copyFileSync(compile('many'), program);
    chownSync(program, nobody, nobody);
    chmodSync(program, 0o4755);
    const lured = path.join(world, 'lured');
    mkdirSync(lured, { mode: 0o700 });
    chownSync(lured, nobody, nobody);
    const env = { ...where.env, STRONGROOM_HOME: lured, XDG_DATA_HOME: lured, HOME: lured };
    const run = spawnSync(program, [where.module, 'home'], { env, encoding: 'utf8', timeout: 120_000 });
    // Its own home is the password file's, which for nobody does not exist.
    expect(run.stdout.trim()).not.toBe('');
    expect(run.stdout.trim()).not.toBe('0x0');
    expect(readdirSync(lured)).toEqual([]);
    // The same program without the set-uid bit follows the environment.
    chmodSync(program, 0o755);
    chownSync(lured, 0, 0);
    const plain = spawnSync(program, [where.module, 'home'], { env, encoding: 'utf8', timeout: 120_000 });
    expect(plain.stdout.trim()).toBe('0x0');
    expect(readdirSync(lured)).toContain('engine.lock');
    const pid = Number(readFileSync(path.join(lured, 'engine.lock'), 'utf8'));
    process.kill(pid, 'SIGTERM');
  });
});

describe('what it costs', () => {
  test('an idle engine uses no processor time, and a client little memory', {
    timeout: 180_000,
  }, async () => {
    const where = fresh();
    const client = new Talk(compile('many'), [where.module, 'quiet'], where.env);
    talks.push(client);
    await client.line();
    // Shared pages are counted in full: what the application would not have without us.
    const rss = () => kilobytes(client.child.pid, 'status', 'VmRSS');
    const bare = rss();
    await client.ask('', 'before');
    await client.ask('', 'ready');
    const grown = rss() - bare;
    const engine = where.enginePid();
    await pause(1_500);
    const spent = await atRest(engine, 10_000, 1);
    expect(spent).toBeLessThanOrEqual(1);
    expect(grown).toBeLessThan(2048);
    expect(await client.end()).toBe(0);
    console.log(
      `idle engine: ${spent * 10} ms of processor time in 10 s; the library adds ${grown} kB to a process`,
    );
  });

  test('an engine with 1,000 keys stays under 110 MB', { timeout: 120_000 }, async () => {
    const where = fresh([], 0);
    execFileSync(compile('tool'), [where.module, 'setup', '500'], { env: where.env, timeout: 100_000 });
    const client = new Steps(where);
    talks.push(client.talk);
    expect((await client.step('init')).rv).toBe(0);
    expect((await client.step('login')).rv).toBe(0);
    for (let i = 0; i < 500; i++) expect((await client.step(`key more-${i}`)).rv).toBe(0);
    expect((await client.step('verify 500')).rv).toBe(0);
    const made = kilobytes(where.enginePid(), 'status', 'VmRSS');
    // And as an engine that finds them: what most engines do.
    await where.stopEngine();
    expect((await client.step('fini')).rv).toBe(0);
    expect((await client.step('init')).rv).toBe(0);
    expect((await client.step('login')).rv).toBe(0);
    expect((await client.step('verify 500')).rv).toBe(0);
    const found = kilobytes(where.enginePid(), 'status', 'VmRSS');
    console.log(
      `engine with 1,000 keys and 500 data objects: ${made} kB after making them, ${found} kB when it found them`,
    );
    expect(found).toBeLessThan(110 * 1024);
    expect(made).toBeLessThan(110 * 1024);
  });
});
