/** The network door's own Cryptoki: what it writes is what the engine reads, for each function and each shape of argument. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Answers, BadAnswer, Refusal } from '../../daemon/cryptoki-client/answers.ts';
import type { Mechanism } from '../../daemon/cryptoki-client/arguments.ts';
import * as C from '../../daemon/cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../../daemon/cryptoki-client/generated/cryptoki.ts';
import { TooLong, Writer } from '../../daemon/cryptoki-client/writer.ts';
import { callTable } from '../../module/engine/calls/generated/codec.ts';
import { Reader } from '../../module/engine/values/reader.ts';
import { FUNCTION_PAIRED } from '../../module/lane/lane.ts';
import { type Argument, functions } from '../../schema/cryptoki/functions.ts';
import { mechanisms, parameterShapes } from '../../schema/cryptoki/mechanisms.ts';
import { shapeWords } from '../../scripts/generate/codec.ts';
import { LocalEngine } from './support/engine.ts';

const text = (value: string) => new TextEncoder().encode(value);
const LONG = new Uint8Array(70_000).fill(5);

/** A value for each kind of argument, as the client takes it, and as the engine has it then. */
function sample(argument: Argument): { given: unknown; got: unknown } | undefined {
  switch (argument.kind) {
    case 'session':
    case 'ignored':
    case 'ulongOut':
    case 'struct':
      return undefined;
    case 'ulong':
      return { given: 77, got: 77 };
    case 'bytes':
      return argument.bulk ? { given: LONG, got: LONG } : { given: text('bytes'), got: text('bytes') };
    case 'text32':
      return { given: text('label'), got: text('label'.padEnd(32)) };
    case 'mechanism':
      return { given: { type: C.CKM_SHA256 }, got: { type: C.CKM_SHA256, parameter: undefined } };
    case 'template':
      return {
        given: [
          { type: 1, value: text('one') },
          { type: 2, value: null },
          { type: C.CKA_WRAP_TEMPLATE, value: null, nested: [{ type: 3, value: text('three') }] },
        ],
        got: [
          { type: 1, value: text('one') },
          { type: 2, value: null },
          { type: C.CKA_WRAP_TEMPLATE, value: null, nested: [{ type: 3, value: text('three') }] },
        ],
      };
    case 'query':
      return { given: [{ type: 1, capacity: 20 }], got: [{ type: 1, present: true, capacity: 20 }] };
    case 'room':
    case 'list':
      return { given: 33, got: { present: true, capacity: 33 } };
    case 'fill':
    case 'found':
      return { given: 33, got: 33 };
  }
}

/** Spans become bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  const { buffer, offset, length } = value as { buffer?: Uint8Array; offset?: number; length?: number };
  if (buffer instanceof Uint8Array && offset !== undefined && length !== undefined)
    return new Uint8Array(buffer.subarray(offset, offset + length));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

interface Sent {
  fn: number;
  args: Uint8Array;
  area: Uint8Array;
  room: number;
}

/** Takes what is sent, and answers that nothing works. */
function recorder(): { sent: Sent[]; client: Cryptoki } {
  const sent: Sent[] = [];
  const client = new Cryptoki({
    call: async (fn, args, bulk, room = 0) => {
      const area = new Uint8Array(65_536 + (bulk?.length ?? 0));
      if (bulk !== undefined) area.set(bulk, 65_536);
      sent.push({ fn, args: args.slice(), area, room });
      return { rv: C.CKR_FUNCTION_FAILED, reply: new Uint8Array(0) };
    },
  });
  return { sent, client };
}

function readerOf({ args, area }: Sent): Reader {
  const reader = new Reader(args);
  reader.begin(args.length, area);
  return reader;
}

type Method = (a: object, opening?: object) => Promise<unknown>;
/** What the door itself has no use for: its streams carry it, and its services work on no messages. */
const ofMessages: readonly string[] = ['message', 'messageMechanism', 'sealed', 'sealedRoom'];
const travelling = functions.flatMap((fn, at) =>
  fn.place === 'engine' && !fn.args.some(({ kind }) => ofMessages.includes(kind))
    ? [{ fn, number: at + 1 }]
    : [],
);

describe('a call', () => {
  it.each(travelling)('$fn.name is read as it was written', async ({ fn, number }) => {
    const { sent, client } = recorder();
    const samples = fn.args.map((argument) => ({ argument, values: sample(argument) }));
    const entries = samples.flatMap(({ argument, values }) =>
      values === undefined || !('name' in argument) ? [] : [{ name: argument.name, ...values }],
    );
    const a = { session: 9, ...Object.fromEntries(entries.map(({ name, given }) => [name, given])) };
    const method = (client as unknown as Record<string, Method>)[fn.name];
    await expect(method?.call(client, a)).rejects.toMatchObject({ rv: C.CKR_FUNCTION_FAILED });
    const [one] = sent;
    if (one === undefined) throw new Error('nothing was sent');
    expect(one.fn).toBe(number);
    const reader = readerOf(one);
    const row = callTable[number - 1];
    if (row?.hasSession === true) expect(reader.ulong()).toBe(9);
    expect(plain(row?.decode(reader))).toEqual(
      Object.fromEntries(entries.map(({ name, got }) => [name, got])),
    );
    expect(() => reader.ulong()).toThrow('ends too early');
  });

  it('brings its opening along', async () => {
    const { sent, client } = recorder();
    const call = client.C_Sign(
      { session: 9, data: text('data'), signature: 64 },
      { mechanism: { type: C.CKM_ECDSA }, key: 4 },
    );
    await expect(call).rejects.toBeInstanceOf(Refusal);
    const [one] = sent;
    if (one === undefined) throw new Error('nothing was sent');
    const name = (number: number) => callTable[number - 1]?.name;
    expect(name(one.fn & ~FUNCTION_PAIRED)).toBe('C_Sign');
    expect(one.fn & FUNCTION_PAIRED).not.toBe(0);
    const reader = readerOf(one);
    const opening = reader.ulong();
    expect(name(opening)).toBe('C_SignInit');
    expect(reader.ulong()).toBe(9);
    expect(callTable[opening - 1]?.decode(reader)).toEqual({
      mechanism: { type: C.CKM_ECDSA, parameter: undefined },
      key: 4,
    });
    expect(reader.ulong()).toBe(9);
    expect(plain(callTable[(one.fn & ~FUNCTION_PAIRED) - 1]?.decode(reader))).toMatchObject({
      data: text('data'),
    });
  });

  const fields = (shape: (typeof parameterShapes)[keyof typeof parameterShapes]): object => {
    if (shape.kind === 'none') return {};
    if (shape.kind === 'bytes') return { bytes: text('vector') };
    if (shape.kind === 'ulong') return { value: 12 };
    const parts = shape.fields.map((field, at) => {
      if (field.kind === 'ulong') return [field.name, 100 + at];
      return [field.name, field.kind === 'bool' ? true : text(`field ${at}`)];
    });
    return Object.fromEntries(parts) as object;
  };
  const shaped = mechanisms.filter(({ parameter }) => parameter !== 'none');

  it.each(shaped)('with $name and its parameter is read as it was written', async ({ name, parameter }) => {
    const { sent, client } = recorder();
    const type = (C as unknown as Record<string, number>)[name];
    const given = { shape: shapeWords[parameter], ...fields(parameterShapes[parameter]) };
    const mechanism = { type, parameter: given } as Mechanism;
    await expect(client.C_SignInit({ session: 1, mechanism, key: 2 })).rejects.toBeInstanceOf(Refusal);
    const [one] = sent;
    if (one === undefined) throw new Error('nothing was sent');
    const reader = readerOf(one);
    reader.ulong();
    expect(plain(callTable[one.fn - 1]?.decode(reader))).toEqual({
      mechanism: { type, parameter: given },
      key: 2,
    });
  });

  it('leaves no PIN in its buffer', async () => {
    const seen: Uint8Array[] = [];
    const client = new Cryptoki({
      call: async (_fn, args) => {
        seen.push(args);
        expect(Buffer.from(args).includes('secret pin')).toBe(true);
        return { rv: 0, reply: new Uint8Array(0) };
      },
    });
    await client.C_Login({ session: 1, userType: C.CKU_USER, pin: text('secret pin') });
    expect(seen[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it('that no lane can carry is not sent', () => {
    const writer = new Writer();
    writer.bytes(new Uint8Array(66_000));
    expect(writer.written.length).toBeGreaterThan(66_000);
    writer.bulk(LONG);
    expect(() => writer.written).toThrow(TooLong);
    expect(() => writer.bytes(new Uint8Array(1 << 24))).toThrow(TooLong);
    expect(() => writer.text32(new Uint8Array(33))).toThrow(TooLong);
  });
});

describe('an answer that is none', () => {
  it.each([
    ['ends too early', new Uint8Array(4), (r: Answers) => r.ulong()],
    ['is longer than its room', new Uint8Array(8).fill(0x01, 0, 1), (r: Answers) => r.room(0)],
    ['has a length that is no number', new Uint8Array(8).fill(0xfe), (r: Answers) => r.ulong()],
    ['is shorter than asked for', new Uint8Array(8), (r: Answers) => r.fill(3)],
    ['has more entries than asked for', new Uint8Array(8).fill(9, 0, 1), (r: Answers) => r.list(8)],
  ])('%s', (_name, bytes, read) => {
    expect(() => read(new Answers(bytes))).toThrow(BadAnswer);
  });
});

describe('with an engine', () => {
  let engine: LocalEngine;
  beforeAll(() => {
    engine = new LocalEngine();
  });
  afterAll(() => engine.close());

  it('makes a token, a key on it, and a MAC of a megabyte', async () => {
    const caller = await engine.attach({
      names: ['dns:client.example'],
      fingerprint: 'a'.repeat(64),
      address: '127.0.0.1:1',
    });
    const p11 = new Cryptoki(caller);
    const { slots } = await p11.C_GetSlotList({ tokenPresent: 1, slots: 16 });
    const slot = slots[0] ?? -1;
    await p11.C_InitToken({ slot, pin: text('so-pin-1'), label: text('a token') });
    const { info } = await p11.C_GetTokenInfo({ slot });
    expect(Buffer.from(info.subarray(0, 32)).toString().trimEnd()).toBe('a token');
    const { session } = await p11.C_OpenSession({ slot, flags: C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION });
    const { key } = await p11.C_GenerateKey({
      session,
      mechanism: { type: C.CKM_GENERIC_SECRET_KEY_GEN },
      template: [
        { type: C.CKA_VALUE_LEN, value: new Uint8Array(new BigUint64Array([32n]).buffer) },
        { type: C.CKA_PRIVATE, value: Uint8Array.of(0) },
        { type: C.CKA_LABEL, value: text('mac') },
      ],
    });
    const data = new Uint8Array(1 << 20).fill(1);
    const opening = { mechanism: { type: C.CKM_SHA256_HMAC }, key };
    const { signature } = await p11.C_Sign({ session, data, signature: 64 }, opening);
    expect(signature.length).toBe(32);
    await p11.C_Verify({ session, data, signature }, opening);
    await expect(p11.C_Verify({ session, data: text('other'), signature }, opening)).rejects.toMatchObject({
      rv: C.CKR_SIGNATURE_INVALID,
      message: 'C_Verify: CKR_SIGNATURE_INVALID',
    });
    await expect(p11.C_Sign({ session, data, signature: 3 }, opening)).rejects.toMatchObject({ needed: 32 });
    const { values } = await p11.C_GetAttributeValue({
      session,
      object: key,
      template: [
        { type: C.CKA_LABEL, capacity: 100 },
        { type: C.CKA_VALUE, capacity: 100 },
        { type: C.CKA_MODULUS, capacity: 100 },
      ],
    });
    expect(values.map(({ value }) => value && Buffer.from(value).toString())).toEqual([
      'mac',
      undefined,
      undefined,
    ]);
    caller.farewell();
  });
});
