/** C_Verify and its kin while others call too: what takes long goes to the thread pool, and nobody can tell but by the clock. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { OperationKind } from '../../../module/engine/sessions/operation.ts';
import { Client, mechanism, room, span } from './client.ts';
import { curves, ecPair, edwardsPair, type Pair, rsaPair, secret } from './keys.ts';

const client = new Client();
const message = new Uint8Array(700).map((_, i) => i * 11);
/** Verifications that the pool has done. */
let jobs = 0;

beforeEach(() => {
  jobs = 0;
  client.inline = false;
  client.beforeResult = () => {
    jobs++;
    // A session may begin its next operation while its last one is with the pool: nothing of that is left here.
    expect(client.session.operation(OperationKind.Verify)).toBeUndefined();
  };
});
afterEach(() => {
  client.restart();
  client.inline = true;
  client.beforeResult = undefined;
});

function signed(type: number, key: number): Uint8Array {
  client.inline = true;
  client.ok('C_SignInit', { mechanism: mechanism(type), key });
  const { bytes } = client.ok('C_Sign', { data: span(message), signature: room(1024) });
  client.inline = false;
  return bytes;
}

/** The four ways of one verification. */
const ways: readonly ((type: number, key: number, signature: Uint8Array) => number)[] = [
  (type, key, signature) => {
    client.ok('C_VerifyInit', { mechanism: mechanism(type), key });
    return client.call('C_Verify', { data: span(message), signature: span(signature) }).rv;
  },
  (type, key, signature) => {
    client.ok('C_VerifyInit', { mechanism: mechanism(type), key });
    client.ok('C_VerifyUpdate', { part: span(message.slice(0, 99)) });
    client.ok('C_VerifyUpdate', { part: span(message.slice(99)) });
    return client.call('C_VerifyFinal', { signature: span(signature) }).rv;
  },
  (type, key, signature) => {
    client.ok('C_VerifySignatureInit', { mechanism: mechanism(type), key, signature: span(signature) });
    return client.call('C_VerifySignature', { data: span(message) }).rv;
  },
  (type, key, signature) => {
    client.ok('C_VerifySignatureInit', { mechanism: mechanism(type), key, signature: span(signature) });
    client.ok('C_VerifySignatureUpdate', { part: span(message) });
    return client.call('C_VerifySignatureFinal', {}).rv;
  },
];

const slow: readonly (readonly [string, number, () => Pair])[] = [
  ['P-256', ck.CKM_ECDSA_SHA256, () => ecPair(client)],
  ['P-384', ck.CKM_ECDSA_SHA384, () => ecPair(client, curves.p384)],
  ['P-521', ck.CKM_ECDSA_SHA512, () => ecPair(client, curves.p521)],
  ['secp256k1', ck.CKM_ECDSA_SHA256, () => ecPair(client, curves.k256)],
  ['Ed25519', ck.CKM_EDDSA, () => edwardsPair(client)],
];

describe.for(slow)('%s', ([, type, make]) => {
  test('good and bad signatures, in all four ways', () => {
    const pair = make();
    const signature = signed(type, pair.privateKey);
    const bad = signature.slice();
    bad[5] = (bad[5] ?? 0) ^ 4;
    for (const way of ways) {
      const before = jobs;
      expect(way(type, pair.publicKey, signature)).toBe(ck.CKR_OK);
      expect(way(type, pair.publicKey, bad)).toBe(ck.CKR_SIGNATURE_INVALID);
      expect(jobs).toBe(before + 2);
      expect(way(type, pair.publicKey, new Uint8Array(signature.length + 1))).toBe(
        ck.CKR_SIGNATURE_LEN_RANGE,
      );
      expect(jobs).toBe(before + 2);
      const { objectId } = client.audited.at(-1) ?? {};
      expect(client.audited.at(-1)?.mechanism).toBe(type);
      expect(objectId).toEqual(client.object(pair.publicKey).id);
    }
  });

  test('a verification under way outlives its key', () => {
    const pair = make();
    const signature = signed(type, pair.privateKey);
    client.beforeResult = () => {
      client.token.objects.destroy(client.session, client.object(pair.publicKey));
    };
    expect(ways[0]?.(type, pair.publicKey, signature)).toBe(ck.CKR_OK);
    expect(client.call('C_VerifyInit', { mechanism: mechanism(type), key: pair.publicKey }).rv).toBe(
      ck.CKR_KEY_HANDLE_INVALID,
    );
  });
});

test('one of 4096 bits is worth the way, one of 2048 is not', () => {
  for (const [bits, expected] of [
    [2048, 0],
    [4096, 4],
  ] as const) {
    client.inline = true;
    client.beforeResult = undefined;
    const pair = rsaPair(client, bits);
    const signature = signed(ck.CKM_SHA256_RSA_PKCS, pair.privateKey);
    client.beforeResult = () => jobs++;
    for (const way of ways) expect(way(ck.CKM_SHA256_RSA_PKCS, pair.publicKey, signature)).toBe(ck.CKR_OK);
    expect(jobs).toBe(expected);
  }
});

test('a long Ed25519 message is signed by the pool, in one part or many; a short one is not', () => {
  const pair = edwardsPair(client);
  const sign = (data: Uint8Array, parts: number): Uint8Array => {
    client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_EDDSA), key: pair.privateKey });
    if (parts === 1) return client.ok('C_Sign', { data: span(data), signature: room(64) }).bytes;
    const step = Math.ceil(data.length / parts);
    for (let at = 0; at < data.length; at += step)
      client.ok('C_SignUpdate', { part: span(data.slice(at, at + step)) });
    return client.ok('C_SignFinal', { signature: room(64) }).bytes;
  };
  client.beforeResult = () => jobs++;
  const point = client.object(pair.publicKey).attributes.bytes(ck.CKA_EC_POINT)?.slice(-32);
  if (point === undefined) throw new Error('the public key has no point');
  for (const [length, expected] of [
    [700, 0],
    [1 << 20, 1],
  ] as const) {
    const long = new Uint8Array(length).map((_, i) => i * 7);
    for (const parts of [1, 3]) {
      jobs = 0;
      const signature = sign(long, parts);
      expect(jobs).toBe(expected);
      expect(ed25519.verify(signature, long, point)).toBe(true);
    }
  }
});

test('MACs never wait', () => {
  const key = secret(client, ck.CKK_GENERIC_SECRET, new Uint8Array(32).fill(1));
  const mac = signed(ck.CKM_SHA256_HMAC, key);
  for (const way of ways) expect(way(ck.CKM_SHA256_HMAC, key, mac)).toBe(ck.CKR_OK);
  expect(jobs).toBe(0);
});

test('nothing waits while nobody else calls', () => {
  const pair = ecPair(client);
  const signature = signed(ck.CKM_ECDSA_SHA256, pair.privateKey);
  client.inline = true;
  for (const way of ways) expect(way(ck.CKM_ECDSA_SHA256, pair.publicKey, signature)).toBe(ck.CKR_OK);
  expect(jobs).toBe(0);
});
