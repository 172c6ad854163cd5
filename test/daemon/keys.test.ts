/** The service Keys, against independent cryptography: what the door's clients get is what everybody else takes. */
import {
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  constants as openssl,
  publicEncrypt,
  sign as signWith,
  verify as verifyWith,
} from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CipherAlgorithm,
  DeriveAlgorithm,
  KeyAlgorithm as K,
  KeyClass,
  MacAlgorithm,
  SignatureAlgorithm as S,
  SignatureFormat,
  KeyUsage as U,
  WrapAlgorithm,
} from '../../module/wire/generated/strongroom/v1/keys.ts';
import { ask } from './support/local-door.ts';
import { bytes, named, nothing, World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.make();
});
afterAll(() => world.close());

const spki = (der: Uint8Array) => createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });

const UNSPECIFIED = SignatureFormat.SIGNATURE_FORMAT_UNSPECIFIED;
const P1363 = SignatureFormat.SIGNATURE_FORMAT_P1363;
const { RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = openssl;
const pss = { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST };

/** Each algorithm: which key, which hash, and what the other end must be told. */
const signatures = [
  ['RSA_PKCS1_SHA256', K.KEY_ALGORITHM_RSA_2048, 'sha256', {}],
  ['RSA_PKCS1_SHA384', K.KEY_ALGORITHM_RSA_2048, 'sha384', {}],
  ['RSA_PKCS1_SHA512', K.KEY_ALGORITHM_RSA_2048, 'sha512', {}],
  ['RSA_PSS_SHA256', K.KEY_ALGORITHM_RSA_2048, 'sha256', pss],
  ['RSA_PSS_SHA384', K.KEY_ALGORITHM_RSA_2048, 'sha384', pss],
  ['RSA_PSS_SHA512', K.KEY_ALGORITHM_RSA_2048, 'sha512', pss],
  ['ECDSA_SHA256', K.KEY_ALGORITHM_EC_P256, 'sha256', {}],
  ['ECDSA_SHA384', K.KEY_ALGORITHM_EC_P384, 'sha384', {}],
  ['ECDSA_SHA512', K.KEY_ALGORITHM_EC_P521, 'sha512', {}],
  ['ECDSA_SHA256', K.KEY_ALGORITHM_EC_SECP256K1, 'sha256', {}],
  ['ECDSA_SHA3_256', K.KEY_ALGORITHM_EC_P256, 'sha3-256', {}],
  ['ECDSA_SHA3_384', K.KEY_ALGORITHM_EC_P256, 'sha3-384', {}],
  ['ECDSA_SHA3_512', K.KEY_ALGORITHM_EC_P256, 'sha3-512', {}],
  ['EDDSA', K.KEY_ALGORITHM_ED25519, null, {}],
] as const;

describe('signatures', () => {
  it.each(signatures)('%s of key %s', async (name, algorithm, hash, options) => {
    const { keys } = world;
    const label = `sign-${name}-${algorithm}`;
    const { publicKey } = await world.generate(label, algorithm);
    const how = S[`SIGNATURE_ALGORITHM_${name}`];
    const key = named(label);
    const theirs = { key: spki(publicKey), ...options };
    for (const data of [bytes(''), bytes('some data'), new Uint8Array(200_000).fill(3)]) {
      const input = { $case: 'data', value: data } as const;
      const { signature } = await ask(keys, keys.sign, { key, algorithm: how, input, format: UNSPECIFIED });
      expect(verifyWith(hash, data, theirs, signature)).toBe(true);
      const mine = { key, algorithm: how, input, format: UNSPECIFIED };
      expect(await ask(keys, keys.verify, { ...mine, signature })).toEqual({ valid: true });
      for (const wrong of [
        signature.slice(1),
        signature.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
        bytes('x'),
      ])
        expect(await ask(keys, keys.verify, { ...mine, signature: wrong })).toEqual({ valid: false });
      const long = { ...mine, signature: new Uint8Array(100_000) };
      expect(await ask(keys, keys.verify, long)).toEqual({ valid: false });
    }
    if (hash === null) return;
    const digest = { $case: 'digest', value: createHash(hash).update('data').digest() } as const;
    const ofDigest = { key, algorithm: how, input: digest, format: UNSPECIFIED };
    const { signature } = await ask(keys, keys.sign, ofDigest);
    expect(verifyWith(hash, bytes('data'), theirs, signature)).toBe(true);
    expect(await ask(keys, keys.verify, { ...ofDigest, signature })).toEqual({ valid: true });
    if (!name.startsWith('ECDSA')) return;
    const plain = await ask(keys, keys.sign, { ...ofDigest, format: P1363 });
    const inPlain = { ...theirs, dsaEncoding: 'ieee-p1363' } as const;
    expect(verifyWith(hash, bytes('data'), inPlain, plain.signature)).toBe(true);
    expect(await ask(keys, keys.verify, { ...ofDigest, signature: plain.signature, format: P1363 })).toEqual({
      valid: true,
    });
  });
});

describe('encryption', () => {
  const aes = async (label: string) =>
    await world.generate(label, K.KEY_ALGORITHM_AES_256).then(() => named(label));

  it.each(['AES_GCM', 'AES_CBC_PAD', 'AES_CTR'] as const)('%s there and back', async (name) => {
    const { keys } = world;
    const key = await aes(`cipher-${name}`);
    const algorithm = CipherAlgorithm[`CIPHER_ALGORITHM_${name}`];
    const aad = name === 'AES_GCM' ? bytes('aad') : nothing;
    const seen = new Set<string>();
    for (const plaintext of [nothing, bytes('text'), new Uint8Array(300_000).fill(9)]) {
      const { ciphertext, iv } = await ask(keys, keys.encrypt, {
        key,
        algorithm,
        plaintext,
        iv: nothing,
        aad,
      });
      expect(iv.length).toBe(name === 'AES_GCM' ? 12 : 16);
      seen.add(Buffer.from(iv).toString('hex'));
      const back = await ask(keys, keys.decrypt, { key, algorithm, ciphertext, iv, aad });
      expect(Buffer.from(back.plaintext).equals(plaintext)).toBe(true);
    }
    expect(seen.size).toBe(3);
  });

  it('takes more additional data than an opening can bring along', async () => {
    const { keys } = world;
    const key = await aes('long-aad');
    const algorithm = CipherAlgorithm.CIPHER_ALGORITHM_AES_GCM;
    const aad = new Uint8Array(100_000).fill(7);
    const plaintext = new Uint8Array(70_000).fill(8);
    const { ciphertext, iv } = await ask(keys, keys.encrypt, { key, algorithm, plaintext, iv: nothing, aad });
    const back = await ask(keys, keys.decrypt, { key, algorithm, ciphertext, iv, aad });
    expect(Buffer.from(back.plaintext).equals(plaintext)).toBe(true);
  });

  it.each(['SHA1', 'SHA256', 'SHA384', 'SHA512'] as const)(
    'RSA_OAEP_%s takes what OpenSSL encrypts',
    async (hash) => {
      const { keys } = world;
      const label = `oaep-${hash}`;
      const usages = [U.KEY_USAGE_ENCRYPT, U.KEY_USAGE_DECRYPT];
      const { publicKey } = await world.generate(label, K.KEY_ALGORITHM_RSA_2048, { usages });
      const algorithm = CipherAlgorithm[`CIPHER_ALGORITHM_RSA_OAEP_${hash}`];
      const theirs = publicEncrypt(
        { key: spki(publicKey), oaepHash: hash.toLowerCase(), oaepLabel: bytes('label') },
        bytes('text'),
      );
      const rest = { key: named(label), algorithm, iv: nothing, aad: bytes('label') };
      expect(await ask(keys, keys.decrypt, { ...rest, ciphertext: theirs })).toEqual({
        plaintext: Buffer.from('text'),
      });
      const { ciphertext } = await ask(keys, keys.encrypt, { ...rest, plaintext: bytes('mine') });
      expect(Buffer.from((await ask(keys, keys.decrypt, { ...rest, ciphertext })).plaintext).toString()).toBe(
        'mine',
      );
    },
  );
});

it('MACs are what everybody computes', async () => {
  const { keys } = world;
  const secret = bytes('a secret that everybody knows!!!');
  const spec = {
    token: 'web',
    label: 'mac',
    id: nothing,
    algorithm: K.KEY_ALGORITHM_GENERIC_SECRET,
    bits: 0,
    usages: [],
    extractable: false,
    temporary: false,
  };
  await ask(keys, keys.importKey, {
    spec,
    material: { $case: 'secret', value: secret.slice() },
    idempotencyKey: '',
  });
  for (const [hash, algorithm] of [
    ['sha1', MacAlgorithm.MAC_ALGORITHM_HMAC_SHA1],
    ['sha256', MacAlgorithm.MAC_ALGORITHM_HMAC_SHA256],
    ['sha384', MacAlgorithm.MAC_ALGORITHM_HMAC_SHA384],
    ['sha512', MacAlgorithm.MAC_ALGORITHM_HMAC_SHA512],
  ] as const) {
    const request = { key: named('mac'), algorithm, data: bytes('data') };
    const { mac } = await ask(keys, keys.computeMac, request);
    expect(Buffer.from(mac)).toEqual(createHmac(hash, secret).update('data').digest());
    expect(await ask(keys, keys.verifyMac, { ...request, mac })).toEqual({ valid: true });
    expect(await ask(keys, keys.verifyMac, { ...request, mac: mac.slice(0, 8) })).toEqual({ valid: false });
    expect(await ask(keys, keys.verifyMac, { ...request, data: bytes('other'), mac })).toEqual({
      valid: false,
    });
  }
});

describe('keys from outside', () => {
  const pairs = [
    [
      'rsa',
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      S.SIGNATURE_ALGORITHM_RSA_PKCS1_SHA256,
      'sha256',
    ],
    ['ec', generateKeyPairSync('ec', { namedCurve: 'P-384' }), S.SIGNATURE_ALGORITHM_ECDSA_SHA384, 'sha384'],
    ['ed25519', generateKeyPairSync('ed25519'), S.SIGNATURE_ALGORITHM_EDDSA, null],
  ] as const;

  it.each(pairs)(
    'a pair of %s signs here, and its public half is found beside it',
    async (kind, pair, algorithm, hash) => {
      const { keys } = world;
      const label = `import-${kind}`;
      const spec = {
        token: '',
        label,
        id: nothing,
        algorithm: K.KEY_ALGORITHM_UNSPECIFIED,
        bits: 0,
        usages: [],
        extractable: false,
        temporary: false,
      };
      const value = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
      const { key } = await ask(keys, keys.importKey, {
        spec,
        material: { $case: 'pkcs8', value },
        idempotencyKey: '',
      });
      expect(key).toMatchObject({
        label,
        keyClass: KeyClass.KEY_CLASS_PRIVATE,
        local: false,
        sensitive: true,
      });
      const { publicKey } = await ask(keys, keys.getPublicKey, { key: named(label) });
      expect(Buffer.from(publicKey)).toEqual(pair.publicKey.export({ format: 'der', type: 'spki' }));
      const input = { $case: 'data', value: bytes('data') } as const;
      const request = { key: named(label), algorithm, input, format: UNSPECIFIED };
      const { signature } = await ask(keys, keys.sign, request);
      expect(verifyWith(hash, bytes('data'), pair.publicKey, signature)).toBe(true);
      const byUniqueId = { ...named(''), uniqueId: key?.uniqueId ?? '' };
      expect(await ask(keys, keys.verify, { ...request, key: byUniqueId, signature })).toEqual({
        valid: true,
      });
      expect(await ask(keys, keys.destroyKey, { key: named(label) })).toEqual({ destroyed: 2 });
    },
  );

  it.each(pairs)('a public key of %s alone verifies', async (kind, pair, algorithm, hash) => {
    const { keys } = world;
    const label = `public-${kind}`;
    const spec = {
      token: 'web',
      label,
      id: bytes('id'),
      algorithm: K.KEY_ALGORITHM_UNSPECIFIED,
      bits: 0,
      usages: [],
      extractable: false,
      temporary: true,
    };
    const value = pair.publicKey.export({ format: 'der', type: 'spki' });
    await ask(keys, keys.importKey, {
      spec,
      material: { $case: 'publicKey', value: Buffer.from(value) },
      idempotencyKey: '',
    });
    const signature = signWith(hash, bytes('data'), pair.privateKey);
    const input = { $case: 'data', value: bytes('data') } as const;
    expect(
      await ask(keys, keys.verify, { key: named(label), algorithm, input, format: UNSPECIFIED, signature }),
    ).toEqual({ valid: true });
    expect(await ask(keys, keys.destroyKey, { key: named(label) })).toEqual({ destroyed: 1 });
  });
});

describe('keys from keys', () => {
  it.each([
    ['AES_KEY_WRAP', K.KEY_ALGORITHM_AES_256],
    ['AES_KEY_WRAP_PAD', K.KEY_ALGORITHM_EC_P256],
    ['RSA_OAEP_SHA256', K.KEY_ALGORITHM_AES_256],
  ] as const)('%s takes a key out and brings it back', async (name, algorithm) => {
    const { keys } = world;
    const usages = [U.KEY_USAGE_WRAP, U.KEY_USAGE_UNWRAP];
    const by = name.startsWith('RSA') ? K.KEY_ALGORITHM_RSA_2048 : K.KEY_ALGORITHM_AES_256;
    await world.generate(`wrapper-${name}`, by, { usages });
    const { publicKey } = await world.generate(`wrapped-${name}`, algorithm, { extractable: true });
    const wrap = WrapAlgorithm[`WRAP_ALGORITHM_${name}`];
    const { wrapped } = await ask(keys, keys.wrapKey, {
      wrappingKey: named(`wrapper-${name}`),
      algorithm: wrap,
      key: named(`wrapped-${name}`),
    });
    const { key } = await ask(keys, keys.unwrapKey, {
      unwrappingKey: named(`wrapper-${name}`),
      algorithm: wrap,
      wrapped,
      spec: {
        token: '',
        label: `back-${name}`,
        id: nothing,
        algorithm,
        bits: 0,
        usages: [],
        extractable: false,
        temporary: false,
      },
      idempotencyKey: '',
    });
    expect(key).toMatchObject({ label: `back-${name}`, algorithm, local: false, extractable: false });
    if (publicKey.length === 0) return;
    const again = await ask(keys, keys.getPublicKey, { key: named(`back-${name}`) });
    expect(again.publicKey).toEqual(publicKey);
  });

  it.each([
    ['EC_P256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), [U.KEY_USAGE_DERIVE]],
    ['X25519', () => generateKeyPairSync('x25519'), []],
  ] as const)('%s agrees on a secret', async (name, make, usages) => {
    const { keys } = world;
    const label = `agree-${name}`;
    const { publicKey } = await world.generate(label, K[`KEY_ALGORITHM_${name}`], { usages: [...usages] });
    const theirs = make();
    const secret = diffieHellman({ privateKey: theirs.privateKey, publicKey: spki(publicKey) });
    const info = bytes('info');
    const x963 = createHash('sha256')
      .update(secret)
      .update(Buffer.of(0, 0, 0, 1))
      .update(info)
      .digest();
    for (const [algorithm, sharedInfo, value] of [
      [DeriveAlgorithm.DERIVE_ALGORITHM_ECDH, nothing, secret],
      [DeriveAlgorithm.DERIVE_ALGORITHM_ECDH_X963_SHA256, info, x963],
    ] as const) {
      const { key } = await ask(keys, keys.deriveKey, {
        baseKey: named(label),
        algorithm,
        peerPublicKey: theirs.publicKey.export({ format: 'der', type: 'spki' }),
        sharedInfo,
        spec: {
          token: '',
          label: `agreed-${name}-${algorithm}`,
          id: nothing,
          algorithm: K.KEY_ALGORITHM_GENERIC_SECRET,
          bits: 256,
          usages: [],
          extractable: false,
          temporary: true,
        },
        idempotencyKey: '',
      });
      expect(key).toMatchObject({ temporary: true, bits: 256 });
      const { mac } = await ask(keys, keys.computeMac, {
        key: named(`agreed-${name}-${algorithm}`),
        algorithm: MacAlgorithm.MAC_ALGORITHM_HMAC_SHA256,
        data: bytes('data'),
      });
      expect(Buffer.from(mac)).toEqual(createHmac('sha256', value).update('data').digest());
    }
  });
});

it('random bytes are as many as asked for', async () => {
  const { keys } = world;
  const { random } = await ask(keys, keys.generateRandom, { token: 'web', length: 100_000 });
  expect(random.length).toBe(100_000);
  expect(new Set(random).size).toBe(256);
});
