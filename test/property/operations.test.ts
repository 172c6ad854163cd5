/**
 * The life of operations as a model: whatever order a client calls the functions in, each answers as PKCS#11 3.2, 5.2 and 5.8 to
 * 5.15 say, and what comes out at the end is what the parts put in.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import {
  type Answer,
  Client,
  enclave,
  mechanism,
  NULL_ROOM,
  room,
  span,
} from '../engine/mechanisms/client.ts';
import { aes, ecPair, secret } from '../engine/mechanisms/keys.ts';

const value = new Uint8Array(32).fill(7);
const iv = new Uint8Array(16).fill(1);
const cbc = mechanism(ck.CKM_AES_CBC_PAD, { shape: 'bytes', bytes: span(iv) });
const ctr = mechanism(ck.CKM_AES_CTR, { shape: 'ctr', counterBits: 128, cb: span(iv) });
const hmac = mechanism(ck.CKM_SHA256_HMAC);
const MAC_LENGTH = 32;

type Room = ReturnType<typeof room>;

/** One way of beginning an operation, and what it must give for all its input. */
interface Variant {
  readonly name: string;
  readonly multipart: boolean;
  /** The functions that the operation belongs to; one can be under way for each. */
  readonly slot: 'digest' | 'sign' | 'encrypt' | 'decrypt';
  begin(client: Client, keys: Keys): Answer;
  expected(data: Uint8Array): Uint8Array | undefined;
  /** Exact length of the whole output when it is known before the end. */
  readonly length: (data: Uint8Array) => number;
}

interface Keys {
  readonly mac: number;
  readonly aes: number;
  readonly ec: number;
}

const concatenated = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

const variants: readonly Variant[] = [
  {
    name: 'digest',
    multipart: true,
    slot: 'digest',
    begin: (client) => client.call('C_DigestInit', { mechanism: mechanism(ck.CKM_SHA256) }),
    expected: (data) => Uint8Array.from(createHash('sha256').update(data).digest()),
    length: () => 32,
  },
  {
    name: 'MAC',
    multipart: true,
    slot: 'sign',
    begin: (client, keys) => client.call('C_SignInit', { mechanism: hmac, key: keys.mac }),
    expected: (data) => Uint8Array.from(createHmac('sha256', value).update(data).digest()),
    length: () => MAC_LENGTH,
  },
  {
    name: 'raw ECDSA',
    multipart: false,
    slot: 'sign',
    begin: (client, keys) => client.call('C_SignInit', { mechanism: mechanism(ck.CKM_ECDSA), key: keys.ec }),
    expected: () => undefined,
    length: () => 64,
  },
  {
    name: 'CBC with padding',
    multipart: true,
    slot: 'encrypt',
    begin: (client, keys) => client.call('C_EncryptInit', { mechanism: cbc, key: keys.aes }),
    expected: (data) => {
      const cipher = createCipheriv('aes-256-cbc', value, iv);
      return concatenated(cipher.update(data), cipher.final());
    },
    length: (data) => data.length - (data.length % 16) + 16,
  },
  {
    name: 'counter',
    multipart: true,
    slot: 'decrypt',
    begin: (client, keys) => client.call('C_DecryptInit', { mechanism: ctr, key: keys.aes }),
    expected: (data) => Uint8Array.from(createDecipheriv('aes-256-ctr', value, iv).update(data)),
    length: (data) => data.length,
  },
];

const slots = ['digest', 'sign', 'encrypt', 'decrypt'] as const;
type Slot = (typeof slots)[number];

const flags: Readonly<Record<Slot, number>> = {
  digest: ck.CKF_DIGEST,
  sign: ck.CKF_SIGN,
  encrypt: ck.CKF_ENCRYPT,
  decrypt: ck.CKF_DECRYPT,
};

function once(client: Client, slot: Slot, data: Uint8Array, to: Room): Answer {
  switch (slot) {
    case 'digest':
      return client.call('C_Digest', { data: span(data), digest: to });
    case 'sign':
      return client.call('C_Sign', { data: span(data), signature: to });
    case 'encrypt':
      return client.call('C_Encrypt', { data: span(data), encrypted: to });
    case 'decrypt':
      return client.call('C_Decrypt', { encrypted: span(data), data: to });
  }
}

function update(client: Client, slot: Slot, part: Uint8Array, to: Room): Answer {
  switch (slot) {
    case 'digest':
      return client.call('C_DigestUpdate', { part: span(part) });
    case 'sign':
      return client.call('C_SignUpdate', { part: span(part) });
    case 'encrypt':
      return client.call('C_EncryptUpdate', { part: span(part), encrypted: to });
    case 'decrypt':
      return client.call('C_DecryptUpdate', { encrypted: span(part), part: to });
  }
}

function final(client: Client, slot: Slot, to: Room): Answer {
  switch (slot) {
    case 'digest':
      return client.call('C_DigestFinal', { digest: to });
    case 'sign':
      return client.call('C_SignFinal', { signature: to });
    case 'encrypt':
      return client.call('C_EncryptFinal', { encrypted: to });
    case 'decrypt':
      return client.call('C_DecryptFinal', { part: to });
  }
}

function withoutMechanism(client: Client, slot: Slot): Answer {
  switch (slot) {
    case 'digest':
      return client.call('C_DigestInit', { mechanism: null });
    case 'sign':
      return client.call('C_SignInit', { mechanism: null, key: 0 });
    case 'encrypt':
      return client.call('C_EncryptInit', { mechanism: null, key: 0 });
    case 'decrypt':
      return client.call('C_DecryptInit', { mechanism: null, key: 0 });
  }
}

/** What the standard says is under way. */
interface Running {
  readonly variant: Variant;
  begun: boolean;
  data: Uint8Array;
  out: Uint8Array;
}
type Model = Map<Slot, Running>;
interface Real {
  readonly client: Client;
  readonly keys: Keys;
}
type Command = fc.Command<Model, Real>;

const command = (text: string, run: (model: Model, real: Real) => void): Command => ({
  check: () => true,
  run,
  toString: () => text,
});

const begin = (variant: Variant): Command =>
  command(`begin ${variant.name}`, (model, { client, keys }) => {
    const { rv } = variant.begin(client, keys);
    if (model.has(variant.slot)) return expect(rv).toBe(ck.CKR_OPERATION_ACTIVE);
    expect(rv).toBe(ck.CKR_OK);
    model.set(variant.slot, { variant, begun: false, data: new Uint8Array(0), out: new Uint8Array(0) });
  });

const cancel = (slot: Slot, bySession: boolean): Command =>
  command(`cancel ${slot}`, (model, { client }) => {
    const { rv } = bySession
      ? client.call('C_SessionCancel', { flags: flags[slot] })
      : withoutMechanism(client, slot);
    // C_SessionCancel ignores what is not under way; a NULL mechanism needs something to end.
    expect(rv).toBe(bySession || model.has(slot) ? ck.CKR_OK : ck.CKR_MECHANISM_INVALID);
    model.delete(slot);
  });

const whole = (slot: Slot, data: Uint8Array, how: 'ask' | 'small' | 'fits'): Command =>
  command(`${slot} at once, ${data.length} bytes, ${how}`, (model, { client }) => {
    const running = model.get(slot);
    const needed = running?.variant.length(data) ?? 1;
    const to = how === 'ask' ? NULL_ROOM : room(how === 'small' ? Math.max(0, needed - 1) : needed);
    const answer = once(client, slot, data, to);
    if (running === undefined) return expect(answer.rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    if (running.begun) {
      model.delete(slot);
      return expect(answer.rv).toBe(ck.CKR_OPERATION_ACTIVE);
    }
    if (how === 'ask') return expect([answer.rv, answer.first]).toEqual([ck.CKR_OK, needed]);
    if (how === 'small' && needed > 0) {
      return expect([answer.rv, answer.first]).toEqual([ck.CKR_BUFFER_TOO_SMALL, needed]);
    }
    model.delete(slot);
    expect([answer.rv, answer.first]).toEqual([ck.CKR_OK, needed]);
    const expected = running.variant.expected(data);
    if (expected !== undefined) expect(answer.bytes).toEqual(expected);
  });

const part = (slot: Slot, data: Uint8Array, how: 'ask' | 'small' | 'fits'): Command =>
  command(`${slot} of ${data.length} bytes more, ${how}`, (model, { client }) => {
    const running = model.get(slot);
    const enough = data.length + 32;
    const answer = update(client, slot, data, how === 'ask' ? NULL_ROOM : room(how === 'small' ? 0 : enough));
    if (running === undefined) return expect(answer.rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    if (!running.variant.multipart) {
      model.delete(slot);
      return expect(answer.rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    }
    const givesOutput = slot === 'encrypt' || slot === 'decrypt';
    if (givesOutput && how === 'ask') return expect(answer.rv).toBe(ck.CKR_OK);
    if (givesOutput && answer.rv === ck.CKR_BUFFER_TOO_SMALL) {
      expect(how).toBe('small');
      return expect(answer.first).toBeGreaterThan(0);
    }
    expect(answer.rv).toBe(ck.CKR_OK);
    running.begun = true;
    running.data = concatenated(running.data, data);
    if (givesOutput) running.out = concatenated(running.out, answer.bytes);
  });

const end = (slot: Slot, how: 'ask' | 'small' | 'fits'): Command =>
  command(`end ${slot}, ${how}`, (model, { client }) => {
    const running = model.get(slot);
    const to = how === 'ask' ? NULL_ROOM : room(how === 'small' ? 0 : 64);
    const answer = final(client, slot, to);
    if (running === undefined) return expect(answer.rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    if (!running.variant.multipart) {
      model.delete(slot);
      return expect(answer.rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    }
    if (how === 'ask') return expect(answer.rv).toBe(ck.CKR_OK);
    const left = running.variant.length(running.data) - running.out.length;
    if (how === 'small' && left > 0) {
      return expect([answer.rv, answer.first]).toEqual([ck.CKR_BUFFER_TOO_SMALL, left]);
    }
    model.delete(slot);
    expect(answer.rv).toBe(ck.CKR_OK);
    const expected = running.variant.expected(running.data);
    if (expected !== undefined) expect(concatenated(running.out, answer.bytes)).toEqual(expected);
  });

test('operations live and end as the standard says', () => {
  const client = new Client();
  const keys: Keys = {
    mac: secret(client, ck.CKK_GENERIC_SECRET, value),
    aes: aes(client, value),
    ec: ecPair(client).privateKey,
  };
  const before = enclave.status().contexts;
  const slot = fc.constantFrom(...slots);
  const how = fc.constantFrom('ask' as const, 'small' as const, 'fits' as const, 'fits' as const);
  const data = fc.uint8Array({ maxLength: 70 });
  const commands = fc.commands(
    [
      fc.constantFrom(...variants).map(begin),
      fc.constantFrom(...variants).map(begin),
      fc.tuple(slot, fc.boolean()).map((args) => cancel(...args)),
      fc.tuple(slot, data, how).map((args) => whole(...args)),
      fc.tuple(slot, data, how).map((args) => part(...args)),
      fc.tuple(slot, data, how).map((args) => part(...args)),
      fc.tuple(slot, how).map((args) => end(...args)),
    ],
    { maxCommands: 60 },
  );
  fc.assert(
    fc.property(commands, (each) => {
      client.session.endAll();
      fc.modelRun(() => ({ model: new Map(), real: { client, keys } }), each);
    }),
    { numRuns: 300 },
  );
  client.session.endAll();
  expect(enclave.status().contexts).toBe(before);
});
