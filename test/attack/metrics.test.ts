/**
 * The attacker may reach the engine's metrics: over a loopback port anybody on the machine may. He wants to know what he should not, to hold up
 * those who use keys, to keep the scraper out, or to have the engine remove a file for him.
 */
import { existsSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { engineLog, quickStore, Steps, setUp } from '../fault/support.ts';
import { atRest } from '../fault/ticks.ts';
import { ask, scrape } from '../support/metrics.ts';
import type { Store } from '../support/store.ts';

const PATIENCE = { timeout: 240_000 };
const waiting = { timeout: 90_000, interval: 200 };

const sockets = new Set<Socket>();
let store: Store | undefined;
let client: Steps | undefined;

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  if (client !== undefined && !client.talk.ended) await client.end();
  client = undefined;
  await store?.close();
  store = undefined;
});

/** An engine with a logged-in application and a key, and the socket where it tells its metrics. */
async function engine(): Promise<{ at: Store; address: string; client: Steps }> {
  const at = quickStore(['[service]', `metrics = "ADDRESS"`]);
  store = at;
  const address = at.path('metrics.socket');
  const config = at.path('strongroom.toml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('ADDRESS', address));
  setUp(at);
  client = new Steps(at);
  for (const step of ['init', 'login', 'key its']) expect((await client.step(step)).rv).toBe(0);
  await vi.waitFor(() => ask(address, '/healthz'), waiting);
  return { at, address, client };
}

/** A connection, perhaps with something sent over it; `text` is all that came back, `closed` when it has ended. */
class Line {
  text = '';
  readonly socket: Socket;
  readonly connected: Promise<void>;
  readonly closed: Promise<void>;

  constructor(address: string, bytes: string | Uint8Array = '', options: { read?: boolean } = {}) {
    this.socket = connect({ path: address });
    sockets.add(this.socket);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.socket.on('error', () => undefined).on('close', () => resolve());
    this.connected = new Promise((done) => this.socket.once('connect', done).once('close', done));
    if (options.read !== false)
      this.socket.setEncoding('latin1').on('data', (text) => {
        this.text += text;
      });
    if (bytes.length > 0) this.socket.write(bytes);
  }
}

/** How many sockets of the engine's have the address, that of the listener among them. */
function endsAt(address: string): number {
  return readFileSync('/proc/net/unix', 'latin1').split(address).length - 1;
}

/** A signer, as it were: each step is five calls. */
async function works(steps: Steps, times: number): Promise<void> {
  for (let i = 0; i < times; i++) expect((await steps.step('use its', 90_000)).rv).toBe(0);
}

describe('what is no honest question', PATIENCE, () => {
  test('gets no answer, or a short one, and harms nobody', async () => {
    const { at, address, client: user } = await engine();
    const pid = at.enginePid();
    const noise = new Uint8Array(4096).map((_, i) => (i * 7919) % 251);
    const wrong: (string | Uint8Array)[] = [
      noise,
      '\r\n'.repeat(1000),
      'GET / HTTP/9.9\r\n\r\n',
      'GET /metrics HTTP/1.1\r\n\r\n',
      `GET /metrics HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(1 << 20)}\r\n\r\n`,
      `GET /metrics HTTP/1.1\r\nHost: x\r\n${'A: a\r\n'.repeat(10_000)}\r\n`,
      `GET /${'a'.repeat(1 << 20)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      'GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'CONNECT example:80 HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ];
    for (const bytes of wrong) {
      const line = new Line(address, bytes);
      await line.closed;
      expect(line.text).not.toContain('strongroom_');
    }
    for (const path of [
      '/',
      '/metrics/',
      '/metrics/../healthz',
      '/../../../etc/passwd',
      '/%2e%2e/engine.log',
      '//metrics',
      '/METRICS',
    ])
      expect(await ask(address, path)).toMatchObject({ status: 404 });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect(await ask(address, '/metrics', { method })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
    // A second request over the same connection is not looked at.
    const twice = new Line(address, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
    await twice.closed;
    expect(twice.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    await works(user, 5);
    expect(at.enginePid()).toBe(pid);
    expect(engineLog(at)).not.toContain('a bug');
    expect((await scrape(address)).calls('C_GenerateKey')).toBeGreaterThan(0);
  });
});

describe('whoever comes and does nothing', PATIENCE, () => {
  test('200 idle connections and scrapers that never read hold up neither a signer nor the next scraper', async () => {
    const { at, address, client: user } = await engine();
    const question = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
    const idle = Array.from({ length: 200 }, (_, i) => [
      new Line(address, i % 2 === 0 ? '' : 'GET /met'),
      new Line(address, question, { read: false }),
    ]).flat();
    await Promise.all(idle.map(({ connected }) => connected));
    await works(user, 100);
    // None of the 400 keeps the next one out: the oldest goes.
    for (let i = 0; i < 5; i++) expect(await ask(address)).toMatchObject({ status: 200 });
    // And none of them stays, although nobody reads.
    await vi.waitFor(() => expect(endsAt(address)).toBe(1), waiting);
    expect(await atRest(at.enginePid(), 1000, 10)).toBeLessThanOrEqual(10);
  });

  test('one that sends a byte at a time is cut off', async () => {
    const { address, client: user } = await engine();
    const line = new Line(address, 'GET /metrics HTTP/1.1\r\nHost: x\r\nA: ');
    const timer = setInterval(() => line.socket.write('a'), 100);
    await line.closed;
    clearInterval(timer);
    expect(line.text).toBe('');
    await works(user, 1);
  });

  test('1,000 connections one after the other are served or closed, and leave no descriptor', async () => {
    const { at, address, client: user } = await engine();
    for (let round = 0; round < 10; round++) {
      const lines = Array.from(
        { length: 100 },
        () => new Line(address, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'),
      );
      await works(user, 3);
      await Promise.all(lines.map(({ closed }) => closed));
    }
    await vi.waitFor(
      async () => expect((await scrape(address)).value('strongroom_applications', { from: 'local' })).toBe(1),
      waiting,
    );
    expect(await atRest(at.enginePid(), 1000, 10)).toBeLessThanOrEqual(10);
  });
});

describe('what stands in the place of the socket', PATIENCE, () => {
  /** An engine that finds this there when it starts. */
  async function meets(put: (path: string) => void | Promise<void>): Promise<{ at: Store; address: string }> {
    const { at, address, client: user } = await engine();
    await user.end();
    await at.stopEngine();
    expect(existsSync(address)).toBe(false);
    await put(address);
    client = new Steps(at);
    for (const step of ['init', 'login']) expect((await client.step(step)).rv).toBe(0);
    return { at, address };
  }

  test('a file of somebody’s is not removed', async () => {
    const { at, address } = await meets((path) => writeFileSync(path, 'precious'));
    await vi.waitFor(
      () => expect(engineLog(at)).toContain('a file that is no socket stands there\n'),
      waiting,
    );
    await client?.end();
    await at.stopEngine();
    expect(readFileSync(address, 'utf8')).toBe('precious');
  });

  test('a socket at which somebody listens is left to him', async () => {
    const server = createServer();
    try {
      const { at } = await meets(
        (path) => new Promise<void>((done) => server.listen({ path }, () => done())),
      );
      await vi.waitFor(() => expect(engineLog(at)).toContain('the address is in use\n'), waiting);
      await client?.end();
      await at.stopEngine();
      expect(lstatSync(at.path('metrics.socket')).isSocket()).toBe(true);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  test('a file that came while the engine ran outlives it', async () => {
    const { at, address, client: user } = await engine();
    rmSync(address);
    writeFileSync(address, 'precious');
    await user.end();
    await at.stopEngine();
    expect(readFileSync(address, 'utf8')).toBe('precious');
  });
});
