/** Wrapping and unwrapping keys. */
import { createDecipheriv, createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { aeskw, cbc } from '@noble/ciphers/aes.js';
import { beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { MechanismParameter, TemplateEntry } from '../../../module/engine/values/arguments.ts';
import { Client, enclave, mechanism, NULL_ROOM, room, span, template } from './client.ts';
import { aes, curves, ecPair, edwardsPair, rsaPair, secret, secretOf, secretTemplate } from './keys.ts';

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
