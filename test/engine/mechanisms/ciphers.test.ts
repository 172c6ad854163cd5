/** Every cipher against an implementation that is not ours, whole and in parts, with rooms of every size. */
import { createPublicKey, type KeyObject, constants as node, publicEncrypt } from 'node:crypto';
import { aeskw, aeskwp, cbc, ctr, ecb, gcm } from '@noble/ciphers/aes.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as ck from '../../../module/engine/generated/constants.ts';
import type { MechanismParameter, Span } from '../../../module/engine/values/arguments.ts';
import { bytes, Client, enclave, mechanism, NULL_ROOM, room, span } from './client.ts';
import { aes, type Pair, rsaPair } from './keys.ts';

const client = new Client();
const iv = new Uint8Array(16).map((_, i) => i);
const plain = new Uint8Array(1001).map((_, i) => i * 3);

function encrypted(type: number, key: number, data: Uint8Array, parameter?: MechanismParameter): Uint8Array {
  client.ok('C_EncryptInit', { mechanism: mechanism(type, parameter), key });
  return client.ok('C_Encrypt', { data: span(data), encrypted: room(data.length + 600) }).bytes;
}

function decrypted(type: number, key: number, data: Uint8Array, parameter?: MechanismParameter): Uint8Array {
  client.ok('C_DecryptInit', { mechanism: mechanism(type, parameter), key });
  return client.ok('C_Decrypt', { encrypted: span(data), data: room(data.length + 600) }).bytes;
}

/** The same in parts of an awkward size, each into a room that is no larger than C_*Update asks for. */
function inParts(
  way: 'Encrypt' | 'Decrypt',
  type: number,
  key: number,
  data: Uint8Array,
  parameter?: MechanismParameter,
): Uint8Array {
  client.ok(`C_${way}Init`, { mechanism: mechanism(type, parameter), key });
  const parts: Uint8Array[] = [];
  const update = (part: Span, capacity: ReturnType<typeof room>) =>
    way === 'Encrypt'
      ? client.ok('C_EncryptUpdate', { part, encrypted: capacity })
      : client.ok('C_DecryptUpdate', { encrypted: part, part: capacity });
  for (let at = 0; at < data.length; at += 37) {
    const part = span(data.slice(at, at + 37));
    const asked = update(part, NULL_ROOM).first;
    parts.push(update(part, room(asked)).bytes);
  }
  const end = (capacity: ReturnType<typeof room>) =>
    way === 'Encrypt'
      ? client.ok('C_EncryptFinal', { encrypted: capacity })
      : client.ok('C_DecryptFinal', { part: capacity });
  parts.push(end(room(end(NULL_ROOM).first)).bytes);
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const bytesParameter = (value: Uint8Array): MechanismParameter => ({ shape: 'bytes', bytes: span(value) });
const gcmParameter = (nonce: Uint8Array, aad: Uint8Array | null, tagBits = 128): MechanismParameter => ({
  shape: 'gcm',
  iv: span(nonce),
  ivBits: 0,
  aad: aad === null ? null : span(aad),
  tagBits,
});

interface Mode {
  readonly name: string;
  readonly type: number;
  readonly parameter?: MechanismParameter;
  readonly lengths: readonly number[];
  readonly expected: (key: Uint8Array, data: Uint8Array) => Uint8Array;
}

const counter: MechanismParameter = { shape: 'ctr', counterBits: 128, cb: span(iv) };
const nonce = new Uint8Array(12).fill(5);
const modes: readonly Mode[] = [
  {
    name: 'ECB',
    type: ck.CKM_AES_ECB,
    lengths: [0, 16, 992],
    expected: (key, data) => ecb(key, { disablePadding: true }).encrypt(data),
  },
  {
    name: 'CBC',
    type: ck.CKM_AES_CBC,
    parameter: bytesParameter(iv),
    lengths: [0, 16, 992],
    expected: (key, data) => cbc(key, iv, { disablePadding: true }).encrypt(data),
  },
  {
    name: 'CBC_PAD',
    type: ck.CKM_AES_CBC_PAD,
    parameter: bytesParameter(iv),
    lengths: [0, 1, 15, 16, 17, 1001],
    expected: (key, data) => cbc(key, iv).encrypt(data),
  },
  {
    name: 'CTR',
    type: ck.CKM_AES_CTR,
    parameter: counter,
    lengths: [0, 1, 16, 1001],
    expected: (key, data) => ctr(key, iv).encrypt(data),
  },
  {
    name: 'GCM',
    type: ck.CKM_AES_GCM,
    parameter: gcmParameter(nonce, bytes('seen by all')),
    lengths: [0, 1, 16, 1001],
    expected: (key, data) => gcm(key, nonce, bytes('seen by all')).encrypt(data),
  },
  {
    name: 'GCM with another length of vector and no associated data',
    type: ck.CKM_AES_GCM,
    parameter: gcmParameter(plain.slice(0, 60), null),
    lengths: [0, 1001],
    expected: (key, data) => gcm(key, plain.slice(0, 60)).encrypt(data),
  },
];

describe.for([16, 24, 32])('AES with %i bytes', (size) => {
  const value = plain.slice(100, 100 + size);

  test.for(modes)('$name', ({ type, parameter, lengths, expected }) => {
    const key = aes(client, value);
    for (const length of lengths) {
      const data = plain.slice(0, length);
      const cipher = expected(value, data);
      expect(encrypted(type, key, data, parameter)).toEqual(cipher);
      expect(decrypted(type, key, cipher, parameter)).toEqual(data);
      expect(inParts('Encrypt', type, key, data, parameter)).toEqual(cipher);
      expect(inParts('Decrypt', type, key, cipher, parameter)).toEqual(data);
    }
  });

  test('key wrapping of data', () => {
    const key = aes(client, value);
    const whole = plain.slice(0, 40);
    expect(encrypted(ck.CKM_AES_KEY_WRAP, key, whole)).toEqual(aeskw(value).encrypt(whole));
    expect(decrypted(ck.CKM_AES_KEY_WRAP, key, aeskw(value).encrypt(whole))).toEqual(whole);
    for (const length of [1, 7, 8, 9, 41]) {
      const data = plain.slice(0, length);
      expect(encrypted(ck.CKM_AES_KEY_WRAP_KWP, key, data)).toEqual(aeskwp(value).encrypt(data));
      expect(decrypted(ck.CKM_AES_KEY_WRAP_KWP, key, aeskwp(value).encrypt(data))).toEqual(data);
    }
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_KEY_WRAP), key });
    expect(client.call('C_Encrypt', { data: span(plain.slice(0, 15)), encrypted: room(99) }).rv).toBe(
      ck.CKR_DATA_LEN_RANGE,
    );
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_KEY_WRAP), key });
    expect(client.call('C_EncryptUpdate', { part: span(whole), encrypted: room(99) }).rv).toBe(
      ck.CKR_OPERATION_NOT_INITIALIZED,
    );
  });
});

describe('GCM', () => {
  const key = aes(client);
  const parameter = gcmParameter(nonce, null);
  const cipher = gcm(new Uint8Array(32).fill(7), nonce).encrypt(plain);

  test('gives nothing out before the tag has been checked', () => {
    const forged = cipher.slice();
    forged[0] = (forged[0] ?? 0) ^ 1;
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key });
    const { rv } = client.call('C_Decrypt', { encrypted: span(forged), data: room(2000) });
    expect(rv).toBe(ck.CKR_ENCRYPTED_DATA_INVALID);
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key });
    expect(client.ok('C_DecryptUpdate', { encrypted: span(forged), part: room(2000) }).first).toBe(0);
    expect(client.call('C_DecryptFinal', { part: room(2000) }).rv).toBe(ck.CKR_ENCRYPTED_DATA_INVALID);
    expect(client.call('C_DecryptFinal', { part: room(2000) }).rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
  });

  test('keeps a decryption alive when the room for its end is too small', () => {
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, parameter), key });
    client.ok('C_DecryptUpdate', { encrypted: span(cipher), part: room(0) });
    expect(client.call('C_DecryptFinal', { part: room(1000) })).toMatchObject({
      rv: ck.CKR_BUFFER_TOO_SMALL,
      first: 1001,
    });
    expect(client.ok('C_DecryptFinal', { part: room(1001) }).bytes).toEqual(plain);
  });

  test('shorter tags', () => {
    client.mechanisms.gcmShortTags = true;
    onTestFinished(() => {
      client.mechanisms.gcmShortTags = false;
    });
    for (const tagBits of [32, 64, 96, 104, 112, 120]) {
      const cut = encrypted(ck.CKM_AES_GCM, key, plain, gcmParameter(nonce, null, tagBits));
      expect(cut).toEqual(cipher.slice(0, plain.length + tagBits / 8));
      expect(decrypted(ck.CKM_AES_GCM, key, cut, gcmParameter(nonce, null, tagBits))).toEqual(plain);
    }
  });

  test('tags under 96 bits only where the configuration allows them, for whatever use', () => {
    const short = [32, 64].map((tagBits) => mechanism(ck.CKM_AES_GCM, gcmParameter(nonce, null, tagBits)));
    for (const each of short) {
      for (const call of ['C_EncryptInit', 'C_DecryptInit'] as const)
        expect(client.call(call, { mechanism: each, key }).rv).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
      const wrapping = { mechanism: each, wrappingKey: key, key, wrapped: room(100) };
      expect(client.call('C_WrapKey', wrapping).rv).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
      const unwrapping = { mechanism: each, unwrappingKey: key, wrapped: span(cipher), template: [] };
      expect(client.call('C_UnwrapKey', unwrapping).rv).toBe(ck.CKR_MECHANISM_PARAM_INVALID);
    }
  });

  test('parameters that cannot be', () => {
    const wrong: MechanismParameter[] = [
      gcmParameter(new Uint8Array(0), null),
      gcmParameter(new Uint8Array(257), null),
      { shape: 'gcm', iv: null, ivBits: 96, aad: null, tagBits: 128 },
      ...[0, 8, 31, 88, 127, 129, 136, -1].map((tagBits) => gcmParameter(nonce, null, tagBits)),
    ];
    for (const each of wrong) {
      expect(client.call('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_GCM, each), key }).rv).toBe(
        ck.CKR_MECHANISM_PARAM_INVALID,
      );
    }
  });
});

describe('rooms', () => {
  const key = aes(client);
  const parameter = bytesParameter(iv);
  const cipher = cbc(new Uint8Array(32).fill(7), iv).encrypt(plain.slice(0, 100));

  test('a padded decryption needs no more room than the plaintext', () => {
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_CBC_PAD, parameter), key });
    expect(client.call('C_Decrypt', { encrypted: span(cipher), data: room(99) })).toMatchObject({
      rv: ck.CKR_BUFFER_TOO_SMALL,
      first: 100,
    });
    expect(client.ok('C_Decrypt', { encrypted: span(cipher), data: room(100) }).bytes).toEqual(
      plain.slice(0, 100),
    );
  });

  test('an encryption says its exact length and waits for room', () => {
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_CBC_PAD, parameter), key });
    const data = span(plain.slice(0, 100));
    expect(client.ok('C_Encrypt', { data, encrypted: NULL_ROOM }).first).toBe(112);
    expect(client.call('C_Encrypt', { data, encrypted: room(111) })).toMatchObject({
      rv: ck.CKR_BUFFER_TOO_SMALL,
      first: 112,
    });
    expect(client.ok('C_Encrypt', { data, encrypted: room(112) }).bytes).toEqual(cipher);
  });

  test('lengths that are no multiple of the block end the operation', () => {
    const cases = [
      ['C_Encrypt', ck.CKR_DATA_LEN_RANGE],
      ['C_Decrypt', ck.CKR_ENCRYPTED_DATA_LEN_RANGE],
    ] as const;
    for (const [name, rv] of cases) {
      client.ok(`${name}Init`, { mechanism: mechanism(ck.CKM_AES_CBC, parameter), key });
      const data = span(plain.slice(0, 15));
      const once = () =>
        name === 'C_Encrypt'
          ? client.call(name, { data, encrypted: room(64) })
          : client.call(name, { encrypted: data, data: room(64) });
      expect(once().rv).toBe(rv);
      expect(once().rv).toBe(ck.CKR_OPERATION_NOT_INITIALIZED);
    }
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_CBC, parameter), key });
    client.ok('C_EncryptUpdate', { part: span(plain.slice(0, 15)), encrypted: room(64) });
    expect(client.call('C_EncryptFinal', { encrypted: room(64) }).rv).toBe(ck.CKR_DATA_LEN_RANGE);
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_AES_CBC, parameter), key });
    client.ok('C_DecryptUpdate', { encrypted: span(plain.slice(0, 15)), part: room(64) });
    expect(client.call('C_DecryptFinal', { part: room(64) }).rv).toBe(ck.CKR_ENCRYPTED_DATA_LEN_RANGE);
  });

  test('a counter that is used up', () => {
    const last = new Uint8Array(16).fill(0xff);
    last[15] = 0xfe;
    const narrow: MechanismParameter = { shape: 'ctr', counterBits: 8, cb: span(last) };
    expect(encrypted(ck.CKM_AES_CTR, key, plain.slice(0, 32), narrow).length).toBe(32);
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_CTR, narrow), key });
    expect(client.call('C_Encrypt', { data: span(plain.slice(0, 33)), encrypted: room(64) }).rv).toBe(
      ck.CKR_DATA_LEN_RANGE,
    );
  });

  test('contexts are freed however an operation ends', () => {
    const before = enclave.status().contexts;
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_CBC, parameter), key });
    client.ok('C_EncryptUpdate', { part: span(plain.slice(0, 16)), encrypted: room(64) });
    expect(enclave.status().contexts).toBe(before + 1);
    client.ok('C_SessionCancel', { flags: ck.CKF_ENCRYPT });
    expect(enclave.status().contexts).toBe(before);
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_AES_CBC, parameter), key });
    client.ok('C_EncryptUpdate', { part: span(plain.slice(0, 16)), encrypted: room(64) });
    client.ok('C_EncryptFinal', { encrypted: room(64) });
    expect(enclave.status().contexts).toBe(before);
  });
});

describe.for([true, false])('RSA, at once: %s', (inline) => {
  let pair: Pair;
  let publicKey: KeyObject;

  test('makes a key', () => {
    client.inline = inline;
    pair = rsaPair(client);
    const info = client.object(pair.publicKey).attributes.bytes(ck.CKA_PUBLIC_KEY_INFO) ?? new Uint8Array(0);
    publicKey = createPublicKey({ key: Buffer.from(info), format: 'der', type: 'spki' });
  });

  test('PKCS #1 v1.5', () => {
    const data = bytes('a session key');
    expect(
      decrypted(ck.CKM_RSA_PKCS, pair.privateKey, encrypted(ck.CKM_RSA_PKCS, pair.publicKey, data)),
    ).toEqual(data);
    const theirs = publicEncrypt({ key: publicKey, padding: node.RSA_PKCS1_PADDING }, data);
    expect(decrypted(ck.CKM_RSA_PKCS, pair.privateKey, new Uint8Array(theirs))).toEqual(data);
    const nothing = encrypted(ck.CKM_RSA_PKCS, pair.publicKey, new Uint8Array(0));
    expect(decrypted(ck.CKM_RSA_PKCS, pair.privateKey, nothing)).toEqual(new Uint8Array(0));
  });

  test('OAEP with every hash and a label', () => {
    const kinds = [
      ['sha1', ck.CKM_SHA_1, ck.CKG_MGF1_SHA1],
      ['sha224', ck.CKM_SHA224, ck.CKG_MGF1_SHA224],
      ['sha256', ck.CKM_SHA256, ck.CKG_MGF1_SHA256],
      ['sha384', ck.CKM_SHA384, ck.CKG_MGF1_SHA384],
      ['sha512', ck.CKM_SHA512, ck.CKG_MGF1_SHA512],
    ] as const;
    const data = bytes('a session key');
    for (const label of [null, bytes('a label')]) {
      for (const [oaepHash, hashAlg, mgf] of kinds) {
        const sourceData = label === null ? null : span(label);
        const parameter = { shape: 'oaep', hashAlg, mgf, source: ck.CKZ_DATA_SPECIFIED, sourceData } as const;
        const oaepLabel = label === null ? {} : { oaepLabel: label };
        const theirs = publicEncrypt({ key: publicKey, oaepHash, ...oaepLabel }, data);
        expect(decrypted(ck.CKM_RSA_PKCS_OAEP, pair.privateKey, new Uint8Array(theirs), parameter)).toEqual(
          data,
        );
        const ours = encrypted(ck.CKM_RSA_PKCS_OAEP, pair.publicKey, data, parameter);
        expect(decrypted(ck.CKM_RSA_PKCS_OAEP, pair.privateKey, ours, parameter)).toEqual(data);
      }
    }
  });

  test('raw', () => {
    const data = new Uint8Array(256).fill(3);
    data[0] = 0;
    const cipher = encrypted(ck.CKM_RSA_X_509, pair.publicKey, data);
    expect(decrypted(ck.CKM_RSA_X_509, pair.privateKey, cipher)).toEqual(data);
  });

  test('a room too small for the plaintext keeps the operation', () => {
    const data = bytes('a session key');
    const cipher = encrypted(ck.CKM_RSA_PKCS, pair.publicKey, data);
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: pair.privateKey });
    expect(client.ok('C_Decrypt', { encrypted: span(cipher), data: NULL_ROOM }).first).toBe(245);
    expect(client.call('C_Decrypt', { encrypted: span(cipher), data: room(12) })).toMatchObject({
      rv: ck.CKR_BUFFER_TOO_SMALL,
      first: 13,
    });
    expect(client.ok('C_Decrypt', { encrypted: span(cipher), data: room(13) }).bytes).toEqual(data);
    expect(client.call('C_Decrypt', { encrypted: span(cipher), data: room(13) }).rv).toBe(
      ck.CKR_OPERATION_NOT_INITIALIZED,
    );
  });

  test('lengths', () => {
    client.ok('C_EncryptInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: pair.publicKey });
    expect(client.call('C_Encrypt', { data: span(plain.slice(0, 246)), encrypted: room(256) }).rv).toBe(
      ck.CKR_DATA_LEN_RANGE,
    );
    client.ok('C_DecryptInit', { mechanism: mechanism(ck.CKM_RSA_PKCS), key: pair.privateKey });
    expect(client.call('C_Decrypt', { encrypted: span(plain.slice(0, 255)), data: room(256) }).rv).toBe(
      ck.CKR_ENCRYPTED_DATA_LEN_RANGE,
    );
  });
});
