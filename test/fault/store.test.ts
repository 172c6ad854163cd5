/**
 * A store that is full, damaged or somebody else's: the application gets a CK_RV quickly, lives on, and works again after the mending,
 * with everything that was committed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyAuditLog } from '../../audit/verify.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { soakCount } from '../support/soak.ts';
import type { Store } from '../support/store.ts';
import {
  ATTEMPTS,
  asRoot,
  CKR_DEVICE_ERROR,
  CKR_DEVICE_MEMORY,
  CKR_OK,
  COUNTED,
  MANY,
  QUICK_MS,
  refusedQuickly,
  scene,
  wholeAgain,
} from './mending.ts';
import { compile, engineLog, homeOf, quickStore, Talk } from './support.ts';

const { prepared, client, keep } = scene();
/** Of each file so many bits are flipped, one at a time. */
const FLIPS = soakCount(10, 4);

/** Whether the audit log, as it lies there, is whole. */
function verified(where: Store): boolean {
  const home = homeOf(where);
  return verifyAuditLog({
    log: path.join(home, 'audit.log'),
    publicKey: readFileSync(path.join(home, 'audit.pub'), 'utf8'),
    anchor: path.join(home, 'audit.anchor'),
  }).ok;
}

describe('damaged files', () => {
  const file = (where: Store, name: string) => path.join(homeOf(where), name);

  /** Copies the store aside, damages it, expects a refusal somewhere, and mends it from the copy. */
  async function damaged(
    names: readonly string[],
    damage: (where: Store, name: string) => void,
  ): Promise<void> {
    const where = prepared();
    await where.stopEngine();
    const aside = where.path('aside');
    cpSync(homeOf(where), aside, { recursive: true, preserveTimestamps: true });
    const one = client(where);
    for (const name of names) {
      damage(where, name);
      const rv = await refusedQuickly(one, ['init', 'login', `verify ${MANY}`]);
      expect(rv, `${name}: ${engineLog(where)}`).not.toBe(CKR_OK);
      await one.step('fini');
      await where.stopEngine();
      rmSync(homeOf(where), { recursive: true });
      cpSync(aside, homeOf(where), { recursive: true, preserveTimestamps: true });
      chmodSync(homeOf(where), 0o700);
    }
    await wholeAgain(one);
  }

  test('each file cut to half', async () => {
    // Of the generation's two copies one is enough, so that file is only damaged when both have gone.
    await damaged(['store.db', 'store.key'], (where, name) => {
      truncateSync(file(where, name), readFileSync(file(where, name)).length >> 1);
    });
  });

  test('each file emptied', async () => {
    await damaged(['store.db', 'store.key', 'store.generation'], (where, name) =>
      truncateSync(file(where, name), 0),
    );
  });

  test('each file missing', async () => {
    await damaged(['store.db', 'store.key', 'store.generation'], (where, name) => rmSync(file(where, name)));
  });

  test('each file open to others', async () => {
    await damaged(['store.db', 'store.key'], (where, name) => chmodSync(file(where, name), 0o644));
  });

  /** Logs that an engine found changed and set aside. */
  const setAside = (where: Store) =>
    readdirSync(homeOf(where)).filter((name) => /^audit-.*\.log$/.test(name));

  test('the audit log cut short is set aside, a new one begins, and the security officer is asked', async () => {
    const where = prepared();
    await where.stopEngine();
    const log = file(where, 'audit.log');
    const cut = readFileSync(log).subarray(0, readFileSync(log).length >> 1);
    writeFileSync(log, cut);
    const one = client(where);
    expect((await one.step('init')).rv).toBe(CKR_OK);
    expect((await one.step('login')).rv).toBe(CKR_DEVICE_ERROR);
    expect((await one.step('fini')).rv).toBe(CKR_OK);
    expect(engineLog(where)).toContain('cut off');
    const pin = { ...where.env, SO: 'officer-pin-0815' };
    execFileSync(path.join(ROOT, 'out/bin/strongroom'), ['store', 'accept', '--yes', '--so-pin', 'env:SO'], {
      env: pin,
    });
    const [name = ''] = setAside(where);
    expect(readFileSync(file(where, name))).toEqual(cut);
    await where.stopEngine();
    expect(verified(where)).toBe(true);
    await wholeAgain(one);
  });

  /**
   * One flipped bit: either it does not matter (a free byte of a page, an index), or the damage is refused. What must not
   * happen is that something else than what was stored is served, that anything hangs, or that the client dies.
   */
  test('one bit flipped, at many places', { timeout: 180_000 }, async () => {
    const where = prepared();
    await where.stopEngine();
    const aside = where.path('aside');
    cpSync(homeOf(where), aside, { recursive: true, preserveTimestamps: true });
    const one = client(where);
    const refused: Record<string, number> = {};
    for (const name of ['store.key', 'store.generation', 'store.db', 'audit.log']) {
      refused[name] = 0;
      for (let i = 0; i < FLIPS; i++) {
        const bytes = readFileSync(path.join(aside, name));
        // A database is half empty; what is not zero is more likely to mean something.
        const used = [...bytes.keys()].filter((index) => bytes[index] !== 0);
        const at = used[Math.floor((used.length * (i + 0.5)) / FLIPS)] ?? 0;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (i % 8));
        writeFileSync(file(where, name), bytes);
        const rv = await refusedQuickly(one, ['init', 'login', `verify ${MANY}`]);
        if (rv !== CKR_OK) refused[name]++;
        await one.step('fini');
        await where.stopEngine();
        // An engine reads the log from its last checkpoint on; whoever verifies it reads all of it.
        if (name === 'audit.log') {
          expect(rv, engineLog(where)).toBe(CKR_OK);
          expect(setAside(where).length === 1 || !verified(where), `byte ${at} of the log`).toBe(true);
        }
        rmSync(homeOf(where), { recursive: true });
        cpSync(aside, homeOf(where), { recursive: true, preserveTimestamps: true });
        chmodSync(homeOf(where), 0o700);
      }
    }
    // Every byte of the small files means something.
    expect(refused['store.key']).toBe(FLIPS);
    await wholeAgain(one);
    console.log(`flips that were refused, of ${FLIPS} each: ${JSON.stringify(refused)}`);
  });

  test('one bit flipped in a journal that is to be played back', async () => {
    const where = prepared();
    const one = client(where);
    expect((await one.step('init')).rv).toBe(CKR_OK);
    expect((await one.step('login')).rv).toBe(CKR_OK);
    expect((await one.step('make journalled')).rv).toBe(CKR_OK);
    const engine = where.enginePid();
    if (engine !== undefined) process.kill(engine, 'SIGKILL');
    expect(await eventually(() => where.enginePid() === undefined, 60_000)).toBe(true);
    const journal = file(where, 'store.db-wal');
    expect(existsSync(journal)).toBe(true);
    const good = readFileSync(journal);
    const bad = Buffer.from(good);
    bad[bad.length - 2000] = (bad[bad.length - 2000] ?? 0) ^ 1;
    writeFileSync(journal, bad);
    await one.step('fini');
    // SQLite drops what it cannot believe; the manifest then says that something is missing.
    const rv = await refusedQuickly(one, ['init', 'login', `verify ${MANY}`]);
    const counted = rv === CKR_OK ? (await one.step('count journalled')).rv : rv;
    expect(counted).not.toBe(COUNTED);
  });
});

describe('the folder', () => {
  test('open to others, then mended', async () => {
    const where = prepared();
    await where.stopEngine();
    const one = client(where);
    for (const mode of [0o755, 0o770, 0o701]) {
      chmodSync(homeOf(where), mode);
      expect(await refusedQuickly(one)).toBe(CKR_DEVICE_ERROR);
    }
    chmodSync(homeOf(where), 0o700);
    await wholeAgain(one);
  });

  test.skipIf(!asRoot)('of another user, then given back (needs root)', async () => {
    const where = prepared();
    await where.stopEngine();
    const one = client(where);
    chownSync(homeOf(where), 65534, 65534);
    expect(await refusedQuickly(one)).toBe(CKR_DEVICE_ERROR);
    chownSync(homeOf(where), 0, 0);
    await wholeAgain(one);
  });

  test('moved away under a running engine, then put back', async () => {
    const where = prepared();
    const one = client(where);
    expect((await one.step('init')).rv).toBe(CKR_OK);
    expect((await one.step('login')).rv).toBe(CKR_OK);
    renameSync(homeOf(where), where.path('elsewhere'));
    // What is open stays open: the engine may well go on, but nothing may hang.
    const { milliseconds } = await one.step('make while-away');
    expect(milliseconds).toBeLessThan(ATTEMPTS * QUICK_MS);
    renameSync(where.path('elsewhere'), homeOf(where));
    await wholeAgain(one);
  });

  test('a file where the folder should be', async () => {
    const where = prepared();
    await where.stopEngine();
    renameSync(homeOf(where), where.path('elsewhere'));
    writeFileSync(homeOf(where), '');
    const one = client(where);
    expect(await refusedQuickly(one)).toBe(CKR_DEVICE_ERROR);
    rmSync(homeOf(where));
    renameSync(where.path('elsewhere'), homeOf(where));
    await wholeAgain(one);
  });
});

describe('a full disk', () => {
  // A file system of our own takes a mount namespace: root has one, others make one with a namespace of users.
  const namespaces = asRoot ? ['--mount'] : ['--mount', '--user', '--map-root-user'];
  const mountable = spawnSync('unshare', [...namespaces, 'true']).status === 0;
  const reason = mountable ? '' : ' (this user may make no mount namespace)';
  test.skipIf(!mountable)(`nothing is lost, and work goes on when there is room again${reason}`, async () => {
    const store = keep(quickStore());
    const home = homeOf(store);
    const script = [
      `mount -t tmpfs -o size=2m,mode=0700 tmpfs ${home}`,
      `"$0" "$1" setup ${MANY} && "$0" "$1" steps`,
      // Leaving takes the engine along: it holds the file system.
      `kill $(head -1 ${home}/engine.lock) 2>/dev/null`,
      `for i in $(seq 100); do kill -0 $(head -1 ${home}/engine.lock) 2>/dev/null || break; sleep 0.05; done`,
    ].join('\n');
    const talk = new Talk(
      'unshare',
      [...namespaces, 'sh', '-c', script, compile('tool'), store.module],
      store.env,
    );
    const one = { talk };
    const step = async (line: string) => {
      const answer = (await talk.ask(line, `${line.split(' ', 1)[0]} `)).at(-1) ?? '';
      const [, rv, took] = answer.split(' ');
      return { rv: Number(rv), milliseconds: Number(took) };
    };
    expect((await step('init')).rv).toBe(CKR_OK);
    expect((await step('login')).rv).toBe(CKR_OK);
    // The tmpfs is seen from outside through the client's own root.
    const inside = `/proc/${talk.child.pid}/root${home}`;
    const ballast = path.join(inside, 'ballast');
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k'], { stdio: 'ignore' });
    let made = 0;
    let refused: { rv: number; milliseconds: number } | undefined;
    for (let i = 0; i < 400 && refused === undefined; i++) {
      const outcome = await step(`make filler-${i}`);
      if (outcome.rv === CKR_OK) made++;
      else refused = outcome;
    }
    expect(refused?.rv, engineLogAt(inside)).toBe(CKR_DEVICE_MEMORY);
    let best = refused?.milliseconds ?? 0;
    for (let i = 0; i < ATTEMPTS && (i === 0 || best >= QUICK_MS); i++) {
      const again = await step(`make filler-${made}`);
      expect(again.rv).toBe(CKR_DEVICE_MEMORY);
      best = Math.min(best, again.milliseconds);
    }
    expect(best).toBeLessThan(QUICK_MS);
    rmSync(ballast);
    // With room again the same engine goes on, and what was confirmed is there.
    expect((await step('make after')).rv, engineLogAt(inside)).toBe(CKR_OK);
    for (let i = 0; i < made; i += 7) expect((await step(`count filler-${i}`)).rv).toBe(COUNTED + 1);
    expect((await step(`count filler-${made}`)).rv).toBe(COUNTED);
    expect((await step(`verify ${MANY}`)).rv).toBe(CKR_OK);
    expect((await step('fini')).rv).toBe(CKR_OK);
    expect((await step('init')).rv).toBe(CKR_OK);
    expect((await step('login')).rv).toBe(CKR_OK);
    expect((await step(`verify ${MANY}`)).rv).toBe(CKR_OK);
    expect((await step('count after')).rv).toBe(COUNTED + 1);
    expect((await step('fini')).rv).toBe(CKR_OK);
    await one.talk.end();
  });
});

function engineLogAt(folder: string): string {
  try {
    return readFileSync(path.join(folder, 'engine.log'), 'utf8');
  } catch {
    return '';
  }
}
