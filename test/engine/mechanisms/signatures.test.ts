/** Every signature and MAC mechanism against an implementation that is not ours. */
import {
  createHmac,
  createPublicKey,
  type KeyObject,
  constants as node,
  publicDecrypt,
  verify,
} from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { MechanismParameter } from '../../../module/engine/values/arguments.ts';
import { bytes, Client, mechanism, NULL_ROOM, room, span } from './client.ts';
import { curves, ecPair, edwardsPair, type Pair, rsaPair, secret } from './keys.ts';

const client = new Client();
const message = new Uint8Array(1000).map((_, i) => i * 7);

let rsa: Pair;
let rsaPublic: KeyObject;

beforeAll(() => {
  rsa = rsaPair(client);
  rsaPublic = publicKeyOf(rsa);
});
afterAll(() => client.session.endAll());

/** The public key as others read it. */
function publicKeyOf(pair: Pair): KeyObject {
  const info = client.object(pair.publicKey).attributes.bytes(ck.CKA_PUBLIC_KEY_INFO);
  return createPublicKey({ key: Buffer.from(info ?? []), format: 'der', type: 'spki' });
}

function signed(type: number, key: number, data: Uint8Array, parameter?: MechanismParameter): Uint8Array {
  client.ok('C_SignInit', { mechanism: mechanism(type, parameter), key });
  return client.ok('C_Sign', { data: span(data), signature: room(1024) }).bytes;
}

function signedInParts(
  type: number,
  key: number,
  data: Uint8Array,
  parameter?: MechanismParameter,
): Uint8Array {
  client.ok('C_SignInit', { mechanism: mechanism(type, parameter), key });
  client.ok('C_SignUpdate', { part: span(data.slice(0, 13)) });
  client.ok('C_SignUpdate', { part: span(new Uint8Array(0)) });
  client.ok('C_SignUpdate', { part: span(data.slice(13)) });
  return client.ok('C_SignFinal', { signature: room(1024) }).bytes;
}

/** What C_Verify and, where there are parts, C_VerifyFinal and their 3.2 twins say; they must agree. */
function verdict(
  type: number,
  key: number,
  data: Uint8Array,
  signature: Uint8Array,
  parts: boolean,
  parameter?: MechanismParameter,
): number {
  const begin = { mechanism: mechanism(type, parameter), key };
  client.ok('C_VerifyInit', begin);
  const { rv } = client.call('C_Verify', { data: span(data), signature: span(signature) });
  client.ok('C_VerifySignatureInit', { ...begin, signature: span(signature) });
  expect(client.call('C_VerifySignature', { data: span(data) }).rv).toBe(rv);
  if (!parts) return rv;
  client.ok('C_VerifyInit', begin);
  client.ok('C_VerifyUpdate', { part: span(data.slice(0, 500)) });
  client.ok('C_VerifyUpdate', { part: span(data.slice(500)) });
  expect(client.call('C_VerifyFinal', { signature: span(signature) }).rv).toBe(rv);
  client.ok('C_VerifySignatureInit', { ...begin, signature: span(signature) });
  client.ok('C_VerifySignatureUpdate', { part: span(data) });
  expect(client.call('C_VerifySignatureFinal', {}).rv).toBe(rv);
  return rv;
}

/** Good as it is, bad with one bit changed in signature or message. */
function holds(
  type: number,
  key: number,
  data: Uint8Array,
  signature: Uint8Array,
  parts: boolean,
  parameter?: MechanismParameter,
): void {
  expect(verdict(type, key, data, signature, parts, parameter)).toBe(ck.CKR_OK);
  const changed = signature.slice();
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  expect(verdict(type, key, data, changed, parts, parameter)).toBe(ck.CKR_SIGNATURE_INVALID);
  const other = data.slice();
  other[0] = (other[0] ?? 0) ^ 1;
  expect(verdict(type, key, other, signature, parts, parameter)).toBe(ck.CKR_SIGNATURE_INVALID);
  const longer = new Uint8Array(signature.length + 1);
  expect(verdict(type, key, data, longer, parts, parameter)).toBe(ck.CKR_SIGNATURE_LEN_RANGE);
}

const rsaHashes = [
  ['sha1', ck.CKM_SHA1_RSA_PKCS, ck.CKM_SHA1_RSA_PKCS_PSS, ck.CKM_SHA_1, ck.CKG_MGF1_SHA1, 20],
  ['sha224', ck.CKM_SHA224_RSA_PKCS, ck.CKM_SHA224_RSA_PKCS_PSS, ck.CKM_SHA224, ck.CKG_MGF1_SHA224, 28],
  ['sha256', ck.CKM_SHA256_RSA_PKCS, ck.CKM_SHA256_RSA_PKCS_PSS, ck.CKM_SHA256, ck.CKG_MGF1_SHA256, 32],
  ['sha384', ck.CKM_SHA384_RSA_PKCS, ck.CKM_SHA384_RSA_PKCS_PSS, ck.CKM_SHA384, ck.CKG_MGF1_SHA384, 48],
  ['sha512', ck.CKM_SHA512_RSA_PKCS, ck.CKM_SHA512_RSA_PKCS_PSS, ck.CKM_SHA512, ck.CKG_MGF1_SHA512, 64],
  [
    'sha3-224',
    ck.CKM_SHA3_224_RSA_PKCS,
    ck.CKM_SHA3_224_RSA_PKCS_PSS,
    ck.CKM_SHA3_224,
    ck.CKG_MGF1_SHA3_224,
    28,
  ],
  [
    'sha3-256',
    ck.CKM_SHA3_256_RSA_PKCS,
    ck.CKM_SHA3_256_RSA_PKCS_PSS,
    ck.CKM_SHA3_256,
    ck.CKG_MGF1_SHA3_256,
    32,
  ],
  [
    'sha3-384',
    ck.CKM_SHA3_384_RSA_PKCS,
    ck.CKM_SHA3_384_RSA_PKCS_PSS,
    ck.CKM_SHA3_384,
    ck.CKG_MGF1_SHA3_384,
    48,
  ],
  [
    'sha3-512',
    ck.CKM_SHA3_512_RSA_PKCS,
    ck.CKM_SHA3_512_RSA_PKCS_PSS,
    ck.CKM_SHA3_512,
    ck.CKG_MGF1_SHA3_512,
    64,
  ],
] as const;

describe('RSA', () => {
  test.for(rsaHashes)('%s with PKCS #1 v1.5', ([hash, type]) => {
    const signature = signed(type, rsa.privateKey, message);
    expect(verify(hash, message, rsaPublic, signature)).toBe(true);
    expect(signedInParts(type, rsa.privateKey, message)).toEqual(signature);
    holds(type, rsa.publicKey, message, signature, true);
  });

  test.for(rsaHashes)('%s with PSS, on the thread pool', ([hash, , type, hashAlg, mgf, sLen]) => {
    client.inline = false;
    const parameter = { shape: 'pss', hashAlg, mgf, sLen } as const;
    const key = { key: rsaPublic, padding: node.RSA_PKCS1_PSS_PADDING, saltLength: sLen };
    const signature = signed(type, rsa.privateKey, message, parameter);
    expect(verify(hash, message, key, signature)).toBe(true);
    const inParts = signedInParts(type, rsa.privateKey, message, parameter);
    expect(verify(hash, message, key, inParts)).toBe(true);
    holds(type, rsa.publicKey, message, signature, true, parameter);
    client.inline = true;
  });

  test('PSS of a digest that the caller made, with another mask function than the hash', () => {
    const parameter = { shape: 'pss', hashAlg: ck.CKM_SHA256, mgf: ck.CKG_MGF1_SHA256, sLen: 10 } as const;
    const signature = signed(ck.CKM_RSA_PKCS_PSS, rsa.privateKey, sha256(message), parameter);
    const key = { key: rsaPublic, padding: node.RSA_PKCS1_PSS_PADDING, saltLength: 10 };
    expect(verify('sha256', message, key, signature)).toBe(true);
    holds(ck.CKM_RSA_PKCS_PSS, rsa.publicKey, sha256(message), signature, false, parameter);
    const mixed = { ...parameter, mgf: ck.CKG_MGF1_SHA1 };
    const other = signed(ck.CKM_RSA_PKCS_PSS, rsa.privateKey, sha256(message), mixed);
    expect(verdict(ck.CKM_RSA_PKCS_PSS, rsa.publicKey, sha256(message), other, false, mixed)).toBe(ck.CKR_OK);
    expect(verdict(ck.CKM_RSA_PKCS_PSS, rsa.publicKey, sha256(message), other, false, parameter)).toBe(
      ck.CKR_SIGNATURE_INVALID,
    );
    client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_RSA_PKCS_PSS, parameter), key: rsa.privateKey });
    expect(client.call('C_Sign', { data: span(message.slice(0, 31)), signature: room(256) }).rv).toBe(
      ck.CKR_DATA_LEN_RANGE,
    );
  });

  test('PKCS #1 v1.5 of short bytes, with recovery', () => {
    const data = bytes('a DigestInfo, or anything short');
    const signature = signed(ck.CKM_RSA_PKCS, rsa.privateKey, data);
    expect(new Uint8Array(publicDecrypt(rsaPublic, signature))).toEqual(data);
    holds(ck.CKM_RSA_PKCS, rsa.publicKey, data, signature, false);
    client.ok('C_SignRecoverInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: rsa.privateKey });
    expect(client.ok('C_SignRecover', { data: span(data), signature: room(256) }).bytes).toEqual(signature);
    client.ok('C_VerifyRecoverInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: rsa.publicKey });
    const recover = { signature: span(signature), data: room(data.length - 1) };
    expect(client.call('C_VerifyRecover', recover)).toMatchObject({
      rv: ck.CKR_BUFFER_TOO_SMALL,
      first: data.length,
    });
    expect(client.ok('C_VerifyRecover', { ...recover, data: room(256) }).bytes).toEqual(data);
    expect(client.call('C_VerifyRecover', recover).rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
  });

  test('a signature that is invalid is so whatever the room', () => {
    client.ok('C_VerifyRecoverInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: rsa.publicKey });
    const { rv } = client.call('C_VerifyRecover', { signature: span(new Uint8Array(256)), data: room(0) });
    expect(rv).toBe(ck.CKR_SIGNATURE_INVALID);
  });

  test('raw', () => {
    const data = Uint8Array.of(1, 2, 3);
    const signature = signed(ck.CKM_RSA_X_509, rsa.privateKey, data);
    const plain = publicDecrypt({ key: rsaPublic, padding: node.RSA_NO_PADDING }, signature);
    expect(new Uint8Array(plain)).toEqual(Uint8Array.of(...new Uint8Array(253), 1, 2, 3));
    expect(verdict(ck.CKM_RSA_X_509, rsa.publicKey, data, signature, false)).toBe(ck.CKR_OK);
    client.ok('C_VerifyRecoverInit', { mechanism: mechanism(ck.CKM_RSA_X_509), key: rsa.publicKey });
    const recovered = client.ok('C_VerifyRecover', { signature: span(signature), data: room(256) }).bytes;
    expect(recovered).toEqual(new Uint8Array(plain));
  });
});

const ecHashes = [
  ['sha1', ck.CKM_ECDSA_SHA1],
  ['sha224', ck.CKM_ECDSA_SHA224],
  ['sha256', ck.CKM_ECDSA_SHA256],
  ['sha384', ck.CKM_ECDSA_SHA384],
  ['sha512', ck.CKM_ECDSA_SHA512],
  ['sha3-224', ck.CKM_ECDSA_SHA3_224],
  ['sha3-256', ck.CKM_ECDSA_SHA3_256],
  ['sha3-384', ck.CKM_ECDSA_SHA3_384],
  ['sha3-512', ck.CKM_ECDSA_SHA3_512],
] as const;

describe('ECDSA', () => {
  const named = [
    ['p256', curves.p256, p256, 64],
    ['p384', curves.p384, p384, 96],
    ['p521', curves.p521, p521, 132],
    ['secp256k1', curves.k256, secp256k1, 64],
  ] as const;

  test.for(named)('%s, every hash', ([, params, noble, length]) => {
    const pair = ecPair(client, params);
    const key = { key: publicKeyOf(pair), dsaEncoding: 'ieee-p1363' } as const;
    for (const [hash, type] of ecHashes) {
      const signature = signed(type, pair.privateKey, message);
      expect(signature.length).toBe(length);
      expect(verify(hash, message, key, signature)).toBe(true);
      expect(verify(hash, message, key, signedInParts(type, pair.privateKey, message))).toBe(true);
      holds(type, pair.publicKey, message, signature, true);
    }
    const raw = signed(ck.CKM_ECDSA, pair.privateKey, sha256(message));
    holds(ck.CKM_ECDSA, pair.publicKey, sha256(message), raw, false);
    const point =
      client.object(pair.publicKey).attributes.bytes(ck.CKA_EC_POINT)?.slice() ?? new Uint8Array(0);
    const bare = point.slice(point.length - (1 + length));
    const options = { prehash: false, lowS: false, format: 'compact' } as const;
    expect(noble.verify(raw, sha256(message), bare, options)).toBe(true);
  });

  test('takes shorter signatures of two equal halves', () => {
    const pair = ecPair(client);
    // One signature in 2^16 has two leading zero bytes in both halves; a made-up one shows that lengths are understood.
    const short = new Uint8Array(62).fill(1);
    expect(verdict(ck.CKM_ECDSA, pair.publicKey, sha256(message), short, false)).toBe(
      ck.CKR_SIGNATURE_INVALID,
    );
    for (const length of [0, 63, 66]) {
      const wrong = new Uint8Array(length);
      expect(verdict(ck.CKM_ECDSA, pair.publicKey, sha256(message), wrong, false)).toBe(
        ck.CKR_SIGNATURE_LEN_RANGE,
      );
    }
  });

  test('a signature whose halves both begin with a zero byte verifies without them', () => {
    const point =
      '041bbe1b8368d2f9b54201e0bc164e7ea001bcdfebbc43680caf1a73aaaf62b712' +
      'add36b7cf1d9f7c08a3968d25defb50d0fa4e2dd4feaa11b29ec1480a7fce6e1';
    const r = 'a5ea4cce439f9b3b2dacbc65ff67c177cd1ad97b53ee82998693cb27919a67';
    const s = '8104813fea40e8a65198cfb758bd18e14b9b8efb219911fe683ab1424d9cb';
    const key = client.create({
      [ck.CKA_CLASS]: ck.CKO_PUBLIC_KEY,
      [ck.CKA_KEY_TYPE]: ck.CKK_EC,
      [ck.CKA_EC_PARAMS]: curves.p256,
      [ck.CKA_EC_POINT]: Uint8Array.from([0x04, 65, ...Buffer.from(point, 'hex')]),
      [ck.CKA_VERIFY]: true,
    });
    const data = bytes('short halves');
    for (const zeros of ['', '00']) {
      const signature = Uint8Array.from(Buffer.from(`${zeros}${r}${zeros}0${s}`, 'hex'));
      expect(verdict(ck.CKM_ECDSA_SHA256, key, data, signature, true)).toBe(ck.CKR_OK);
    }
  });
});

describe('EdDSA', () => {
  test('Ed25519 is what RFC 8032 says', () => {
    const pair = edwardsPair(client);
    const signature = signed(ck.CKM_EDDSA, pair.privateKey, message);
    const point =
      client.object(pair.publicKey).attributes.bytes(ck.CKA_EC_POINT)?.slice(-32) ?? new Uint8Array(0);
    expect(ed25519.verify(signature, message, point)).toBe(true);
    expect(signedInParts(ck.CKM_EDDSA, pair.privateKey, message)).toEqual(signature);
    holds(ck.CKM_EDDSA, pair.publicKey, message, signature, true);
    const empty = signed(ck.CKM_EDDSA, pair.privateKey, new Uint8Array(0));
    expect(ed25519.verify(empty, new Uint8Array(0), point)).toBe(true);
  });

  test('with a context, and prehashed', () => {
    const pair = edwardsPair(client);
    const context = bytes('of these tests');
    const plain = signed(ck.CKM_EDDSA, pair.privateKey, message);
    for (const phFlag of [false, true]) {
      const parameter = { shape: 'eddsa', phFlag, contextData: span(context) } as const;
      const signature = signed(ck.CKM_EDDSA, pair.privateKey, message, parameter);
      expect(signature).not.toEqual(plain);
      expect(signedInParts(ck.CKM_EDDSA, pair.privateKey, message, parameter)).toEqual(signature);
      holds(ck.CKM_EDDSA, pair.publicKey, message, signature, true, parameter);
      expect(verdict(ck.CKM_EDDSA, pair.publicKey, message, signature, true)).toBe(ck.CKR_SIGNATURE_INVALID);
    }
    const prehashed = { shape: 'eddsa', phFlag: true, contextData: null } as const;
    expect(signed(ck.CKM_EDDSA, pair.privateKey, message, prehashed)).not.toEqual(plain);
  });

  test('Ed25519ctx without a context is not taken for Ed25519', () => {
    const pair = edwardsPair(client);
    for (const contextData of [null, span(new Uint8Array(0))]) {
      const none = mechanism(ck.CKM_EDDSA, { shape: 'eddsa', phFlag: false, contextData });
      expect(client.call('C_SignInit', { mechanism: none, key: pair.privateKey }).rv).toBe(
        ck.CKR_MECHANISM_PARAM_INVALID,
      );
      expect(client.call('C_VerifyInit', { mechanism: none, key: pair.publicKey }).rv).toBe(
        ck.CKR_MECHANISM_PARAM_INVALID,
      );
    }
  });
});

describe('HMAC', () => {
  const kinds = [
    ['sha1', ck.CKM_SHA_1_HMAC, ck.CKM_SHA_1_HMAC_GENERAL, ck.CKK_SHA_1_HMAC],
    ['sha224', ck.CKM_SHA224_HMAC, ck.CKM_SHA224_HMAC_GENERAL, ck.CKK_SHA224_HMAC],
    ['sha256', ck.CKM_SHA256_HMAC, ck.CKM_SHA256_HMAC_GENERAL, ck.CKK_SHA256_HMAC],
    ['sha384', ck.CKM_SHA384_HMAC, ck.CKM_SHA384_HMAC_GENERAL, ck.CKK_SHA384_HMAC],
    ['sha512', ck.CKM_SHA512_HMAC, ck.CKM_SHA512_HMAC_GENERAL, ck.CKK_SHA512_HMAC],
    ['sha512-224', ck.CKM_SHA512_224_HMAC, ck.CKM_SHA512_224_HMAC_GENERAL, ck.CKK_SHA512_224_HMAC],
    ['sha512-256', ck.CKM_SHA512_256_HMAC, ck.CKM_SHA512_256_HMAC_GENERAL, ck.CKK_SHA512_256_HMAC],
    ['sha3-224', ck.CKM_SHA3_224_HMAC, ck.CKM_SHA3_224_HMAC_GENERAL, ck.CKK_SHA3_224_HMAC],
    ['sha3-256', ck.CKM_SHA3_256_HMAC, ck.CKM_SHA3_256_HMAC_GENERAL, ck.CKK_SHA3_256_HMAC],
    ['sha3-384', ck.CKM_SHA3_384_HMAC, ck.CKM_SHA3_384_HMAC_GENERAL, ck.CKK_SHA3_384_HMAC],
    ['sha3-512', ck.CKM_SHA3_512_HMAC, ck.CKM_SHA3_512_HMAC_GENERAL, ck.CKK_SHA3_512_HMAC],
  ] as const;

  test.for(kinds)('%s', ([hash, type, general, ownType]) => {
    const value = new Uint8Array(40).fill(9);
    const expected = new Uint8Array(createHmac(hash, value).update(message).digest());
    for (const keyType of [ck.CKK_GENERIC_SECRET, ownType]) {
      const key = secret(client, keyType, value);
      expect(signed(type, key, message)).toEqual(expected);
      expect(signedInParts(type, key, message)).toEqual(expected);
      holds(type, key, message, expected, true);
      const cut = { shape: 'ulong', value: 10 } as const;
      expect(signed(general, key, message, cut)).toEqual(expected.slice(0, 10));
      expect(signedInParts(general, key, message, cut)).toEqual(expected.slice(0, 10));
      holds(general, key, message, expected.slice(0, 10), true, cut);
    }
  });
});

test('asking for the length changes nothing', () => {
  const pair = ecPair(client);
  client.ok('C_SignInit', { mechanism: mechanism(ck.CKM_ECDSA_SHA256), key: pair.privateKey });
  expect(client.ok('C_Sign', { data: span(message), signature: NULL_ROOM }).first).toBe(64);
  expect(client.call('C_Sign', { data: span(message), signature: room(63) })).toMatchObject({
    rv: ck.CKR_BUFFER_TOO_SMALL,
    first: 64,
  });
  const signature = client.ok('C_Sign', { data: span(message), signature: room(64) }).bytes;
  expect(verdict(ck.CKM_ECDSA_SHA256, pair.publicKey, message, signature, true)).toBe(ck.CKR_OK);
});
