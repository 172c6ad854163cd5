/** Keys on slow curves are made and agreed upon by the thread pool while others call; on quick curves they never wait. */
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import { Client, mechanism, span, template } from './client.ts';
import { curves, ecPair, edwardsPair, montgomeryPair, secretOf } from './keys.ts';

const client = new Client();
let jobs = 0;

beforeEach(() => {
  jobs = 0;
  client.inline = false;
  client.beforeResult = () => {
    jobs++;
  };
});
afterEach(() => {
  client.restart();
  client.inline = true;
  client.beforeResult = undefined;
});

function derive(baseKey: number, publicData: Uint8Array) {
  return client.call('C_DeriveKey', {
    mechanism: mechanism(ck.CKM_ECDH1_DERIVE, {
      shape: 'ecdh1',
      kdf: ck.CKD_NULL,
      sharedData: null,
      publicData: span(publicData),
    }),
    baseKey,
    template: template({
      [ck.CKA_KEY_TYPE]: ck.CKK_GENERIC_SECRET,
      [ck.CKA_SENSITIVE]: false,
      [ck.CKA_EXTRACTABLE]: true,
    }),
  });
}

const all = [
  ['P-256', curves.p256, p256, 0],
  ['secp256k1', curves.k256, secp256k1, 1],
  ['P-384', curves.p384, p384, 1],
  ['P-521', curves.p521, p521, 1],
] as const;

describe.each(all)('%s', (_name, params, curve, expected) => {
  const theirs = curve.utils.randomSecretKey();
  const theirPoint = curve.getPublicKey(theirs, false);

  test('a key pair', () => {
    const pair = ecPair(client, params);
    expect(jobs).toBe(expected);
    const point = client.object(pair.publicKey).attributes.bytes(ck.CKA_EC_POINT);
    expect(() => curve.Point.fromBytes(point?.slice(-theirPoint.length) ?? theirPoint)).not.toThrow();
    const { mechanism: named, objectId } = client.audited.at(-1) ?? {};
    expect(named).toBe(ck.CKM_EC_KEY_PAIR_GEN);
    expect(objectId).toEqual(client.object(pair.privateKey).id);
  });

  test('an agreement, whose base key may go meanwhile', () => {
    const pair = ecPair(client, params);
    const point = client.object(pair.publicKey).attributes.bytes(ck.CKA_EC_POINT)?.slice(-theirPoint.length);
    const shared = curve.getSharedSecret(theirs, point ?? theirPoint).slice(1);
    jobs = 0;
    client.beforeResult = () => {
      jobs++;
      client.token.objects.destroy(client.session, client.object(pair.privateKey));
    };
    const { rv, first } = derive(pair.privateKey, theirPoint);
    expect([rv, jobs]).toEqual([ck.CKR_OK, expected]);
    expect(secretOf(client, first)).toEqual(shared);
  });

  test('a point that is not on the curve', () => {
    const pair = ecPair(client, params);
    jobs = 0;
    const nowhere = theirPoint.slice();
    nowhere[9] = (nowhere[9] ?? 0) ^ 1;
    expect(derive(pair.privateKey, nowhere).rv).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    expect(jobs).toBe(0);
  });
});

test('Ed25519 and X25519 never wait', () => {
  edwardsPair(client);
  montgomeryPair(client);
  expect(jobs).toBe(0);
});
