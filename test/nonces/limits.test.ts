/** Limits of uses: where they are, who may set them, and what copies have of them. */
import { describe, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { ulongValue } from '../../module/engine/objects/attribute-set.ts';
import { Client, mechanism, room, span } from '../engine/mechanisms/client.ts';
import { aes, ecPair, secret } from '../engine/mechanisms/keys.ts';

const client = new Client();
const DATA = new Uint8Array(100);
const REFUSED = ck.CKR_KEY_FUNCTION_NOT_PERMITTED;

function ulong(object: number, type: number): number {
  const { all } = client.ok('C_GetAttributeValue', {
    object,
    template: [{ type, present: true, capacity: 8 }],
  });
  return Number(new DataView(all.buffer, 16).getBigInt64(0, true));
}

function encrypt(key: number, data = DATA): number {
  const parameter = {
    shape: 'gcm',
    iv: span(new Uint8Array(12)),
    ivBits: 0,
    aad: null,
    tagBits: 128,
  } as const;
  const begun = client.call('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key });
  if (begun.rv !== ck.CKR_OK) return begun.rv;
  return client.call('C_Encrypt', { data: span(data), encrypted: room(data.length + 16) }).rv;
}

function sign(key: number, type: number = ck.CKM_SHA256_HMAC): number {
  client.ok('C_SignInit', { mechanism: mechanism(type), key });
  return client.call('C_Sign', { data: span(DATA.subarray(0, 32)), signature: room(512) }).rv;
}

const set = (object: number, type: number, value: number): number =>
  client.call('C_SetAttributeValue', { object, template: [{ type, value: span(ulongValue(value)) }] }).rv;

describe('a limit', () => {
  test.each([0, 1, 2, 7])('of %i encryptions allows so many', (limit) => {
    const key = aes(client, undefined, { [ck.CKA_STRONGROOM_GCM_LIMIT]: limit });
    for (let i = 0; i < limit; i++) expect(encrypt(key)).toBe(ck.CKR_OK);
    for (let i = 0; i < 3; i++) expect(encrypt(key)).toBe(REFUSED);
    expect(ulong(key, ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBe(limit);
    expect(ulong(key, ck.CKA_STRONGROOM_GCM_LIMIT)).toBe(limit);
  });

  test('is not passed by wrapping, nor by parts', () => {
    const key = aes(client, undefined, { [ck.CKA_STRONGROOM_GCM_LIMIT]: 2 });
    const parameter = {
      shape: 'gcm',
      iv: span(new Uint8Array(12)),
      ivBits: 0,
      aad: null,
      tagBits: 128,
    } as const;
    const how = mechanism(ck.CKM_AES_GCM, parameter);
    const target = aes(client);
    const wrap = () =>
      client.call('C_WrapKey', { mechanism: how, wrappingKey: key, key: target, wrapped: room(100) }).rv;
    const parts = (): number => {
      client.ok('C_EncryptInit', { mechanism: how, key });
      const first = client.call('C_EncryptUpdate', { part: span(DATA), encrypted: room(200) }).rv;
      return first === ck.CKR_OK ? client.call('C_EncryptFinal', { encrypted: room(200) }).rv : first;
    };
    expect(wrap()).toBe(ck.CKR_OK);
    expect(parts()).toBe(ck.CKR_OK);
    expect([wrap(), parts(), encrypt(key)]).toEqual([REFUSED, REFUSED, REFUSED]);
  });

  test('of uses counts every operation, of every kind', () => {
    const key = aes(client, undefined, { [ck.CKA_STRONGROOM_USE_LIMIT]: 3 });
    const cbc = mechanism(ck.CKM_AES_CBC, { shape: 'bytes', bytes: span(new Uint8Array(16)) });
    client.ok('C_EncryptInit', { mechanism: cbc, key });
    client.ok('C_Encrypt', { data: span(new Uint8Array(16)), encrypted: room(16) });
    client.ok('C_DecryptInit', { mechanism: cbc, key });
    client.ok('C_Decrypt', { encrypted: span(new Uint8Array(16)), data: room(16) });
    expect(encrypt(key)).toBe(ck.CKR_OK);
    expect(encrypt(key)).toBe(REFUSED);
    expect(ulong(key, ck.CKA_STRONGROOM_USES)).toBe(3);
    const { privateKey } = ecPair(client, undefined, { [ck.CKA_STRONGROOM_USE_LIMIT]: 1 });
    expect([sign(privateKey, ck.CKM_ECDSA), sign(privateKey, ck.CKM_ECDSA)]).toEqual([ck.CKR_OK, REFUSED]);
  });

  test('of bytes counts them over all parts', () => {
    const key = secret(client, ck.CKK_GENERIC_SECRET, DATA, { [ck.CKA_STRONGROOM_BYTE_LIMIT]: 250 });
    client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_SHA256_HMAC), key });
    client.ok('C_SignUpdate', { part: span(DATA) });
    client.ok('C_SignUpdate', { part: span(DATA) });
    expect(client.call('C_SignUpdate', { part: span(DATA) }).rv).toBe(REFUSED);
    expect(client.call('C_SignFinal', { signature: room(32) }).rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    expect(ulong(key, ck.CKA_STRONGROOM_BYTES)).toBe(200);
    expect(sign(key)).toBe(ck.CKR_OK);
    expect(sign(key)).toBe(REFUSED);
  });

  test('is only lowered', () => {
    const key = aes(client);
    for (const type of [ck.CKA_STRONGROOM_USE_LIMIT, ck.CKA_STRONGROOM_BYTE_LIMIT]) {
      expect(ulong(key, type)).toBe(-1);
      expect(set(key, type, 1000)).toBe(ck.CKR_OK);
      expect(set(key, type, 1001)).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
      expect(set(key, type, -1)).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
      expect(set(key, type, 1000)).toBe(ck.CKR_OK);
      expect(set(key, type, 999)).toBe(ck.CKR_OK);
    }
    expect(ulong(key, ck.CKA_STRONGROOM_GCM_LIMIT)).toBe(2 ** 31);
    // More than the configuration allows is not more.
    expect(set(key, ck.CKA_STRONGROOM_GCM_LIMIT, 2 ** 52)).toBe(ck.CKR_OK);
    expect(ulong(key, ck.CKA_STRONGROOM_GCM_LIMIT)).toBe(2 ** 31);
    for (let i = 0; i < 5; i++) expect(encrypt(key)).toBe(ck.CKR_OK);
    expect(set(key, ck.CKA_STRONGROOM_GCM_LIMIT, 5)).toBe(ck.CKR_OK);
    expect(encrypt(key)).toBe(REFUSED);
    for (const type of [ck.CKA_STRONGROOM_USES, ck.CKA_STRONGROOM_BYTES, ck.CKA_STRONGROOM_GCM_INVOCATIONS])
      expect(set(key, type, 0)).toBe(ck.CKR_ATTRIBUTE_READ_ONLY);
  });

  test('that a key was given keeps it from being copied', () => {
    for (const type of [
      ck.CKA_STRONGROOM_USE_LIMIT,
      ck.CKA_STRONGROOM_BYTE_LIMIT,
      ck.CKA_STRONGROOM_GCM_LIMIT,
    ]) {
      const key = aes(client, undefined, { [type]: 10 });
      expect(client.call('C_CopyObject', { object: key, template: [] }).rv).toBe(ck.CKR_ACTION_PROHIBITED);
    }
  });

  test('is announced once at each threshold', () => {
    const key = aes(client, undefined, { [ck.CKA_STRONGROOM_GCM_LIMIT]: 200 });
    client.notices.splice(0);
    const heard: (readonly [number, string])[] = [];
    for (let i = 1; i <= 205; i++) {
      encrypt(key);
      for (const notice of client.notices.splice(0)) heard.push([i, notice]);
    }
    const what = 'encryptions with AES-GCM';
    expect(heard).toEqual([
      [101, `50 % of ${what}`],
      [151, `75 % of ${what}`],
      [181, `90 % of ${what}`],
      [191, `95 % of ${what}`],
      [199, `99 % of ${what}`],
    ]);
  });
});
