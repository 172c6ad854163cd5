/** Two operations on the same bytes (PKCS#11 3.2, 5.16), and the bound on what is kept of a message. */
import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { COLLECTED_MAX } from '../../../module/engine/mechanisms/signature.ts';
import { OperationKind } from '../../../module/engine/sessions/operation.ts';
import { Client, mechanism, NULL_ROOM, room, span } from './client.ts';
import { aes, edwardsPair, secret } from './keys.ts';

const client = new Client();
const value = new Uint8Array(32).fill(7);
const iv = new Uint8Array(16).fill(2);
const cbc = mechanism(ck.CKM_AES_CBC, { shape: 'bytes', bytes: span(iv) });
const sha256 = mechanism(ck.CKM_SHA256);
const hmac = mechanism(ck.CKM_SHA256_HMAC);
const plain = new Uint8Array(96).map((_, i) => i);
const parts = [plain.slice(0, 7), plain.slice(7, 40), plain.slice(40)];
const key = aes(client, value);
const mac = secret(client, ck.CKK_GENERIC_SECRET, value);

const joined = (pieces: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces));
const decipher = (cipher: Uint8Array) =>
  Uint8Array.from(createDecipheriv('aes-256-cbc', value, iv).setAutoPadding(false).update(cipher));

function encryptedBy(name: 'C_DigestEncryptUpdate' | 'C_SignEncryptUpdate'): Uint8Array {
  const pieces = parts.map((part) => client.ok(name, { part: span(part), encrypted: room(200) }).bytes);
  pieces.push(client.ok('C_EncryptFinal', { encrypted: room(200) }).bytes);
  return joined(pieces);
}

beforeEach(() => client.session.endAll());

describe('dual functions', () => {
  test('digest what they encrypt, and decrypt what they digest', () => {
    client.ok('C_DigestInit', { mechanism: sha256 });
    client.ok('C_EncryptInit', { mechanism: cbc, key });
    const cipher = encryptedBy('C_DigestEncryptUpdate');
    expect(decipher(cipher)).toEqual(plain);
    const expected = Uint8Array.from(createHash('sha256').update(plain).digest());
    expect(client.ok('C_DigestFinal', { digest: room(32) }).bytes).toEqual(expected);

    client.ok('C_DigestInit', { mechanism: sha256 });
    client.ok('C_DecryptInit', { mechanism: cbc, key });
    const pieces = [cipher.slice(0, 33), cipher.slice(33)].map(
      (part) => client.ok('C_DecryptDigestUpdate', { encrypted: span(part), part: room(200) }).bytes,
    );
    client.ok('C_DecryptFinal', { part: room(200) });
    expect(joined(pieces)).toEqual(plain);
    expect(client.ok('C_DigestFinal', { digest: room(32) }).bytes).toEqual(expected);
  });

  test('sign what they encrypt, and verify what they decrypt', () => {
    client.ok('C_SignInit', { mechanism: hmac, key: mac });
    client.ok('C_EncryptInit', { mechanism: cbc, key });
    const cipher = encryptedBy('C_SignEncryptUpdate');
    const signature = client.ok('C_SignFinal', { signature: room(32) }).bytes;
    expect(signature).toEqual(Uint8Array.from(createHmac('sha256', value).update(plain).digest()));

    client.ok('C_VerifyInit', { mechanism: hmac, key: mac });
    client.ok('C_DecryptInit', { mechanism: cbc, key });
    const { bytes } = client.ok('C_DecryptVerifyUpdate', { encrypted: span(cipher), part: room(200) });
    expect(bytes).toEqual(plain);
    expect(client.ok('C_VerifyFinal', { signature: span(signature) }).rv).toBe(ck.CKR_OK);
  });

  test('pass nothing on while no output is given', () => {
    client.ok('C_DigestInit', { mechanism: sha256 });
    client.ok('C_EncryptInit', { mechanism: cbc, key });
    const part = span(plain.slice(0, 32));
    expect(client.ok('C_DigestEncryptUpdate', { part, encrypted: NULL_ROOM }).first).toBe(32);
    expect(client.call('C_DigestEncryptUpdate', { part, encrypted: room(31) }).rv).toBe(
      ck.CKR_BUFFER_TOO_SMALL,
    );
    client.ok('C_DigestEncryptUpdate', { part, encrypted: room(32) });
    const expected = Uint8Array.from(createHash('sha256').update(plain.slice(0, 32)).digest());
    expect(client.ok('C_DigestFinal', { digest: room(32) }).bytes).toEqual(expected);
  });

  test('need both operations', () => {
    client.ok('C_EncryptInit', { mechanism: cbc, key });
    const call = { part: span(plain), encrypted: room(200) };
    expect(client.call('C_DigestEncryptUpdate', call).rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    expect(client.session.operation(OperationKind.Encrypt)).toBeDefined();
  });
});

test('a message that must be kept whole may have 16 MiB in parts, and no more', () => {
  const { privateKey } = edwardsPair(client);
  const part = span(new Uint8Array(COLLECTED_MAX / 2));
  client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_EDDSA), key: privateKey });
  client.ok('C_SignUpdate', { part });
  client.ok('C_SignUpdate', { part });
  expect(client.call('C_SignUpdate', { part: span(new Uint8Array(1)) }).rv).toBe(ck.CKR_DATA_LEN_RANGE);
  expect(client.call('C_SignFinal', { signature: room(64) }).rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
  client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_EDDSA), key: privateKey });
  client.ok('C_SignUpdate', { part });
  client.ok('C_SignUpdate', { part });
  expect(client.ok('C_SignFinal', { signature: room(64) }).first).toBe(64);
});
