/** Every call of the service Keys with fields that are missing, wrong, too long, or of a later protocol: which is to blame is said, and nothing breaks. */
import { generateKeyPairSync } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ComputeMacRequest,
  DecryptRequest,
  DeriveAlgorithm,
  DeriveKeyRequest,
  CipherAlgorithm as E,
  EncryptRequest,
  GenerateKeyRequest,
  ImportKeyRequest,
  KeyAlgorithm as K,
  KeysClient,
  MacAlgorithm as M,
  SignatureAlgorithm as S,
  SignRequest,
  KeyUsage as U,
  UnwrapKeyRequest,
  VerifyMacRequest,
  VerifyRequest,
  WrapAlgorithm as W,
  WrapKeyRequest,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { ask, refused, type Told } from './support/local-door.ts';
import { bytes, named, nothing, userPin, World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.make();
  await world.generate('ec', K.KEY_ALGORITHM_EC_P256);
  await world.generate('aes', K.KEY_ALGORITHM_AES_256);
  await world.generate('rsa', K.KEY_ALGORITHM_RSA_2048);
  await world.generate('twice', K.KEY_ALGORITHM_AES_128);
  await world.generate('twice', K.KEY_ALGORITHM_AES_128);
});
afterAll(async () => {
  // None of this may have looked like a bug of ours.
  expect(world.door.log).toEqual([]);
  await world.close();
});

const LATER = 99 as never;
const ec = named('ec');
const data = { $case: 'data', value: bytes('data') } as const;
const ecdsa = S.SIGNATURE_ALGORITHM_ECDSA_SHA256;
const gcm = E.CIPHER_ALGORITHM_AES_GCM;
const hmac = M.MAC_ALGORITHM_HMAC_SHA256;
const spec = { label: 'new', algorithm: K.KEY_ALGORITHM_AES_256 };
const long = 'x'.repeat(5000);
const peer = generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' });

type Case = readonly [what: string, field: string, call: (keys: KeysClient) => Promise<unknown>];

const sign = (change: object) => (keys: KeysClient) =>
  ask(keys, keys.sign, SignRequest.fromPartial({ key: ec, algorithm: ecdsa, input: data, ...change }));
const verify = (change: object) => (keys: KeysClient) =>
  ask(
    keys,
    keys.verify,
    VerifyRequest.fromPartial({ key: ec, algorithm: ecdsa, input: data, signature: bytes('s'), ...change }),
  );
const encrypt = (change: object) => (keys: KeysClient) =>
  ask(keys, keys.encrypt, EncryptRequest.fromPartial({ key: named('aes'), algorithm: gcm, ...change }));
const decrypt = (change: object) => (keys: KeysClient) =>
  ask(
    keys,
    keys.decrypt,
    DecryptRequest.fromPartial({ key: named('aes'), algorithm: gcm, iv: bytes('123456789012'), ...change }),
  );
const mac = (change: object) => (keys: KeysClient) =>
  ask(
    keys,
    keys.computeMac,
    ComputeMacRequest.fromPartial({ key: named('aes'), algorithm: hmac, ...change }),
  );
const generate =
  (change: object, idempotencyKey = '') =>
  (keys: KeysClient) =>
    ask(
      keys,
      keys.generateKey,
      GenerateKeyRequest.fromPartial({ spec: { ...spec, ...change }, idempotencyKey }),
    );
const bring = (change: object, material?: object) => (keys: KeysClient) =>
  ask(
    keys,
    keys.importKey,
    ImportKeyRequest.fromPartial({ spec: { ...spec, ...change }, material } as never),
  );
const derive = (change: object) => (keys: KeysClient) =>
  ask(
    keys,
    keys.deriveKey,
    DeriveKeyRequest.fromPartial({
      baseKey: ec,
      algorithm: DeriveAlgorithm.DERIVE_ALGORITHM_ECDH,
      peerPublicKey: bytes('no DER'),
      spec,
      ...change,
    }),
  );
const unwrap = (change: object) => (keys: KeysClient) =>
  ask(
    keys,
    keys.unwrapKey,
    UnwrapKeyRequest.fromPartial({
      unwrappingKey: named('aes'),
      algorithm: W.WRAP_ALGORITHM_AES_KEY_WRAP,
      wrapped: new Uint8Array(40),
      spec,
      ...change,
    }),
  );
const wrap = (change: object) => (keys: KeysClient) =>
  ask(
    keys,
    keys.wrapKey,
    WrapKeyRequest.fromPartial({
      wrappingKey: named('aes'),
      algorithm: W.WRAP_ALGORITHM_AES_KEY_WRAP,
      key: named('aes'),
      ...change,
    }),
  );

const invalid: readonly Case[] = [
  ['a login without a PIN', 'pin', (keys) => ask(keys, keys.login, { token: 'web', pin: nothing })],
  [
    'a token’s label that is too long',
    'token',
    (keys) => ask(keys, keys.login, { token: long, pin: bytes('1') }),
  ],
  ['no spec', 'spec', (keys) => ask(keys, keys.generateKey, { spec: undefined, idempotencyKey: '' })],
  ['no algorithm', 'spec.algorithm', generate({ algorithm: 0 })],
  ['a later algorithm', 'spec.algorithm', generate({ algorithm: LATER })],
  ['a length that the algorithm says', 'spec.bits', generate({ bits: 128 })],
  ['odd bits', 'spec.bits', generate({ algorithm: K.KEY_ALGORITHM_GENERIC_SECRET, bits: 129 })],
  ['too many bits', 'spec.bits', generate({ algorithm: K.KEY_ALGORITHM_GENERIC_SECRET, bits: 80_000 })],
  ['no usage', 'spec.usages', generate({ usages: [U.KEY_USAGE_UNSPECIFIED] })],
  ['a usage of another kind', 'spec.usages', generate({ usages: [U.KEY_USAGE_SIGN] })],
  ['a later usage', 'spec.usages', generate({ usages: [LATER] })],
  ['a label that is too long', 'spec.label', generate({ label: long })],
  ['an id that is too long', 'spec.id', generate({ id: bytes(long) })],
  ['an idempotency key that is too long', 'idempotency_key', generate({}, long)],
  ['no material', 'secret', bring({})],
  ['a secret that is too short', 'secret', bring({}, { $case: 'secret', value: bytes('short') })],
  ['a secret that is empty', 'secret', bring({}, { $case: 'secret', value: nothing })],
  [
    'a secret for a pair',
    'spec.algorithm',
    bring({ algorithm: K.KEY_ALGORITHM_EC_P256 }, { $case: 'secret', value: bytes('x') }),
  ],
  ['a private key that is none', 'pkcs8', bring({}, { $case: 'pkcs8', value: bytes('no DER') })],
  ['an empty private key', 'pkcs8', bring({}, { $case: 'pkcs8', value: nothing })],
  ['a public key that is none', 'public_key', bring({}, { $case: 'publicKey', value: bytes('0\u0003') })],
  ['no key', 'key', sign({ key: undefined })],
  ['a key without a name', 'key', sign({ key: named('') })],
  ['a label that is too long to be one', 'key.label', sign({ key: named(long) })],
  ['a URI beside a label', 'key.uri', sign({ key: { ...ec, uri: 'pkcs11:object=ec' } })],
  ['a URI that is none', 'key.uri', sign({ key: { uri: 'http://example.test' } })],
  ['a URI with a PIN', 'key.uri', sign({ key: { uri: 'pkcs11:object=ec?pin-value=1234' } })],
  ['a URI of a certificate', 'key.uri', sign({ key: { uri: 'pkcs11:object=ec;type=cert' } })],
  ['a URI without a key', 'key.uri', sign({ key: { uri: 'pkcs11:token=web' } })],
  ['a URI that says something twice', 'key.uri', sign({ key: { uri: 'pkcs11:object=ec;object=ec' } })],
  ['no algorithm to sign with', 'algorithm', sign({ algorithm: 0 })],
  ['a later algorithm to sign with', 'algorithm', sign({ algorithm: LATER })],
  ['an algorithm of another key', 'algorithm', sign({ algorithm: S.SIGNATURE_ALGORITHM_EDDSA })],
  ['a later format', 'format', sign({ format: LATER })],
  ['a format for RSA', 'format', sign({ algorithm: S.SIGNATURE_ALGORITHM_RSA_PSS_SHA256, format: 1 })],
  ['nothing to sign', 'data', sign({ input: undefined })],
  ['a digest of the wrong length', 'digest', sign({ input: { $case: 'digest', value: bytes('short') } })],
  [
    'a digest for EdDSA',
    'digest',
    sign({ algorithm: S.SIGNATURE_ALGORITHM_EDDSA, input: { $case: 'digest', value: new Uint8Array(32) } }),
  ],
  ['no signature', 'signature', verify({ signature: nothing })],
  ['no algorithm to verify with', 'algorithm', verify({ algorithm: 0 })],
  ['nothing to verify', 'data', verify({ input: undefined })],
  ['no algorithm to encrypt with', 'algorithm', encrypt({ algorithm: 0 })],
  ['a vector that is too short', 'iv', encrypt({ iv: bytes('1') })],
  ['a vector that is too long', 'iv', encrypt({ iv: bytes(long) })],
  ['a vector for RSA', 'iv', encrypt({ algorithm: E.CIPHER_ALGORITHM_RSA_OAEP_SHA256, iv: bytes('1') })],
  ['other data for CBC', 'aad', encrypt({ algorithm: E.CIPHER_ALGORITHM_AES_CBC_PAD, aad: bytes('1') })],
  ['no vector to decrypt with', 'iv', decrypt({ iv: nothing })],
  ['a ciphertext that was changed', 'ciphertext', decrypt({ ciphertext: new Uint8Array(40) })],
  ['a ciphertext that is empty', 'ciphertext', decrypt({ ciphertext: nothing })],
  ['no algorithm for a MAC', 'algorithm', mac({ algorithm: 0 })],
  ['a MAC with a key of another kind', 'algorithm', mac({})],
  [
    'no MAC',
    'mac',
    (keys) => ask(keys, keys.verifyMac, VerifyMacRequest.fromPartial({ key: named('aes'), algorithm: hmac })),
  ],
  ['no algorithm to wrap with', 'algorithm', wrap({ algorithm: 0 })],
  ['no wrapping key', 'wrapping_key', wrap({ wrappingKey: undefined })],
  ['no key to wrap', 'key', wrap({ key: undefined })],
  ['no unwrapping key', 'unwrapping_key', unwrap({ unwrappingKey: undefined })],
  ['nothing to unwrap', 'wrapped', unwrap({ wrapped: nothing })],
  ['too much to unwrap', 'wrapped', unwrap({ wrapped: new Uint8Array(100_000) })],
  ['another token to unwrap to', 'spec.token', unwrap({ spec: { ...spec, token: 'other' } })],
  ['no base key', 'base_key', derive({ baseKey: undefined, peerPublicKey: peer })],
  ['a peer that is no key', 'peer_public_key', derive({})],
  ['no algorithm to derive with', 'algorithm', derive({ algorithm: 0 })],
  ['a page of another list', 'page_token', (keys) => list(keys, 'AAAAAAAAAAAAAAAA.0')],
  ['a page token that is none', 'page_token', (keys) => list(keys, 'nonsense')],
  ['no length', 'length', (keys) => ask(keys, keys.generateRandom, { token: '', length: 0 })],
  [
    'too great a length',
    'length',
    (keys) => ask(keys, keys.generateRandom, { token: '', length: 0xffff_ffff }),
  ],
];

const list = (keys: KeysClient, pageToken: string) =>
  ask(keys, keys.listKeys, { token: '', label: '', pageSize: 0, pageToken });

describe('what is wrong', () => {
  it.each(invalid)('%s: %s', async (_what, field, call) => {
    const { code, fields } = await refused(call(world.keys));
    expect(fields).toEqual([field]);
    expect(code).toBe(status.INVALID_ARGUMENT);
  });

  it('a wrong PIN is the PIN’s fault, and is not shown again', async () => {
    const keys = world.door.client(KeysClient);
    const request = { token: 'web', pin: bytes('not the PIN') };
    expect(await refused(ask(keys, keys.login, request))).toMatchObject({
      code: status.UNAUTHENTICATED,
      reason: 'CKR_PIN_INCORRECT',
      fields: ['pin'],
    });
    await ask(keys, keys.login, { token: 'web', pin: bytes(userPin) });
    expect(await refused(ask(keys, keys.login, { token: 'web', pin: bytes(userPin) }))).toMatchObject({
      code: status.ALREADY_EXISTS,
    });
    await ask(keys, keys.logout, { token: 'web' });
    expect(await refused(ask(keys, keys.logout, { token: 'web' }))).toMatchObject({
      code: status.UNAUTHENTICATED,
      reason: 'CKR_USER_NOT_LOGGED_IN',
    });
  });

  it.each<[string, Partial<Told>, Case[2]]>([
    [
      'no such token',
      { code: status.NOT_FOUND, fields: ['token'] },
      (keys) => ask(keys, keys.login, { token: 'no', pin: bytes('1') }),
    ],
    [
      'no such token of a key',
      { code: status.NOT_FOUND, fields: ['key.token'] },
      sign({ key: { ...ec, token: 'no' } }),
    ],
    [
      'no such key',
      { code: status.NOT_FOUND, reason: 'CKR_KEY_HANDLE_INVALID', fields: ['key'] },
      sign({ key: named('no') }),
    ],
    ['no such half', { code: status.NOT_FOUND, fields: ['key'] }, sign({ key: named('aes') })],
    [
      'no such serial number',
      { code: status.NOT_FOUND },
      sign({ key: { uri: 'pkcs11:serial=1;object=ec' } }),
    ],
    [
      'a URI of the other half',
      { code: status.NOT_FOUND },
      sign({ key: { uri: 'pkcs11:object=ec;type=public' } }),
    ],
    [
      'two keys of a name',
      { code: status.FAILED_PRECONDITION, fields: ['key'] },
      encrypt({ key: named('twice') }),
    ],
    [
      'a key that may not encrypt',
      { code: status.PERMISSION_DENIED, reason: 'CKR_KEY_FUNCTION_NOT_PERMITTED' },
      encrypt({ key: named('rsa'), algorithm: E.CIPHER_ALGORITHM_RSA_OAEP_SHA256 }),
    ],
    ['a key that may not wrap', { code: status.PERMISSION_DENIED }, wrap({})],
  ])('%s', async (_what, expected, call) => {
    expect(await refused(call(world.keys))).toMatchObject(expected);
  });

  it('a key is found by each of its names', async () => {
    const { keys } = world;
    const all = await ask(keys, keys.listKeys, { token: 'web', label: 'ec', pageSize: 0, pageToken: '' });
    const [half] = all.keys;
    if (half === undefined) throw new Error('the key is not listed');
    const id = Buffer.from(half.id).toString('hex').replaceAll(/../g, '%$&');
    for (const key of [
      named('ec'),
      { ...named(''), id: half.id },
      { ...named(''), uniqueId: half.uniqueId },
      { ...named('ec'), token: 'web', id: half.id, uniqueId: half.uniqueId },
      { ...named(''), uri: `pkcs11:token=web;id=${id}` },
      { ...named(''), uri: 'pkcs11:token=w%65b;object=ec;type=private' },
    ]) {
      const { signature } = await ask(
        keys,
        keys.sign,
        SignRequest.fromPartial({ key, algorithm: ecdsa, input: data }),
      );
      expect(signature.length).toBeGreaterThan(60);
    }
  });
});
