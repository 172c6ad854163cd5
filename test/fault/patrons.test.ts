/**
 * The service at bad moments, with programs of three users at work: whatever becomes of it, or of what it needs, nothing that was returned is lost,
 * nobody hangs, the others go on, and the audit log verifies.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { ANNE, BILL, CARL, SERVICE, Service, type User, whyNoService } from '../support/service.ts';
import { compile } from './support.ts';

const PIN = 'user-pin-4711';
const SO_PIN = 'officer-pin-0815';
const ROOT_USER: User = { uid: 0, gid: 0 };
const why = whyNoService();
const mountable = spawnSync('unshare', ['--mount', 'true']).status === 0;

const policy = `
[[rule]]
who = ["uid:0"]
roles = ["operator", "so", "user", "auditor"]
new_tokens = true

[[rule]]
who = ["uid:${ANNE.uid}", "uid:${BILL.uid}", "uid:${CARL.uid}"]
tokens = ["shared"]
roles = ["user"]
`;

let service: Service | undefined;
const patrons: Patron[] = [];

afterEach(async () => {
  for (const patron of patrons.splice(0)) patron.kill();
  await service?.close();
  service = undefined;
});

/** A service with a token, on which those users work. `disk` is the size of the store's file system, where it is to have one of its own. */
async function fresh(disk?: string): Promise<Service> {
  service = await new Service(policy).start([], {}, disk);
  const args = ['token', 'init', '--label', 'shared', '--pin', 'env:PIN', '--so-pin', 'env:SO_PIN'];
  const done = service.run(ROOT_USER, path.join(ROOT, 'out/bin/strongroom'), args, { PIN, SO_PIN });
  expect(done.status, done.errors).toBe(0);
  return service;
}

/** A program of a user's that works until it is told to stop. */
class Patron {
  readonly made: string[] = [];
  readonly #child: ChildProcess;
  readonly #done: Promise<void>;
  #begun = false;
  #full = false;
  #last = '';
  #errors = '';

  constructor(at: Service, user: User) {
    const { uid, gid } = user;
    const child = spawn(compile('patron'), [at.module, PIN], {
      uid,
      gid,
      env: at.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => {
      if (line === 'begun') this.#begun = true;
      else if (line === 'full') this.#full = true;
      else if (line.startsWith('made ')) this.made.push(line.slice(5));
      else this.#last = line;
    });
    this.#done = new Promise((resolve) => child.once('close', () => resolve()));
    patrons.push(this);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async begun(): Promise<void> {
    if (!(await eventually(() => this.#begun || this.#errors !== '', 120_000)) || this.#errors !== '')
      throw new Error(`it could not begin: ${this.#errors}`);
  }

  /** It has been told that there is no room. */
  async full(): Promise<void> {
    if (!(await eventually(() => this.#full || this.#errors !== '', 120_000)) || this.#errors !== '')
      throw new Error(`it was not told: ${this.#errors}`);
  }

  /** It has made so many keys more. */
  async makes(more: number): Promise<void> {
    const wanted = this.made.length + more;
    if (
      !(await eventually(() => this.made.length >= wanted || this.#errors !== '', 120_000)) ||
      this.#errors !== ''
    )
      throw new Error(`it does not go on: ${this.#errors}`);
  }

  async end(): Promise<{ signed: number; made: number; again: number; full: number }> {
    this.#child.stdin?.end();
    await this.#done;
    expect(this.#errors).toBe('');
    const [, signed, made, again, full] =
      /^signed (\d+) made (\d+) again (\d+) full (\d+)$/.exec(this.#last) ?? [];
    return { signed: Number(signed), made: Number(made), again: Number(again), full: Number(full) };
  }
}

async function atWork(at: Service): Promise<Patron[]> {
  const all = [ANNE, BILL, CARL].map((user) => new Patron(at, user));
  for (const patron of all) await patron.begun();
  return all;
}

/** The labels of all keys on the token. */
function labels(at: Service): string[] {
  const args = ['key', 'list', '--json', '--pin', 'env:PIN'];
  const { said, errors } = at.run(ROOT_USER, path.join(ROOT, 'out/bin/strongroom'), args, { PIN });
  if (said === '') throw new Error(errors);
  return (JSON.parse(said) as { keys: { label: string }[] }).keys.map(({ label }) => label);
}

/** Everybody stops; all that they were told is there, and the log is whole. */
async function settle(at: Service, all: readonly Patron[]) {
  const reports = [];
  for (const patron of all) reports.push(await patron.end());
  const there = new Set(labels(at));
  expect(all.flatMap(({ made }) => made).filter((label) => !there.has(label))).toEqual([]);
  await at.stop();
  const verify = at.run(SERVICE, path.join(ROOT, 'out/bin/strongroom'), ['audit', 'verify'], {
    STRONGROOM_HOME: at.store,
    STRONGROOM_CONFIG: '',
  });
  expect(verify.status, verify.said + verify.errors).toBe(0);
  return reports;
}

/** The engine itself, which the process that attends it has for its child. */
function enginePid(at: Service): number {
  return Number(readFileSync(path.join(at.store, 'engine.lock'), 'utf8'));
}

describe('a service with programs at work', { timeout: 600_000, skip: why !== undefined }, () => {
  test('is killed, and started again', async () => {
    const at = await fresh();
    const all = await atWork(at);
    process.kill(enginePid(at), 'SIGKILL');
    await at.stop();
    await at.start();
    for (const patron of all) await patron.makes(2);
    for (const report of await settle(at, all)) expect(report.again).toBeGreaterThan(0);
  });

  test('is ended under load, and started again: what is under way is answered, and nobody waits for ever', async () => {
    const at = await fresh();
    const all = await atWork(at);
    expect(await at.stop('SIGTERM')).toBe(0);
    await at.start();
    for (const patron of all) await patron.makes(2);
    await settle(at, all);
  });

  test('is told to read a policy that is broken: it keeps the one it has, says so, and nobody notices', async () => {
    const at = await fresh();
    const all = await atWork(at);
    at.writePolicy('[[rule]]\nwho = ["uid:1"]\nrolls = ["user"]\n');
    process.kill(at.pid, 'SIGHUP');
    expect(await eventually(() => at.log.includes('rolls'), 120_000)).toBe(true);
    for (const patron of all) await patron.makes(1);
    at.writePolicy(policy);
    process.kill(at.pid, 'SIGHUP');
    for (const patron of all) await patron.makes(1);
    for (const report of await settle(at, all)) expect(report.again).toBe(0);
  });

  test('has its socket removed, and something else put there: it is there again, and who is in goes on', async () => {
    const at = await fresh();
    const all = await atWork(at);
    for (const replacement of [undefined, 'no socket\n']) {
      rmSync(at.socket);
      if (replacement !== undefined) writeFileSync(at.socket, replacement);
      const comes = (): boolean =>
        at.run(BILL, 'pkcs11-tool', ['--module', at.module, '-L']).said.includes('shared');
      expect(await eventually(comes, 120_000)).toBe(true);
    }
    for (const patron of all) await patron.makes(1);
    for (const report of await settle(at, all)) expect(report.again).toBe(0);
  });

  test('sixteen processes of four users at once', async () => {
    const at = await fresh();
    const all = [ANNE, BILL, CARL, ROOT_USER].flatMap((user) =>
      Array.from({ length: 4 }, () => new Patron(at, user)),
    );
    for (const patron of all) await patron.begun();
    for (const patron of all) await patron.makes(2);
    for (const report of await settle(at, all)) expect(report).toMatchObject({ again: 0, full: 0 });
  });

  test.skipIf(!mountable)(
    'has no room on its disk, and has it again: nobody loses anything, and nobody has to begin anew',
    async () => {
      const at = await fresh('64m');
      const all = await atWork(at);
      const ballast = path.join(`/proc/${at.pid}/root`, at.store, 'ballast');
      // Twice what there is room for, and no more. There is enough that the log and the keys of a slow run do not fill it themselves.
      spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k', 'count=32768'], { stdio: 'ignore' });
      expect(statSync(ballast).size).toBeLessThan(64 << 20);
      for (const patron of all) await patron.full();
      rmSync(ballast);
      for (const patron of all) await patron.makes(1);
      const verified = at.run(ROOT_USER, path.join(ROOT, 'out/bin/strongroom'), ['audit', 'verify']);
      expect(verified.status, verified.said + verified.errors).toBe(0);
      for (const patron of all) expect((await patron.end()).again).toBe(0);
      const there = new Set(labels(at));
      expect(all.flatMap(({ made }) => made).filter((label) => !there.has(label))).toEqual([]);
    },
  );

  test('leaves nothing of those who were killed', async () => {
    const at = await fresh();
    const all = await atWork(at);
    for (const patron of all.slice(1)) patron.kill();
    await all[0]?.makes(2);
    const descriptors = (): number => readdirSync(`/proc/${enginePid(at)}/fd`).length;
    const before = descriptors();
    const others = await atWork(at);
    for (const patron of others) patron.kill();
    expect(await eventually(() => descriptors() <= before, 120_000)).toBe(true);
    await settle(at, all.slice(0, 1));
  });
});
