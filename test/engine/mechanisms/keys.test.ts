/** Making and deriving keys. */
import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import type { MechanismParameter, TemplateEntry } from '../../../module/engine/values/arguments.ts';
import { Client, enclave, mechanism, span, template } from './client.ts';
import { aes, curves, ecPair, montgomeryPair, secretOf, secretTemplate } from './keys.ts';

const client = new Client();
const iv = new Uint8Array(16).fill(4);

beforeEach(() => {
  client.inline = true;
  client.restart();
});

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
