import { createHash, generateKeyPairSync } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, test } from 'vitest';
import { Cipher, EcdhKdf, encryptionPlan, KeyKind, Scheme } from '../../module/enclave/enclave.ts';
import {
  CKR,
  Component,
  component,
  curves,
  enclave,
  fromJwk,
  good,
  Hash,
  hex,
  importKey,
  none,
  range,
  secret,
  signingPlan,
  toHex,
  utf8,
} from './support.ts';

const nowhere = (size: number): Uint8Array => new Uint8Array(size);

describe('import', () => {
  test('EC keys get their point, and are refused off the curve or out of range', () => {
    const value = new Uint8Array(32).fill(3);
    const key = good(
      importKey(KeyKind.EcPrivate, { [Component.EcParams]: curves['P-256'], [Component.Value]: value }),
    );
    expect(component(key, Component.EcPoint)).toEqual(p256.getPublicKey(value, false));
    expect(enclave.keyBits(key)).toBe(256);
    const order = hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    for (const bad of [nowhere(32), order, nowhere(33).fill(1), none])
      expect(
        importKey(KeyKind.EcPrivate, { [Component.EcParams]: curves['P-256'], [Component.Value]: bad }),
      ).toBe(CKR.ATTRIBUTE_VALUE_INVALID);
    const point = component(key, Component.EcPoint);
    const half = good(
      importKey(KeyKind.EcPublic, { [Component.EcParams]: curves['P-256'], [Component.EcPoint]: point }),
    );
    expect(enclave.keyEqual(half, good(enclave.keyPublicOf(key)))).toBe(true);
    const compressed = p256.getPublicKey(value, true);
    const same = good(
      importKey(KeyKind.EcPublic, { [Component.EcParams]: curves['P-256'], [Component.EcPoint]: compressed }),
    );
    expect(component(same, Component.EcPoint)).toEqual(point);
    point[40] = (point[40] ?? 0) ^ 1;
    for (const bad of [point, Uint8Array.of(0), point.slice(1)])
      expect(
        importKey(KeyKind.EcPublic, { [Component.EcParams]: curves['P-256'], [Component.EcPoint]: bad }),
      ).toBe(CKR.ATTRIBUTE_VALUE_INVALID);
    expect(importKey(KeyKind.EcPrivate, { [Component.Value]: value })).toBe(CKR.TEMPLATE_INCOMPLETE);
    expect(
      importKey(KeyKind.EcPrivate, { [Component.EcParams]: curves.Ed25519, [Component.Value]: value }),
    ).toBe(CKR.CURVE_NOT_SUPPORTED);
    expect(enclave.keyComponent(half, Component.Value, none, 0, 0)).toBe(CKR.ATTRIBUTE_TYPE_INVALID);
  });

  test('RSA numbers must belong together', () => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' });
    const all = {
      [Component.Modulus]: fromJwk(jwk.n),
      [Component.PublicExponent]: fromJwk(jwk.e),
      [Component.PrivateExponent]: fromJwk(jwk.d),
      [Component.Prime1]: fromJwk(jwk.p),
      [Component.Prime2]: fromJwk(jwk.q),
      [Component.Exponent1]: fromJwk(jwk.dp),
      [Component.Exponent2]: fromJwk(jwk.dq),
      [Component.Coefficient]: fromJwk(jwk.qi),
    };
    const key = good(importKey(KeyKind.RsaPrivate, all));
    expect(component(key, Component.Coefficient)).toEqual(fromJwk(jwk.qi));
    for (const id of Object.keys(all)) {
      const wrong = {
        ...all,
        [id]: all[Number(id) as keyof typeof all].map((byte, i, { length }) =>
          i === length - 1 ? byte ^ 2 : byte,
        ),
      };
      expect(importKey(KeyKind.RsaPrivate, wrong), `component ${id}`).toBe(CKR.ATTRIBUTE_VALUE_INVALID);
    }
    const { [Component.Coefficient]: _, ...without } = all;
    expect(importKey(KeyKind.RsaPrivate, without)).toBe(CKR.TEMPLATE_INCOMPLETE);
    const swapped = { ...all, [Component.PrivateExponent]: Uint8Array.of(3) };
    expect(importKey(KeyKind.RsaPrivate, swapped)).toBe(CKR.ATTRIBUTE_VALUE_INVALID);
  });

  test('curves by every name', () => {
    for (const [name, bits] of [
      ['P-192', 192],
      ['P-224', 224],
      ['P-256', 256],
      ['P-384', 384],
      ['P-521', 521],
      ['secp256k1', 256],
      ['Ed25519', 255],
      ['X25519', 255],
    ] as const)
      expect(enclave.curveBits(curves[name]), name).toBe(bits);
    const others = {
      edwards: '130c656477617264733235353139',
      older: '06092b06010401da470f01',
      montgomery: '130a63757276653235353139',
      oldMontgomery: '060a2b060104019755010501',
    };
    for (const name of Object.values(others)) expect(enclave.curveBits(hex(name))).toBe(255);
    expect(enclave.curveBits(hex('06052b81040023ff'))).toBe(CKR.DOMAIN_PARAMS_INVALID);
    expect(enclave.curveBits(hex('06052b8104007f'))).toBe(CKR.CURVE_NOT_SUPPORTED);
    expect(enclave.curveBits(hex('3003020101'))).toBe(CKR.CURVE_NOT_SUPPORTED);
    expect(enclave.curveBits(none)).toBe(CKR.DOMAIN_PARAMS_INVALID);
    const key = good(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, hex(others.edwards)));
    expect(toHex(component(key, Component.EcParams))).toBe(others.edwards);
    expect(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, curves.X25519)).toBe(CKR.CURVE_NOT_SUPPORTED);
  });

  test('handles: duplicate, free, equality, check values', () => {
    const key = secret(hex('000102030405060708090a0b0c0d0e0f'));
    const copy = good(enclave.keyDuplicate(key));
    expect(enclave.keyEqual(key, copy)).toBe(true);
    enclave.keyFree(key);
    enclave.keyFree(key);
    expect(enclave.keyKind(key)).toBe(CKR.KEY_HANDLE_INVALID);
    expect(enclave.keyEqual(key, copy)).toBe(false);
    const out = nowhere(4);
    expect(enclave.keyCheckValue(copy, true, out, 0)).toBe(3);
    expect(toHex(out)).toBe('c6a13b00');
    expect(enclave.keyCheckValue(copy, false, out, 1)).toBe(3);
    expect(enclave.keyGenerateSecret(0)).toBe(CKR.KEY_SIZE_RANGE);
    expect(enclave.keyEqual(good(enclave.keyGenerateSecret(16)), copy)).toBe(false);
  });
});

describe('data', () => {
  const text = utf8('thirty-two bytes, as a root is!!');
  const data = good(importKey(KeyKind.Data, { [Component.Value]: text }));

  test('comes back, also from under a seal, and is compared', () => {
    expect([enclave.keyKind(data), component(data, Component.Value)]).toEqual([KeyKind.Data, text]);
    const root = secret(nowhere(32));
    const sealed = enclave.keySeal(root, none, data);
    if (typeof sealed === 'number') throw new Error('keySeal failed');
    const back = good(enclave.keyOpen(root, none, sealed));
    expect([enclave.keyKind(back), enclave.keyEqual(back, data)]).toEqual([KeyKind.Data, true]);
    const equals = (bytes: Uint8Array, length = bytes.length) =>
      enclave.keyComponentEquals(back, Component.Value, bytes, 0, length);
    expect([equals(text), equals(text, 31), equals(none), equals(nowhere(32))]).toEqual([1, 0, 0, 0]);
    expect(enclave.keyComponentEquals(back, Component.Modulus, text, 0, 32)).toBe(CKR.ATTRIBUTE_TYPE_INVALID);
    const check = nowhere(3);
    expect(enclave.keyCheckValue(back, false, check, 0)).toBe(3);
    expect(check).toEqual(new Uint8Array(createHash('sha1').update(text).digest().subarray(0, 3)));
  });

  test('has a bound on its length', () => {
    const most = 1 << 24;
    const long = good(importKey(KeyKind.Data, { [Component.Value]: nowhere(most) }));
    expect(enclave.keyComponent(long, Component.Value, none, 0, 0)).toBe(most);
    enclave.keyFree(long);
    for (const bad of [none, nowhere(most + 1)])
      expect(importKey(KeyKind.Data, { [Component.Value]: bad })).toBe(CKR.ATTRIBUTE_VALUE_INVALID);
  });

  test('is taken for a key by nothing', () => {
    const out = nowhere(64);
    const aes = secret(nowhere(32));
    const inconsistent = [
      enclave.cipher(
        data,
        encryptionPlan({ cipher: Cipher.AesCbc, iv: nowhere(16) }),
        true,
        range(text, 0, 32),
        range(out, 0, 64),
      ),
      enclave.cipherNew(data, encryptionPlan({ cipher: Cipher.AesCbc, iv: nowhere(16) }), true),
      enclave.sign(
        0,
        data,
        signingPlan({ scheme: Scheme.Hmac, hash: Hash.Sha256 }),
        null,
        range(text, 0, 32),
        range(out, 0, 64),
      ),
      enclave.macNew(data, Hash.Sha256),
      enclave.digestKey(good(enclave.digestNew(Hash.Sha256)), data),
      enclave.keyPublicOf(data),
      enclave.keyCheckValue(data, true, out, 0),
      enclave.keyAgree(0, data, text, EcdhKdf.None, Hash.None, none, 0),
      enclave.seal(data, none, text),
    ];
    expect(inconsistent).toEqual(inconsistent.map(() => CKR.KEY_TYPE_INCONSISTENT));
    const wrap = enclave.keyWrap(
      aes,
      encryptionPlan({ cipher: Cipher.AesKeyWrapPad }),
      data,
      range(out, 0, 64),
    );
    expect(wrap).toBe(CKR.KEY_NOT_WRAPPABLE);
  });
});
