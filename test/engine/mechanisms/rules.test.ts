/** Who may use a key for what, which parameters a mechanism takes, and what ends an operation from outside. */
import { beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { ulongsValue } from '../../../module/engine/objects/attribute-set.ts';
import { OperationKind } from '../../../module/engine/sessions/operation.ts';
import type { MechanismParameter } from '../../../module/engine/values/arguments.ts';
import { bytes, Client, enclave, mechanism, room, span, template } from './client.ts';
import { aes, ecPair, edwardsPair, montgomeryPair, rsaPair, secret } from './keys.ts';

const client = new Client();
const digest = new Uint8Array(32).fill(1);

beforeEach(() => {
  client.session.endAll();
  client.inline = true;
  client.app.setLogin(client.token, 'user');
});

const signInit = (type: number, key: number, parameter?: MechanismParameter) =>
  client.call('C_SignInit', { mechanism: mechanism(type, parameter), key }).rv;
const encryptInit = (type: number, key: number, parameter?: MechanismParameter) =>
  client.call('C_EncryptInit', { mechanism: mechanism(type, parameter), key }).rv;
const sign = (length = 600) => client.call('C_Sign', { data: span(digest), signature: room(length) }).rv;

describe('a key', () => {
  test('must exist', () => {
    expect(signInit(ck.CKM_ECDSA, 4711)).toBe(ck.CKR_KEY_HANDLE_INVALID);
  });

  test('must be of the right class and type', () => {
    const pair = ecPair(client);
    expect(signInit(ck.CKM_ECDSA, pair.publicKey)).toBe(ck.CKR_KEY_TYPE_INCONSISTENT);
    expect(client.call('C_VerifyInit', { mechanism: mechanism(ck.CKM_ECDSA), key: pair.privateKey }).rv).toBe(
      ck.CKR_KEY_TYPE_INCONSISTENT,
    );
    expect(signInit(ck.CKM_SHA256_RSA_PKCS, pair.privateKey)).toBe(ck.CKR_KEY_TYPE_INCONSISTENT);
    expect(signInit(ck.CKM_EDDSA, pair.privateKey)).toBe(ck.CKR_KEY_TYPE_INCONSISTENT);
    expect(signInit(ck.CKM_ECDSA, edwardsPair(client).privateKey)).toBe(ck.CKR_KEY_TYPE_INCONSISTENT);
    expect(signInit(ck.CKM_SHA256_HMAC, aes(client))).toBe(ck.CKR_KEY_TYPE_INCONSISTENT);
    const sha1Key = secret(client, ck.CKK_SHA_1_HMAC, digest);
    expect(signInit(ck.CKM_SHA256_HMAC, sha1Key)).toBe(ck.CKR_KEY_TYPE_INCONSISTENT);
    expect(encryptInit(ck.CKM_AES_ECB, secret(client, ck.CKK_GENERIC_SECRET, digest))).toBe(
      ck.CKR_KEY_TYPE_INCONSISTENT,
    );
  });

  test('must be meant for the function', () => {
    const pair = ecPair(client, undefined, { [ck.CKA_SIGN]: false });
    expect(signInit(ck.CKM_ECDSA, pair.privateKey)).toBe(ck.CKR_KEY_FUNCTION_NOT_PERMITTED);
    const key = aes(client, digest, { [ck.CKA_ENCRYPT]: false });
    expect(encryptInit(ck.CKM_AES_ECB, key)).toBe(ck.CKR_KEY_FUNCTION_NOT_PERMITTED);
    expect(client.call('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_ECB), key }).rv).toBe(ck.CKR_OK);
  });

  test('may name the mechanisms that it allows', () => {
    const allowed = { [ck.CKA_ALLOWED_MECHANISMS]: ulongsValue([ck.CKM_ECDSA_SHA256, ck.CKM_ECDSA_SHA384]) };
    const { privateKey } = ecPair(client, undefined, allowed);
    expect(signInit(ck.CKM_ECDSA, privateKey)).toBe(ck.CKR_MECHANISM_INVALID);
    expect(signInit(ck.CKM_ECDSA_SHA256, privateKey)).toBe(ck.CKR_OK);
    client.session.endAll();
    expect(signInit(ck.CKM_ECDSA, privateKey)).toBe(ck.CKR_MECHANISM_INVALID);
    expect(signInit(ck.CKM_ECDSA_SHA384, privateKey)).toBe(ck.CKR_OK);
  });

  test('loses a use at once when its attribute changes', () => {
    const { privateKey } = ecPair(client);
    expect(signInit(ck.CKM_ECDSA, privateKey)).toBe(ck.CKR_OK);
    client.session.endAll();
    const object = client.object(privateKey);
    const changed = object.attributes.with([[ck.CKA_SIGN, Uint8Array.of(0)]]);
    client.token.objects.update(client.session, object, changed);
    expect(signInit(ck.CKM_ECDSA, privateKey)).toBe(ck.CKR_KEY_FUNCTION_NOT_PERMITTED);
  });

  test('must have a size that the mechanism takes', () => {
    const long = secret(client, ck.CKK_GENERIC_SECRET, new Uint8Array(1025));
    expect(signInit(ck.CKM_SHA256_HMAC, long)).toBe(ck.CKR_KEY_SIZE_RANGE);
    expect(signInit(ck.CKM_SHA256_HMAC, secret(client, ck.CKK_GENERIC_SECRET, new Uint8Array(1024)))).toBe(
      ck.CKR_OK,
    );
  });

  test('signs no more once its user has logged out', () => {
    const { privateKey } = ecPair(client);
    for (const next of ['none', 'so'] as const) {
      client.app.setLogin(client.token, 'user');
      expect(signInit(ck.CKM_ECDSA_SHA256, privateKey)).toBe(ck.CKR_OK);
      expect(client.call('C_SignUpdate', { part: span(digest) }).rv).toBe(ck.CKR_OK);
      client.app.setLogin(client.token, next);
      expect(client.call('C_SignUpdate', { part: span(digest) }).rv).toBe(ck.CKR_USER_NOT_LOGGED_IN);
      expect(client.session.operation(OperationKind.Sign)).toBeUndefined();
    }
  });

  test('with CKA_ALWAYS_AUTHENTICATE signs once for each login', () => {
    const { privateKey } = ecPair(client, undefined, {
      [ck.CKA_PRIVATE]: true,
      [ck.CKA_ALWAYS_AUTHENTICATE]: true,
    });
    expect(signInit(ck.CKM_ECDSA, privateKey)).toBe(ck.CKR_OK);
    expect(sign()).toBe(ck.CKR_USER_NOT_LOGGED_IN);
    expect(signInit(ck.CKM_ECDSA, privateKey)).toBe(ck.CKR_OK);
    const operation = client.session.operation(OperationKind.Sign);
    if (operation === undefined) throw new Error('no operation');
    expect(operation.needsAuthentication).toBe(true);
    operation.needsAuthentication = false;
    expect(sign()).toBe(ck.CKR_OK);
    expect(signInit(ck.CKM_ECDSA, privateKey)).toBe(ck.CKR_OK);
    expect(sign()).toBe(ck.CKR_USER_NOT_LOGGED_IN);
  });
});

describe('parameters', () => {
  const stray: MechanismParameter = { shape: 'bytes', bytes: span(bytes('stray')) };

  test('are refused where there are none', () => {
    const pair = ecPair(client);
    expect(signInit(ck.CKM_ECDSA, pair.privateKey, stray)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    expect(client.call('C_DigestInit', { mechanism: mechanism(ck.CKM_SHA256, stray) }).rv).toBe(
      ck.CKR_MECHANISM_PARAM_INVALID,
    );
    expect(encryptInit(ck.CKM_AES_ECB, aes(client), stray)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    const generate = {
      mechanism: mechanism(ck.CKM_AES_KEY_GEN, stray),
      template: template({ [ck.CKA_VALUE_LEN]: 16 }),
    };
    expect(client.call('C_GenerateKey', generate).rv).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    // A failed beginning leaves nothing behind.
    expect(signInit(ck.CKM_ECDSA, pair.privateKey)).toBe(ck.CKR_OK);
  });

  test('are demanded where there must be one', () => {
    const key = aes(client);
    for (const type of [ck.CKM_AES_CBC, ck.CKM_AES_CBC_PAD, ck.CKM_AES_CTR, ck.CKM_AES_GCM]) {
      expect(encryptInit(type, key)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    }
    expect(signInit(ck.CKM_SHA256_HMAC_GENERAL, secret(client, ck.CKK_GENERIC_SECRET, digest))).toBe(
      ck.CKR_MECHANISM_PARAM_INVALID,
    );
  });

  test('of CBC and of key wrapping have one length', () => {
    const key = aes(client);
    for (const length of [0, 15, 17]) {
      const parameter: MechanismParameter = { shape: 'bytes', bytes: span(new Uint8Array(length)) };
      expect(encryptInit(ck.CKM_AES_CBC, key, parameter)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
      expect(encryptInit(ck.CKM_AES_KEY_WRAP, key, parameter)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    }
  });

  test('of the counter', () => {
    const key = aes(client);
    for (const counterBits of [0, 129, -1]) {
      const parameter = { shape: 'ctr', counterBits, cb: span(new Uint8Array(16)) } as const;
      expect(encryptInit(ck.CKM_AES_CTR, key, parameter)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    }
  });

  test('of truncated MACs', () => {
    const key = secret(client, ck.CKK_GENERIC_SECRET, digest);
    for (const length of [0, 33, -1]) {
      expect(signInit(ck.CKM_SHA256_HMAC_GENERAL, key, { shape: 'ulong', value: length })).toBe(
        ck.CKR_MECHANISM_PARAM_INVALID,
      );
    }
  });

  test('of PSS belong to the mechanism and fit the modulus', () => {
    const { privateKey } = rsaPair(client);
    const good = { shape: 'pss', hashAlg: ck.CKM_SHA256, mgf: ck.CKG_MGF1_SHA256, sLen: 32 } as const;
    const wrong: (readonly [number, MechanismParameter])[] = [
      [ck.CKM_SHA256_RSA_PKCS_PSS, { ...good, hashAlg: ck.CKM_SHA384 }],
      [ck.CKM_SHA256_RSA_PKCS_PSS, { ...good, hashAlg: ck.CKM_MD5 }],
      [ck.CKM_SHA256_RSA_PKCS_PSS, { ...good, mgf: 99 }],
      [ck.CKM_SHA256_RSA_PKCS_PSS, { ...good, sLen: 256 - 2 - 32 + 1 }],
      [ck.CKM_SHA256_RSA_PKCS_PSS, { ...good, sLen: -1 }],
      [ck.CKM_RSA_PKCS_PSS, { ...good, hashAlg: 0 }],
    ];
    for (const [type, parameter] of wrong) {
      expect(signInit(type, privateKey, parameter)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    }
    expect(signInit(ck.CKM_SHA256_RSA_PKCS_PSS, privateKey, { ...good, sLen: 256 - 2 - 32 })).toBe(ck.CKR_OK);
    expect(sign()).toBe(ck.CKR_OK);
  });

  test('of OAEP', () => {
    const { publicKey } = rsaPair(client);
    const good = {
      shape: 'oaep',
      hashAlg: ck.CKM_SHA256,
      mgf: ck.CKG_MGF1_SHA256,
      source: ck.CKZ_DATA_SPECIFIED,
      sourceData: null,
    } as const;
    expect(encryptInit(ck.CKM_RSA_PKCS_OAEP, publicKey, { ...good, hashAlg: ck.CKM_MD5 })).toBe(
      ck.CKR_MECHANISM_PARAM_INVALID,
    );
    expect(encryptInit(ck.CKM_RSA_PKCS_OAEP, publicKey, { ...good, source: 2 })).toBe(
      ck.CKR_MECHANISM_PARAM_INVALID,
    );
    expect(encryptInit(ck.CKM_RSA_PKCS_OAEP, publicKey, { ...good, source: 0 })).toBe(ck.CKR_OK);
  });

  test('of EdDSA', () => {
    const { privateKey } = edwardsPair(client);
    const parameter = { shape: 'eddsa', phFlag: false, contextData: span(new Uint8Array(256)) } as const;
    expect(signInit(ck.CKM_EDDSA, privateKey, parameter)).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
  });
});

describe('C_DigestKey', () => {
  test('digests secrets that may be read, and no others', () => {
    const value = bytes('a readable secret');
    const key = secret(client, ck.CKK_GENERIC_SECRET, value);
    client.ok('C_DigestInit', { mechanism: mechanism(ck.CKM_SHA256) });
    client.ok('C_DigestUpdate', { part: span(bytes('before ')) });
    client.ok('C_DigestKey', { key });
    const inParts = client.ok('C_DigestFinal', { digest: room(32) }).bytes;
    client.ok('C_DigestInit', { mechanism: mechanism(ck.CKM_SHA256) });
    const whole = client.ok('C_Digest', { data: span(bytes('before a readable secret')), digest: room(32) });
    expect(inParts).toEqual(whole.bytes);
    const closed = [
      secret(client, ck.CKK_GENERIC_SECRET, value, { [ck.CKA_SENSITIVE]: true }),
      secret(client, ck.CKK_GENERIC_SECRET, value, { [ck.CKA_EXTRACTABLE]: false }),
      ecPair(client).privateKey,
    ];
    for (const each of closed) {
      client.ok('C_DigestInit', { mechanism: mechanism(ck.CKM_SHA256) });
      expect(client.call('C_DigestKey', { key: each }).rv).toBe(ck.CKR_KEY_INDIGESTIBLE);
      expect(client.session.operation(OperationKind.Digest)).toBeUndefined();
    }
  });
});

describe('the list of mechanisms', () => {
  test('is told by the convention', () => {
    const { first } = client.ok('C_GetMechanismList', {
      slot: 0,
      mechanisms: { present: false, capacity: 0 },
    });
    expect(client.call('C_GetMechanismList', { slot: 0, mechanisms: room(first - 1) })).toMatchObject({
      rv: ck.CKR_BUFFER_TOO_SMALL,
      first,
    });
    expect(client.ok('C_GetMechanismList', { slot: 0, mechanisms: room(first) }).second).toBe(
      ck.CKM_RSA_PKCS_KEY_PAIR_GEN,
    );
    expect(client.ok('C_GetMechanismInfo', { slot: 0, type: ck.CKM_AES_CBC })).toMatchObject({
      first: 16,
      second: 32,
    });
    expect(client.call('C_GetMechanismInfo', { slot: 0, type: ck.CKM_MD5 }).rv).toBe(
      ck.CKR_MECHANISM_INVALID,
    );
  });
});

describe('random bytes', () => {
  test('come as many as asked for', () => {
    expect(client.ok('C_GenerateRandom', { length: 0 }).first).toBe(0);
    const one = client.ok('C_GenerateRandom', { length: 4096 }).bytes;
    const other = client.ok('C_GenerateRandom', { length: 4096 }).bytes;
    expect(one.length).toBe(4096);
    expect(one).not.toEqual(other);
    expect(client.call('C_GenerateRandom', { length: -1 }).rv).toBe(ck.CKR_DEVICE_MEMORY);
    expect(client.call('C_GenerateRandom', { length: Number.MAX_SAFE_INTEGER }).rv).toBe(
      ck.CKR_DEVICE_MEMORY,
    );
    expect(client.call('C_SeedRandom', { seed: span(one) }).rv).toBe(ck.CKR_OK);
  });
});

describe('the audit record', () => {
  test('names mechanism and key of what was done, and asking for a length is not using a key', () => {
    const { privateKey } = ecPair(client);
    client.audited.length = 0;
    signInit(ck.CKM_ECDSA, privateKey);
    client.call('C_Sign', { data: span(digest), signature: { present: false, capacity: 0 } });
    expect(client.audited).toEqual([]);
    sign();
    expect(client.audited).toEqual([{ mechanism: ck.CKM_ECDSA, objectId: client.object(privateKey).id }]);
  });
});

test('nothing is left in the enclave when the session goes', () => {
  client.restart();
  const before = enclave.status();
  montgomeryPair(client);
  const { privateKey } = edwardsPair(client);
  expect(signInit(ck.CKM_EDDSA, privateKey)).toBe(ck.CKR_OK);
  client.call('C_SignUpdate', { part: span(digest) });
  client.restart();
  expect(enclave.status().keys).toBe(before.keys);
  expect(enclave.status().contexts).toBe(before.contexts);
});
