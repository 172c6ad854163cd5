/** A real engine that tells its metrics: what was called is what stands there, and nothing of whose it was. */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Metric, metrics } from '../../schema/metrics.ts';
import { version } from '../../schema/product.ts';
import { compile, engineLog, quickStore, Steps, setUp, Talk } from '../fault/support.ts';
import { ask, type Scraped, scrape } from '../support/metrics.ts';
import { ROOT } from '../support/profile.ts';
import { makeStore, type Store } from '../support/store.ts';

const PATIENCE = { timeout: 180_000 };
/** A page is good for a second, or longer where making it took long. */
const waiting = { timeout: 90_000, interval: 300 };
const PIN_INCORRECT = 0xa0;

const stores: Store[] = [];
const talks: Talk[] = [];
afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  for (const store of stores.splice(0)) await store.close();
});

/** A store with a token, and no engine; `address` of the metrics, by default a socket beside the store. */
async function prepared(
  address?: string,
  lines: readonly string[] = [],
): Promise<{ store: Store; address: string }> {
  const store = quickStore();
  stores.push(store);
  const where = address ?? store.path('metrics.socket');
  writeFileSync(
    store.path('strongroom.toml'),
    [
      '[pin]',
      'kdf = "pbkdf2"',
      'iterations = 1000',
      'slow_first_ms = 0',
      '[service]',
      `metrics = "${where}"`,
      ...lines,
      '',
    ].join('\n'),
  );
  setUp(store);
  await store.stopEngine();
  return { store, address: where };
}

async function steps(store: Store): Promise<Steps> {
  const all = new Steps(store);
  talks.push(all.talk);
  expect((await all.step('init')).rv).toBe(0);
  return all;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** Scrapes until the page says what is expected of it. */
function until(address: string, expected: (scraped: Scraped) => void): Promise<Scraped> {
  return vi.waitFor(async () => {
    const scraped = await scrape(address);
    expected(scraped);
    return scraped;
  }, waiting);
}

describe('what an engine tells', () => {
  test.each(['socket', 'port'])('over a %s is exactly what was called', PATIENCE, async (kind) => {
    const { store, address } = await prepared(kind === 'port' ? `127.0.0.1:${await freePort()}` : undefined);
    const label = 'label-of-a-key-4711';
    const client = await steps(store);
    expect((await client.step('login')).rv).toBe(0);
    expect((await client.step(`key ${label}`)).rv).toBe(0);
    for (let i = 0; i < 7; i++) expect((await client.step(`use ${label}`)).rv).toBe(0);
    expect((await client.step('rsa 2048')).rv).toBe(0);
    for (let i = 0; i < 3; i++) expect((await client.step('wrong')).rv).toBe(PIN_INCORRECT);

    const scraped = await until(address, (page) =>
      expect(page.calls('C_Login', 'CKR_PIN_INCORRECT')).toBe(3),
    );
    const counts = Object.fromEntries(
      [
        'C_Login',
        'C_GenerateKey',
        'C_FindObjects',
        'C_EncryptInit',
        'C_Encrypt',
        'C_GenerateKeyPair',
        'C_Logout',
      ].map((fn) => [fn, scraped.calls(fn)]),
    );
    expect(counts).toEqual({
      C_Login: 1,
      C_GenerateKey: 1,
      C_FindObjects: 7,
      C_EncryptInit: 7,
      C_Encrypt: 7,
      C_GenerateKeyPair: 1,
      C_Logout: 1,
    });
    expect(scraped.calls('C_Logout', 'CKR_USER_NOT_LOGGED_IN')).toBe(2);
    expect(scraped.timed('C_GenerateKey', 'CKM_AES_KEY_GEN')).toBe(1);
    expect(scraped.timed('C_Encrypt', 'CKM_AES_CBC_PAD')).toBe(7);
    // A job of the pool: its time is that of its caller, and a key of 2,048 bits is not found within a millisecond.
    expect(scraped.timed('C_GenerateKeyPair', 'CKM_RSA_PKCS_KEY_PAIR_GEN')).toBe(1);
    const pair = { function: 'C_GenerateKeyPair', mechanism: 'CKM_RSA_PKCS_KEY_PAIR_GEN' };
    expect(scraped.value('strongroom_call_duration_seconds_sum', pair)).toBeGreaterThan(0.001);
    expect(scraped.value('strongroom_call_duration_seconds_bucket', { ...pair, le: '0.001024' })).toBe(0);
    expect(scraped.value('strongroom_call_duration_seconds_bucket', { ...pair, le: '+Inf' })).toBe(1);

    expect(scraped.value('strongroom_applications', { from: 'local' })).toBe(1);
    expect(scraped.value('strongroom_sessions', { from: 'local' })).toBe(1);
    expect(scraped.value('strongroom_applications', { from: 'remote' })).toBe(0);
    expect(scraped.value('strongroom_lanes')).toBe(1);
    expect(scraped.value('strongroom_tokens', { state: 'ok' })).toBe(1);
    expect(scraped.value('strongroom_logins', { role: 'user' })).toBe(0);
    // The user has left: his private objects went out of memory, and public ones there are none but the pair's half.
    expect(scraped.value('strongroom_token_objects', { slot: '0', access: 'private' })).toBe(0);
    expect(scraped.value('strongroom_audit_writable')).toBe(1);
    expect(scraped.value('strongroom_limit_refusals_total')).toBe(0);
    expect(scraped.value('strongroom_quota_limit', { kind: 'sessions' })).toBe(262_144);
    expect(scraped.text).toContain(`strongroom_build_info{version="${version}",`);
    const born = scraped.value('process_start_time_seconds');
    expect(Math.abs(Date.now() / 1000 - born)).toBeLessThan(600);
    expect(scraped.value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);

    for (const secret of [
      label,
      'fault',
      'user-pin',
      'officer-pin',
      store.folder,
      store.module,
      '/tmp',
      'tool',
    ])
      expect(scraped.text).not.toContain(secret);
    // `strongroom_troubles` has a line for each trouble, and there is none.
    const silent = new Set<string>([metrics.troubles.name]);
    for (const { name, type } of Object.values(metrics) as Metric[])
      if (!silent.has(name)) expect(scraped.text, name).toContain(`# TYPE ${name} ${type}\n`);
    if (kind === 'port') {
      // A page of the web whose name leads here is not answered.
      const strange = await ask(address, '/metrics', { headers: { host: 'example.org:9464' } });
      expect(strange).toMatchObject({ status: 403, body: 'not under this name\n' });
    }
    expect(await client.end()).toBe(0);
  });

  test('counts logins, objects and locked PINs', PATIENCE, async () => {
    const { store, address } = await prepared();
    const client = await steps(store);
    expect((await client.step('login')).rv).toBe(0);
    for (const label of ['one', 'two', 'three']) expect((await client.step(`make ${label}`)).rv).toBe(0);
    const inside = await until(address, (page) => expect(page.calls('C_CreateObject')).toBe(3));
    expect(inside.value('strongroom_logins', { role: 'user' })).toBe(1);
    expect(inside.value('strongroom_token_objects', { slot: '0', access: 'private' })).toBe(3);
    expect(inside.value('strongroom_pins_locked', { role: 'user' })).toBe(0);
    for (let i = 0; i < 11; i++) await client.step('wrong');
    const locked = await until(address, (page) => expect(page.calls('C_Login', 'CKR_PIN_LOCKED')).toBe(2));
    expect(locked.calls('C_Login', 'CKR_PIN_INCORRECT')).toBe(9);
    expect(locked.value('strongroom_pins_locked', { role: 'user' })).toBe(1);
    expect(locked.value('strongroom_pins_locked', { role: 'so' })).toBe(0);
    expect(await client.end()).toBe(0);
  });

  test('shows a limit that is spent', PATIENCE, async () => {
    const { store, address } = await prepared(undefined, ['[jobs]', 'max_per_application = 2']);
    const talk = new Talk(compile('greedy'), [store.module, '6', '8192'], store.env);
    talks.push(talk);
    for (let i = 0; i < 5; i++) await talk.line(90_000);
    const page = await until(address, (each) =>
      expect(each.calls('C_GenerateKeyPair', 'CKR_HOST_MEMORY')).toBe(4),
    );
    expect(page.value('strongroom_limit_refusals_total')).toBe(4);
    expect(page.value('strongroom_limit_used_ratio', { limit: 'application_jobs' })).toBe(1);
    expect(page.value('strongroom_calls_waiting')).toBe(2);
    expect(page.value('strongroom_troubles', { about: 'applications' })).toBe(1);
    expect(page.text).not.toContain('greedy');
    talk.child.kill('SIGKILL');
    await talk.exit;
  });
});

describe('where it is told', () => {
  test('nowhere, if nobody asked for it', PATIENCE, async () => {
    const store = makeStore();
    stores.push(store);
    setUp(store);
    expect(store.enginePid()).toBeDefined();
    expect(existsSync(store.path('metrics.socket'))).toBe(false);
  });

  test(
    'a socket of an engine that was killed is replaced, and the socket goes with its engine',
    PATIENCE,
    async () => {
      // Only root can give a file to any group.
      const group = process.getuid?.() === 0 ? 1 : process.getgid?.();
      const { store, address } = await prepared(undefined, [`socket_group = "${group}"`]);
      const first = await steps(store);
      await until(address, (page) =>
        expect(page.value('strongroom_applications', { from: 'local' })).toBe(1),
      );
      expect(lstatSync(address)).toMatchObject({ mode: 0o140_660, gid: group });
      const pid = store.enginePid();
      if (pid === undefined) throw new Error('there is no engine');
      process.kill(pid, 'SIGKILL');
      await vi.waitFor(() => expect(store.enginePid()).toBeUndefined(), waiting);
      expect(lstatSync(address).isSocket()).toBe(true);
      await first.end();
      const second = await steps(store);
      await until(address, (page) =>
        expect(page.value('strongroom_applications', { from: 'local' })).toBe(1),
      );
      await second.end();
      await store.stopEngine();
      expect(existsSync(address)).toBe(false);
    },
  );

  test('health is a word', PATIENCE, async () => {
    const { store, address } = await prepared();
    const client = await steps(store);
    await vi.waitFor(() => ask(address, '/healthz'), waiting);
    expect(await ask(address, '/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    const head = await ask(address, '/metrics', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1000);
    await client.end();
  });

  test(
    'a port that is taken, and a group that is not there, are troubles and not the end',
    PATIENCE,
    async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as { port: number };
      try {
        const { store } = await prepared(`127.0.0.1:${port}`);
        const client = await steps(store);
        expect((await client.step('login')).rv).toBe(0);
        await vi.waitFor(
          () =>
            expect(engineLog(store)).toContain(
              `nobody can ask for metrics at 127.0.0.1:${port}: the address is in use\n`,
            ),
          waiting,
        );
        const doctor = spawnSync(path.join(ROOT, 'out/bin/strongroom'), ['doctor'], {
          env: store.env,
          encoding: 'utf8',
        });
        expect(doctor.stdout).toMatch(
          /WRONG {2}metrics +nobody can ask for metrics at .*: the address is in use\n/,
        );
        expect(doctor.stdout).toContain('see service.metrics in the configuration');
        await client.end();
      } finally {
        server.close();
      }
      const { store, address } = await prepared(undefined, ['socket_group = "no-such-group"']);
      const client = await steps(store);
      await vi.waitFor(
        () => expect(engineLog(store)).toContain('there is no group no-such-group\n'),
        waiting,
      );
      expect(existsSync(address)).toBe(false);
      await client.end();
    },
  );
});
