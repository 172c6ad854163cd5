/**
 * The attacker is a client of the network door with a proper certificate of its own, which speaks the protocol by hand; at worst it has stolen the key
 * of somebody else's application. It learns nothing of others', has nothing of theirs, and does them no harm.
 */
import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as C from '../../../daemon/cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../../../daemon/cryptoki-client/generated/cryptoki.ts';
import { functionNames } from '../../../module/engine/generated/functions.ts';
import {
  FUNCTION_DETACH,
  FUNCTION_FAILED,
  FUNCTION_OPEN_GRANTED,
  LANE_VERSION,
} from '../../../module/lane/lane.ts';
import { DoorService, EVERYTHING_REMOTE } from '../../support/door.ts';
import { eventually } from '../../support/programs.ts';
import { whyNoService } from '../../support/service.ts';
import { type Stream, StreamEnded, Visitor } from '../../support/stream.ts';

const PATIENCE = 90_000;
const USER_PIN = Buffer.from('user-pin-4711');
const SO_PIN = Buffer.from('officer-pin-0815');
const MARKER = Buffer.from('a value of B that nobody else reads');
const RW = C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION;
const why = whyNoService();

let door: DoorService;
let slot = -1;
const visitors: Visitor[] = [];

const identities = new Map<string, ReturnType<DoorService['authority']['issue']>>();

function visitor(name: string, port = door.port): Visitor {
  const identity = identities.get(name) ?? door.authority.issue({ spiffe: [`spiffe://example.org/${name}`] });
  identities.set(name, identity);
  const one = new Visitor({ host: door.host, port, authority: door.authority }, identity);
  visitors.push(one);
  return one;
}

const words = (...numbers: readonly (number | bigint)[]) =>
  new Uint8Array(BigUint64Array.from(numbers.map(BigInt)).buffer);

const fn = (name: string) => functionNames.indexOf(name as (typeof functionNames)[number]) + 1;

/** An application with a session, which may have logged in. */
interface Victim {
  readonly stream: Stream;
  readonly resume: { readonly id: number; readonly key: Uint8Array };
  readonly p11: Cryptoki;
  readonly session: number;
}

async function victim(from: Visitor, login = true): Promise<Victim> {
  const stream = from.stream();
  const { id, key } = await stream.hello();
  const p11 = new Cryptoki(stream);
  const { session } = await p11.C_OpenSession({ slot, flags: RW });
  if (login) await p11.C_Login({ session, userType: C.CKU_USER, pin: USER_PIN });
  return { stream, resume: { id, key }, p11, session };
}

const state = async (p11: Cryptoki, session: number): Promise<number> => {
  const { info } = await p11.C_GetSessionInfo({ session });
  return Number(Buffer.from(info).readBigUInt64LE(8));
};
const LOGGED_IN = 3;
const PUBLIC = 2;

async function found(p11: Cryptoki, session: number): Promise<number[]> {
  await p11.C_FindObjectsInit({ session, template: [] });
  const { objects } = await p11.C_FindObjects({ session, maxCount: 100 });
  await p11.C_FindObjectsFinal({ session });
  return objects;
}

async function makeSecret(p11: Cryptoki, session: number, token: boolean): Promise<number> {
  const { object } = await p11.C_CreateObject({
    session,
    template: [
      { type: C.CKA_CLASS, value: words(C.CKO_DATA) },
      { type: C.CKA_TOKEN, value: Uint8Array.of(token ? 1 : 0) },
      { type: C.CKA_PRIVATE, value: Uint8Array.of(1) },
      { type: C.CKA_VALUE, value: MARKER },
    ],
  });
  return object;
}

const readValue = async (p11: Cryptoki, session: number, object: number) => {
  const { values } = await p11.C_GetAttributeValue({
    session,
    object,
    template: [{ type: C.CKA_VALUE, capacity: 100 }],
  });
  return Buffer.from(values[0]?.value ?? []);
};

/** What a process holds of the machine's memory. */
function residentMiB(pid: number): number {
  const [, kilobytes] = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** How the door refuses a greeting. */
async function refused(from: Visitor, id: number, key: Uint8Array): Promise<status> {
  const stream = from.stream();
  await expect(stream.hello({ id, key })).rejects.toBeInstanceOf(StreamEnded);
  return (await stream.ended).code;
}

beforeAll(async () => {
  if (why !== undefined) return;
  door = await DoorService.make(EVERYTHING_REMOTE);
  const stream = await visitor('owner').attached();
  const p11 = new Cryptoki(stream);
  slot = (await p11.C_GetSlotList({ tokenPresent: 0, slots: 8 })).slots[0] ?? -1;
  await p11.C_InitToken({ slot, pin: SO_PIN, label: Buffer.from('shared') });
  const { session } = await p11.C_OpenSession({ slot, flags: RW });
  await p11.C_Login({ session, userType: C.CKU_SO, pin: SO_PIN });
  await p11.C_InitPIN({ session, pin: USER_PIN });
  stream.goodbye();
  await stream.ended;
}, PATIENCE);

afterEach(() => {
  for (const one of visitors.splice(0)) one.close();
});

afterAll(async () => {
  if (why !== undefined) return;
  const { log } = door;
  const engine = door.service.log;
  await door.close();
  // Whatever was tried, neither has met a bug of its own, nor said a secret.
  for (const said of [log, engine]) {
    expect(said).not.toMatch(/a bug|TypeError|RangeError/);
    for (const secret of [USER_PIN, SO_PIN, MARKER]) expect(said).not.toContain(secret.toString());
  }
}, PATIENCE);

describe('somebody else’s application', { timeout: PATIENCE, skip: why !== undefined }, () => {
  test('is not gone on with by a number without its key, with a wrong one, nor with the right one', async () => {
    const [a, b] = [visitor('A'), visitor('B')];
    const { stream, resume, p11, session } = await victim(b);
    const wrong = Uint8Array.from(resume.key, (byte) => byte ^ 1);
    expect(await refused(a, resume.id, new Uint8Array(0))).toBe(status.INVALID_ARGUMENT);
    expect(await refused(a, resume.id, new Uint8Array(17))).toBe(status.INVALID_ARGUMENT);
    // What is not there, what has another key, and what is another's: all alike.
    for (const [id, key] of [
      [resume.id, new Uint8Array(16)],
      [resume.id, wrong],
      [resume.id, resume.key],
      [resume.id + 1000, resume.key],
      [2 ** 32 + resume.id, resume.key],
      [Number.MAX_SAFE_INTEGER, resume.key],
    ] as const)
      expect(await refused(a, id, key)).toBe(status.NOT_FOUND);
    expect(await state(p11, session)).toBe(LOGGED_IN);
    // Nor while nobody is attached to it; then it is still there for its own.
    stream.cut();
    await stream.ended;
    expect(await refused(a, resume.id, resume.key)).toBe(status.NOT_FOUND);
    expect(await refused(b, resume.id, wrong)).toBe(status.NOT_FOUND);
    const again = b.stream();
    expect(await again.hello(resume)).toMatchObject({ resumed: true, id: resume.id });
    expect(await state(new Cryptoki(again), session)).toBe(LOGGED_IN);
    expect(door.service.log).toContain('spiffe://example.org/A');
    expect(door.service.log).toContain('shows the key of another');
  });

  test('is no other for somebody whose certificate has one name more or less', async () => {
    const b = door.authority.issue({ spiffe: ['spiffe://example.org/B'], dns: ['b.example.org'] });
    const one = new Visitor(door, b);
    visitors.push(one);
    const { stream, resume } = await victim(one, false);
    stream.cut();
    await stream.ended;
    expect(await refused(visitor('B'), resume.id, resume.key)).toBe(status.NOT_FOUND);
    const renewed = new Visitor(
      door,
      door.authority.issue({ spiffe: ['spiffe://example.org/B'], dns: ['b.example.org'] }),
    );
    visitors.push(renewed);
    expect(await renewed.stream().hello(resume)).toMatchObject({ resumed: true });
  });

  test('has handles that are nothing in one’s own', async () => {
    const b = await victim(visitor('B'));
    const secret = await makeSecret(b.p11, b.session, false);
    const kept = await makeSecret(b.p11, b.session, true);
    const a = await victim(visitor('A'), false);
    // Sessions: those of B, their neighbours, and those that were granted to B.
    for (let handle = b.session - 1; handle < b.session + 70; handle++) {
      if (handle === a.session) continue;
      for (const name of ['C_GetSessionInfo', 'C_Logout', 'C_CloseSession', 'C_FindObjectsFinal'])
        expect((await a.stream.call(fn(name), words(handle))).rv, name).toBe(C.CKR_SESSION_HANDLE_INVALID);
      const { rv } = await a.stream.call(FUNCTION_OPEN_GRANTED, words(handle, slot, RW));
      expect([C.CKR_SESSION_HANDLE_INVALID, C.CKR_OK]).toContain(rv);
      if (rv === C.CKR_OK) expect(handle - a.session).toBeLessThanOrEqual(64);
    }
    // Objects: guessed by number, by search, and while its own session sees none.
    for (const object of [secret, kept]) {
      const query = a.p11.C_GetAttributeValue({
        session: a.session,
        object,
        template: [{ type: C.CKA_VALUE, capacity: 100 }],
      });
      await expect(query).rejects.toMatchObject({ rv: C.CKR_OBJECT_HANDLE_INVALID });
      await expect(a.p11.C_DestroyObject({ session: a.session, object })).rejects.toMatchObject({
        rv: C.CKR_OBJECT_HANDLE_INVALID,
      });
    }
    expect(await found(a.p11, a.session)).toEqual([]);
    expect(await readValue(b.p11, b.session, secret)).toEqual(MARKER);
    await b.p11.C_DestroyObject({ session: b.session, object: kept });
    // With the PIN it may see what is the token's, and never what is the session's.
    await a.p11.C_Login({ session: a.session, userType: C.CKU_USER, pin: USER_PIN });
    expect(await found(a.p11, a.session)).toEqual([]);
  });

  test('has a login that counts for it alone, also for another application of the same identity, and after it came back', async () => {
    const from = visitor('B');
    const b = await victim(from);
    const other = await victim(from, false);
    const a = await victim(visitor('A'), false);
    for (const one of [other, a]) expect(await state(one.p11, one.session)).toBe(PUBLIC);
    for (const one of [b, other]) one.stream.cut();
    await Promise.all([b.stream.ended, other.stream.ended]);
    const back = new Cryptoki(await from.attached(b.resume));
    const otherBack = new Cryptoki(await from.attached(other.resume));
    expect(await state(back, b.session)).toBe(LOGGED_IN);
    expect(await state(otherBack, other.session)).toBe(PUBLIC);
    expect(await state(a.p11, a.session)).toBe(PUBLIC);
    // One that logs out logs out itself.
    await otherBack.C_Login({ session: other.session, userType: C.CKU_USER, pin: USER_PIN });
    await otherBack.C_Logout({ session: other.session });
    expect(await state(back, b.session)).toBe(LOGGED_IN);
  });
});

describe('a second stream for an application', { timeout: PATIENCE, skip: why !== undefined }, () => {
  test('takes it over from the first for its own identity, which ends the first', async () => {
    const from = visitor('B');
    const b = await victim(from);
    const second = await visitor('B').attached(b.resume);
    expect((await b.stream.ended).code).toBe(status.UNAVAILABLE);
    expect(await state(new Cryptoki(second), b.session)).toBe(LOGGED_IN);
    // And not for another, whom the first does not even notice.
    expect(await refused(visitor('A'), b.resume.id, b.resume.key)).toBe(status.NOT_FOUND);
    expect(await state(new Cryptoki(second), b.session)).toBe(LOGGED_IN);
  });

  test('hears no answer of a call that was under way when the first broke', async () => {
    const from = visitor('B');
    const b = await victim(from);
    const bits = words(4096);
    const generating = b.p11.C_GenerateKeyPair({
      session: b.session,
      mechanism: { type: C.CKM_RSA_PKCS_KEY_PAIR_GEN },
      publicTemplate: [{ type: C.CKA_MODULUS_BITS, value: bits }],
      privateTemplate: [{ type: C.CKA_PRIVATE, value: Uint8Array.of(1) }],
    });
    const failed = expect(generating).rejects.toBeInstanceOf(StreamEnded);
    // A call that comes behind it has its answer: so the long one has begun.
    await b.p11.C_GetSlotList({ tokenPresent: 0, slots: 8 });
    b.stream.cut();
    await failed;
    let last = await from.attached(b.resume);
    const seen = [last];
    // It may end at any moment: meanwhile streams come and go, and all hear what they ask for.
    const came = await eventually(async () => {
      const { session } = await new Cryptoki(last).C_OpenSession({ slot, flags: RW });
      const objects = await found(new Cryptoki(last), session);
      if (objects.length > 0) return true;
      last.cut();
      last = await from.attached(b.resume);
      seen.push(last);
      return false;
    }, 60_000);
    expect(came, 'the key that was begun is there in the end').toBe(true);
    expect(seen.flatMap(({ strays }) => strays)).toEqual([]);
    last.goodbye();
    await last.ended;
    expect(await refused(from, b.resume.id, b.resume.key)).toBe(status.NOT_FOUND);
  });
});

describe('who does not keep to the protocol', { timeout: PATIENCE, skip: why !== undefined }, () => {
  const info = { number: 1, fn: fn('C_GetInfo'), args: new Uint8Array(0), bulk: undefined, room: 0 };
  const raw = (...numbers: readonly number[]) => Buffer.from(Uint32Array.from(numbers).buffer);
  const sent: readonly [string, (stream: Stream) => void, status][] = [
    ['calls before it greets', (s) => s.calls(info), status.INVALID_ARGUMENT],
    ['says nothing in a message', (s) => s.raw(Buffer.alloc(0)), status.INVALID_ARGUMENT],
    ['says what is no message', (s) => s.raw(Buffer.from('\xff\xff\xff', 'latin1')), status.INTERNAL],
    ['says goodbye first', (s) => s.goodbye(), status.OK],
    ['goes without a word', (s) => s.end(), status.OK],
    ['speaks another version', (s) => void s.hello(undefined, LANE_VERSION + 1), status.FAILED_PRECONDITION],
    [
      'has a number that is none',
      (s) => s.raw(Buffer.from('0a0b10ffffffffffffffffff01', 'hex')),
      status.INTERNAL,
    ],
  ];
  test.each(sent)('%s: its stream ends', async (_what, speak, code) => {
    const stream = visitor('A').stream();
    speak(stream);
    expect((await stream.ended).code).toBe(code);
  });

  const behind: readonly [string, (stream: Stream) => void, status][] = [
    ['greets twice', (s) => void s.hello(), status.INVALID_ARGUMENT],
    ['says nothing in a message', (s) => s.raw(Buffer.alloc(0)), status.INVALID_ARGUMENT],
    ['says what is no message', (s) => s.raw(Buffer.from('\xff\xff\xff', 'latin1')), status.INTERNAL],
    ['has half a call', (s) => s.say({ $case: 'calls', value: raw(1, 3, 0, 0, 0) }), status.INVALID_ARGUMENT],
    [
      'lies about arguments',
      (s) => s.say({ $case: 'calls', value: raw(1, 3, 8, 0, 0, 0) }),
      status.INVALID_ARGUMENT,
    ],
    [
      'lies about them grossly',
      (s) => s.say({ $case: 'calls', value: raw(1, 3, 0xffff_fff9, 0, 0, 0) }),
      status.INVALID_ARGUMENT,
    ],
    [
      'lies about the bulk',
      (s) => s.say({ $case: 'calls', value: raw(1, 3, 0, 0xffff_ffff, 0, 0) }),
      status.INVALID_ARGUMENT,
    ],
    ['wants all the room', (s) => s.calls({ ...info, room: 0xffff_ffff }), status.INVALID_ARGUMENT],
    [
      'has more arguments than a lane',
      (s) => s.calls({ ...info, args: new Uint8Array((1 << 24) + 8) }),
      status.INVALID_ARGUMENT,
    ],
    [
      'sends more than a message carries',
      (s) => s.raw(Buffer.alloc((64 << 20) + 1)),
      status.RESOURCE_EXHAUSTED,
    ],
    ['detaches by itself', (s) => s.calls({ ...info, fn: FUNCTION_DETACH }), status.UNAVAILABLE],
  ];
  test.each(behind)(
    '%s behind its greeting: its stream ends, and what it had is kept for its lease or gone',
    async (what, speak, code) => {
      const from = visitor('A');
      const a = await victim(from, false);
      speak(a.stream);
      expect((await a.stream.ended).code).toBe(code);
      const gone = what === 'detaches by itself';
      const again = from.stream();
      if (gone) await expect(again.hello(a.resume)).rejects.toMatchObject({ code: status.NOT_FOUND });
      else {
        await again.hello(a.resume);
        expect(await state(new Cryptoki(again), a.session)).toBe(PUBLIC);
        again.goodbye();
      }
    },
  );

  test('an empty list of calls is none, and calls that are nothing are answered so', async () => {
    const { stream, p11, session } = await victim(visitor('A'), false);
    stream.say({ $case: 'calls', value: Buffer.alloc(0) });
    for (const number of [0, 1, 4, 9999, FUNCTION_DETACH + 7, 0x4000_0000, 0xffff_ffff])
      expect((await stream.call(number, words(session))).rv).not.toBe(C.CKR_OK);
    for (const args of [
      words(),
      words(session),
      words(session, 0xffff),
      words(99, 43),
      words(-1n & 0xffff_ffff_ffff_ffffn),
    ])
      expect((await stream.call(FUNCTION_FAILED, args)).rv).toBeLessThan(0x200);
    // A bulk argument that is said to be longer than it came.
    const lies = words(session, 100_000, 65_536);
    expect((await stream.call(fn('C_DigestUpdate'), lies, Buffer.from('abc'))).rv).toBe(
      C.CKR_OPERATION_NOT_INITIALIZED,
    );
    expect(await state(p11, session)).toBe(PUBLIC);
  });

  test('what comes behind a goodbye is not heard', async () => {
    const from = visitor('A');
    const a = await victim(from, false);
    a.stream.goodbye();
    a.stream.calls(info);
    void a.stream.hello(a.resume).catch(() => undefined);
    expect((await a.stream.ended).code).toBe(status.OK);
    expect(await refused(from, a.resume.id, a.resume.key)).toBe(status.NOT_FOUND);
  });

  test('fifty thousand calls in one message are answered, and somebody else meanwhile', async () => {
    const a = await visitor('A').attached();
    const b = await victim(visitor('B'));
    const many = 50_000;
    const batch = Array.from({ length: many }, (_, at) => ({ ...info, number: at + 1 }));
    a.calls(...batch);
    let beside = 0;
    while (a.strays.length < many) {
      expect(await state(b.p11, b.session)).toBe(LOGGED_IN);
      beside++;
    }
    expect(new Set(a.strays).size).toBe(many);
    expect(beside).toBeGreaterThan(20);
  });

  test('and does not take its answers has no more of them made for it than a few', async () => {
    const { stream, session } = await victim(visitor('A'), false);
    const b = await victim(visitor('B'));
    const args = words(session, (1 << 20) - 64);
    const random = fn('C_GenerateRandom');
    expect(await stream.call(random, args)).toMatchObject({ rv: C.CKR_OK });
    stream.pause();
    const before = residentMiB(door.worker);
    stream.calls(
      ...Array.from({ length: 1500 }, (_, at) => ({
        number: at + 1,
        fn: random,
        args,
        bulk: undefined,
        room: 0,
      })),
    );
    let most = 0;
    for (let round = 0; round < 300; round++) {
      expect(await state(b.p11, b.session)).toBe(LOGGED_IN);
      most = Math.max(most, residentMiB(door.worker) - before);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(most).toBeLessThan(500);
  });
});
