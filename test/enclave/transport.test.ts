import { createPrivateKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { Cipher, EcdhKdf, encryptionPlan, KeyKind, whole } from '../../module/enclave/enclave.ts';
import {
  CKR,
  Component,
  component,
  crypt,
  curves,
  enclave,
  finished,
  fromJwk,
  generateRsa,
  good,
  Hash,
  hex,
  importKey,
  nextJob,
  none,
  range,
  secret,
  toHex,
  utf8,
} from './support.ts';

const nowhere = (size: number): Uint8Array => new Uint8Array(size);

describe('agreement', () => {
  test('X25519 with a raw or wrapped peer', () => {
    const alice = hex('77076d0a7318a57d3c16c17251b26645c6b0b4e9b1d5b9f3e0f1d6a6d1b9b9a0');
    const key = good(importKey(KeyKind.X25519Private, { [Component.Value]: alice }));
    const peer = x25519.getPublicKey(new Uint8Array(32).fill(9));
    const expected = x25519.getSharedSecret(alice, peer);
    for (const form of [peer, hex(`0420${toHex(peer)}`)])
      expect(
        component(good(enclave.keyAgree(0, key, form, EcdhKdf.None, Hash.None, none, 0)), Component.Value),
      ).toEqual(expected);
    expect(enclave.keyAgree(0, key, nowhere(32), EcdhKdf.None, Hash.None, none, 0)).toBe(
      CKR.MECHANISM_PARAM_INVALID,
    );
    expect(enclave.keyAgree(0, key, peer.slice(1), EcdhKdf.None, Hash.None, none, 0)).toBe(
      CKR.MECHANISM_PARAM_INVALID,
    );
  });

  test('ECDH on every curve, with the KDF of X9.63', () => {
    for (const [name, nodeName] of [
      ['P-256', 'P-256'],
      ['P-384', 'P-384'],
      ['P-521', 'P-521'],
      ['secp256k1', 'secp256k1'],
    ] as const) {
      const other = generateKeyPairSync('ec', { namedCurve: nodeName });
      const jwk = other.publicKey.export({ format: 'jwk' });
      const point = new Uint8Array([4, ...fromJwk(jwk.x), ...fromJwk(jwk.y)]);
      const key = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves[name]));
      const mine = component(key, Component.EcPoint);
      const half = (mine.length - 1) / 2;
      const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
      const own = createPrivateKey({
        key: {
          kty: 'EC',
          crv: jwk.crv ?? '',
          d: text(component(key, Component.Value)),
          x: text(mine.slice(1, 1 + half)),
          y: text(mine.slice(1 + half)),
        },
        format: 'jwk',
      });
      const z = diffieHellman({ privateKey: own, publicKey: other.publicKey });
      const head = point.length < 128 ? [4, point.length] : [4, 0x81, point.length];
      for (const form of [point, new Uint8Array([...head, ...point])]) {
        expect(
          component(good(enclave.keyAgree(0, key, form, EcdhKdf.None, Hash.None, none, 0)), Component.Value),
        ).toEqual(new Uint8Array(z));
        expect(
          component(good(enclave.keyAgree(0, key, form, EcdhKdf.None, Hash.None, none, 16)), Component.Value),
        ).toEqual(new Uint8Array(z.subarray(z.length - 16)));
      }
      const info = utf8('shared');
      const block = (counter: number): Uint8Array =>
        sha256(Buffer.concat([z, Uint8Array.of(0, 0, 0, counter), info]));
      const derived = component(
        good(enclave.keyAgree(0, key, point, EcdhKdf.X963, Hash.Sha256, info, 50)),
        Component.Value,
      );
      expect(derived).toEqual(new Uint8Array(Buffer.concat([block(1), block(2)]).subarray(0, 50)));
      expect(enclave.keyAgree(0, key, point, EcdhKdf.None, Hash.None, none, z.length + 1)).toBe(
        CKR.KEY_SIZE_RANGE,
      );
      point[9] = (point[9] ?? 0) ^ 1;
      expect(enclave.keyAgree(0, key, point, EcdhKdf.None, Hash.None, none, 0)).toBe(
        CKR.MECHANISM_PARAM_INVALID,
      );
    }
  });

  test('as a job: the same secret, also when the key goes meanwhile; what cannot be is refused at once', async () => {
    const info = utf8('shared info');
    for (const name of ['P-256', 'P-384', 'P-521', 'secp256k1'] as const) {
      const making = nextJob();
      expect(enclave.keyGenerateEc(making, KeyKind.EcPrivate, curves[name])).toBe(0);
      await finished(making);
      const key = good(enclave.jobResult(making));
      const other = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves[name]));
      const point = component(other, Component.EcPoint);
      const expected = component(
        good(enclave.keyAgree(0, key, point, EcdhKdf.X963, Hash.Sha256, info, 50)),
        Component.Value,
      );
      const job = nextJob();
      const given = info.slice();
      expect(enclave.keyAgree(job, key, point, EcdhKdf.X963, Hash.Sha256, given, 50)).toBe(0);
      given.fill(0);
      const dropped = nextJob();
      expect(enclave.keyAgree(dropped, key, point, EcdhKdf.None, Hash.None, none, 0)).toBe(0);
      enclave.jobDrop(dropped);
      const nowhere = point.slice();
      nowhere[9] = (nowhere[9] ?? 0) ^ 1;
      expect(enclave.keyAgree(nextJob(), key, nowhere, EcdhKdf.None, Hash.None, none, 0)).toBe(
        CKR.MECHANISM_PARAM_INVALID,
      );
      expect(enclave.keyAgree(nextJob(), key, point, EcdhKdf.None, Hash.None, none, 67)).toBe(0);
      enclave.keyFree(key);
      enclave.purgeParsed();
      await finished(job);
      expect(component(good(enclave.jobResult(job)), Component.Value)).toEqual(expected);
    }
    expect(enclave.keyGenerateEc(nextJob(), KeyKind.EcPrivate, none)).toBe(CKR.CURVE_NOT_SUPPORTED);
    expect(enclave.keyGenerateEc(nextJob(), KeyKind.EcPrivate, new Uint8Array(65))).toBe(
      CKR.CURVE_NOT_SUPPORTED,
    );
    const unknown = nextJob();
    expect(enclave.keyGenerateEc(unknown, KeyKind.EcPrivate, Uint8Array.of(6, 1, 1))).toBe(0);
    await finished(unknown);
    expect(enclave.jobResult(unknown)).toBeLessThan(0);
    while (enclave.jobsRunning() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  });
});

describe('wrapping', () => {
  const kek = secret(new Uint8Array(32).fill(4));
  const iv = new Uint8Array(16);
  const wrap = (cipher: Cipher | 0, target: number, parameters: Uint8Array, param = 0): Uint8Array => {
    const out = nowhere(4096);
    return out.slice(
      0,
      good(enclave.keyWrap(kek, encryptionPlan({ cipher, iv: parameters, param }), target, whole(out))),
    );
  };
  const unwrap = (
    cipher: Cipher | 0,
    kind: KeyKind,
    size: number,
    wrapped: Uint8Array,
    parameters: Uint8Array,
    param = 0,
  ): number =>
    enclave.keyUnwrap(0, kek, encryptionPlan({ cipher, iv: parameters, param }), kind, size, whole(wrapped));

  test('private keys as PKCS#8 that Node reads, and back', async () => {
    const keys = [
      [KeyKind.RsaPrivate, await generateRsa(1024)],
      [KeyKind.EcPrivate, good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-384']))],
      [KeyKind.EcPrivate, good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-521']))],
      [KeyKind.Ed25519Private, good(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, curves.Ed25519))],
      [KeyKind.X25519Private, good(enclave.keyGenerateEc(0, KeyKind.X25519Private, curves.X25519))],
    ] as const;
    for (const [kind, key] of keys) {
      for (const [cipher, parameters, param] of [
        [Cipher.AesCbcPad, iv, 0],
        [Cipher.AesKeyWrapPad, none, 0],
        [Cipher.AesGcm, iv.slice(4), 16],
      ] as const) {
        const wrapped = wrap(cipher, key, parameters, param);
        expect(enclave.keyEqual(key, good(unwrap(cipher, kind, 0, wrapped, parameters, param)))).toBe(true);
        const other = kind === KeyKind.EcPrivate ? KeyKind.RsaPrivate : KeyKind.EcPrivate;
        expect(unwrap(cipher, other, 0, wrapped, parameters, param)).toBe(CKR.WRAPPED_KEY_INVALID);
      }
      const der = crypt(kek, Cipher.AesCbcPad, false, wrap(Cipher.AesCbcPad, key, iv), { iv }) as Uint8Array;
      const node = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
      expect(node.type).toBe('private');
      const again = crypt(
        kek,
        Cipher.AesCbcPad,
        true,
        new Uint8Array(node.export({ format: 'der', type: 'pkcs8' })),
        { iv },
      ) as Uint8Array;
      expect(enclave.keyEqual(key, good(unwrap(Cipher.AesCbcPad, kind, 0, again, iv)))).toBe(true);
      for (let i = 0; i < der.length; i += 3) {
        const cut = crypt(kek, Cipher.AesCbcPad, true, der.slice(0, i), { iv }) as Uint8Array;
        expect(unwrap(Cipher.AesCbcPad, kind, 0, cut, iv)).toBe(CKR.WRAPPED_KEY_INVALID);
      }
    }
  });

  test('secrets: lengths, zero padding, RSA', async () => {
    const value = secret(utf8('a secret of 20 bytes'));
    const padded = wrap(Cipher.AesCbc, value, iv);
    expect(padded.length).toBe(32);
    expect(enclave.keyEqual(value, good(unwrap(Cipher.AesCbc, KeyKind.Secret, 20, padded, iv)))).toBe(true);
    expect(enclave.keyBits(good(unwrap(Cipher.AesCbc, KeyKind.Secret, 0, padded, iv)))).toBe(256);
    for (const cut of [1, 16, 19, 33]) {
      expect(unwrap(Cipher.AesCbc, KeyKind.Secret, cut, padded, iv)).toBe(CKR.WRAPPED_KEY_LEN_RANGE);
    }
    const exact = wrap(Cipher.AesKeyWrapPad, value, none);
    expect(enclave.keyEqual(value, good(unwrap(Cipher.AesKeyWrapPad, KeyKind.Secret, 0, exact, none)))).toBe(
      true,
    );
    expect(unwrap(Cipher.AesKeyWrapPad, KeyKind.Secret, 19, exact, none)).toBe(CKR.WRAPPED_KEY_LEN_RANGE);
    exact[0] = (exact[0] ?? 0) ^ 1;
    expect(unwrap(Cipher.AesKeyWrapPad, KeyKind.Secret, 0, exact, none)).toBe(CKR.WRAPPED_KEY_INVALID);
    const out = nowhere(4096);
    // Null bytes fill the last semiblock (PKCS#11 3.2, AES Key Wrap): 20 bytes become 24, and 32 with the check value.
    const filled = wrap(Cipher.AesKeyWrap, value, none);
    expect(filled.length).toBe(32);
    expect(enclave.keyEqual(value, good(unwrap(Cipher.AesKeyWrap, KeyKind.Secret, 20, filled, none)))).toBe(
      true,
    );
    expect(enclave.keyBits(good(unwrap(Cipher.AesKeyWrap, KeyKind.Secret, 0, filled, none)))).toBe(192);
    expect(unwrap(Cipher.AesKeyWrap, KeyKind.Secret, 16, filled, none)).toBe(CKR.WRAPPED_KEY_LEN_RANGE);
    expect(unwrap(Cipher.AesKeyWrap, KeyKind.Secret, 19, filled, none)).toBe(CKR.WRAPPED_KEY_LEN_RANGE);
    expect(unwrap(Cipher.AesKeyWrap, KeyKind.Secret, 25, filled, none)).toBe(CKR.WRAPPED_KEY_LEN_RANGE);
    const short = secret(utf8('abc'));
    expect(
      enclave.keyEqual(
        short,
        good(unwrap(Cipher.AesKeyWrap, KeyKind.Secret, 3, wrap(Cipher.AesKeyWrap, short, none), none)),
      ),
    ).toBe(true);
    const rsa = await generateRsa(1024);
    const wrappedRsa = wrap(Cipher.AesKeyWrap, rsa, none);
    expect(
      enclave.keyEqual(rsa, good(unwrap(Cipher.AesKeyWrap, KeyKind.RsaPrivate, 0, wrappedRsa, none))),
    ).toBe(true);
    expect(
      enclave.keyWrap(kek, encryptionPlan({ cipher: Cipher.AesCbc, iv }), rsa, range(out, 0, 4096)),
    ).toBe(CKR.KEY_NOT_WRAPPABLE);
    expect(
      enclave.keyWrap(
        kek,
        encryptionPlan({ cipher: Cipher.AesGcm, iv, param: 16 }),
        good(enclave.keyPublicOf(rsa)),
        range(out, 0, 4096),
      ),
    ).toBe(CKR.KEY_NOT_WRAPPABLE);
    for (const [padding, hash, label] of [
      [1, 0, none],
      [3, Hash.Sha256, utf8('label')],
      [2, 0, none],
    ] as const) {
      const size = good(
        enclave.keyWrap(
          rsa,
          encryptionPlan({ padding, hash, mgfHash: hash, aad: label }),
          value,
          range(out, 0, 128),
        ),
      );
      const job = nextJob();
      expect(
        enclave.keyUnwrap(
          job,
          rsa,
          encryptionPlan({ padding, hash, mgfHash: hash, aad: label }),
          KeyKind.Secret,
          20,
          range(out, 0, size),
        ),
      ).toBe(0);
      await finished(job);
      expect(enclave.keyEqual(value, good(enclave.jobResult(job)))).toBe(true);
      const now = enclave.keyUnwrap(
        0,
        rsa,
        encryptionPlan({ padding, hash, mgfHash: hash, aad: label }),
        KeyKind.Secret,
        20,
        range(out, 0, size),
      );
      expect(enclave.keyEqual(value, good(now))).toBe(true);
    }
  });
});
