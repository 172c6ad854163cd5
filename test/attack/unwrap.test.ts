/**
 * The attacker holds a wrapped key and may use the key that unwraps it, whose CKA_UNWRAP_TEMPLATE lets nothing unwrapped be read or
 * leave. He may choose bytes, parameters and CKA_VALUE_LEN, and sign with what he gets. He wants the value.
 */
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import type { MechanismParameter, TemplateEntry } from '../../module/engine/values/arguments.ts';
import { bytes, Client, mechanism, room, span, template } from '../engine/mechanisms/client.ts';
import { secret } from '../engine/mechanisms/keys.ts';

const client = new Client();
const message = bytes('what the attacker has signed');
const victim = Uint8Array.from({ length: 16 }, (_, i) => 17 * i + 3);
const iv = new Uint8Array(16).fill(4);

beforeEach(() => client.restart());

interface Way {
  readonly type: number;
  readonly parameter: MechanismParameter | undefined;
}

const ways: readonly (readonly [name: string, way: Way])[] = [
  ['ECB', { type: ck.CKM_AES_ECB, parameter: undefined }],
  ['CBC', { type: ck.CKM_AES_CBC, parameter: { shape: 'bytes', bytes: span(iv) } }],
  ['key wrap', { type: ck.CKM_AES_KEY_WRAP, parameter: undefined }],
  ['key wrap with padding', { type: ck.CKM_AES_KEY_WRAP_KWP, parameter: undefined }],
];

/** A wrapping key that binds what it unwraps, and perhaps its length too. */
function wrappingKey(): number {
  const bound = template({ [ck.CKA_SENSITIVE]: true, [ck.CKA_EXTRACTABLE]: false });
  const values = { [ck.CKA_VALUE_LEN]: 32, [ck.CKA_WRAP]: true, [ck.CKA_UNWRAP]: true };
  const nested: TemplateEntry = { type: ck.CKA_UNWRAP_TEMPLATE, value: null, nested: bound };
  return client.ok('C_GenerateKey', {
    mechanism: mechanism(ck.CKM_AES_KEY_GEN),
    template: [...template(values), nested],
  }).first;
}

function wrap({ type, parameter }: Way, key: number, value: Uint8Array): Uint8Array {
  return client.ok('C_WrapKey', {
    mechanism: mechanism(type, parameter),
    wrappingKey: key,
    key: secret(client, ck.CKK_GENERIC_SECRET, value),
    wrapped: room(200),
  }).bytes;
}

function unwrap({ type, parameter }: Way, key: number, blob: Uint8Array, length?: number) {
  const values = {
    [ck.CKA_CLASS]: ck.CKO_SECRET_KEY,
    [ck.CKA_KEY_TYPE]: ck.CKK_GENERIC_SECRET,
    [ck.CKA_SIGN]: true,
  };
  return client.call('C_UnwrapKey', {
    mechanism: mechanism(type, parameter),
    unwrappingKey: key,
    wrapped: span(blob),
    template: template(length === undefined ? values : { ...values, [ck.CKA_VALUE_LEN]: length }),
  });
}

function mac(key: number): string {
  client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_SHA256_HMAC), key });
  return Buffer.from(client.ok('C_Sign', { data: span(message), signature: room(32) }).bytes).toString('hex');
}

/** The next byte after those known, found by trying all 256 against what a shortened key signs. */
function nextByte(known: readonly number[], signed: string): number | undefined {
  for (let guess = 0; guess < 256; guess++) {
    const key = Uint8Array.of(...known, guess);
    if (createHmac('sha256', key).update(message).digest('hex') === signed) return guess;
  }
  return undefined;
}

describe('a key cut to 1 byte, to 2, and so on', () => {
  test.for(ways)('is not to be had by %s', ([, way]) => {
    const key = wrappingKey();
    const blob = wrap(way, key, victim);
    const known: number[] = [];
    for (let length = 1; length < victim.length; length++) {
      const { rv, first } = unwrap(way, key, blob, length);
      if (rv === ck.CKR_OK) known.push(nextByte(known, mac(first)) ?? -1);
      else expect(rv).toBe(ck.CKR_WRAPPED_KEY_LEN_RANGE);
    }
    expect(known).toEqual([]);
    expect(unwrap(way, key, blob, victim.length).rv).toBe(ck.CKR_OK);
    expect(unwrap(way, key, blob).rv).toBe(ck.CKR_OK);
  });

  test.for(ways)('is not to be had by %s by shortening what is unwrapped', ([, way]) => {
    const key = wrappingKey();
    const blob = wrap(
      way,
      key,
      new Uint8Array(40).map((_, i) => i + 1),
    );
    for (let length = 1; length < blob.length; length++) {
      const { rv, first } = unwrap(way, key, blob.slice(0, length));
      if (rv === ck.CKR_OK)
        expect(client.object(first).attributes.ulong(ck.CKA_VALUE_LEN)).toBeGreaterThanOrEqual(16);
    }
  });

  test('nor by a stream cipher, of which every beginning is a wrapped key', () => {
    const stream = {
      type: ck.CKM_AES_CTR,
      parameter: { shape: 'ctr', counterBits: 64, cb: span(iv) },
    } as const;
    const key = wrappingKey();
    for (let length = 1; length <= 16; length++) {
      expect(unwrap(stream, key, victim.slice(0, length)).rv).toBe(ck.CKR_MECHANISM_INVALID);
    }
  });
});

describe('null bytes at the end', () => {
  test.for(ways.slice(0, 3))(
    '%s: are cut off where they are filling, fewer than a unit, and nothing else',
    ([name, way]) => {
      const unit = name === 'key wrap' ? 8 : 16;
      const free = client.ok('C_GenerateKey', {
        mechanism: mechanism(ck.CKM_AES_KEY_GEN),
        template: template({ [ck.CKA_VALUE_LEN]: 32, [ck.CKA_WRAP]: true, [ck.CKA_UNWRAP]: true }),
      }).first;
      for (const length of [33, 34, 40, 47, 48]) {
        const blob = wrap(way, free, new Uint8Array(length).fill(5));
        const whole = Math.ceil(length / unit) * unit;
        for (let asked = 1; asked <= whole + 1; asked++) {
          const fits = asked <= whole && asked >= length && asked > whole - unit;
          expect([length, asked, unwrap(way, free, blob, asked).rv]).toEqual([
            length,
            asked,
            fits ? ck.CKR_OK : ck.CKR_WRAPPED_KEY_LEN_RANGE,
          ]);
        }
      }
      const nothing = wrap(way, free, new Uint8Array(64));
      expect(unwrap(way, free, nothing, 64 - unit).rv).toBe(ck.CKR_WRAPPED_KEY_LEN_RANGE);
      expect(unwrap(way, free, nothing, 64 - unit + 1).rv).toBe(ck.CKR_OK);
    },
  );

  test('CBC: are no oracle for who chooses the vector', () => {
    const [, way] = ways[1] ?? ['', { type: 0, parameter: undefined }];
    const key = wrappingKey();
    const blob = wrap(way, key, victim);
    // Turning the last byte with the vector until 15 bytes are accepted would tell it, and so on to the front.
    for (let turned = 0; turned < 256; turned++) {
      const vector = Uint8Array.from(iv);
      vector[15] = (vector[15] ?? 0) ^ turned;
      const parameter: MechanismParameter = { shape: 'bytes', bytes: span(vector) };
      expect(unwrap({ type: way.type, parameter }, key, blob, 15).rv).toBe(ck.CKR_WRAPPED_KEY_LEN_RANGE);
    }
  });
});
