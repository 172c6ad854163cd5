/** Where the time of a call goes, as a collector hears it: through the real door in its cage, with clients and a gateway that are followed or not. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { needsOf } from '../../daemon/needs.ts';
import { ConfigError, defaultConfig, parseSettings } from '../../module/engine/policy/config.ts';
import { CALLS_PER_SECOND, Sampling } from '../../module/traces/sampling.ts';
import { packParent, unpackParent } from '../../module/traces/trace.ts';
import { AttachRequest } from '../../module/wire/attach.ts';
import { CallBatch, callsIn, type WireCall, WireError } from '../../module/wire/calls.ts';
import { AdminClient } from '../../module/wire/generated/strongroom/v1/admin.ts';
import {
  GenerateKeyRequest,
  KeyAlgorithm,
  KeysClient,
  SignatureAlgorithm,
  SignatureFormat,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { allLeave, Visitor } from '../attack/ruled.ts';
import { DoorService, EVERYTHING_REMOTE, type RemoteClient } from '../support/door.ts';
import { ROOT } from '../support/profile.ts';
import { eventually } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';
import { Collector, type SentSpan, strayOf, treeOf } from './support/collector.ts';

/** What must not be found in what the collector gets. */
const PIN = 'marked-user-pin';
const SO_PIN = 'marked-officer-pin';
const TOKEN = 'marked-token';
const KEY = 'marked-key';
const DATA = 'marked-data';
/** With the PINs of those programs that have their own. */
const MARK = /marked|user-pin|officer-pin/i;
const CLIENT = 'spiffe://marked.example/client';
const CLI = path.join(ROOT, 'out/bin/strongroom');
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

const why = whyNoService();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const closes: (() => unknown)[] = [];

afterEach(async () => {
  await allLeave();
  for (const close of closes.splice(0).reverse()) await close();
});

async function collector(place?: string): Promise<Collector> {
  const made = await Collector.open(place);
  closes.push(() => made.close());
  return made;
}

async function door(...lines: string[]): Promise<DoorService> {
  const made = await DoorService.make(EVERYTHING_REMOTE, { lines });
  closes.push(() => made.close());
  return made;
}

/** A client of the services Keys and Admin, which says what is in `metadata` with each call. */
class Caller {
  metadata = new Metadata();
  readonly keys: KeysClient;
  readonly admin: AdminClient;

  constructor(at: DoorService) {
    const { certificate, key } = at.authority.issue({ spiffe: [CLIENT] });
    const secure = credentials.createSsl(
      Buffer.from(at.authority.certificate),
      Buffer.from(key),
      Buffer.from(certificate),
    );
    const options = { 'grpc.ssl_target_name_override': 'localhost', 'grpc.use_local_subchannel_pool': 1 };
    this.keys = new KeysClient(`127.0.0.1:${at.port}`, secure, options);
    this.admin = new AdminClient(`127.0.0.1:${at.port}`, secure, options);
    closes.push(() => this.keys.close());
    closes.push(() => this.admin.close());
  }

  ask<Q, A>(
    client: KeysClient | AdminClient,
    call: (
      request: Q,
      metadata: Metadata,
      options: object,
      told: (error: ServiceError | null, answer: A) => void,
    ) => unknown,
    request: NoInfer<Q>,
  ): Promise<A> {
    return new Promise((resolve, reject) => {
      call.call(client, request, this.metadata, {}, (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
  }

  /** A token with a key on it. */
  async prepare(): Promise<void> {
    const { keys, admin } = this;
    const { tokens } = await this.ask(admin, admin.listTokens, {});
    await this.ask(admin, admin.initToken, {
      slot: tokens[0]?.slot ?? -1,
      soPin: bytes(SO_PIN),
      label: TOKEN,
    });
    await this.ask(admin, admin.resetPin, { token: TOKEN, soPin: bytes(SO_PIN), newPin: bytes(PIN) });
    await this.ask(keys, keys.login, { token: TOKEN, pin: bytes(PIN) });
    const spec = { label: KEY, algorithm: KeyAlgorithm.KEY_ALGORITHM_EC_P256 };
    await this.ask(keys, keys.generateKey, GenerateKeyRequest.fromPartial({ spec }));
    await this.sign();
  }

  async sign(label = KEY): Promise<void> {
    const { signature } = await this.ask(this.keys, this.keys.sign, {
      key: { token: TOKEN, label, id: new Uint8Array(0), uniqueId: '', uri: '' },
      algorithm: SignatureAlgorithm.SIGNATURE_ALGORITHM_ECDSA_SHA256,
      input: { $case: 'data', value: bytes(DATA) },
      format: SignatureFormat.SIGNATURE_FORMAT_UNSPECIFIED,
    });
    expect(signature.length).toBeGreaterThan(64);
  }

  /** From now on a caller who follows his calls, or does not. */
  says(flags: '00' | '01' | undefined): void {
    this.metadata = new Metadata();
    if (flags === undefined) return;
    this.metadata.set('traceparent', `00-${TRACE}-${PARENT}-${flags}`);
    this.metadata.set('tracestate', 'vendor=value');
  }
}

function named(spans: readonly SentSpan[], name: string): SentSpan {
  const span = spans.find((one) => one.name === name);
  if (span === undefined) throw new Error(`no span ${name} among ${spans.map((one) => one.name).join(' ')}`);
  return span;
}

const length = ({ start, end }: SentSpan): bigint => end - start;

function cli(client: RemoteClient, args: readonly string[]): string {
  const done = spawnSync(CLI, args, {
    env: { ...client.env, PIN, SO_PIN },
    encoding: 'utf8',
    timeout: 300_000,
  });
  expect(done.status, `${args.join(' ')}: ${done.stdout}${done.stderr}`).toBe(0);
  return done.stdout;
}

const makeToken = [...['token', 'init', '--label', TOKEN, '--pin', 'env:PIN', '--so-pin', 'env:SO_PIN']];

describe('a call that its caller follows', { timeout: 300_000, skip: why !== undefined }, () => {
  test('is a tree of spans down to the enclave, with no secret in it', async () => {
    const sink = await collector();
    const at = await door(`traces = "${sink.url}"`, 'traces_per_thousand = 0');
    const caller = new Caller(at);
    await caller.prepare();
    caller.says('01');
    await caller.sign();
    await expect(caller.sign('marked-nothing')).rejects.toThrow();
    await at.stopDoor();
    const { spans } = sink;
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['strongroom-door']));
    const [signed, refused, ...more] = spans.filter(({ parentSpanId }) => parentSpanId === PARENT);
    if (signed === undefined || refused === undefined) throw new Error('calls are missing');
    expect(more).toEqual([]);
    expect(signed.name).toBe('strongroom.v1.Keys/Sign');
    expect(signed.traceState).toBe('vendor=value');
    expect(Object.fromEntries(signed.facts)).toEqual({
      'rpc.system': 'grpc',
      'rpc.service': 'strongroom.v1.Keys',
      'rpc.method': 'Sign',
      'rpc.grpc.status_code': 0,
    });
    expect(treeOf(spans, signed)).toMatch(
      /^strongroom\.v1\.Keys\/Sign\(.*C_Sign\(queue engine\(enclave\)\)\)$/,
    );
    expect(refused.failure).toBe('NOT_FOUND');
    expect(strayOf(spans)).toEqual([]);
    const mine = spans.filter(({ name }) => name === 'C_Sign');
    expect(mine.map(({ facts }) => facts.get('strongroom.result'))).toEqual(['CKR_OK']);
    const lane = named(spans, 'C_Sign');
    const engine = named(
      spans.filter(({ parentSpanId }) => parentSpanId === lane.spanId),
      'engine',
    );
    const enclave = named(
      spans.filter(({ parentSpanId }) => parentSpanId === engine.spanId),
      'enclave',
    );
    // A signature takes no less anywhere; that the enclave's part is no more than the whole is said above.
    expect(length(enclave)).toBeGreaterThan(3_000n);
    expect(sink.text).not.toMatch(MARK);
    expect(sink.text).toContain('C_FindObjects');
  });

  test('shows what jobs of the pool took, too', async () => {
    const sink = await collector();
    const at = await door(`traces = "${sink.url}"`, 'traces_per_thousand = 0');
    const caller = new Caller(at);
    await caller.prepare();
    caller.says('01');
    const spec = { label: 'marked-rsa', algorithm: KeyAlgorithm.KEY_ALGORITHM_RSA_2048 };
    await caller.ask(caller.keys, caller.keys.generateKey, GenerateKeyRequest.fromPartial({ spec }));
    await at.stopDoor();
    const { spans } = sink;
    const lane = named(spans, 'C_GenerateKeyPair');
    const engine = named(
      spans.filter(({ parentSpanId }) => parentSpanId === lane.spanId),
      'engine',
    );
    const enclave = named(
      spans.filter(({ parentSpanId }) => parentSpanId === engine.spanId),
      'enclave',
    );
    expect(length(enclave)).toBeGreaterThan(1_000_000n);
    expect(strayOf(spans)).toEqual([]);
    expect(sink.text).not.toMatch(MARK);
  });

  test('is followed over a socket in the file system', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'collector-'));
    closes.push(() => rmSync(folder, { recursive: true }));
    chmodSync(folder, 0o755);
    const place = path.join(folder, 'socket');
    const sink = await collector(place);
    chmodSync(place, 0o666);
    const at = await door(`traces = "${place}"`, 'traces_per_thousand = 1000');
    const caller = new Caller(at);
    await caller.prepare();
    await at.stopDoor();
    expect(named(sink.spans, 'strongroom.v1.Admin/InitToken').parentSpanId).toBe('');
    expect(named(sink.spans, 'strongroom.v1.Keys/GenerateKey').parentSpanId).toBe('');
    expect(sink.text).not.toMatch(MARK);
  });
});

describe('calls that nobody follows', { timeout: 300_000, skip: why !== undefined }, () => {
  test('are in no span, whatever is followed otherwise', async () => {
    const sink = await collector();
    const at = await door(`traces = "${sink.url}"`, 'traces_per_thousand = 1000');
    const caller = new Caller(at);
    caller.says('00');
    await caller.prepare();
    await at.stopDoor();
    expect(sink.spans).toEqual([]);
  });

  test('are most of those whose callers say nothing', async () => {
    const sink = await collector();
    const at = await door(`traces = "${sink.url}"`, 'traces_per_thousand = 0');
    const caller = new Caller(at);
    await caller.prepare();
    await at.stopDoor();
    expect(sink.spans).toEqual([]);
  });
});

describe('a program with the library', { timeout: 300_000, skip: why !== undefined }, () => {
  test('is followed from its gateway to the enclave', async () => {
    const sink = await collector();
    const at = await door(`traces = "${sink.url}"`, 'traces_per_thousand = 0');
    const lines = [`remote_traces = "${sink.url}"`, 'remote_traces_per_thousand = 1000'];
    const client = at.client({ spiffe: [CLIENT] }, lines);
    const program = new Visitor({ module: at.service.module, env: client.env }, { uid: 0, gid: 0 });
    const wishes = ['start', `token ${TOKEN}`, `open ${TOKEN}`, 'login user', `make ${KEY}`, 'sign'];
    expect(await program.wishes(...wishes)).toEqual(wishes.map(() => '0x0'));
    await allLeave();
    // The gateway goes after its linger time, and sends what it has left.
    const roots = () => sink.spans.filter(({ name }) => name === 'C_Sign');
    expect(
      await eventually(() => roots().some(({ service }) => service === 'strongroom-gateway'), 60_000),
    ).toBe(true);
    await at.stopDoor();
    const root = roots().find(({ parentSpanId }) => parentSpanId === '');
    if (root === undefined) throw new Error('no root');
    const tree = sink.spans.filter(({ traceId }) => traceId === root.traceId);
    expect(treeOf(tree, root)).toBe(
      'C_Sign(network(strongroom.v1.Cryptoki/C_Sign(C_Sign(queue engine(enclave)))))',
    );
    expect(root.facts.get('strongroom.result')).toBe('CKR_OK');
    expect(named(tree, 'network').service).toBe('strongroom-gateway');
    expect(named(tree, 'engine').service).toBe('strongroom-door');
    expect(strayOf(tree)).toEqual([]);
    expect(sink.text).not.toMatch(MARK);
  });

  test('is served by a door that follows nothing, and by one that follows alone', async () => {
    const sink = await collector();
    const quiet = await door();
    const lines = [`remote_traces = "${sink.url}"`, 'remote_traces_per_thousand = 1000'];
    cli(quiet.client({ spiffe: [CLIENT] }, lines), makeToken);
    const sent = () => sink.spans.some(({ name }) => name === 'C_InitToken');
    expect(await eventually(sent, 60_000)).toBe(true);
    expect(new Set(sink.spans.map(({ service }) => service))).toEqual(new Set(['strongroom-gateway']));

    const other = await collector();
    const alone = await door(`traces = "${other.url}"`, 'traces_per_thousand = 1000');
    cli(alone.client({ spiffe: [CLIENT] }), makeToken);
    await alone.stopDoor();
    const root = named(other.spans, 'strongroom.v1.Cryptoki/C_InitToken');
    expect(root.parentSpanId).toBe('');
    expect(treeOf(other.spans, root)).toMatch(/C_InitToken\(C_InitToken\(queue engine\(enclave\)\)\)$/);
  });
});

describe('a collector that is of no use', { timeout: 300_000, skip: why !== undefined }, () => {
  test.each(['away', 'refuses', 'hangs'] as const)('%s, and calls go on', async (mood) => {
    const sink = await collector();
    if (mood === 'away') await sink.close();
    else sink.mood = mood;
    const url = mood === 'away' ? 'http://127.0.0.1:9/v1/traces' : sink.url;
    const at = await door(`traces = "${url}"`, 'traces_per_thousand = 1000');
    const caller = new Caller(at);
    await caller.prepare();
    const memory = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${at.pid}/status`, 'utf8'))?.[1]);
    const before = memory();
    for (let round = 0; round < 60; round++)
      await Promise.all(Array.from({ length: 20 }, () => caller.sign()));
    // Some 15,000 spans, of which there is room for 4,096.
    expect(memory() - before).toBeLessThan(96 * 1024);
    if (mood !== 'away') expect(await eventually(() => sink.unkind > 0, 60_000)).toBe(true);
    await at.stopDoor();
    expect(at.log).toMatch(/\d+ spans were lost: the collector is away/);
    expect(sink.spans).toEqual([]);
  });
});

describe('a call with its trace', () => {
  const call = { fn: 3, args: bytes('arguments'), bulk: undefined, room: 0 };
  const message = (...calls: readonly WireCall[]): Uint8Array => {
    const batch = new CallBatch();
    for (const one of calls) batch.put(one);
    const decoded = AttachRequest.decode(batch.frame().bytes).message;
    if (decoded?.$case !== 'calls') throw new Error('no calls');
    return decoded.value.slice();
  };
  const parent = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: undefined };

  test('travels among others, and reads the same there', () => {
    const list = [
      ...callsIn(message({ number: 1, ...call, trace: packParent(parent) }, { number: 2, ...call })),
    ];
    expect(list.map(({ number, args }) => [number, Buffer.from(args).toString()])).toEqual([
      [1, 'arguments'],
      [2, 'arguments'],
    ]);
    const [first, second] = list.map(({ trace }) => trace);
    expect(unpackParent(first ?? new Uint8Array(0))).toEqual(parent);
    expect(second).toBeUndefined();
  });

  test('is refused with one that is none', () => {
    const wrong = message({ number: 1, ...call, trace: packParent(parent).subarray(1) });
    expect(() => [...callsIn(wrong)]).toThrow(WireError);
    const longer = message({ number: 1, ...call });
    new DataView(longer.buffer).setUint32(20, 24, true);
    expect(() => [...callsIn(longer)]).toThrow(WireError);
  });
});

describe('what is followed', () => {
  test('is bounded, whoever asks', () => {
    let now = 0;
    const sampling = new Sampling(1000, () => now);
    const followed = (says: boolean | undefined) =>
      Array.from({ length: 3 * CALLS_PER_SECOND }, () => sampling.follows(says)).filter(Boolean).length;
    expect(followed(true)).toBe(CALLS_PER_SECOND);
    expect(sampling.refused).toBe(2 * CALLS_PER_SECOND);
    now += 500;
    expect(followed(undefined)).toBe(CALLS_PER_SECOND / 2);
    now += 1000;
    expect(followed(false)).toBe(0);
    const never = new Sampling(0, () => now);
    expect([never.follows(undefined), never.follows(true)]).toEqual([false, true]);
  });
});

describe('network.traces', () => {
  const { network } = defaultConfig;
  const connects = (collectorAt: string) =>
    needsOf('/etc/c.toml', { ...network, traces: { collector: collectorAt, perThousand: 1 } }).filter(
      (line) => line.startsWith('connect'),
    );

  test('opens the cage for its port alone, and not at all without one', () => {
    expect(connects('')).toEqual([]);
    expect(connects('/run/collector.socket')).toEqual([]);
    expect(connects('http://127.0.0.1:4318/v1/traces')).toEqual(['connect 4318']);
    expect(connects('http://[::1]:80/v1/traces')).toEqual(['connect 80']);
  });

  test('is an address or a socket', () => {
    const says = (value: string) => parseSettings(`[network]\ntraces = "${value}"`, 'c.toml');
    for (const good of ['', '/run/collector', 'http://10.1.2.3:4318/v1/traces', 'http://localhost:4318'])
      expect(() => says(good)).not.toThrow();
    for (const bad of [
      'collector:4318',
      'https://127.0.0.1:4318',
      'http://collector.example:4318',
      'http://127.0.0.1',
      'http://user@127.0.0.1:1',
      'file:///etc/passwd',
    ])
      expect(() => says(bad), bad).toThrow(ConfigError);
  });
});
