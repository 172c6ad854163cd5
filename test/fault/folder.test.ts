/**
 * Somebody removes, renames or replaces what lies in the store's folder, or the folder itself, while an engine runs: its socket is made
 * again, and what would be written into files that nobody finds any more is not said to be stored.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { type Store, stragglers } from '../support/store.ts';
import { engineLog, homeOf, quickStore, Steps, setUp } from './support.ts';

const PATIENCE = 90_000;
const OK = 0;
const COUNTED = 0x1000000;
const DEVICE_ERROR = 0x30;
const DEVICE_REMOVED = 0x32;
/** What a caller is told whose engine has gone: the device, and with it every session. */
const GONE = [DEVICE_ERROR, DEVICE_REMOVED, 0xb3];

let store: Store | undefined;
const clients: Steps[] = [];
const strangers: ChildProcess[] = [];

afterEach(async () => {
  for (const stranger of strangers.splice(0)) stranger.kill('SIGKILL');
  for (const { talk } of clients.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function fresh(): Store {
  store = quickStore();
  setUp(store, 2);
  return store;
}

async function loggedIn(at: Store): Promise<Steps> {
  const client = new Steps(at);
  clients.push(client);
  for (const step of ['init', 'login']) expect((await client.step(step, PATIENCE)).rv, step).toBe(OK);
  return client;
}

/** Somebody new finds the way in, and what was stored. */
async function comesIn(at: Store, many = 2): Promise<void> {
  const other = await loggedIn(at);
  for (const step of [`verify ${many}`, 'fini']) expect((await other.step(step, PATIENCE)).rv, step).toBe(OK);
}

function engines(at: Store): number {
  return stragglers(homeOf(at)).filter(({ command }) => command.includes('engine.cjs')).length;
}

const socketOf = (at: Store) => path.join(homeOf(at), 'engine.socket');
const isSocket = (file: string) => lstatSync(file, { throwIfNoEntry: false })?.isSocket() === true;

describe('the socket of a running engine', { timeout: 300_000 }, () => {
  test('is there again when it was deleted, for whoever comes; who is in goes on', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    const engine = at.enginePid();
    for (let round = 0; round < 5; round++) {
      unlinkSync(socketOf(at));
      expect(await eventually(() => isSocket(socketOf(at)), PATIENCE)).toBe(true);
      await comesIn(at);
      expect((await one.step(`key made-${round}`, PATIENCE)).rv).toBe(OK);
    }
    expect(lstatSync(socketOf(at)).mode & 0o777).toBe(0o600);
    expect(at.enginePid()).toBe(engine);
    expect(engines(at)).toBe(1);
  });

  test('takes its place again from a file and from a socket of somebody else', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    const engine = at.enginePid();
    writeFileSync(`${socketOf(at)}.other`, 'not a socket');
    renameSync(`${socketOf(at)}.other`, socketOf(at));
    expect(await eventually(() => isSocket(socketOf(at)), PATIENCE)).toBe(true);
    await comesIn(at);
    const script = `require('net').createServer().listen(process.argv[1], () => console.log('there'))`;
    const other = spawn(process.execPath, ['-e', script, `${socketOf(at)}.other`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    strangers.push(other);
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const foreign = lstatSync(`${socketOf(at)}.other`).ino;
    renameSync(`${socketOf(at)}.other`, socketOf(at));
    const mended = () => isSocket(socketOf(at)) && lstatSync(socketOf(at)).ino !== foreign;
    expect(await eventually(mended, PATIENCE)).toBe(true);
    await comesIn(at);
    expect((await one.step('verify 2', PATIENCE)).rv).toBe(OK);
    expect(at.enginePid()).toBe(engine);
  });

  test('cannot be made: the engine leaves in good order, and says why', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    mkdirSync(`${socketOf(at)}.other/inside`, { recursive: true });
    unlinkSync(socketOf(at));
    try {
      renameSync(`${socketOf(at)}.other`, socketOf(at));
    } catch {
      // It was quicker. Then there is nothing that it could not mend.
      await comesIn(at);
      return;
    }
    expect(await eventually(() => at.enginePid() === undefined, PATIENCE)).toBe(true);
    expect((await one.step('info', PATIENCE)).rv).toBe(DEVICE_REMOVED);
    expect(engineLog(at)).toContain('leaves: ');
    rmSync(socketOf(at), { recursive: true });
    await comesIn(at);
  });

  test('and its lock may be taken away together: there is one engine all the time', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    const engine = at.enginePid();
    unlinkSync(path.join(homeOf(at), 'engine.lock'));
    unlinkSync(socketOf(at));
    await comesIn(at);
    expect(await eventually(() => at.enginePid() === engine, PATIENCE)).toBe(true);
    expect(engines(at)).toBe(1);
    expect((await one.step('verify 2', PATIENCE)).rv).toBe(OK);
  });
});

describe('a store that is taken away from a running engine', { timeout: 300_000 }, () => {
  const takings: [string, (home: string) => void][] = [
    ['its folder deleted', (home) => rmSync(home, { recursive: true })],
    ['its folder renamed', (home) => renameSync(home, `${home}.away`)],
    [
      'its folder exchanged for a copy',
      (home) => {
        cpSync(home, `${home}.copy`, { recursive: true, filter: (file) => !isSocket(file) });
        renameSync(home, `${home}.away`);
        renameSync(`${home}.copy`, home);
      },
    ],
    ['store.db deleted', (home) => unlinkSync(path.join(home, 'store.db'))],
    ['store.db-wal deleted', (home) => unlinkSync(path.join(home, 'store.db-wal'))],
    ['store.key deleted', (home) => unlinkSync(path.join(home, 'store.key'))],
    ['store.generation deleted', (home) => unlinkSync(path.join(home, 'store.generation'))],
    ['audit.log deleted', (home) => unlinkSync(path.join(home, 'audit.log'))],
    [
      'store.db exchanged for a copy',
      (home) => {
        cpSync(path.join(home, 'store.db'), path.join(home, 'copy'));
        renameSync(path.join(home, 'copy'), path.join(home, 'store.db'));
      },
    ],
  ];

  for (const [what, take] of takings) {
    test(`${what}: nothing is said to be stored, and the engine leaves`, async () => {
      const at = fresh();
      const one = await loggedIn(at);
      const engine = at.enginePid() ?? 0;
      // Stopped meanwhile, so that the very next call comes before it can have noticed anything else.
      process.kill(engine, 'SIGSTOP');
      one.talk.send('key too-late');
      take(homeOf(at));
      process.kill(engine, 'SIGCONT');
      const rv = Number((await one.talk.line(PATIENCE)).split(' ')[1]);
      expect([DEVICE_ERROR, DEVICE_REMOVED]).toContain(rv);
      for (const step of ['key later', 'make later', 'pin', 'wrong'])
        expect(GONE, step).toContain((await one.step(step, PATIENCE)).rv);
      expect((await one.step('destroy key-0', PATIENCE)).rv).not.toBe(OK);
      const left = () => !stragglers(at.folder).some(({ pid }) => pid === engine);
      expect(await eventually(left, PATIENCE)).toBe(true);
    });
  }

  test('is not touched by the old engine when a new one has begun there', async () => {
    const at = fresh();
    await loggedIn(at);
    const home = homeOf(at);
    for (let round = 0; round < 5; round++) {
      renameSync(home, `${home}.${round}`);
      mkdirSync(home, { mode: 0o700 });
      setUp(at, 2);
      const kept = readFileSync(path.join(home, 'store.key'));
      expect(existsSync(path.join(home, 'store.db-wal'))).toBe(true);
      expect(await eventually(() => engines(at) === 1, PATIENCE)).toBe(true);
      // What counts is what a crash leaves.
      process.kill(at.enginePid() ?? 0, 'SIGKILL');
      expect(await eventually(() => at.enginePid() === undefined, PATIENCE)).toBe(true);
      await comesIn(at);
      expect(readFileSync(path.join(home, 'store.key'))).toEqual(kept);
    }
  });

  test('is named in the log', async () => {
    const at = fresh();
    const one = await loggedIn(at);
    unlinkSync(path.join(homeOf(at), 'audit.log'));
    expect(await eventually(() => at.enginePid() === undefined, PATIENCE)).toBe(true);
    expect(engineLog(at)).toMatch(/leaves: .*audit\.log is no longer there/);
    expect((await one.step('info', PATIENCE)).rv).toBe(DEVICE_REMOVED);
    expect((await one.step('fini', PATIENCE)).rv).toBe(OK);
    expect((await one.step('init', PATIENCE)).rv).toBe(OK);
    // A log that was taken away is for the security officer to accept.
    expect((await one.step('login', PATIENCE)).rv).toBe(DEVICE_ERROR);
    const env = { ...at.env, SO: 'officer-pin-0815' };
    const accept = ['store', 'accept', '--yes', '--so-pin', 'env:SO'];
    execFileSync(path.join(ROOT, 'out/bin/strongroom'), accept, { env });
    expect((await one.step('login', PATIENCE)).rv).toBe(OK);
    expect((await one.step('count data-1', PATIENCE)).rv).toBe(COUNTED + 1);
  });
});
