import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto';
import { ed25519, ed25519ctx, ed25519ph } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { encryptionPlan, KeyKind, RsaPadding } from '../../module/enclave/enclave.ts';
import {
  CKR,
  Component,
  component,
  curves,
  enclave,
  finished,
  fromJwk,
  generateRsa,
  good,
  Hash,
  importKey,
  nextJob,
  nothing,
  range,
  Scheme,
  secret,
  sign,
  signingPlan,
  trySign,
  utf8,
  verify,
  whole,
} from './support.ts';

const message = utf8('the message that is signed');

describe('ECDSA', () => {
  const implementations = { 'P-256': p256, 'P-384': p384, 'P-521': p521, secp256k1 } as const;
  for (const [name, curve] of Object.entries(implementations)) {
    const params = curves[name as keyof typeof implementations];
    test(`${name}: our signatures verify independently, foreign ones verify here`, () => {
      const key = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, params));
      const half = good(enclave.keyPublicOf(key));
      const point = component(key, Component.EcPoint);
      const digest = sha256(message);
      for (let i = 0; i < 10; i++) {
        const signature = sign(key, { scheme: Scheme.Ecdsa }, digest);
        expect(signature.length).toBe(2 * component(key, Component.Value).length);
        expect(curve.verify(signature, digest, point, { prehash: false, lowS: false })).toBe(true);
        expect(verify(half, { scheme: Scheme.Ecdsa, hash: Hash.Sha256 }, message, signature)).toBe(0);
      }
      const foreign = curve.sign(digest, component(key, Component.Value), { prehash: false });
      expect(verify(half, { scheme: Scheme.Ecdsa }, digest, foreign)).toBe(0);
      foreign[5] = (foreign[5] ?? 0) ^ 1;
      expect(verify(half, { scheme: Scheme.Ecdsa }, digest, foreign)).toBe(CKR.SIGNATURE_INVALID);
    });
  }

  test('a digest longer than the order counts with its leftmost bits', () => {
    const key = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-256']));
    const digest = sha512(message);
    const signature = sign(key, { scheme: Scheme.Ecdsa }, digest);
    expect(verify(key, { scheme: Scheme.Ecdsa }, digest.slice(0, 32), signature)).toBe(0);
    expect(
      p256.verify(signature, digest, component(key, Component.EcPoint), { prehash: false, lowS: false }),
    ).toBe(true);
  });

  test('r and s of every length come out at full width', () => {
    const key = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-521']));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (digest) => {
        const signature = sign(key, { scheme: Scheme.Ecdsa }, digest);
        return signature.length === 132 && verify(key, { scheme: Scheme.Ecdsa }, digest, signature) === 0;
      }),
      { numRuns: 60 },
    );
  });

  test('small curves, lengths and kinds', () => {
    for (const name of ['P-192', 'P-224'] as const) {
      const key = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves[name]));
      const signature = sign(key, { scheme: Scheme.Ecdsa, hash: Hash.Sha224 }, message);
      expect(verify(key, { scheme: Scheme.Ecdsa, hash: Hash.Sha224 }, message, signature)).toBe(0);
      expect(verify(key, { scheme: Scheme.Ecdsa, hash: Hash.Sha224 }, message, signature.slice(1))).toBe(
        CKR.SIGNATURE_LEN_RANGE,
      );
      expect(trySign(good(enclave.keyPublicOf(key)), { scheme: Scheme.Ecdsa }, message)).toBe(
        CKR.KEY_TYPE_INCONSISTENT,
      );
    }
    const key = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-256']));
    expect(verify(key, { scheme: Scheme.Ecdsa }, message, new Uint8Array(64))).toBe(CKR.SIGNATURE_INVALID);
  });
});

describe('Ed25519', () => {
  test('agrees with an independent implementation in all three forms', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ minLength: 1, maxLength: 255 }),
        (value, data, context) => {
          const key = good(importKey(KeyKind.Ed25519Private, { [Component.Value]: value }));
          expect(component(key, Component.EcPoint)).toEqual(ed25519.getPublicKey(value));
          expect(sign(key, { scheme: Scheme.Ed25519 }, data)).toEqual(ed25519.sign(data, value));
          const ctx = { scheme: Scheme.Ed25519ctx, extra: context };
          expect(sign(key, ctx, data)).toEqual(ed25519ctx.sign(data, value, { context }));
          const ph = { scheme: Scheme.Ed25519ph, extra: context };
          expect(sign(key, ph, data)).toEqual(ed25519ph.sign(data, value, { context }));
          expect(sign(key, { ...ph, prehashed: true }, sha512(data))).toEqual(sign(key, ph, data));
          expect(verify(key, ctx, data, sign(key, ctx, data))).toBe(0);
          expect(verify(key, ph, data, sign(key, ph, data))).toBe(0);
          expect(verify(key, ctx, data, sign(key, ph, data))).toBe(CKR.SIGNATURE_INVALID);
          enclave.keyFree(key);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('a message of a megabyte', () => {
    const key = good(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, curves.Ed25519));
    const data = new Uint8Array(1 << 20).fill(7);
    const signature = sign(key, { scheme: Scheme.Ed25519 }, data);
    expect(signature).toEqual(ed25519.sign(data, component(key, Component.Value)));
    expect(verify(key, { scheme: Scheme.Ed25519 }, data, signature)).toBe(0);
  });
});

describe('HMAC', () => {
  test('agrees for every hash, key length and truncation', () => {
    const hashes = [
      [Hash.Sha224, sha224],
      [Hash.Sha256, sha256],
      [Hash.Sha384, sha384],
      [Hash.Sha512, sha512],
      [Hash.Sha3_256, sha3_256],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...hashes),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.uint8Array({ maxLength: 40_000 }),
        fc.nat(28),
        ([hash, reference], value, data, length) => {
          const key = secret(value);
          const whole = hmac(reference, value, data);
          const how = { scheme: Scheme.Hmac, hash, salt: length };
          const mac = sign(key, how, data);
          expect(mac).toEqual(length === 0 ? whole : whole.slice(0, length));
          expect(verify(key, how, data, mac)).toBe(0);
          expect(
            verify(
              key,
              how,
              data,
              mac.map((byte) => byte ^ 1),
            ),
          ).toBe(CKR.SIGNATURE_INVALID);
          expect(verify(key, how, data, new Uint8Array(mac.length + 1))).toBe(CKR.SIGNATURE_LEN_RANGE);
          const context = good(enclave.macNew(key, hash));
          const cut = data.length >> 1;
          good(enclave.contextUpdate(context, data, 0, cut));
          good(enclave.contextUpdate(context, data, cut, data.length - cut));
          const out = new Uint8Array(whole.length);
          expect(enclave.contextFinal(context, out, 0, out.length - 1)).toBe(CKR.BUFFER_TOO_SMALL);
          expect(enclave.lastLength()).toBe(whole.length);
          expect(enclave.contextFinal(context, out, 0, out.length)).toBe(whole.length);
          expect(out).toEqual(whole);
          enclave.keyFree(key);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('RSA', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = pair.privateKey.export({ format: 'jwk' });
  let key = 0;
  beforeAll(() => {
    key = good(
      importKey(KeyKind.RsaPrivate, {
        [Component.Modulus]: fromJwk(jwk.n),
        [Component.PublicExponent]: fromJwk(jwk.e),
        [Component.PrivateExponent]: fromJwk(jwk.d),
      }),
    );
  });

  test('a key without its primes gets them', () => {
    const primes = [component(key, Component.Prime1), component(key, Component.Prime2)];
    expect(primes).toContainEqual(fromJwk(jwk.p));
    expect(primes).toContainEqual(fromJwk(jwk.q));
  });

  test('PKCS#1 v1.5 with and without hash, against OpenSSL through another door', () => {
    for (const [hash, name] of [
      [Hash.Sha1, 'sha1'],
      [Hash.Sha256, 'sha256'],
      [Hash.Sha512, 'sha512'],
    ] as const)
      expect(sign(key, { scheme: Scheme.RsaPkcs1, hash }, message)).toEqual(
        new Uint8Array(nodeSign(name, message, pair.privateKey)),
      );
    const how = { scheme: Scheme.RsaPkcs1 };
    const most = new Uint8Array(245).fill(9);
    const signature = sign(key, how, most);
    expect(verify(key, how, most, signature)).toBe(0);
    expect(trySign(key, how, new Uint8Array(246))).toBe(CKR.DATA_LEN_RANGE);
    const out = new Uint8Array(256);
    const size = enclave.verifyRecover(
      key,
      signingPlan({ scheme: Scheme.RsaPkcs1 }),
      range(signature, 0, 256),
      range(out, 0, 256),
    );
    expect(out.slice(0, size)).toEqual(most);
    expect(
      enclave.verifyRecover(
        key,
        signingPlan({ scheme: Scheme.RsaPkcs1 }),
        range(signature, 0, 255),
        range(out, 0, 256),
      ),
    ).toBe(CKR.SIGNATURE_LEN_RANGE);
  });

  test('PSS: salt lengths are honoured both ways', () => {
    for (const salt of [0, 20, 32, 222]) {
      const how = { scheme: Scheme.RsaPss, hash: Hash.Sha256, salt };
      const signature = sign(key, how, message);
      const options = { key: pair.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt };
      expect(nodeVerify('sha256', message, options, signature)).toBe(true);
      expect(verify(key, how, message, signature)).toBe(0);
      expect(verify(key, { ...how, salt: salt + 1 }, message, signature)).toBe(CKR.SIGNATURE_INVALID);
      expect(verify(key, { ...how, prehashed: true }, sha256(message), signature)).toBe(0);
    }
    expect(trySign(key, { scheme: Scheme.RsaPss, hash: Hash.Sha256, salt: 223 }, message)).toBe(
      CKR.KEY_SIZE_RANGE,
    );
    const mixed = { scheme: Scheme.RsaPss, hash: Hash.Sha256, mgf: Hash.Sha1, salt: 32 };
    expect(verify(key, mixed, message, sign(key, mixed, message))).toBe(0);
    expect(verify(key, { ...mixed, mgf: Hash.Sha256 }, message, sign(key, mixed, message))).toBe(
      CKR.SIGNATURE_INVALID,
    );
  });

  test('raw RSA takes anything below the modulus', () => {
    const signature = sign(key, { scheme: Scheme.RsaRaw }, Uint8Array.of(2));
    expect(verify(key, { scheme: Scheme.RsaRaw }, Uint8Array.of(2), signature)).toBe(0);
    expect(trySign(key, { scheme: Scheme.RsaRaw }, new Uint8Array(256).fill(255))).toBe(CKR.DATA_INVALID);
    expect(trySign(key, { scheme: Scheme.RsaRaw }, new Uint8Array(257))).toBe(CKR.DATA_LEN_RANGE);
  });

  test('jobs on the pool give the same, also when the key is freed meanwhile', async () => {
    const copy = good(enclave.keyDuplicate(key));
    const jobs = Array.from({ length: 12 }, () => {
      const job = nextJob();
      expect(
        enclave.sign(
          job,
          copy,
          signingPlan({ scheme: Scheme.RsaPkcs1, hash: Hash.Sha256 }),
          null,
          whole(message),
          nothing,
        ),
      ).toBe(0);
      return job;
    });
    enclave.keyFree(copy);
    enclave.purgeParsed();
    const expected = sign(key, { scheme: Scheme.RsaPkcs1, hash: Hash.Sha256 }, message);
    for (const job of jobs) {
      let size = enclave.jobResult(job);
      while (size === CKR.PENDING) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        size = enclave.jobResult(job);
      }
      const out = new Uint8Array(256);
      expect(size).toBe(256);
      expect(enclave.jobOutput(job, out, 0, 255)).toBe(CKR.BUFFER_TOO_SMALL);
      expect(enclave.jobOutput(job, out, 0, 256)).toBe(256);
      expect(out).toEqual(expected);
      expect(enclave.jobOutput(job, out, 0, 256)).toBe(CKR.OPERATION_NOT_INITIALIZED);
    }
    expect(enclave.jobTake()).toBe(0);
    expect(enclave.jobsRunning()).toBe(0);
  });

  test('no job is left lying, whether the threads look for one, sleep, or are about to', () => {
    const ec = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-256']));
    const digest = sha256(message);
    const submit = (): void => {
      const job = nextJob();
      expect(
        enclave.sign(
          job,
          ec,
          signingPlan({ scheme: Scheme.Ecdsa, prehashed: true }),
          null,
          range(digest, 0, 32),
          nothing,
        ),
      ).toBe(0);
    };
    const waitFor = (count: number): void => {
      const until = performance.now() + 60_000;
      for (let left = count; left > 0; ) {
        const job = enclave.jobTake();
        if (job > 0) {
          left--;
          enclave.jobDrop(job);
        } else if (performance.now() > until) throw new Error('a job lies there and nobody takes it');
      }
    };
    // Around the 60 µs that a thread looks before it sleeps; one job, as many as processors, and more.
    for (let round = 0; round < 1500; round++) {
      const count = 1 + (round % 5);
      for (let i = 0; i < count; i++) submit();
      waitFor(count);
      const next = performance.now() + (round % 97) / 1000;
      while (performance.now() < next);
    }
    expect(enclave.jobsRunning()).toBe(0);
    enclave.keyFree(ec);
  });

  test('dropped jobs are never heard of again', async () => {
    const job = nextJob();
    enclave.sign(
      job,
      key,
      signingPlan({ scheme: Scheme.RsaPkcs1, hash: Hash.Sha256 }),
      null,
      range(message, 0, 5),
      nothing,
    );
    enclave.jobDrop(job);
    while (enclave.jobsRunning() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(enclave.jobTake()).toBe(0);
    expect(enclave.jobResult(job)).toBe(CKR.OPERATION_NOT_INITIALIZED);
  });

  test('encryption in three paddings', async () => {
    const data = utf8('a secret to wrap');
    const out = new Uint8Array(256);
    const back = new Uint8Array(256);
    const label = utf8('label');
    for (const [padding, hash, mgf, tag] of [
      [RsaPadding.Pkcs1, Hash.None, Hash.None, {}],
      [RsaPadding.Oaep, Hash.Sha256, Hash.Sha1, { aad: label }],
      [RsaPadding.Oaep, Hash.Sha1, Hash.Sha1, {}],
    ] as const) {
      expect(
        enclave.rsaEncrypt(
          key,
          encryptionPlan({ padding, hash, mgfHash: mgf, ...tag }),
          whole(data),
          range(out, 0, 256),
        ),
      ).toBe(256);
      expect(
        enclave.rsaDecrypt(
          0,
          key,
          encryptionPlan({ padding, hash, mgfHash: mgf, ...tag }),
          range(out, 0, 256),
          range(back, 0, 256),
        ),
      ).toBe(data.length);
      expect(back.slice(0, data.length)).toEqual(data);
      const job = nextJob();
      expect(
        enclave.rsaDecrypt(
          job,
          key,
          encryptionPlan({ padding, hash, mgfHash: mgf, ...tag }),
          range(out, 0, 256),
          nothing,
        ),
      ).toBe(0);
      await finished(job);
      expect(enclave.jobOutput(job, back, 0, 256)).toBe(data.length);
    }
    expect(
      enclave.rsaDecrypt(
        0,
        key,
        encryptionPlan({ padding: RsaPadding.Oaep, hash: Hash.Sha1, mgfHash: Hash.Sha1, aad: label }),
        range(out, 0, 256),
        range(back, 0, 256),
      ),
    ).toBe(CKR.ENCRYPTED_DATA_INVALID);
    expect(
      enclave.rsaDecrypt(
        0,
        key,
        encryptionPlan({ padding: RsaPadding.Oaep, hash: Hash.Sha1, mgfHash: Hash.Sha1 }),
        range(out, 0, 255),
        range(back, 0, 256),
      ),
    ).toBe(CKR.ENCRYPTED_DATA_LEN_RANGE);
    expect(
      enclave.rsaEncrypt(
        key,
        encryptionPlan({ padding: RsaPadding.Pkcs1 }),
        range(out, 0, 246),
        range(back, 0, 256),
      ),
    ).toBe(CKR.DATA_LEN_RANGE);
    expect(
      enclave.rsaEncrypt(
        key,
        encryptionPlan({ padding: RsaPadding.Pkcs1 }),
        range(out, 0, 10),
        range(back, 0, 255),
      ),
    ).toBe(CKR.BUFFER_TOO_SMALL);
    expect(enclave.lastLength()).toBe(256);
  });

  test('generated keys are sound', async () => {
    const fresh = await generateRsa(1024);
    expect(enclave.keyBits(fresh)).toBe(1024);
    const signature = sign(fresh, { scheme: Scheme.RsaPkcs1, hash: Hash.Sha256 }, message);
    const n = Buffer.from(component(fresh, Component.Modulus)).toString('base64url');
    const half = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
    expect(nodeVerify('sha256', message, half, signature)).toBe(true);
    expect(enclave.keyGenerateRsa(nextJob(), 512, Uint8Array.of(3))).toBe(CKR.KEY_SIZE_RANGE);
  });
});
