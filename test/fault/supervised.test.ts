/** strongroomd in the hands of whoever starts it: what it is handed, what it tells, how it reads its files anew and how it leaves. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { makeStore, type Store } from '../support/store.ts';
import { compile, Steps, Talk } from './support.ts';
import { ticks } from './ticks.ts';

const STRONGROOMD = path.join(ROOT, 'out/bin/strongroomd');
const CKR_OK = 0;

let where: Store;
let services: Talk[] = [];
let number = 0;

afterEach(async () => {
  for (const talk of services) {
    if (!talk.ended) talk.child.kill('SIGKILL');
    await talk.exit;
  }
  services = [];
  await where.close();
});

/** A service under the keeper, and what is heard of it. */
class Kept {
  readonly talk: Talk;
  readonly config = where.path('strongroom.toml');
  readonly socket = where.path('run/engine.socket');
  /** Everything that it has told. */
  readonly told: string[] = [];
  pid = 0;

  /** @param news name of the socket for its news */
  constructor(options: readonly string[] = [], lines: readonly string[] = [], news = this.#news()) {
    mkdirSync(where.path('run'), { recursive: true });
    mkdirSync(where.path('store'), { recursive: true, mode: 0o700 });
    this.write(lines);
    const service = [STRONGROOMD, '--store', where.path('store'), '--config', this.config];
    this.talk = new Talk(compile('keeper'), [...options, news, ...service], {});
    services.push(this.talk);
  }

  #news(): string {
    return `@strongroom-${process.pid}-${number++}`;
  }

  /** The configuration. */
  write(lines: readonly string[]): void {
    const text = [`socket = "${this.socket}"`, '[pin]', 'kdf = "pbkdf2"', 'iterations = 1000', ...lines, ''];
    writeFileSync(this.config, text.join('\n'));
  }

  /** Waits for what begins so, and gives it. */
  async hear(beginning: string): Promise<string> {
    for (;;) {
      const line = await this.talk.line();
      this.told.push(line);
      if (line.startsWith('pid ')) this.pid = Number(line.slice(4));
      if (line.startsWith(beginning)) return line;
    }
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  get env(): Record<string, string> {
    return { ...where.env, STRONGROOM_SOCKET: this.socket };
  }

  /** Makes a token, and is an application that has logged in. */
  async client(): Promise<Steps> {
    execFileSync(compile('tool'), [where.module, 'setup', '0'], { env: this.env, timeout: 120_000 });
    const steps = new Steps(where, where.module, this.env);
    for (const step of ['init', 'login']) expect((await steps.step(step)).rv, step).toBe(CKR_OK);
    return steps;
  }

  /** The engine itself, which the service's process attends. */
  get engine(): number {
    return Number(readFileSync(where.path('store/engine.lock'), 'latin1').split('\n', 1)[0]);
  }
}

test('it serves at a socket that listened before it, tells how it stands, and gives signs of life', async () => {
  where = makeStore();
  const socket = where.path('run/engine.socket');
  mkdirSync(where.path('run'));
  const kept = new Kept(['--listen', socket, '--watchdog', '400000']);
  expect(await kept.hear('READY=1')).toBe('READY=1|STATUS=0 applications, 0 sessions');
  const client = await kept.client();
  for (let signs = 0; signs < 5; signs++) await kept.hear('WATCHDOG=1');
  expect(await kept.hear('STATUS=')).toMatch(/^STATUS=1 applications, \d+ sessions$/);
  expect(await client.end()).toBe(0);
  kept.signal('SIGTERM');
  await kept.hear('STOPPING=1');
  expect(await kept.hear('ended')).toBe('ended 0 0');
  expect(kept.talk.errors).not.toMatch(/error|warning/);
  // It is somebody else's socket: who comes next waits there for the next service.
  expect(existsSync(socket)).toBe(true);
}, 180_000);

test('a path for its news does as well as a name', async () => {
  where = makeStore();
  const kept = new Kept([], [], where.path('news'));
  await kept.hear('READY=1');
  kept.signal('SIGINT');
  expect(await kept.hear('ended')).toBe('ended 0 0');
}, 180_000);

test('SIGHUP reads the files anew; a broken one keeps what was, and nobody notices', async () => {
  where = makeStore();
  const kept = new Kept();
  await kept.hear('READY=1');
  const client = await kept.client();
  kept.write(['[sessions]', 'max_per_application = 1', '[jobs]', 'max_per_application = 7']);
  kept.signal('SIGHUP');
  expect(await kept.hear('RELOADING=1')).toMatch(/^RELOADING=1\|MONOTONIC_USEC=\d+\|STATUS=/);
  await kept.hear('READY=1');
  const status = () => {
    const out = spawnSync(path.join(ROOT, 'out/bin/strongroom'), ['status', '--json'], {
      env: { ...kept.env },
      encoding: 'utf8',
    });
    return { code: out.status, ...JSON.parse(out.stdout) };
  };
  expect(status()).toMatchObject({
    code: 0,
    ok: true,
    reload: { problems: [], waiting: ['jobs.max_per_application'] },
  });
  const [sessions] = status().kept;
  expect(sessions).toMatchObject({ name: 'sessions', perApplication: 1 });
  // Whoever holds more than that keeps it, and the others are served as ever.
  const other = new Steps(where, where.module, kept.env);
  for (const step of ['init', 'login']) expect((await other.step(step)).rv, step).toBe(CKR_OK);
  kept.write(['[sessions]', 'max_per_applications = 5']);
  kept.signal('SIGHUP');
  await kept.hear('RELOADING=1');
  expect(await kept.hear('READY=1')).toContain('the last reload failed in part');
  expect(status()).toMatchObject({ code: 1, ok: false, reload: { problems: [expect.any(String)] } });
  expect(kept.talk.errors).toContain('did you mean sessions.max_per_application?');
  expect((await client.step('key still')).rv).toBe(CKR_OK);
  expect(await client.end()).toBe(0);
  expect(await other.end()).toBe(0);
  kept.signal('SIGTERM');
  expect(await kept.hear('ended')).toBe('ended 0 0');
}, 180_000);

describe('SIGTERM while a key is in the making', () => {
  async function atWork(drainSeconds: number, bits: number) {
    where = makeStore();
    const kept = new Kept([], ['[service]', `drain_seconds = ${drainSeconds}`]);
    await kept.hear('READY=1');
    const client = await kept.client();
    const before = ticks(kept.engine);
    const made = client.step(`rsa ${bits}`, 600_000);
    expect(await eventually(() => ticks(kept.engine) - before > 10, 90_000)).toBe(true);
    kept.signal('SIGTERM');
    await kept.hear('STOPPING=1');
    return { kept, client, made };
  }

  test('the key is made, and then it leaves', async () => {
    const { kept, client, made } = await atWork(3_600, 4_096);
    expect((await made).rv).toBe(CKR_OK);
    expect(await kept.hear('ended')).toBe('ended 0 0');
    await client.end();
  }, 600_000);

  test('its patience has an end', async () => {
    const { kept, client, made } = await atWork(0, 8_192);
    expect(await kept.hear('ended')).toBe('ended 0 0');
    expect((await made).rv).not.toBe(CKR_OK);
    expect(kept.talk.errors).toContain('they have taken too long');
    await client.end();
  }, 600_000);

  test('a second one ends it at once', async () => {
    const { kept, client, made } = await atWork(3_600, 8_192);
    kept.signal('SIGTERM');
    expect(await kept.hear('ended')).toBe('ended 0 0');
    expect((await made).rv).not.toBe(CKR_OK);
    await client.end();
  }, 600_000);
});

test('what was meant for another process is left alone', async () => {
  where = makeStore();
  const theirs = where.path('theirs');
  const kept = new Kept(['--listen', theirs, '--for-another', '--watchdog', '200000']);
  await kept.hear('READY=1');
  // Its own socket is where the configuration says.
  const client = await kept.client();
  expect(await client.end()).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  kept.signal('SIGTERM');
  expect(await kept.hear('ended')).toBe('ended 0 0');
  expect(kept.told).not.toContain('WATCHDOG=1');
}, 180_000);

test.each([
  ['stream', 'sequences of packets that listens'],
  ['deaf', 'sequences of packets that listens'],
  ['file', 'and it is none'],
  ['nothing', 'and it is not open'],
])('a descriptor that is no such socket (%s) is refused in words', async (kind, words) => {
  where = makeStore();
  const kept = new Kept(['--hand', kind]);
  expect(await kept.hear('ended')).toBe('ended 6 0');
  expect(kept.talk.errors).toContain(words);
});

test('nobody hears its news: it says so once, and serves', async () => {
  where = makeStore();
  const kept = new Kept();
  await kept.hear('READY=1');
  const client = await kept.client();
  await client.end();
  kept.signal('SIGTERM');
  await kept.hear('ended');
  const args = ['--store', where.path('store'), '--config', kept.config];
  const deaf = new Talk(STRONGROOMD, args, { NOTIFY_SOCKET: where.path('nobody'), WATCHDOG_USEC: '100000' });
  services.push(deaf);
  expect(await eventually(() => deaf.errors.includes('serves:'), 60_000)).toBe(true);
  const steps = new Steps(where, where.module, kept.env);
  for (const step of ['init', 'login']) expect((await steps.step(step)).rv, step).toBe(CKR_OK);
  expect(await steps.end()).toBe(0);
  deaf.child.kill('SIGTERM');
  expect(await deaf.exit).toBe(0);
  expect(deaf.errors.match(/cannot be told how it stands: no such file/g)?.length).toBe(1);
}, 180_000);

test.each(['the process that is looked after', 'the engine'])(
  'killed, %s takes the other along',
  async (which) => {
    where = makeStore();
    const kept = new Kept();
    await kept.hear('READY=1');
    const { engine } = kept;
    process.kill(which === 'the engine' ? engine : kept.pid, 'SIGKILL');
    expect(await kept.hear('ended')).toBe('ended -1 9');
    expect(await eventually(() => !existsSync(`/proc/${engine}`), 60_000)).toBe(true);
  },
  180_000,
);

describe('its command line', () => {
  const said = (...args: string[]) => {
    where = makeStore();
    const { status, stdout, stderr } = spawnSync(STRONGROOMD, args, {
      env: {},
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, stdout, stderr };
  };

  test.each([
    [['--nonsense'], 'there is no option --nonsense'],
    [['work'], 'there is no option work'],
    [['--store'], '--store needs a path'],
    [['--door', '--user'], '--user needs a name or a number'],
    [['--user', 'somebody'], '--user is for --door'],
    [['--store', 'here'], 'must be an absolute path, not here'],
    [['--store', '/tmp', '--config', 'here'], 'must be an absolute path, not here'],
  ])('%j makes no sense', (args, words) => {
    expect(said(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(words) });
  });

  test('help and version', () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    expect(said('--version')).toEqual({ status: 0, stdout: `strongroomd ${version}\n`, stderr: '' });
    expect(said('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('SIGHUP') });
  });

  test('a configuration that is not there is said, and ends it', () => {
    where = makeStore();
    const args = ['--store', where.path('store'), '--config', where.path('none.toml')];
    const { status, stderr } = spawnSync(STRONGROOMD, args, { env: {}, encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(1);
    expect(stderr).toContain('cannot start: ');
  });
});
