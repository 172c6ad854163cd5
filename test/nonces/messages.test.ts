/** Messages with AES-GCM against known answers and an implementation that is not ours; who makes the vector, and who may choose it. */
import { gcm } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import type { MessageParameter } from '../../module/engine/values/arguments.ts';
import { type Answer, Client, mechanism, NULL_ROOM, room, span } from '../engine/mechanisms/client.ts';
import { aes } from '../engine/mechanisms/keys.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const END = ck.CKF_END_OF_MESSAGE;
const AES_GCM = mechanism(ck.CKM_AES_GCM);
const NOTHING = new Uint8Array(0);

function parameter(
  generator: number,
  iv: Uint8Array | number,
  tagBits = 128,
  ivFixedBits = 0,
): MessageParameter {
  const given = typeof iv === 'number' ? null : span(iv);
  const ivLength = typeof iv === 'number' ? iv : iv.length;
  const rest = { ivFixedBits, ivGenerator: generator, tagBits, ivGiven: true, tagGiven: true };
  return { ...rest, ivLength, iv: given };
}

interface Sealed {
  readonly iv: Uint8Array;
  readonly data: Uint8Array;
  readonly tag: Uint8Array;
}

/** A sealed answer: length, vector, length of the tag, data and tag. */
function sealedIn({ all, first }: Answer): Sealed {
  const view = new DataView(all.buffer, all.byteOffset);
  const word = (at: number) => Number(view.getBigUint64(at, true));
  const ivLength = word(8);
  const tagAt = 16 + ((ivLength + 7) & ~7);
  const at = tagAt + 8;
  return {
    iv: all.slice(16, 16 + ivLength),
    data: all.slice(at, at + first),
    tag: all.slice(at + first, at + first + word(tagAt)),
  };
}

const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

class Talker extends Client {
  seal(p: MessageParameter, data: Uint8Array, associated = NOTHING): Answer {
    return this.call('C_EncryptMessage', {
      parameter: p,
      associated: span(associated),
      data: span(data),
      encrypted: room(data.length),
    });
  }

  open(p: MessageParameter, sealed: Uint8Array, associated = NOTHING): Answer {
    return this.call('C_DecryptMessage', {
      parameter: p,
      associated: span(associated),
      encrypted: span(sealed),
      data: room(sealed.length),
    });
  }

  /** A key for messages in both directions. */
  start(
    value: Uint8Array = new Uint8Array(32).fill(7),
    more: Readonly<Record<number, number | boolean>> = {},
  ): number {
    this.restart();
    const key = aes(this, value, more);
    this.ok('C_MessageEncryptInit', { mechanism: AES_GCM, key });
    this.ok('C_MessageDecryptInit', { mechanism: AES_GCM, key });
    return key;
  }

  ulong(object: number, type: number): number {
    const { all } = this.ok('C_GetAttributeValue', {
      object,
      template: [{ type, present: true, capacity: 8 }],
    });
    return Number(new DataView(all.buffer, 16).getBigInt64(0, true));
  }
}

const client = new Talker();

/** The test cases of "The Galois/Counter Mode of Operation (GCM)", appendix B, 2, 4, 5 and 16. */
const P4 =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const K4 = 'feffe9928665731c6d6a8f9467308308';
const A4 = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
const answers: readonly (readonly [
  key: string,
  iv: string,
  plain: string,
  aad: string,
  sealed: string,
  tag: string,
])[] = [
  [
    '00'.repeat(16),
    '00'.repeat(12),
    '00'.repeat(16),
    '',
    '0388dace60b6a392f328c2b971b2fe78',
    'ab6e47d42cec13bdf53a67b21257bddf',
  ],
  [
    K4,
    'cafebabefacedbaddecaf888',
    P4,
    A4,
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091',
    '5bc94fbc3221a5db94fae95ae7121a47',
  ],
  [
    K4,
    'cafebabefacedbad',
    P4,
    A4,
    '61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598',
    '3612d2e79e3b0785561be14aaca2fccb',
  ],
  [
    K4 + K4,
    'cafebabefacedbaddecaf888',
    P4,
    A4,
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    '76fc6ece0f4e1768cddf8853bb2d551b',
  ],
];

describe('messages', () => {
  test.each(answers)('have the known answer: key %s, vector %s', (key, iv, plain, aad, sealed, tag) => {
    client.start(hex(key));
    const p = parameter(ck.CKG_NO_GENERATE, hex(iv));
    const answer = client.seal(p, hex(plain), hex(aad));
    expect(answer.rv).toBe(ck.CKR_OK);
    expect(sealedIn(answer)).toEqual({ iv: NOTHING, data: hex(sealed), tag: hex(tag) });
    expect(client.open(p, joined(hex(sealed), hex(tag)), hex(aad)).bytes).toEqual(hex(plain));
  });

  test('are what another implementation makes of them, whole and in parts', () => {
    const message = fc.record({
      key: fc
        .constantFrom(16, 24, 32)
        .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
      iv: fc.uint8Array({ minLength: 12, maxLength: 32 }),
      aad: fc.uint8Array({ maxLength: 64 }),
      parts: fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      generator: fc.constantFrom(
        ck.CKG_NO_GENERATE,
        ck.CKG_GENERATE,
        ck.CKG_GENERATE_COUNTER,
        ck.CKG_GENERATE_RANDOM,
      ),
    });
    fc.assert(
      fc.property(message, ({ key, iv, aad, parts, generator }) => {
        client.start(key);
        const made = generator !== ck.CKG_NO_GENERATE;
        const p = made ? parameter(generator, 12) : parameter(generator, iv);
        const whole = joined(...parts);
        const once = sealedIn(client.seal(p, whole, aad));
        const vector = made ? once.iv : iv;
        const expected = gcm(key, vector, aad).encrypt(whole);
        expect(joined(once.data, once.tag)).toEqual(expected);
        const opens = parameter(77, vector);
        expect(client.open(opens, expected, aad).bytes).toEqual(whole);

        const begun = client.ok('C_EncryptMessageBegin', { parameter: p, associated: span(aad) });
        const own = made ? begun.all.slice(8, 20) : iv;
        expect(made && Buffer.from(own).equals(vector)).toBe(false);
        const pieces = parts.map((part, at) =>
          sealedIn(
            client.ok('C_EncryptMessageNext', {
              parameter: p,
              part: span(part),
              encrypted: room(part.length),
              flags: at === parts.length - 1 ? END : 0,
            }),
          ),
        );
        const sealed = joined(...pieces.map(({ data }) => data), pieces.at(-1)?.tag ?? NOTHING);
        expect(sealed).toEqual(gcm(key, own, aad).encrypt(whole));
        client.ok('C_DecryptMessageBegin', { parameter: parameter(0, own), associated: span(aad) });
        const middle = Math.floor(whole.length / 3);
        const next = (encrypted: Uint8Array, flags: number, size = room(whole.length)) =>
          client.ok('C_DecryptMessageNext', {
            parameter: opens,
            encrypted: span(encrypted),
            part: size,
            flags,
          });
        expect(next(sealed.subarray(0, middle), 0).first).toBe(0);
        expect(next(sealed.subarray(middle), END, NULL_ROOM).first).toBe(whole.length);
        expect(next(sealed.subarray(middle), END).bytes).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  test('give nothing of what was forged', () => {
    client.start();
    const { iv, data, tag } = sealedIn(client.seal(parameter(ck.CKG_GENERATE, 12), hex('00112233')));
    const sealed = joined(data, tag);
    for (let bit = 0; bit < 8 * sealed.length; bit += 3) {
      const forged = sealed.slice();
      forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7));
      const answer = client.open(parameter(0, iv), forged);
      expect(answer.rv).toBe(ck.CKR_AEAD_DECRYPT_FAILED);
      expect(answer.all).toHaveLength(0);
    }
    expect(client.open(parameter(0, iv), sealed.subarray(0, 10)).rv).toBe(ck.CKR_ENCRYPTED_DATA_LEN_RANGE);
  });
});

describe('vectors that the token makes', () => {
  const vectorOf = (answer: Answer): Uint8Array => {
    expect(answer.rv).toBe(ck.CKR_OK);
    return sealedIn(answer).iv;
  };
  const numberOf = (iv: Uint8Array) => new DataView(iv.buffer, iv.byteOffset).getUint32(8);

  test('count, and keep what the caller has fixed', () => {
    client.start();
    const first = vectorOf(client.seal(parameter(ck.CKG_GENERATE_COUNTER, 12), NOTHING));
    expect(numberOf(first)).toBe(0);
    const second = vectorOf(client.seal(parameter(ck.CKG_GENERATE, 12), NOTHING));
    expect([...second]).toEqual([...first.subarray(0, 8), 0, 0, 0, 1]);
    vectorOf(client.seal(parameter(ck.CKG_GENERATE_RANDOM, 12), NOTHING));
    for (let bits = 1; bits <= 32; bits++) {
      const fixed = new Uint8Array(12).fill(first[0] === 0x5a ? 0xa5 : 0x5a);
      const iv = vectorOf(client.seal(parameter(ck.CKG_GENERATE, fixed, 128, bits), NOTHING));
      const bitOf = (bytes: Uint8Array, bit: number) => ((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1;
      for (let bit = 0; bit < 64; bit++) expect(bitOf(iv, bit)).toBe(bitOf(bit < bits ? fixed : first, bit));
      expect(numberOf(iv)).toBe(2 + bits);
    }
  });

  test('are made once for each message, and not for a question', () => {
    const key = client.start();
    const p = parameter(ck.CKG_GENERATE, 12);
    const asked = { parameter: p, associated: span(NOTHING), data: span(hex('0011')) };
    for (const encrypted of [NULL_ROOM, room(1), NULL_ROOM])
      client.call('C_EncryptMessage', { ...asked, encrypted });
    expect(client.ulong(key, ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBe(0);
    expect(numberOf(vectorOf(client.ok('C_EncryptMessage', { ...asked, encrypted: room(2) })))).toBe(0);
    expect(client.ulong(key, ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBe(1);
  });

  test('of a copy are others', () => {
    const key = client.start();
    const before = vectorOf(client.seal(parameter(ck.CKG_GENERATE, 12), NOTHING));
    const copy = client.ok('C_CopyObject', { object: key, template: [] }).first;
    expect(client.ulong(copy, ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBe(1);
    client.ok('C_SessionCancel', { flags: ck.CKF_MESSAGE_ENCRYPT });
    client.ok('C_MessageEncryptInit', { mechanism: AES_GCM, key: copy });
    const after = vectorOf(client.seal(parameter(ck.CKG_GENERATE, 12), NOTHING));
    expect(numberOf(after)).toBe(1);
    expect([...after.subarray(0, 8)]).not.toEqual([...before.subarray(0, 8)]);
  });

  test.each([
    ['a generator that nobody knows', parameter(9, 12)],
    ['one that could repeat a vector', parameter(ck.CKG_GENERATE_COUNTER_XOR, new Uint8Array(12), 128, 32)],
    ['a fixed part that leaves too little', parameter(ck.CKG_GENERATE, new Uint8Array(12), 128, 33)],
    ['a fixed part of random ones', parameter(ck.CKG_GENERATE_RANDOM, new Uint8Array(12), 128, 8)],
    ['another length', parameter(ck.CKG_GENERATE, 16)],
    ['a fixed part that did not come', parameter(ck.CKG_GENERATE, 12, 128, 8)],
    [
      'more of a vector than was said',
      { ...parameter(ck.CKG_GENERATE, new Uint8Array(300)), ivLength: 12, ivFixedBits: 0 },
    ],
    ['less than no fixed part', parameter(ck.CKG_GENERATE, new Uint8Array(12), 128, -1)],
    ['a short tag', parameter(ck.CKG_GENERATE, 12, 32)],
    ['no room for the vector', { ...parameter(ck.CKG_GENERATE, 12), ivGiven: false }],
    ['no room for the tag', { ...parameter(ck.CKG_GENERATE, 12), tagGiven: false }],
  ])('are refused with %s', (_what, p) => {
    const key = client.start();
    expect(client.seal(p, NOTHING).rv).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    expect(client.call('C_EncryptMessageBegin', { parameter: p, associated: span(NOTHING) }).rv).toBe(
      ck.CKR_MECHANISM_PARAM_INVALID,
    );
    expect(client.ulong(key, ck.CKA_STRONGROOM_USES)).toBe(0);
  });
});

describe('vectors that callers choose', () => {
  const gcmParameter = (iv: Uint8Array) =>
    ({ shape: 'gcm', iv: span(iv), ivBits: 0, aad: null, tagBits: 128 }) as const;
  const encrypt = (key: number, iv: Uint8Array): number => {
    const begun = client.call('C_EncryptInit', {
      mechanism: mechanism(ck.CKM_AES_GCM, gcmParameter(iv)),
      key,
    });
    if (begun.rv !== ck.CKR_OK) return begun.rv;
    return client.call('C_Encrypt', { data: span(hex('00')), encrypted: room(17) }).rv;
  };
  const numbered = (number: number): Uint8Array => {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(4, number);
    return iv;
  };

  test('are refused by a key that takes the token’s alone, for encryption and wrapping', () => {
    const key = client.start(undefined, { [ck.CKA_STRONGROOM_TOKEN_IV_ONLY]: true });
    expect(encrypt(key, numbered(1))).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    expect(client.seal(parameter(ck.CKG_NO_GENERATE, numbered(1)), NOTHING).rv).toBe(
      ck.CKR_MECHANISM_PARAM_INVALID,
    );
    const wrap = { mechanism: mechanism(ck.CKM_AES_GCM, gcmParameter(numbered(1))), wrappingKey: key, key };
    expect(client.call('C_WrapKey', { ...wrap, wrapped: room(200) }).rv).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    expect(client.seal(parameter(ck.CKG_GENERATE, 12), NOTHING).rv).toBe(ck.CKR_OK);
    const set = (value: number) =>
      client.call('C_SetAttributeValue', {
        object: key,
        template: [{ type: ck.CKA_STRONGROOM_TOKEN_IV_ONLY, value: span(Uint8Array.of(value)) }],
      }).rv;
    expect(set(0)).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
    expect(set(1)).toBe(ck.CKR_OK);
    client.keys.tokenIvOnly = true;
    try {
      expect(encrypt(client.start(), numbered(1))).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    } finally {
      client.keys.tokenIvOnly = false;
    }
  });

  test('are refused when they come again, by a key that remembers them', () => {
    const forgetful = client.start();
    expect([encrypt(forgetful, numbered(1)), encrypt(forgetful, numbered(1))]).toEqual([
      ck.CKR_OK,
      ck.CKR_OK,
    ]);
    const key = client.start(undefined, { [ck.CKA_STRONGROOM_IV_REUSE_CHECK]: true });
    for (let i = 0; i < 5000; i++) expect(encrypt(key, numbered(i))).toBe(ck.CKR_OK);
    expect(encrypt(key, numbered(4999))).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    expect(encrypt(key, numbered(5000 - 4096))).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    expect(client.seal(parameter(ck.CKG_NO_GENERATE, numbered(4999)), NOTHING).rv).toBe(
      ck.CKR_MECHANISM_PARAM_INVALID,
    );
    // The memory has a bound, which is told.
    expect(encrypt(key, numbered(3))).toBe(ck.CKR_OK);
    expect(client.ulong(key, ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBe(5001);
  });
});
