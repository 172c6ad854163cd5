/** What operations keep of what they are given is charged to the application, and given back when they end, however they end. */
import { afterAll, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { Kept, Quotas } from '../../../module/engine/policy/quotas.ts';
import { Client, mechanism, room, span } from './client.ts';
import { ecPair, edwardsPair, rsaPair, secret } from './keys.ts';

const MOST = 100_000;
const wide = { perApplication: 1_000_000, total: 10_000_000 };
const quotas = new Quotas([wide, wide, wide, wide, { perApplication: MOST, total: 10 * MOST }]);
const client = new Client(quotas.account());
const LARGE = new Uint8Array(MOST);
const HALF = LARGE.subarray(0, MOST / 2);

const held = (kind: Kept) => client.app.account.held[kind];

/** What was refused has ended, and nothing of it is kept. */
function nothingIsKept(): void {
  client.session.endAll();
  expect(held(Kept.OperationBytes)).toBe(0);
  expect(held(Kept.Operations)).toBe(0);
}

afterAll(() => client.session.endAll());

test('associated data', () => {
  const key = secret(client, ck.CKK_AES, new Uint8Array(32));
  const begin = (aad: Uint8Array) => {
    const parameter = {
      shape: 'gcm',
      iv: span(new Uint8Array(12)),
      ivBits: 96,
      aad: span(aad),
      tagBits: 128,
    } as const;
    return client.call('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key }).rv;
  };
  expect(begin(LARGE)).toBe(ck.CKR_DEVICE_MEMORY);
  nothingIsKept();
  expect(begin(HALF)).toBe(ck.CKR_OK);
  expect(held(Kept.OperationBytes)).toBe(HALF.length + 12);
  nothingIsKept();
});

test("OAEP's label", () => {
  const { publicKey } = rsaPair(client);
  const begin = (label: Uint8Array) => {
    const parameter = {
      shape: 'oaep',
      hashAlg: ck.CKM_SHA256,
      mgf: ck.CKG_MGF1_SHA256,
      source: ck.CKZ_DATA_SPECIFIED,
      sourceData: span(label),
    } as const;
    return client.call('C_EncryptInit', {
      mechanism: mechanism(ck.CKM_RSA_PKCS_OAEP, parameter),
      key: publicKey,
    }).rv;
  };
  expect(begin(new Uint8Array(MOST + 1))).toBe(ck.CKR_DEVICE_MEMORY);
  nothingIsKept();
  expect(begin(HALF)).toBe(ck.CKR_OK);
  expect(held(Kept.OperationBytes)).toBe(HALF.length);
  nothingIsKept();
});

test('a signature that is given at the start', () => {
  const { publicKey: key } = ecPair(client);
  const begin = (signature: Uint8Array) =>
    client.call('C_VerifySignatureInit', {
      mechanism: mechanism(ck.CKM_ECDSA),
      key,
      signature: span(signature),
    }).rv;
  expect(begin(new Uint8Array(MOST + 1))).toBe(ck.CKR_DEVICE_MEMORY);
  nothingIsKept();
  expect(begin(HALF)).toBe(ck.CKR_OK);
  expect(held(Kept.OperationBytes)).toBe(HALF.length);
  expect(client.call('C_VerifySignature', { data: span(new Uint8Array(32)) }).rv).toBe(
    ck.CKR_SIGNATURE_LEN_RANGE,
  );
  expect(held(Kept.OperationBytes)).toBe(0);
  nothingIsKept();
});

test('messages for EdDSA', () => {
  const { privateKey: key } = edwardsPair(client);
  client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_EDDSA), key });
  client.ok('C_SignUpdate', { part: span(HALF) });
  expect(held(Kept.OperationBytes)).toBe(HALF.length);
  expect(client.call('C_SignUpdate', { part: span(LARGE) }).rv).toBe(ck.CKR_DEVICE_MEMORY);
  nothingIsKept();
  client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_EDDSA), key });
  client.ok('C_SignUpdate', { part: span(HALF) });
  client.ok('C_SignFinal', { signature: room(64) });
  expect(held(Kept.OperationBytes)).toBe(0);
  nothingIsKept();
});

test('ciphertext of AES-GCM until the tag has come', () => {
  const key = secret(client, ck.CKK_AES, new Uint8Array(32));
  const parameter = {
    shape: 'gcm',
    iv: span(new Uint8Array(12)),
    ivBits: 96,
    aad: null,
    tagBits: 128,
  } as const;
  client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key });
  client.ok('C_DecryptUpdate', { encrypted: span(HALF), part: room(MOST) });
  expect(held(Kept.OperationBytes)).toBe(HALF.length * 1.5 + 12);
  expect(client.call('C_DecryptUpdate', { encrypted: span(HALF), part: room(MOST) }).rv).toBe(
    ck.CKR_DEVICE_MEMORY,
  );
  nothingIsKept();
  // In one part nothing is kept.
  client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key });
  const { bytes } = client.ok('C_Encrypt', { data: span(LARGE), encrypted: room(2 * MOST) });
  client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key });
  expect(client.ok('C_Decrypt', { encrypted: span(bytes), data: room(2 * MOST) }).bytes).toEqual(LARGE);
  nothingIsKept();
});
