/**
 * An engine that is missing, stopped or locked out: the application gets a CK_RV quickly, lives on, and works again after the mending,
 * with everything that was committed.
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import type { Store } from '../support/store.ts';
import {
  CKR_DEVICE_ERROR,
  CKR_DEVICE_REMOVED,
  CKR_OK,
  refusedQuickly,
  scene,
  wholeAgain,
} from './mending.ts';
import { homeOf } from './support.ts';

// Whoever waits for one of these locks must not be waited for, so they are let go before the scene is cleared.
const held: (() => Promise<void>)[] = [];
const { prepared, client } = scene(async () => {
  for (const release of held.splice(0)) await release();
});

/** The process to send signals to; one that is not there must never become 0, which means everybody in the group. */
function engineOf(where: Store): number {
  const pid = where.enginePid();
  if (pid === undefined) throw new Error('no engine runs for this store');
  return pid;
}

describe('the engine', () => {
  /** The library and what stands behind it, as hard links that may be broken. */
  function ownLibrary(where: Store): { module: string; part(name: string): string } {
    const from = path.join(ROOT, 'out/lib');
    const to = where.path('lib');
    mkdirSync(path.join(to, 'strongroom'), { recursive: true });
    const place = (name: string) => {
      try {
        linkSync(path.join(from, name), path.join(to, name));
      } catch {
        copyFileSync(path.join(from, name), path.join(to, name));
      }
    };
    place('strongroom-pkcs11.so');
    for (const name of readdirSync(path.join(from, 'strongroom')))
      if (!name.endsWith('.new')) place(path.join('strongroom', name));
    return {
      module: path.join(to, 'strongroom-pkcs11.so'),
      part: (name) => path.join(to, 'strongroom', name),
    };
  }

  test.each([
    'strongroom-launch',
    'node',
    'engine.cjs',
    'lane.node',
    'enclave.node',
    'libstrongroom-guard.so',
  ])('without %s, and with it again', async (name) => {
    const where = prepared();
    await where.stopEngine();
    const library = ownLibrary(where);
    const one = client(where, library.module);
    renameSync(library.part(name), library.part('aside'));
    expect(await refusedQuickly(one)).toBe(CKR_DEVICE_ERROR);
    renameSync(library.part('aside'), library.part(name));
    await wholeAgain(one);
  });

  test('launcher and runtime that cannot be executed', async () => {
    const where = prepared();
    await where.stopEngine();
    const library = ownLibrary(where);
    const one = client(where, library.module);
    for (const name of ['strongroom-launch', 'node']) {
      // A hard link shares its mode with the file that others are using, so this one becomes a file of its own.
      renameSync(library.part(name), library.part('aside'));
      writeFileSync(library.part(name), 'no program', { mode: 0o755 });
      expect(await refusedQuickly(one), name).toBe(CKR_DEVICE_ERROR);
      chmodSync(library.part(name), 0o644);
      expect(await refusedQuickly(one), name).toBe(CKR_DEVICE_ERROR);
      rmSync(library.part(name));
      renameSync(library.part('aside'), library.part(name));
    }
    await wholeAgain(one);
  });

  test('stopped: calls wait, and end when it is killed', async () => {
    const where = prepared();
    const one = client(where);
    expect((await one.step('init')).rv).toBe(CKR_OK);
    expect((await one.step('login')).rv).toBe(CKR_OK);
    const engine = engineOf(where);
    process.kill(engine, 'SIGSTOP');
    const waiting = one.step('use key-0');
    const early = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 700, 'waits'))]);
    expect(early).toBe('waits');
    process.kill(engine, 'SIGKILL');
    const killed = performance.now();
    const { rv } = await waiting;
    expect(rv).toBe(CKR_DEVICE_REMOVED);
    expect(performance.now() - killed).toBeLessThan(60_000);
    await wholeAgain(one);
  });

  test('stopped and continued: the call is answered', async () => {
    const where = prepared();
    const one = client(where);
    for (const step of ['init', 'login']) expect((await one.step(step)).rv).toBe(CKR_OK);
    const engine = engineOf(where);
    process.kill(engine, 'SIGSTOP');
    const waiting = one.step('use key-0');
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(engine, 'SIGCONT');
    expect((await waiting).rv).toBe(CKR_OK);
    await wholeAgain(one);
  });

  /** Holds a lock as another program would, until told to stop. */
  async function holdLock(where: Store, name: string): Promise<() => Promise<void>> {
    const lock = path.join(homeOf(where), name);
    const holder = spawn('flock', ['--no-fork', lock, 'sh', '-c', 'echo held; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const gone = new Promise<void>((resolve) => holder.on('close', () => resolve()));
    let released = false;
    const release = async () => {
      if (released) return;
      released = true;
      holder.kill('SIGKILL');
      await gone;
    };
    held.push(release);
    return release;
  }

  test('its lock held by somebody else', async () => {
    const where = prepared();
    await where.stopEngine();
    const release = await holdLock(where, 'engine.lock');
    const one = client(where);
    expect(await refusedQuickly(one)).toBe(CKR_DEVICE_ERROR);
    await release();
    await wholeAgain(one);
  });

  test('the starter’s lock held for a while', async () => {
    const where = prepared();
    await where.stopEngine();
    const release = await holdLock(where, 'start.lock');
    const one = client(where);
    const waiting = one.step('init');
    await new Promise((resolve) => setTimeout(resolve, 400));
    await release();
    expect((await waiting).rv).toBe(CKR_OK);
    await wholeAgain(one);
  });
});
