import { createHash, createPrivateKey, diffieHellman, generateKeyPairSync, pbkdf2Sync } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { Cipher, EcdhKdf, KeyKind, Scheme } from '../../module/enclave/enclave.ts';
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
  secret,
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
      enclave.cipher(data, Cipher.AesCbc, true, nowhere(16), none, 0, text, 0, 32, out, 0, 64),
      enclave.cipherNew(data, Cipher.AesCbc, true, nowhere(16), none, 0),
      enclave.sign(0, data, Scheme.Hmac, Hash.Sha256, 0, 0, false, null, text, 0, 32, out, 0, 64),
      enclave.macNew(data, Hash.Sha256),
      enclave.digestKey(good(enclave.digestNew(Hash.Sha256)), data),
      enclave.keyPublicOf(data),
      enclave.keyCheckValue(data, true, out, 0),
      enclave.keyAgree(0, data, text, EcdhKdf.None, Hash.None, none, 0),
      enclave.seal(data, none, text),
    ];
    expect(inconsistent).toEqual(inconsistent.map(() => CKR.KEY_TYPE_INCONSISTENT));
    const wrap = enclave.keyWrap(aes, Cipher.AesKeyWrapPad, 0, 0, 0, none, none, 0, data, out, 0, 64);
    expect(wrap).toBe(CKR.KEY_NOT_WRAPPABLE);
  });
});

describe('seals', () => {
  const root = secret(new Uint8Array(32).fill(8));
  const context = utf8('object 5');

  test('open what was sealed, in its own context only', () => {
    const sealed = enclave.seal(root, context, utf8('attributes'));
    if (typeof sealed === 'number') throw new Error('seal failed');
    expect(enclave.open(root, context, sealed)).toEqual(utf8('attributes'));
    expect(enclave.open(root, utf8('object 6'), sealed)).toBe(CKR.ENCRYPTED_DATA_INVALID);
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice();
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(enclave.open(root, context, changed)).toBe(CKR.ENCRYPTED_DATA_INVALID);
    }
    expect(enclave.open(root, context, sealed.slice(0, 28))).toBe(CKR.ENCRYPTED_DATA_INVALID);
    expect(enclave.seal(secret(nowhere(16)), context, none)).toBe(CKR.KEY_SIZE_RANGE);
    expect(enclave.open(root, context, enclave.seal(root, context, none) as Uint8Array)).toEqual(none);
  });

  test('keys come back whole', async () => {
    const keys = [
      secret(utf8('short')),
      await generateRsa(1024),
      good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-521'])),
      good(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, curves.Ed25519)),
      good(enclave.keyGenerateEc(0, KeyKind.X25519Private, curves.X25519)),
    ];
    for (const key of keys) {
      const sealed = enclave.keySeal(root, context, key);
      if (typeof sealed === 'number') throw new Error('keySeal failed');
      const back = good(enclave.keyOpen(root, context, sealed));
      expect(enclave.keyEqual(key, back)).toBe(true);
      expect([enclave.keyKind(back), enclave.keyBits(back)]).toEqual([
        enclave.keyKind(key),
        enclave.keyBits(key),
      ]);
      expect(enclave.keyOpen(root, none, sealed)).toBe(CKR.ENCRYPTED_DATA_INVALID);
    }
  });

  test('labelled MACs and the set hash follow their definition', () => {
    const label = utf8('manifest');
    const item = utf8('item');
    const derived = (purpose: string): Uint8Array =>
      hkdf(sha256, new Uint8Array(32).fill(8), undefined, utf8(`${purpose}manifest`), 32);
    const mac = nowhere(32);
    expect(enclave.macCompute(root, label, item, mac)).toBe(32);
    expect(mac).toEqual(hmac(sha256, derived('strongroom mac v1'), item));
    expect(enclave.macCheck(root, label, item, mac)).toBe(1);
    expect(enclave.macCheck(root, label, context, mac)).toBe(0);
    expect(component(good(enclave.keyDeriveLabel(root, label)), Component.Value)).toEqual(derived(''));
    const accumulator = new Uint8Array(32).fill(0xff);
    const element = hmac(sha256, derived('strongroom set v1'), item);
    expect(enclave.setHashUpdate(root, label, item, accumulator, true)).toBe(0);
    const number = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`);
    expect(number(accumulator)).toBe((number(element) - 1n + (1n << 256n)) % (1n << 256n));
    expect(enclave.setHashUpdate(root, label, item, accumulator, false)).toBe(0);
    expect(accumulator).toEqual(new Uint8Array(32).fill(0xff));
    const long = new Uint8Array(500);
    for (let i = 0; i < 40; i++) {
      long[0] = i;
      for (const name of [long, long.slice(0, 20)]) {
        enclave.macCompute(root, name, item, mac);
        expect(mac).toEqual(
          hmac(
            sha256,
            hkdf(
              sha256,
              new Uint8Array(32).fill(8),
              undefined,
              Buffer.concat([utf8('strongroom mac v1'), name]),
              32,
            ),
            item,
          ),
        );
      }
    }
  });

  test('the audit chain', () => {
    const first = new Uint8Array(32).fill(1);
    expect(enclave.auditStart(root, first)).toBe(0);
    const body = Uint8Array.from({ length: 150 }, (_each, index) => index);
    const before = body.slice();
    const record = nowhere(300);
    expect(enclave.auditSeal(body, 149, record, 10)).toBe(149 + 64);
    expect(record.slice(10, 159)).toEqual(before.slice(0, 149));
    const hash = record.slice(159, 191);
    expect(hash).toEqual(sha256(Buffer.concat([first, before.slice(0, 149)])));
    const key = hkdf(sha256, new Uint8Array(32).fill(8), undefined, utf8('strongroom audit v1'), 32);
    const code = record.slice(191, 223);
    expect(code).toEqual(hmac(sha256, key, hash));
    expect(record.slice(223)).toEqual(new Uint8Array(77));
    // The next record repeats this one's seal.
    before.set([...hash, ...code], 80);
    expect(body).toEqual(before);
    expect(enclave.auditCheck(hash, code)).toBe(1);
    expect(enclave.auditCheck(first, code)).toBe(0);
    expect(() => enclave.auditSeal(body, 149, record, 88)).toThrow(TypeError);
    expect(() => enclave.auditSeal(body, 151, record, 0)).toThrow(TypeError);
    expect(() => enclave.auditSeal(body, 143, record, 0)).toThrow(TypeError);
  });

  test('PINs: PBKDF2 at once and on the pool', async () => {
    const pin = utf8('xx123456');
    const salt = utf8('salt of sixteen!');
    for (const iterations of [1, 2, 5000]) {
      const expected = new Uint8Array(pbkdf2Sync('123456', salt, iterations, 32, 'sha256'));
      expect(
        component(good(enclave.pinDerivePbkdf2Now(pin, 2, 6, salt, iterations)), Component.Value),
      ).toEqual(expected);
      const job = nextJob();
      expect(enclave.pinDerivePbkdf2(job, pin, 2, 6, salt, iterations)).toBe(0);
      await finished(job);
      expect(component(good(enclave.jobResult(job)), Component.Value)).toEqual(expected);
    }
    const long = new Uint8Array(100).fill(65);
    expect(component(good(enclave.pinDerivePbkdf2Now(long, 0, 100, salt, 3)), Component.Value)).toEqual(
      new Uint8Array(pbkdf2Sync(long, salt, 3, 32, 'sha256')),
    );
  });

  test('random bytes of every size, none alike', () => {
    const seen = new Set<string>();
    const out = nowhere(70_000);
    for (const size of [16, 32, 1024, 1025, 5000, 70_000, ...Array.from({ length: 300 }, () => 32)]) {
      expect(enclave.random(out, 0, size)).toBe(size);
      seen.add(toHex(out.slice(0, size)));
    }
    expect(seen.size).toBe(306);
    expect(enclave.seedRandom(out, 0, 50)).toBe(0);
  });
});

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
      good(enclave.keyWrap(kek, cipher, 0, 0, 0, parameters, none, param, target, out, 0, out.length)),
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
    enclave.keyUnwrap(
      0,
      kek,
      cipher,
      0,
      0,
      0,
      parameters,
      none,
      param,
      kind,
      size,
      wrapped,
      0,
      wrapped.length,
    );

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
    expect(enclave.keyWrap(kek, Cipher.AesCbc, 0, 0, 0, iv, none, 0, rsa, out, 0, 4096)).toBe(
      CKR.KEY_NOT_WRAPPABLE,
    );
    expect(
      enclave.keyWrap(
        kek,
        Cipher.AesGcm,
        0,
        0,
        0,
        iv,
        none,
        16,
        good(enclave.keyPublicOf(rsa)),
        out,
        0,
        4096,
      ),
    ).toBe(CKR.KEY_NOT_WRAPPABLE);
    for (const [padding, hash, label] of [
      [1, 0, none],
      [3, Hash.Sha256, utf8('label')],
      [2, 0, none],
    ] as const) {
      const size = good(enclave.keyWrap(rsa, 0, padding, hash, hash, none, label, 0, value, out, 0, 128));
      const job = nextJob();
      expect(
        enclave.keyUnwrap(job, rsa, 0, padding, hash, hash, none, label, 0, KeyKind.Secret, 20, out, 0, size),
      ).toBe(0);
      await finished(job);
      expect(enclave.keyEqual(value, good(enclave.jobResult(job)))).toBe(true);
      const now = enclave.keyUnwrap(
        0,
        rsa,
        0,
        padding,
        hash,
        hash,
        none,
        label,
        0,
        KeyKind.Secret,
        20,
        out,
        0,
        size,
      );
      expect(enclave.keyEqual(value, good(now))).toBe(true);
    }
  });
});
