/**
 * The engine's reader, codec, dispatcher and handlers under hostile requests, with a real store and the real enclave, in this process:
 *
 *     node engine.ts SECONDS SEED FOLDER [FINDINGS]
 *
 * The lanes' own end is a double: it hands the dispatcher one request after the other, in memory that a second thread rewrites all the
 * time. Prints one line of JSON. A finding is whatever the engine logs (each is a bug of ours), an exception, or an answer larger than
 * its area; it is written to the folder FINDINGS with the requests that led to it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { loadEnclave } from '../../module/enclave/load.ts';
import { Dispatcher } from '../../module/engine/calls/dispatch.ts';
import { Engine } from '../../module/engine/engine.ts';
import { Log } from '../../module/engine/log.ts';
import { readConfig } from '../../module/engine/policy/config.ts';
import {
  FUNCTION_DETACH,
  FUNCTION_PAIRED,
  type LaneEvents,
  type Lanes,
  loadLanes,
  NEXT_BELL,
  NEXT_IDLE,
  type OpenLanes,
} from '../../module/lane/lane.ts';
import { ofMessages } from './message-requests.ts';
import { Generator, type KeyName, type Request, rows, ulongBytes, value, type World } from './requests.ts';
import { Random, RequestWriter } from './writer.ts';

const [seconds = '5', seed = '1', folder = '', findingsFolder = ''] = process.argv.slice(2);
const CAPACITY = 1 << 20;
const LANES = 4;
/** After so many requests the application says goodbye and a new one comes. */
const LIFE = 3000;

interface Answer {
  readonly rv: number;
  readonly length: number;
}

class FakeLanes implements Lanes {
  readonly #real: Lanes;
  events: LaneEvents | undefined;
  opened: OpenLanes | undefined;
  /** Requests that wait for the dispatcher, by lane. */
  readonly queue: [number, Request][] = [];
  readonly answers = new Map<number, Answer>();
  goodbyes = 0;
  #rang = true;
  busy = 1;

  constructor(real: Lanes) {
    this.#real = real;
  }

  lock(): boolean {
    return true;
  }

  open(home: string, events: LaneEvents): OpenLanes {
    this.events = events;
    this.opened = this.#real.open(home, events);
    return this.opened;
  }

  lanes(): number {
    return this.#real.lanes();
  }

  next(lane: number, rv: number, length: number, wipe: boolean): number {
    if (lane >= 0) this.reply(lane, rv, length, wipe);
    const first = this.queue.shift();
    if (first === undefined) {
      this.#rang = !this.#rang;
      return this.#rang ? NEXT_BELL : NEXT_IDLE;
    }
    const [index, { fn, bytes }] = first;
    const { opened } = this;
    if (opened === undefined) throw new Error('the lanes are not open');
    opened.scratch.set(bytes);
    opened.request[0] = fn;
    opened.request[1] = bytes.length;
    return index;
  }

  reply(lane: number, rv: number, length: number, wipe: boolean): void {
    if (wipe) this.opened?.scratch.fill(0, 0, 4096);
    if (!this.answers.has(lane)) this.answers.set(lane, { rv, length });
  }

  wipe(): void {
    this.opened?.scratch.fill(0, 0, 4096);
  }

  epoch(): void {
    this.#real.epoch();
  }

  busyLanes(): number {
    return this.busy;
  }

  farewell(): void {
    this.goodbyes++;
  }

  shut(): void {}

  mend(): boolean {
    return true;
  }

  close(): void {
    this.#real.close();
  }
}

const random = new Random(Number(seed));
const utf8 = new TextEncoder();
const library = path.resolve(import.meta.dirname, '../../out/lib/strongroom');
const config = path.join(folder, 'fuzz.toml');
writeFileSync(
  config,
  '[pin]\nkdf = "pbkdf2"\niterations = 1000\nmax_attempts = 1000\nso_max_attempts = 1000\n',
);
const home = path.join(folder, 'engine-store');
mkdirSync(home, { mode: 0o700 });
const lanes = new FakeLanes(loadLanes(path.join(library, 'lane.node')));
const enclave = loadEnclave(path.join(library, 'enclave.node'));
const engine = new Engine(home, enclave, lanes, readConfig(config), new Log(() => true));
const findings: string[] = [];
const recent: string[] = [];
engine.log = (message, level) => {
  // That somebody comes or goes is no news here.
  if (level !== 'debug') found(message);
};
process.on('uncaughtException', (error) => found(`uncaught: ${error.stack ?? error.message}`));
const dispatcher = new Dispatcher(engine, lanes, home);

function found(what: string): void {
  if (findings.length >= 20) return;
  findings.push(what);
  if (findingsFolder !== '') {
    const file = path.join(findingsFolder, `engine-${seed}-${findings.length}.txt`);
    writeFileSync(file, `${what}\n\n${recent.join('\n')}\n`);
  }
}

/** The areas of each lane, and a thread that never stops rewriting the requests' halves. */
const areas = Array.from({ length: LANES }, () => new SharedArrayBuffer(2 * CAPACITY));
const scribbler = new Worker(
  `const { workerData } = require('node:worker_threads');
   const views = workerData.map((buffer) => new Uint8Array(buffer, 0, ${CAPACITY}));
   let x = 1;
   for (;;) {
     for (let i = 0; i < 5000; i++) {
       x = (Math.imul(x, 1103515245) + 12345) >>> 0;
       const view = views[x % views.length];
       view[(x >>> 8) % (x & 64 ? 4096 : ${CAPACITY})] = x >>> 3;
       view[65536 + ((x >>> 4) % 256)] = x >>> 5;
     }
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
   }`,
  { eval: true, workerData: areas },
);
scribbler.unref();

const stats = { requests: 0, accepted: 0 };
const functionsAccepted = new Set<number>();
const world: World & { sessions: number[]; objects: number[]; slot: number } = {
  sessions: [],
  keys: new Map(),
  objects: [],
  slot: engine.slotIds()[0] ?? 0,
  userPin: utf8.encode('user pin'),
  soPin: utf8.encode('officer pin'),
};
const generator = new Generator(random, world);
let application = 0;
/** Functions whose answers are due, by lane. */
const inFlight = new Map<number, number>();

function arrive(): void {
  application++;
  lanes.events?.attached(
    application,
    process.pid,
    process.getuid?.() ?? 0,
    process.getgid?.() ?? 0,
    [],
    undefined,
  );
  // The engine's typings speak of ArrayBuffers; memory shared with a process is nearer to a shared one.
  for (const [lane, area] of areas.entries())
    lanes.events?.lane(application, lane, area as unknown as ArrayBuffer, CAPACITY);
  world.sessions.length = 0;
  world.objects.length = 0;
  world.keys.clear();
}

function note(lane: number, { fn, bytes }: Request): void {
  recent.push(`lane ${lane} application ${application} function ${fn} ${Buffer.from(bytes).toString('hex')}`);
  if (recent.length > 60) recent.shift();
}

/** Serves what is queued and what the pool has finished, until `lanes.answers` has what is wanted. */
async function settle(wanted: (() => boolean) | undefined): Promise<void> {
  // An RSA key of 8192 bits is a legal wish, and takes its time.
  for (const late = performance.now() + 60_000; performance.now() < late; ) {
    dispatcher.drain();
    if (lanes.queue.length === 0 && (wanted === undefined || wanted())) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  found('a request was never answered');
}

function replyWords(lane: number, answer: Answer): number[] {
  const view = new DataView(areas[lane] ?? new ArrayBuffer(0), CAPACITY, CAPACITY);
  const words: number[] = [];
  for (let at = 0; at + 8 <= answer.length && at < 64; at += 8)
    words.push(Number(view.getBigUint64(at, true)));
  return words;
}

/** One valid request on lane 0, awaited. */
async function ask(name: string, bytes: Uint8Array): Promise<{ rv: number; words: number[] }> {
  const fn = rows.find(({ row }) => row.name === name)?.fn ?? 0;
  await settle(() => !inFlight.has(0) || lanes.answers.has(0));
  lanes.answers.delete(0);
  inFlight.delete(0);
  note(0, { fn, bytes });
  lanes.queue.push([0, { fn, bytes }]);
  await settle(() => lanes.answers.has(0));
  const answer = lanes.answers.get(0) ?? { rv: -1, length: 0 };
  lanes.answers.delete(0);
  return { rv: answer.rv, words: replyWords(0, answer) };
}

const w = (): RequestWriter => new RequestWriter();

async function initialiseToken(): Promise<void> {
  const label = new Uint8Array(32).fill(0x20);
  await ask('C_InitToken', w().ulong(world.slot).bytes(world.soPin).content(label).done());
  const opened = await ask('C_OpenSession', w().ulong(world.slot).ulong(6).done());
  const session = opened.words[0] ?? 0;
  await ask('C_Login', w().ulong(session).ulong(0).bytes(world.soPin).done());
  await ask('C_InitPIN', w().ulong(session).bytes(world.userPin).done());
  await ask('C_Logout', w().ulong(session).done());
  await ask('C_CloseSession', w().ulong(session).done());
}

async function generate(
  name: KeyName,
  publicName: KeyName | undefined,
  mechanism: string,
  attributes: [string, Uint8Array][],
): Promise<void> {
  const session = world.sessions[0] ?? 0;
  const yes = Uint8Array.of(1);
  const uses = ['CKA_SIGN', 'CKA_DECRYPT', 'CKA_UNWRAP', 'CKA_DERIVE', 'CKA_EXTRACTABLE'];
  const fits: Readonly<Record<string, readonly string[]>> = {
    ec: ['CKA_SIGN', 'CKA_DERIVE'],
    ed: ['CKA_SIGN'],
    x: ['CKA_DERIVE'],
    rsa: uses.filter((use) => use !== 'CKA_DERIVE'),
  };
  const template = (list: readonly [string, Uint8Array][]) => {
    const out = w().ulong(list.length);
    for (const [type, bytes] of list) out.attribute(value(type), bytes);
    return out.done();
  };
  const head = w().ulong(session).ulong(1).ulong(value(mechanism)).ulong(0).done();
  if (publicName === undefined) {
    const all: [string, Uint8Array][] = [
      ...attributes,
      ...uses.concat('CKA_ENCRYPT', 'CKA_WRAP', 'CKA_VERIFY').map((use): [string, Uint8Array] => [use, yes]),
    ];
    const { rv, words } = await ask('C_GenerateKey', Buffer.concat([head, template(all)]));
    if (rv === 0) world.keys.set(name, words[0] ?? 0);
    return;
  }
  const privateTemplate = (fits[name] ?? []).map((use): [string, Uint8Array] => [use, yes]);
  const { rv, words } = await ask(
    'C_GenerateKeyPair',
    Buffer.concat([head, template(attributes), template(privateTemplate)]),
  );
  if (rv !== 0) return;
  world.keys.set(publicName, words[0] ?? 0);
  world.keys.set(name, words[1] ?? 0);
}

/** A fresh application with sessions, a login and one key of each kind. @returns whether the login worked */
async function furnish(): Promise<boolean> {
  arrive();
  for (let i = 0; i < 3; i++) {
    const { rv, words } = await ask('C_OpenSession', w().ulong(world.slot).ulong(6).done());
    if (rv !== 0) return false;
    world.sessions.push(words[0] ?? 0);
  }
  const login = await ask(
    'C_Login',
    w()
      .ulong(world.sessions[0] ?? 0)
      .ulong(1)
      .bytes(world.userPin)
      .done(),
  );
  if (login.rv !== 0) return false;
  const oid = (...bytes: number[]): [string, Uint8Array] => ['CKA_EC_PARAMS', Uint8Array.from(bytes)];
  await generate('aes', undefined, 'CKM_AES_KEY_GEN', [['CKA_VALUE_LEN', ulongBytes(32)]]);
  await generate('secret', undefined, 'CKM_GENERIC_SECRET_KEY_GEN', [['CKA_VALUE_LEN', ulongBytes(32)]]);
  await generate('ec', 'ecPublic', 'CKM_EC_KEY_PAIR_GEN', [oid(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7)]);
  await generate('ed', 'edPublic', 'CKM_EC_EDWARDS_KEY_PAIR_GEN', [oid(6, 3, 0x2b, 0x65, 0x70)]);
  await generate('x', 'data', 'CKM_EC_MONTGOMERY_KEY_PAIR_GEN', [oid(6, 3, 0x2b, 0x65, 0x6e)]);
  if (random.chance(30))
    await generate('rsa', 'rsaPublic', 'CKM_RSA_PKCS_KEY_PAIR_GEN', [['CKA_MODULUS_BITS', ulongBytes(2048)]]);
  world.objects.push(...world.keys.values());
  return true;
}

/** Functions that end the world that the others need are called less often. */
const rare =
  /^C_(InitToken|InitPIN|SetPIN|Logout|CloseAllSessions|CloseSession|Login|LoginUser|GenerateKeyPair|SeedRandom)$/;
const often = rows.filter(({ row }) => !rare.test(row.name));
const seldom = rows.filter(({ row }) => rare.test(row.name));
/** Each needs another before it, so they come more often than the rest, and together. */
const messages = rows.filter(({ row }) => ofMessages(row));

/** Numbers beyond the table: the lane's own calls (but the goodbye, which has its place), and nonsense. */
const beyond = [0, 0xffff0002, 0xffff0003, 0xffffffff, FUNCTION_PAIRED, FUNCTION_PAIRED | 1, 500];

function nextRequest(): Request {
  const among = random.chance(20) ? messages : random.chance(96) ? often : seldom;
  const request = generator.request(among);
  const row = rows.find(({ fn }) => fn === request.fn)?.row;
  const opening = rows.find(({ row: other }) => other.name === `${row?.name.replace(/Update$/, '')}Init`);
  if (opening === undefined || !random.chance(70)) {
    return random.chance(2) ? { ...request, fn: random.of(beyond) } : request;
  }
  // An operation and its opening in one request, as the shim sends them; now and then an opening that does not belong there.
  const first = generator.request(random.chance(95) ? [opening] : rows);
  const head = w()
    .ulong(random.chance(98) ? first.fn : random.next())
    .content(first.bytes)
    .done();
  return { fn: request.fn | FUNCTION_PAIRED, bytes: Buffer.concat([head, request.bytes]) };
}

function take(lane: number): void {
  const answer = lanes.answers.get(lane);
  if (answer === undefined) return;
  lanes.answers.delete(lane);
  const fn = inFlight.get(lane) ?? 0;
  inFlight.delete(lane);
  if (answer.length > CAPACITY) found(`an answer of ${answer.length} bytes`);
  if (!Number.isInteger(answer.rv) || answer.rv < 0) found(`an answer with CK_RV ${answer.rv}`);
  if (answer.rv === value('CKR_GENERAL_ERROR')) found('CKR_GENERAL_ERROR');
  if (answer.rv !== 0) return;
  stats.accepted++;
  functionsAccepted.add(fn);
  const first = replyWords(lane, answer)[0];
  if (first !== undefined && answer.length === 8 && world.objects.length < 60) world.objects.push(first);
}

async function life(until: number): Promise<void> {
  if (!(await furnish())) {
    // The last life changed a PIN; the token is made anew, which nobody may have a session for.
    lanes.events?.gone(application);
    arrive();
    await initialiseToken();
    lanes.events?.gone(application);
    return;
  }
  for (let i = 0; i < LIFE && performance.now() < until; i++) {
    lanes.busy = random.below(3);
    for (let lane = 0; lane < LANES; lane++) {
      if (inFlight.has(lane)) continue;
      const request = nextRequest();
      note(lane, request);
      inFlight.set(lane, request.fn & ~FUNCTION_PAIRED);
      lanes.queue.push([lane, request]);
      stats.requests++;
    }
    dispatcher.drain();
    for (let lane = 0; lane < LANES; lane++) take(lane);
    if (i % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (findings.length >= 20) return;
  }
  // The goodbye, at times while jobs are under way.
  if (random.chance(50)) await settle(() => [...inFlight.keys()].every((lane) => lanes.answers.has(lane)));
  lanes.queue.length = 0;
  if (random.chance(50)) lanes.queue.push([0, { fn: FUNCTION_DETACH, bytes: new Uint8Array(0) }]);
  else lanes.events?.gone(application);
  await settle(undefined);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await settle(undefined);
  lanes.answers.clear();
  inFlight.clear();
}

const until = performance.now() + Number(seconds) * 1000;
arrive();
await initialiseToken();
lanes.events?.gone(application);
let lives = 0;
while (performance.now() < until && findings.length < 20) {
  await life(until);
  lives++;
}
await scribbler.terminate();
if (engine.applications.size > 0) found(`${engine.applications.size} applications are left`);
const { keys, contexts } = engine.enclave.status();
if (contexts > 0) found(`${contexts} contexts of operations are left`);
const ended = messages.filter(({ fn }) => functionsAccepted.has(fn)).map(({ row }) => row.name);
const report = {
  ...stats,
  lives,
  keys,
  contexts,
  functions: functionsAccepted.size,
  messages: ended,
  findings,
};
console.log(JSON.stringify(report));
lanes.close();
engine.close();
process.exit(findings.length === 0 ? 0 : 1);
