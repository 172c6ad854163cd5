/** Making, wrapping, unwrapping and deriving keys. */
import { createDecipheriv, createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { aeskw, cbc } from '@noble/ciphers/aes.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import type { MechanismParameter, TemplateEntry } from '../../../module/engine/values/arguments.ts';
import { Client, enclave, mechanism, NULL_ROOM, room, span, template } from './client.ts';
import { aes, curves, ecPair, edwardsPair, montgomeryPair, rsaPair, secret, secretOf } from './keys.ts';

const client = new Client();
const iv = new Uint8Array(16).fill(4);
const wrappingValue = new Uint8Array(32).fill(7);
const ivParameter: MechanismParameter = { shape: 'bytes', bytes: span(iv) };

beforeEach(() => {
  client.inline = true;
  client.restart();
});

/** A key's value, as only a test may read it. */
function wrapped(type: number, wrappingKey: number, key: number, parameter?: MechanismParameter): Uint8Array {
  const wrap = { mechanism: mechanism(type, parameter), wrappingKey, key };
  const { first } = client.ok('C_WrapKey', { ...wrap, wrapped: NULL_ROOM });
  expect(client.call('C_WrapKey', { ...wrap, wrapped: room(first - 1) })).toMatchObject({
    rv: ck.CKR_BUFFER_TOO_SMALL,
    first,
  });
  return client.ok('C_WrapKey', { ...wrap, wrapped: room(first) }).bytes;
}

const wrapRefused = (type: number, wrappingKey: number, key: number, parameter?: MechanismParameter) =>
  client.call('C_WrapKey', { mechanism: mechanism(type, parameter), wrappingKey, key, wrapped: room(4096) })
    .rv;

function unwrapped(
  type: number,
  unwrappingKey: number,
  bytes: Uint8Array,
  values: TemplateEntry[],
  parameter?: MechanismParameter,
) {
  return client.call('C_UnwrapKey', {
    mechanism: mechanism(type, parameter),
    unwrappingKey,
    wrapped: span(bytes),
    template: values,
  });
}

const secretTemplate = (keyType: number, more = {}) =>
  template({ [ck.CKA_CLASS]: ck.CKO_SECRET_KEY, [ck.CKA_KEY_TYPE]: keyType, ...more });

describe('C_GenerateKey', () => {
  test('makes AES keys of the three lengths, and says so in their attributes', () => {
    for (const length of [16, 24, 32]) {
      const { first } = client.ok('C_GenerateKey', {
        mechanism: mechanism(ck.CKM_AES_KEY_GEN),
        template: template({
          [ck.CKA_VALUE_LEN]: length,
          [ck.CKA_SENSITIVE]: true,
          [ck.CKA_EXTRACTABLE]: false,
        }),
      });
      const { attributes } = client.object(first);
      expect(attributes.ulong(ck.CKA_CLASS)).toBe(ck.CKO_SECRET_KEY);
      expect(attributes.ulong(ck.CKA_KEY_TYPE)).toBe(ck.CKK_AES);
      expect(attributes.ulong(ck.CKA_KEY_GEN_MECHANISM)).toBe(ck.CKM_AES_KEY_GEN);
      for (const type of [ck.CKA_LOCAL, ck.CKA_ALWAYS_SENSITIVE, ck.CKA_NEVER_EXTRACTABLE]) {
        expect(attributes.bool(type)).toBe(true);
      }
      expect(attributes.bytes(ck.CKA_CHECK_VALUE)?.length).toBe(3);
      expect(secretOf(client, first).length).toBe(length);
    }
  });

  test('knows the lengths of other secrets in their own units', () => {
    const cases = [
      [ck.CKM_GENERIC_SECRET_KEY_GEN, 1, ck.CKR_OK],
      [ck.CKM_GENERIC_SECRET_KEY_GEN, 1024, ck.CKR_OK],
      [ck.CKM_GENERIC_SECRET_KEY_GEN, 1025, ck.CKR_ATTRIBUTE_VALUE_INVALID],
      [ck.CKM_GENERIC_SECRET_KEY_GEN, 0, ck.CKR_ATTRIBUTE_VALUE_INVALID],
      [ck.CKM_SHA256_KEY_GEN, 32, ck.CKR_OK],
      [ck.CKM_SHA256_KEY_GEN, 1025, ck.CKR_ATTRIBUTE_VALUE_INVALID],
      [ck.CKM_AES_KEY_GEN, 17, ck.CKR_ATTRIBUTE_VALUE_INVALID],
      [ck.CKM_AES_KEY_GEN, -1, ck.CKR_ATTRIBUTE_VALUE_INVALID],
    ] as const;
    for (const [type, length, rv] of cases) {
      const values = template({ [ck.CKA_VALUE_LEN]: length });
      expect(client.call('C_GenerateKey', { mechanism: mechanism(type), template: values }).rv).toBe(rv);
    }
  });

  test('refuses templates that say too little or something else', () => {
    const generate = (values: TemplateEntry[]) =>
      client.call('C_GenerateKey', { mechanism: mechanism(ck.CKM_AES_KEY_GEN), template: values }).rv;
    expect(generate([])).toBe(ck.CKR_TEMPLATE_INCOMPLETE);
    expect(generate(secretTemplate(ck.CKK_GENERIC_SECRET, { [ck.CKA_VALUE_LEN]: 16 }))).toBe(
      ck.CKR_TEMPLATE_INCONSISTENT,
    );
    expect(
      client.call('C_GenerateKey', { mechanism: mechanism(ck.CKM_EC_KEY_PAIR_GEN), template: [] }).rv,
    ).toBe(ck.CKR_MECHANISM_INVALID);
    expect(enclave.status().contexts).toBe(0);
  });
});

describe('C_GenerateKeyPair', () => {
  test('makes RSA pairs that belong together, of the exponent asked for', () => {
    const { first, second } = client.ok('C_GenerateKeyPair', {
      mechanism: mechanism(ck.CKM_RSA_PKCS_KEY_PAIR_GEN),
      publicTemplate: template({
        [ck.CKA_MODULUS_BITS]: 2048,
        [ck.CKA_PUBLIC_EXPONENT]: Uint8Array.of(0, 0, 1, 0, 1),
      }),
      privateTemplate: [],
    });
    const modulus = client.object(first).attributes.bytes(ck.CKA_MODULUS);
    expect(modulus?.length).toBe(256);
    expect(client.object(second).attributes.bytes(ck.CKA_MODULUS)).toEqual(modulus);
    expect(client.object(first).attributes.bytes(ck.CKA_PUBLIC_EXPONENT)).toEqual(Uint8Array.of(1, 0, 1));
    expect(client.object(first).attributes.ulong(ck.CKA_MODULUS_BITS)).toBe(2048);
  });

  test('refuses sizes and exponents that it does not make', () => {
    const generate = (values: Readonly<Record<number, number | Uint8Array>>) =>
      client.call('C_GenerateKeyPair', {
        mechanism: mechanism(ck.CKM_RSA_PKCS_KEY_PAIR_GEN),
        publicTemplate: template(values),
        privateTemplate: [],
      }).rv;
    expect(generate({})).toBe(ck.CKR_TEMPLATE_INCOMPLETE);
    expect(generate({ [ck.CKA_MODULUS_BITS]: 1024 })).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    expect(generate({ [ck.CKA_MODULUS_BITS]: 16384 })).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    for (const exponent of [[1], [4], [0, 0, 1], [0], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
      expect(
        generate({ [ck.CKA_MODULUS_BITS]: 2048, [ck.CKA_PUBLIC_EXPONENT]: Uint8Array.from(exponent) }),
      ).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
    }
  });

  test('makes a pair or nothing when the session goes while the primes are sought', () => {
    const before = enclave.status().keys;
    const { session } = client;
    client.beforeResult = () => {
      session.closed = true;
    };
    const { rv } = client.call('C_GenerateKeyPair', {
      mechanism: mechanism(ck.CKM_RSA_PKCS_KEY_PAIR_GEN),
      publicTemplate: template({ [ck.CKA_MODULUS_BITS]: 2048 }),
      privateTemplate: [],
    });
    client.beforeResult = undefined;
    expect(rv).toBe(ck.CKR_SESSION_CLOSED);
    expect(enclave.status().keys).toBe(before);
    expect(session.ownObjects.size).toBe(0);
  });

  test('makes curve keys with the right mechanism only', () => {
    const generate = (type: number, params: Uint8Array) =>
      client.call('C_GenerateKeyPair', {
        mechanism: mechanism(type),
        publicTemplate: template({ [ck.CKA_EC_PARAMS]: params }),
        privateTemplate: [],
      }).rv;
    expect(generate(ck.CKM_EC_KEY_PAIR_GEN, curves.k256)).toBe(ck.CKR_OK);
    const refused = [
      generate(ck.CKM_EC_KEY_PAIR_GEN, curves.ed25519),
      generate(ck.CKM_EC_EDWARDS_KEY_PAIR_GEN, curves.p256),
      generate(ck.CKM_EC_EDWARDS_KEY_PAIR_GEN, curves.x25519),
      generate(ck.CKM_EC_MONTGOMERY_KEY_PAIR_GEN, curves.ed25519),
      generate(ck.CKM_EC_KEY_PAIR_GEN, Uint8Array.of(0x06, 0x03, 0x2b, 0x65, 0x77)),
    ];
    expect(refused).toEqual(refused.map(() => ck.CKR_CURVE_NOT_SUPPORTED));
    expect(generate(ck.CKM_EC_KEY_PAIR_GEN, Uint8Array.of(1, 2, 3))).toBe(ck.CKR_DOMAIN_PARAMS_INVALID);
    const { rv } = client.call('C_GenerateKeyPair', {
      mechanism: mechanism(ck.CKM_EC_KEY_PAIR_GEN),
      publicTemplate: [],
      privateTemplate: [],
    });
    expect(rv).toBe(ck.CKR_TEMPLATE_INCOMPLETE);
  });
});

describe('wrapping secrets', () => {
  const value = new Uint8Array(32).map((_, i) => i + 1);

  test.for([
    ['key wrap', ck.CKM_AES_KEY_WRAP, undefined],
    ['key wrap with padding', ck.CKM_AES_KEY_WRAP_KWP, undefined],
    ['CBC', ck.CKM_AES_CBC, ivParameter],
    ['CBC with padding', ck.CKM_AES_CBC_PAD, ivParameter],
    ['ECB', ck.CKM_AES_ECB, undefined],
    ['GCM', ck.CKM_AES_GCM, { shape: 'gcm', iv: span(iv), ivBits: 128, aad: null, tagBits: 128 }],
  ] as const)('%s', ([, type, parameter]) => {
    const wrapping = aes(client, wrappingValue);
    const bytes = wrapped(type, wrapping, aes(client, value), parameter);
    const length = { [ck.CKA_VALUE_LEN]: 32 };
    const { rv, first } = unwrapped(type, wrapping, bytes, secretTemplate(ck.CKK_AES, length), parameter);
    expect(rv).toBe(ck.CKR_OK);
    expect(secretOf(client, first)).toEqual(value);
    const { attributes } = client.object(first);
    for (const history of [ck.CKA_LOCAL, ck.CKA_ALWAYS_SENSITIVE, ck.CKA_NEVER_EXTRACTABLE]) {
      expect(attributes.bool(history)).toBe(false);
    }
    expect(attributes.bool(ck.CKA_EXTRACTABLE)).toBe(true);
    expect(attributes.ulong(ck.CKA_VALUE_LEN)).toBe(32);
  });

  test('gives what others give', () => {
    const wrapping = aes(client, wrappingValue);
    const key = aes(client, value);
    expect(wrapped(ck.CKM_AES_KEY_WRAP, wrapping, key)).toEqual(aeskw(wrappingValue).encrypt(value));
    expect(wrapped(ck.CKM_AES_CBC_PAD, wrapping, key, ivParameter)).toEqual(
      cbc(wrappingValue, iv).encrypt(value),
    );
  });

  test.for([true, false])('with RSA, at once: %s', (inline) => {
    client.inline = inline;
    const pair = rsaPair(client);
    const oaep: MechanismParameter = {
      shape: 'oaep',
      hashAlg: ck.CKM_SHA256,
      mgf: ck.CKG_MGF1_SHA256,
      source: ck.CKZ_DATA_SPECIFIED,
      sourceData: span(iv),
    };
    for (const [type, parameter] of [
      [ck.CKM_RSA_PKCS, undefined],
      [ck.CKM_RSA_PKCS_OAEP, oaep],
    ] as const) {
      const bytes = wrapped(type, pair.publicKey, aes(client, value), parameter);
      const { rv, first } = unwrapped(type, pair.privateKey, bytes, secretTemplate(ck.CKK_AES), parameter);
      expect(rv).toBe(ck.CKR_OK);
      expect(secretOf(client, first)).toEqual(value);
    }
    const long = secret(client, ck.CKK_GENERIC_SECRET, new Uint8Array(246));
    expect(wrapRefused(ck.CKM_RSA_PKCS, pair.publicKey, long)).toBe(ck.CKR_KEY_SIZE_RANGE);
    expect(wrapRefused(ck.CKM_RSA_PKCS, pair.publicKey, pair.privateKey)).toBe(ck.CKR_KEY_NOT_WRAPPABLE);
  });

  test('needs CKA_VALUE_LEN where nothing else tells the length', () => {
    const wrapping = aes(client, wrappingValue);
    const short = aes(client, value.slice(0, 16));
    const odd = secret(client, ck.CKK_GENERIC_SECRET, value.slice(0, 20));
    const ofShort = wrapped(ck.CKM_AES_CBC, wrapping, short, ivParameter);
    const ofLong = wrapped(ck.CKM_AES_CBC, wrapping, aes(client, value), ivParameter);
    const ofOdd = wrapped(ck.CKM_AES_CBC, wrapping, odd, ivParameter);
    const unwrap = (bytes: Uint8Array, values: TemplateEntry[]) =>
      unwrapped(ck.CKM_AES_CBC, wrapping, bytes, values, ivParameter);
    expect(unwrap(ofShort, secretTemplate(ck.CKK_AES)).rv).toBe(ck.CKR_OK);
    expect(unwrap(ofLong, secretTemplate(ck.CKK_AES)).rv).toBe(ck.CKR_TEMPLATE_INCOMPLETE);
    const whole = unwrap(ofOdd, secretTemplate(ck.CKK_GENERIC_SECRET));
    expect(secretOf(client, whole.first)).toEqual(
      Uint8Array.of(...value.slice(0, 20), ...new Uint8Array(12)),
    );
    const { first } = unwrap(ofOdd, secretTemplate(ck.CKK_GENERIC_SECRET, { [ck.CKA_VALUE_LEN]: 20 }));
    expect(secretOf(client, first)).toEqual(value.slice(0, 20));
    expect(unwrap(ofLong, secretTemplate(ck.CKK_AES, { [ck.CKA_VALUE_LEN]: 33 })).rv).toBe(
      ck.CKR_WRAPPED_KEY_LEN_RANGE,
    );
  });

  test.for([
    ['ECB', ck.CKM_AES_ECB, undefined, 16, 0],
    ['CBC', ck.CKM_AES_CBC, ivParameter, 16, 0],
    ['key wrap', ck.CKM_AES_KEY_WRAP, undefined, 8, 8],
  ] as const)(
    '%s: without CKA_VALUE_LEN all that comes out is the key',
    ([, type, parameter, unit, check]) => {
      const wrapping = aes(client, wrappingValue);
      for (const [keyType, bytes] of [
        [ck.CKK_GENERIC_SECRET, 16],
        [ck.CKK_GENERIC_SECRET, 48],
        [ck.CKK_SHA256_HMAC, 32],
      ] as const) {
        const secretValue = new Uint8Array(bytes).fill(9);
        const blob = wrapped(type, wrapping, secret(client, keyType, secretValue), parameter);
        expect(blob.length).toBe(bytes + check);
        const { rv, first } = unwrapped(type, wrapping, blob, secretTemplate(keyType), parameter);
        expect(rv).toBe(ck.CKR_OK);
        expect(secretOf(client, first)).toEqual(secretValue);
      }
      for (const keyType of [ck.CKK_GENERIC_SECRET, ck.CKK_SHA256_HMAC, ck.CKK_AES]) {
        for (const bytes of [1, unit - 1, unit + 1, 3 * unit + 1, 30]) {
          const impossible = new Uint8Array(bytes);
          expect(unwrapped(type, wrapping, impossible, secretTemplate(keyType), parameter).rv).toBe(
            ck.CKR_WRAPPED_KEY_LEN_RANGE,
          );
        }
      }
      const long = new Uint8Array(48 + check);
      expect(unwrapped(type, wrapping, long, secretTemplate(ck.CKK_AES), parameter).rv).toBe(
        ck.CKR_WRAPPED_KEY_LEN_RANGE,
      );
    },
  );

  test("a length that the mechanism tells must be the template's and the key type's", () => {
    const wrapping = aes(client, wrappingValue);
    const bytes = wrapped(
      ck.CKM_AES_KEY_WRAP_KWP,
      wrapping,
      secret(client, ck.CKK_GENERIC_SECRET, value.slice(0, 20)),
    );
    const before = enclave.status().keys;
    const unwrap = (values: TemplateEntry[]) =>
      unwrapped(ck.CKM_AES_KEY_WRAP_KWP, wrapping, bytes, values).rv;
    expect(unwrap(secretTemplate(ck.CKK_AES))).toBe(ck.CKR_WRAPPED_KEY_LEN_RANGE);
    expect(unwrap(secretTemplate(ck.CKK_GENERIC_SECRET, { [ck.CKA_VALUE_LEN]: 21 }))).toBe(
      ck.CKR_WRAPPED_KEY_LEN_RANGE,
    );
    expect(enclave.status().keys).toBe(before);
    expect(unwrap(secretTemplate(ck.CKK_GENERIC_SECRET))).toBe(ck.CKR_OK);
  });

  test('finds changed bytes', () => {
    const wrapping = aes(client, wrappingValue);
    for (const type of [ck.CKM_AES_KEY_WRAP, ck.CKM_AES_KEY_WRAP_KWP]) {
      const bytes = wrapped(type, wrapping, aes(client, value));
      bytes[4] = (bytes[4] ?? 0) ^ 1;
      expect(unwrapped(type, wrapping, bytes, secretTemplate(ck.CKK_AES)).rv).toBe(
        ck.CKR_WRAPPED_KEY_INVALID,
      );
      expect(unwrapped(type, wrapping, bytes.slice(3), secretTemplate(ck.CKK_AES)).rv).toBe(
        ck.CKR_WRAPPED_KEY_LEN_RANGE,
      );
    }
  });
});

describe('wrapping private keys', () => {
  test('gives PKCS #8, which others read', () => {
    const wrapping = aes(client, wrappingValue);
    for (const { publicKey, privateKey } of [rsaPair(client), ecPair(client), edwardsPair(client)]) {
      const bytes = wrapped(ck.CKM_AES_CBC_PAD, wrapping, privateKey, ivParameter);
      const decipher = createDecipheriv('aes-256-cbc', wrappingValue, iv);
      const der = Buffer.concat([decipher.update(bytes), decipher.final()]);
      const theirs = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
      const info = client.object(publicKey).attributes.bytes(ck.CKA_PUBLIC_KEY_INFO);
      expect(new Uint8Array(theirs.export({ format: 'der', type: 'spki' }))).toEqual(info?.slice());
    }
  });

  test('and back: the key signs again', () => {
    const wrapping = aes(client, wrappingValue);
    const pair = ecPair(client);
    const bytes = wrapped(ck.CKM_AES_KEY_WRAP_KWP, wrapping, pair.privateKey);
    const values = template({
      [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY,
      [ck.CKA_KEY_TYPE]: ck.CKK_EC,
      [ck.CKA_SIGN]: true,
    });
    const { rv, first } = unwrapped(ck.CKM_AES_KEY_WRAP_KWP, wrapping, bytes, values);
    expect(rv).toBe(ck.CKR_OK);
    expect(client.object(first).attributes.bytes(ck.CKA_EC_PARAMS)).toEqual(curves.p256);
    client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_ECDSA_SHA256), key: first });
    const signature = client.ok('C_Sign', { data: span(iv), signature: room(64) }).bytes;
    const info = client.object(pair.publicKey).attributes.bytes(ck.CKA_PUBLIC_KEY_INFO) ?? new Uint8Array(0);
    const key = createPublicKey({ key: Buffer.from(info), format: 'der', type: 'spki' });
    expect(verify('sha256', iv, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  test('the type must be the one that was wrapped', () => {
    const wrapping = aes(client, wrappingValue);
    const bytes = wrapped(ck.CKM_AES_KEY_WRAP_KWP, wrapping, ecPair(client).privateKey);
    const values = template({ [ck.CKA_CLASS]: ck.CKO_PRIVATE_KEY, [ck.CKA_KEY_TYPE]: ck.CKK_RSA });
    expect(unwrapped(ck.CKM_AES_KEY_WRAP_KWP, wrapping, bytes, values).rv).toBe(ck.CKR_WRAPPED_KEY_INVALID);
  });

  test('is not for modes that do not keep the length', () => {
    const wrapping = aes(client, wrappingValue);
    expect(wrapRefused(ck.CKM_AES_CBC, wrapping, ecPair(client).privateKey, ivParameter)).toBe(
      ck.CKR_KEY_NOT_WRAPPABLE,
    );
  });
});

describe('who may wrap what', () => {
  test('not what is not extractable, public or unknown', () => {
    const wrapping = aes(client, wrappingValue);
    const kept = aes(client, wrappingValue, { [ck.CKA_EXTRACTABLE]: false });
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, wrapping, kept)).toBe(ck.CKR_KEY_UNEXTRACTABLE);
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, wrapping, ecPair(client).publicKey)).toBe(
      ck.CKR_KEY_NOT_WRAPPABLE,
    );
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, wrapping, 4711)).toBe(ck.CKR_KEY_HANDLE_INVALID);
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, 4711, wrapping)).toBe(ck.CKR_WRAPPING_KEY_HANDLE_INVALID);
    const generic = secret(client, ck.CKK_GENERIC_SECRET, iv);
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, generic, wrapping)).toBe(ck.CKR_WRAPPING_KEY_TYPE_INCONSISTENT);
    const noWrap = aes(client, wrappingValue, { [ck.CKA_WRAP]: false });
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, noWrap, wrapping)).toBe(ck.CKR_KEY_FUNCTION_NOT_PERMITTED);
  });

  test('only trusted keys wrap what asks for them', () => {
    const careful = aes(client, iv, { [ck.CKA_WRAP_WITH_TRUSTED]: true });
    const wrapping = aes(client, wrappingValue);
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, wrapping, careful)).toBe(ck.CKR_KEY_NOT_WRAPPABLE);
    const object = client.object(wrapping);
    object.attributes = object.attributes.with([[ck.CKA_TRUSTED, Uint8Array.of(1)]]);
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, wrapping, careful)).toBe(ck.CKR_OK);
  });

  test('CKA_WRAP_TEMPLATE chooses', () => {
    const nested = [{ type: ck.CKA_LABEL, value: span(iv) }];
    const { first } = client.ok('C_GenerateKey', {
      mechanism: mechanism(ck.CKM_AES_KEY_GEN),
      template: [
        ...template({ [ck.CKA_VALUE_LEN]: 16, [ck.CKA_WRAP]: true }),
        { type: ck.CKA_WRAP_TEMPLATE, value: null, nested },
      ],
    });
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, first, aes(client))).toBe(ck.CKR_KEY_HANDLE_INVALID);
    expect(wrapRefused(ck.CKM_AES_KEY_WRAP, first, aes(client, iv, { [ck.CKA_LABEL]: iv }))).toBe(ck.CKR_OK);
  });

  test('CKA_UNWRAP_TEMPLATE adds to the new key, and is not to be contradicted', () => {
    const nested = [{ type: ck.CKA_EXTRACTABLE, value: span(Uint8Array.of(0)) }];
    const { first } = client.ok('C_GenerateKey', {
      mechanism: mechanism(ck.CKM_AES_KEY_GEN),
      template: [
        ...template({ [ck.CKA_VALUE_LEN]: 16, [ck.CKA_WRAP]: true, [ck.CKA_UNWRAP]: true }),
        { type: ck.CKA_UNWRAP_TEMPLATE, value: null, nested },
      ],
    });
    const bytes = wrapped(ck.CKM_AES_KEY_WRAP, first, aes(client));
    const unwrap = (more: object) =>
      unwrapped(ck.CKM_AES_KEY_WRAP, first, bytes, secretTemplate(ck.CKK_AES, more));
    const made = unwrap({});
    expect(made.rv).toBe(ck.CKR_OK);
    expect(client.object(made.first).attributes.bool(ck.CKA_EXTRACTABLE)).toBe(false);
    expect(unwrap({ [ck.CKA_EXTRACTABLE]: true }).rv).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
  });

  test('an RSA key that demands a login for each use unwraps nothing', () => {
    const always = { [ck.CKA_PRIVATE]: true, [ck.CKA_ALWAYS_AUTHENTICATE]: true };
    const pair = rsaPair(client, 2048, always);
    const bytes = wrapped(ck.CKM_RSA_PKCS, pair.publicKey, aes(client));
    expect(unwrapped(ck.CKM_RSA_PKCS, pair.privateKey, bytes, secretTemplate(ck.CKK_AES)).rv).toBe(
      ck.CKR_USER_NOT_LOGGED_IN,
    );
  });
});

describe('C_DeriveKey', () => {
  const derive = (baseKey: number, parameter: MechanismParameter, values: TemplateEntry[]) =>
    client.call('C_DeriveKey', {
      mechanism: mechanism(ck.CKM_ECDH1_DERIVE, parameter),
      baseKey,
      template: values,
    });
  const ecdh = (
    publicData: Uint8Array | null,
    kdf: number = ck.CKD_NULL,
    sharedData: Uint8Array | null = null,
  ) =>
    ({
      shape: 'ecdh1',
      kdf,
      sharedData: sharedData === null ? null : span(sharedData),
      publicData: publicData === null ? null : span(publicData),
    }) as const;
  const generic = (length?: number, more = {}) =>
    secretTemplate(
      ck.CKK_GENERIC_SECRET,
      length === undefined ? more : { [ck.CKA_VALUE_LEN]: length, ...more },
    );
  const theirSecret = new Uint8Array(32).fill(5);
  const theirPoint = p256.getPublicKey(theirSecret, false);

  /** The x coordinate that both sides share. */
  function shared(publicKey: number): Uint8Array {
    const point = client.object(publicKey).attributes.bytes(ck.CKA_EC_POINT)?.slice(-65) ?? new Uint8Array(0);
    return p256.getSharedSecret(theirSecret, point).slice(1);
  }

  test('agrees with the other side, whose point may be bare or wrapped', () => {
    const pair = ecPair(client);
    for (const point of [theirPoint, Uint8Array.of(0x04, 65, ...theirPoint)]) {
      const { rv, first } = derive(pair.privateKey, ecdh(point), generic());
      expect(rv).toBe(ck.CKR_OK);
      expect(secretOf(client, first)).toEqual(shared(pair.publicKey));
    }
  });

  test('X25519', () => {
    const pair = montgomeryPair(client);
    const { first } = derive(pair.privateKey, ecdh(x25519.getPublicKey(theirSecret)), generic());
    const point =
      client.object(pair.publicKey).attributes.bytes(ck.CKA_EC_POINT)?.slice(-32) ?? new Uint8Array(0);
    expect(secretOf(client, first)).toEqual(x25519.getSharedSecret(theirSecret, point));
    // A point of small order gives no secret (RFC 7748, 6.1).
    expect(derive(pair.privateKey, ecdh(new Uint8Array(32)), generic()).rv).not.toBe(ck.CKR_OK);
  });

  test('shortens the secret at its leading end', () => {
    const pair = ecPair(client);
    const { first } = derive(
      pair.privateKey,
      ecdh(theirPoint),
      secretTemplate(ck.CKK_AES, { [ck.CKA_VALUE_LEN]: 16 }),
    );
    expect(secretOf(client, first)).toEqual(shared(pair.publicKey).slice(16));
  });

  test('X9.63', () => {
    const pair = ecPair(client);
    const { first } = derive(pair.privateKey, ecdh(theirPoint, ck.CKD_SHA256_KDF, iv), generic(40));
    const block = (counter: number) =>
      sha256(Uint8Array.of(...shared(pair.publicKey), 0, 0, 0, counter, ...iv));
    expect(secretOf(client, first)).toEqual(Uint8Array.of(...block(1), ...block(2)).slice(0, 40));
  });

  test('refuses what does not fit', () => {
    const { privateKey } = ecPair(client);
    const bad = ck.CKR_MECHANISM_PARAM_INVALID;
    expect(derive(privateKey, ecdh(null), generic()).rv).toBe(bad);
    expect(derive(privateKey, ecdh(theirPoint, ck.CKD_NULL, iv), generic()).rv).toBe(bad);
    expect(derive(privateKey, ecdh(theirPoint, ck.CKD_SHA256_KDF_SP800), generic(16)).rv).toBe(bad);
    expect(derive(privateKey, ecdh(Uint8Array.of(4, 1)), generic()).rv).toBe(bad);
    expect(derive(privateKey, ecdh(new Uint8Array(65).fill(4)), generic()).rv).toBe(bad);
    expect(derive(privateKey, ecdh(theirPoint), generic(33)).rv).toBe(ck.CKR_KEY_SIZE_RANGE);
    expect(derive(privateKey, ecdh(theirPoint, ck.CKD_SHA256_KDF), generic()).rv).toBe(
      ck.CKR_TEMPLATE_INCOMPLETE,
    );
    expect(derive(privateKey, ecdh(theirPoint), secretTemplate(ck.CKK_AES)).rv).toBe(
      ck.CKR_TEMPLATE_INCOMPLETE,
    );
    const odd = secretTemplate(ck.CKK_AES, { [ck.CKA_VALUE_LEN]: 20 });
    expect(derive(privateKey, ecdh(theirPoint), odd).rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
    expect(derive(aes(client), ecdh(theirPoint), generic()).rv).toBe(ck.CKR_KEY_TYPE_INCONSISTENT);
  });

  test('a derived key has a past only if its base has', () => {
    const closed = { [ck.CKA_SENSITIVE]: true, [ck.CKA_EXTRACTABLE]: false };
    const history = (base: number, more: object): (boolean | undefined)[] => {
      const { first } = derive(base, ecdh(theirPoint), generic(undefined, more));
      const { attributes } = client.object(first);
      return [ck.CKA_LOCAL, ck.CKA_ALWAYS_SENSITIVE, ck.CKA_NEVER_EXTRACTABLE].map((type) =>
        attributes.bool(type),
      );
    };
    const kept = ecPair(client, curves.p256, closed).privateKey;
    expect(history(kept, closed)).toEqual([false, true, true]);
    expect(history(kept, { [ck.CKA_SENSITIVE]: false, [ck.CKA_EXTRACTABLE]: true })).toEqual([
      false,
      false,
      false,
    ]);
    expect(history(ecPair(client).privateKey, closed)).toEqual([false, false, false]);
  });

  test('CKA_DERIVE_TEMPLATE adds to the new key', () => {
    const nested = [{ type: ck.CKA_VALUE_LEN, value: span(ulongValue(16)) }];
    const { second } = client.ok('C_GenerateKeyPair', {
      mechanism: mechanism(ck.CKM_EC_KEY_PAIR_GEN),
      publicTemplate: template({ [ck.CKA_EC_PARAMS]: curves.p256 }),
      privateTemplate: [
        ...template({ [ck.CKA_DERIVE]: true }),
        { type: ck.CKA_DERIVE_TEMPLATE, value: null, nested },
      ],
    });
    const { first } = derive(second, ecdh(theirPoint), generic());
    expect(client.object(first).attributes.ulong(ck.CKA_VALUE_LEN)).toBe(16);
    expect(derive(second, ecdh(theirPoint), generic(32)).rv).toBe(ck.CKR_TEMPLATE_INCONSISTENT);
  });
});

test('keys that could not be made leave nothing in the enclave', () => {
  const before = enclave.status().keys;
  const { session } = client;
  const readOnly = Object.create(session, { readWrite: { value: false } });
  client.session = readOnly as typeof session;
  const onToken = template({ [ck.CKA_VALUE_LEN]: 16, [ck.CKA_TOKEN]: true });
  expect(
    client.call('C_GenerateKey', { mechanism: mechanism(ck.CKM_AES_KEY_GEN), template: onToken }).rv,
  ).toBe(ck.CKR_SESSION_READ_ONLY);
  client.session = session;
  expect(enclave.status().keys).toBe(before);
});
