/**
 * The network door and the engine behind it under a hostile client with a certificate of its own, while another identity works normally: nothing of the
 * one is shown to the other, nobody is disturbed, nothing crashes, and no secret stands in a log. Needs root, who makes the processes.
 */
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import http2 from 'node:http2';
import path from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import * as C from '../../daemon/cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../../daemon/cryptoki-client/generated/cryptoki.ts';
import { FUNCTION_DETACH, FUNCTION_PAIRED, LANE_VERSION } from '../../module/lane/lane.ts';
import { CallBatch } from '../../module/wire/calls.ts';
import { AttachRequest } from '../../module/wire/generated/strongroom/v1/cryptoki.ts';
import { DoorService, workerOf } from '../support/door.ts';
import { type Stream, StreamEnded, Visitor } from '../support/stream.ts';
import { Generator, value, type World } from './requests.ts';
import { Random } from './writer.ts';

export interface DoorReport {
  readonly executions: number;
  readonly findings: readonly string[];
  readonly detail: string;
}

const USER_PIN = 'a-PIN-of-B-4711-that-nobody-says';
const SO_PIN = 'an-SO-PIN-of-B-0815-that-nobody-says';
const MARKER = 'a-value-of-B-that-nobody-else-reads';
const secrets = [USER_PIN, SO_PIN, MARKER].map((text) => Buffer.from(text));
const RW = C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION;
const ROUND_MS = 60_000;
/** Nobody may end the engine, which is a right of its operators. */
const RULES = '[[rule]]\nwho = ["any-remote"]\nroles = ["user", "so"]\nnew_tokens = true\n';
/** Streams of the hostile client's at a time. */
const AT_ONCE = 6;
const ulong = (number: number) => new Uint8Array(BigUint64Array.of(BigInt(number)).buffer);
const yes = Uint8Array.of(1);

/** B: works, and checks each answer. */
class Honest {
  readonly #p11: Cryptoki;
  readonly attachment: { readonly id: number; readonly key: Uint8Array };
  #session = -1;
  #object = -1;
  #key = -1;
  steps = 0;
  slot = -1;

  private constructor(stream: Stream, attachment: Honest['attachment']) {
    this.#p11 = new Cryptoki(stream);
    this.attachment = attachment;
  }

  static async make(from: Visitor): Promise<Honest> {
    const stream = from.stream();
    const { id, key } = await stream.hello();
    const made = new Honest(stream, { id, key });
    await made.#setUp();
    return made;
  }

  async #setUp(): Promise<void> {
    const p11 = this.#p11;
    this.slot = (await p11.C_GetSlotList({ tokenPresent: 0, slots: 8 })).slots[0] ?? -1;
    const [so, user] = [Buffer.from(SO_PIN), Buffer.from(USER_PIN)];
    await p11.C_InitToken({ slot: this.slot, pin: so, label: Buffer.from('B') });
    const { session } = await p11.C_OpenSession({ slot: this.slot, flags: RW });
    this.#session = session;
    await p11.C_Login({ session, userType: C.CKU_SO, pin: so });
    await p11.C_InitPIN({ session, pin: user });
    await p11.C_Logout({ session });
    await p11.C_Login({ session, userType: C.CKU_USER, pin: user });
    const data = [
      { type: C.CKA_CLASS, value: ulong(C.CKO_DATA) },
      { type: C.CKA_TOKEN, value: yes },
      { type: C.CKA_PRIVATE, value: yes },
      { type: C.CKA_LABEL, value: Buffer.from(MARKER) },
      { type: C.CKA_VALUE, value: Buffer.from(MARKER) },
    ];
    this.#object = (await p11.C_CreateObject({ session, template: data })).object;
    const key = [
      { type: C.CKA_CLASS, value: ulong(C.CKO_SECRET_KEY) },
      { type: C.CKA_KEY_TYPE, value: ulong(C.CKK_GENERIC_SECRET) },
      { type: C.CKA_PRIVATE, value: yes },
      { type: C.CKA_SIGN, value: yes },
      { type: C.CKA_VALUE, value: Buffer.from(MARKER) },
    ];
    this.#key = (await p11.C_CreateObject({ session, template: key })).object;
  }

  /** @throws when an answer is not what it must be */
  async step(): Promise<void> {
    const session = this.#session;
    const template = [{ type: C.CKA_VALUE, capacity: 100 }];
    const { values } = await this.#p11.C_GetAttributeValue({ session, object: this.#object, template });
    if (Buffer.from(values[0]?.value ?? []).toString() !== MARKER) throw new Error('B reads something else');
    const data = Buffer.from(`step ${this.steps++}`);
    const opening = { mechanism: { type: C.CKM_SHA256_HMAC }, key: this.#key };
    const { signature } = await this.#p11.C_Sign({ session, data, signature: 64 }, opening);
    const expected = createHmac('sha256', MARKER).update(data).digest();
    if (!expected.equals(signature)) throw new Error('B’s signature is another');
  }
}

/** A: says whatever comes to its mind. */
class Hostile {
  readonly #door: DoorService;
  readonly #random: Random;
  readonly #identity;
  readonly #victim: Honest;
  readonly findings = new Set<string>();
  messages = 0;
  answers = 0;
  #visitor: Visitor | undefined;

  constructor(door: DoorService, random: Random, victim: Honest) {
    this.#door = door;
    this.#random = random;
    this.#victim = victim;
    this.#identity = door.authority.issue({ spiffe: ['spiffe://example.org/A'] });
  }

  #seen(bytes: Buffer): void {
    this.answers++;
    for (const secret of secrets) if (bytes.includes(secret)) this.findings.add(`A was shown ${secret}`);
  }

  /** One stream, from its beginning to one of its ends. */
  async round(): Promise<void> {
    const r = this.#random;
    if (r.chance(15)) return await this.#frames();
    if (this.#visitor === undefined || r.chance(5)) {
      this.#visitor?.close();
      this.#visitor = new Visitor(this.#door, this.#identity);
    }
    const stream = this.#visitor.stream(r.chance(20) ? this.#metadata() : undefined);
    stream.onBytes = (bytes) => this.#seen(bytes);
    if (r.chance(25)) {
      for (let left = 1 + r.below(4); left > 0; left--) this.#send(stream, this.#nonsense());
      await this.#end(stream);
      return;
    }
    try {
      const { id, key } = r.chance(20) ? this.#guess() : { id: 0, key: new Uint8Array(0) };
      await stream.hello({ id, key });
      await this.#calls(stream);
    } catch (error) {
      if (!(error instanceof StreamEnded)) throw error;
    }
    await this.#end(stream);
  }

  #send(stream: Stream, bytes: Uint8Array): void {
    this.messages++;
    stream.raw(bytes);
  }

  #metadata(): Metadata {
    const r = this.#random;
    const metadata = new Metadata();
    const headers: readonly (readonly [string, string])[] = [
      ['grpc-timeout', r.of(['1n', '99999999H', '0S', '-1S', '5m', 'x'])],
      ['grpc-accept-encoding', 'gzip,nothing'],
      ['x-forwarded-for', '127.0.0.1'],
      ['x-client-cert', MARKER.length.toString()],
      ['user-agent', 'x'.repeat(r.below(3000))],
    ];
    for (const [name, text] of headers) if (r.chance(40)) metadata.set(name, text);
    if (r.chance(30)) metadata.set('some-bin', Buffer.from(r.bytes(r.below(500))));
    return metadata;
  }

  /** B's application, with a key that is a guess or was stolen. */
  #guess(): { id: number; key: Uint8Array } {
    const { id, key } = this.#victim.attachment;
    const r = this.#random;
    return { id: r.chance(70) ? id : r.below(300), key: r.chance(50) ? key : r.bytes(16) };
  }

  #nonsense(): Uint8Array {
    const r = this.#random;
    const { id, key } = this.#guess();
    const laneVersion = r.chance(80) ? LANE_VERSION : r.below(300);
    const hello = { laneVersion, resumeId: id, resumeKey: key, software: 'x'.repeat(r.below(40)) };
    const message = r.of<NonNullable<AttachRequest['message']>>([
      { $case: 'hello', value: hello },
      { $case: 'calls', value: r.bytes(r.below(200)) },
      { $case: 'goodbye', value: {} },
    ]);
    return r.chance(20) ? r.bytes(r.below(400)) : this.#mutated(AttachRequest.encode({ message }).finish());
  }

  #mutated(bytes: Uint8Array): Uint8Array {
    const r = this.#random;
    const copy = Buffer.from(bytes);
    if (copy.length === 0 || r.chance(20)) return copy;
    if (r.chance(20)) return copy.subarray(0, r.below(copy.length));
    if (r.chance(20)) return Buffer.concat([copy, r.bytes(r.below(100))]);
    for (let left = 1 + r.below(4); left > 0; left--) copy[r.below(copy.length)] = r.next() & 0xff;
    return copy;
  }

  async #calls(stream: Stream): Promise<void> {
    const r = this.#random;
    const p11 = new Cryptoki(stream);
    const sessions: number[] = [];
    for (let more = 1 + r.below(3); more > 0; more--)
      sessions.push((await p11.C_OpenSession({ slot: this.#victim.slot, flags: RW })).session);
    const pin = Buffer.from('no PIN of B');
    const world: World = {
      sessions,
      keys: new Map(),
      objects: Array.from({ length: 40 }, (_, at) => at + 1),
      slot: this.#victim.slot,
      userPin: pin,
      soPin: pin,
    };
    const { session } = await p11.C_OpenSession({ slot: this.#victim.slot, flags: RW });
    const template = [
      { type: value('CKA_VALUE_LEN'), value: ulong(32) },
      { type: C.CKA_PRIVATE, value: Uint8Array.of(0) },
    ];
    for (const [name, type] of [
      ['aes', C.CKM_AES_KEY_GEN],
      ['secret', C.CKM_GENERIC_SECRET_KEY_GEN],
    ] as const) {
      // What was tried before may have left the token in a state in which nobody makes any.
      const made = await p11.C_GenerateKey({ session, mechanism: { type }, template }).catch(() => undefined);
      if (made !== undefined) world.keys.set(name, made.key);
    }
    const generator = new Generator(r, world);
    for (let left = 1 + r.below(12); left > 0; left--) {
      const batch = new CallBatch();
      for (let calls = 1 + r.below(8); calls > 0; calls--) {
        const { fn: asked, bytes } = generator.request();
        const fn = r.chance(94)
          ? asked
          : r.of([asked | FUNCTION_PAIRED, FUNCTION_DETACH + r.below(4), r.next()]);
        // Nobody waits here for what takes long; that has tests of its own.
        const bulk = r.chance(15) ? r.bytes(r.below(3000)) : undefined;
        batch.put({
          number: 1_000_000 + this.messages,
          fn,
          args: bytes,
          bulk,
          room: r.chance(95) ? 0 : r.next(),
        });
      }
      const message = batch.frame().bytes;
      this.#send(stream, r.chance(80) ? message : this.#mutated(message));
    }
    if (r.chance(70)) await p11.C_GetInfo();
  }

  async #end(stream: Stream): Promise<void> {
    const how = this.#random.below(4);
    if (how === 0) stream.cut();
    else if (how === 1) stream.end();
    else if (how === 2) stream.goodbye();
    else {
      this.#visitor?.close();
      this.#visitor = undefined;
      stream.cut();
    }
    await stream.ended;
  }

  /** The same below gRPC: frames that are none, or say that they are compressed, or longer than they are. */
  async #frames(): Promise<void> {
    const r = this.#random;
    const { certificate, key } = this.#identity;
    const { host, port, authority } = this.#door;
    const session = http2.connect(`https://${host}:${port}`, {
      ...{ ca: authority.certificate, cert: certificate, key, servername: 'localhost' },
    });
    const ended = new Promise<void>((resolve) => session.once('close', () => resolve()));
    session.on('error', () => undefined);
    for (let streams = 1 + r.below(5); streams > 0; streams--) {
      const call = session.request({
        ':method': r.chance(90) ? 'POST' : 'GET',
        ':path': r.of([
          '/strongroom.v1.Cryptoki/Attach',
          '/strongroom.v1.Cryptoki/Attach',
          '/strongroom.v1.Cryptoki/',
          '/',
        ]),
        'content-type': r.of(['application/grpc', 'application/grpc+proto', 'text/plain']),
        te: 'trailers',
        ...(r.chance(30) ? { 'grpc-encoding': r.of(['gzip', 'deflate', 'identity', 'none']) } : {}),
      });
      call.on('error', () => undefined).on('data', (bytes: Buffer) => this.#seen(bytes));
      const message = this.#nonsense();
      const head = Buffer.alloc(5);
      head[0] = r.of([0, 0, 0, 1, 2, 255]);
      head.writeUInt32BE(r.chance(70) ? message.length : r.next(), 1);
      this.messages++;
      call.write(Buffer.concat([head, message]));
      if (r.chance(50)) call.end();
    }
    const wait = new Promise<void>((resolve) => setTimeout(resolve, r.below(30)));
    await Promise.race([wait, ended]);
    if (r.chance(50)) session.destroy();
    else session.close();
    setTimeout(() => session.destroy(), 500).unref();
    await ended;
  }

  close(): void {
    this.#visitor?.close();
    this.#visitor = undefined;
  }
}

/** Everything that either process has written down. */
function logsOf(door: DoorService): Buffer {
  const { store } = door.service;
  const files = ['audit.log', 'engine.log']
    .map((name) => path.join(store, name))
    .filter((file) => existsSync(file));
  return Buffer.concat([
    Buffer.from(door.log),
    Buffer.from(door.service.log),
    ...files.map((file) => readFileSync(file)),
  ]);
}

/** Whether the round was over in time: the door ends each stream, and its client hears of that. */
async function within(round: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ROUND_MS);
  const ended = round.then(() => true);
  // It ends when its connection does, with an error that nobody waits for.
  ended.catch(() => undefined);
  return await Promise.race([ended, late.promise]).finally(() => clearTimeout(timer));
}

/** Fuzzes for so long. */
export async function fuzzDoor(seconds: number, seed: number): Promise<DoorReport> {
  const door = await DoorService.make(RULES);
  const findings: string[] = [];
  const from = new Visitor(door, door.authority.issue({ spiffe: ['spiffe://example.org/B'] }));
  let hostile: readonly Hostile[] = [];
  let honest: Honest | undefined;
  let rounds = 0;
  try {
    honest = await Honest.make(from);
    const victim = honest;
    hostile = Array.from({ length: AT_ONCE }, (_, at) => new Hostile(door, new Random(seed + at), victim));
    const processes = () => [door.worker, workerOf(door.service.pid)].join();
    const before = processes();
    const until = performance.now() + seconds * 1000;
    const over = () => performance.now() > until || findings.length > 3;
    const attack = async (one: Hostile) => {
      for (; !over(); rounds++) {
        if (await within(one.round())) continue;
        findings.push('the end of a stream was not heard');
        one.close();
      }
    };
    const work = async () => {
      while (!over()) await victim.step();
    };
    for (const done of await Promise.allSettled([...hostile.map(attack), work()]))
      if (done.status === 'rejected') findings.push(String((done.reason as Error).stack ?? done.reason));
    await victim.step();
    for (const one of hostile) findings.push(...one.findings);
    if (processes() !== before) findings.push('the door or the engine is another one');
  } catch (error) {
    findings.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    for (const one of hostile) one.close();
    from.close();
    const logs = logsOf(door);
    for (const secret of secrets) if (logs.includes(secret)) findings.push(`a log says ${secret}`);
    const text = `${door.log}${door.service.log}`;
    if (/a bug|TypeError|RangeError|unknown failure|CKR_GENERAL|AddressSanitizer/.test(text))
      findings.push(text.slice(-4000));
    await door.close();
  }
  const messages = hostile.reduce((sum, one) => sum + one.messages, 0);
  const answers = hostile.reduce((sum, one) => sum + one.answers, 0);
  const detail = `${rounds} streams, ${messages} messages, ${answers} answers; ${honest?.steps} honest steps beside them`;
  return { executions: messages, findings, detail };
}
