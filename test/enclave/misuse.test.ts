import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Cipher,
  EcdhKdf,
  type Enclave,
  encryptionPlan,
  KeyKind,
  RsaPadding,
  type SigningPlan,
} from '../../module/enclave/enclave.ts';
import {
  CKR,
  Component,
  component,
  curves,
  enclave,
  good,
  Hash,
  none,
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

const room = new Uint8Array(256);

test('ranges outside of their buffers throw', () => {
  const key = secret(new Uint8Array(32));
  const wrong = [
    [0, 257],
    [257, 0],
    [256, 1],
    [1, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [-1, 1],
    [0.5, 1],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
    [0, 2 ** 64],
  ] as const;
  for (const [offset, length] of wrong) {
    expect(() => enclave.random(room, offset, length)).toThrow(TypeError);
    expect(() => enclave.digest(Hash.Sha256, room, offset, length, room, 0, 32)).toThrow(TypeError);
    expect(() => enclave.digest(Hash.Sha256, room, 0, 10, room, offset, length)).toThrow(TypeError);
    expect(() => enclave.zero(room, offset, length)).toThrow(TypeError);
    expect(() =>
      enclave.cipher(
        key,
        encryptionPlan({ cipher: Cipher.AesEcb }),
        true,
        range(room, offset, length),
        range(room, 0, 16),
      ),
    ).toThrow(TypeError);
    const mac = signingPlan({ scheme: Scheme.Hmac, hash: Hash.Sha256 });
    const bad = range(room, offset, length);
    expect(() => enclave.sign(0, key, mac, null, bad, whole(room))).toThrow(TypeError);
    expect(() => enclave.sign(0, key, mac, null, whole(room), bad)).toThrow(TypeError);
    expect(() => enclave.verify(0, key, mac, null, whole(room), bad)).toThrow(TypeError);
    expect(() => enclave.auditSeal(room, length, new Uint8Array(400), offset)).toThrow(TypeError);
    const ranges = { ids: [Component.Value], offsets: [offset], lengths: [length], buffer: room };
    expect(() => enclave.keyImport(KeyKind.Secret, ranges)).toThrow(TypeError);
  }
});

test('what is no plan is refused where it is made, and where it comes in', () => {
  const key = secret(new Uint8Array(32));
  for (const saltLength of [-1, 0.5, 2 ** 14, Number.NaN])
    expect(() => signingPlan({ scheme: Scheme.Hmac, hash: Hash.Sha256, saltLength })).toThrow(RangeError);
  for (const number of [-1, 0.5, 2 ** 30, Number.NaN, undefined]) {
    const plan = number as SigningPlan;
    expect(() => enclave.sign(0, key, plan, null, whole(room), whole(room))).toThrow(TypeError);
  }
  const unknown = 31 as SigningPlan;
  expect(enclave.sign(0, key, unknown, null, whole(room), whole(room))).toBe(CKR.MECHANISM_INVALID);
});

test('any function with any arguments throws TypeError or answers, and never crashes', () => {
  const key = secret(utf8('a key of 16 byte'));
  // What takes a descriptor would lengthen files that belong to whoever runs the tests.
  const names = Object.keys(enclave).filter(
    (name) =>
      ![
        'fileReserve',
        'setJobBell',
        'keyGenerateRsa',
        'pinDerivePbkdf2',
        'pinDerivePbkdf2Now',
        'pinDeriveArgon2id',
      ].includes(name),
  ) as (keyof Enclave)[];
  const argument = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      true,
      false,
      '',
      {},
      [],
      none,
      room,
      key,
      new Uint16Array(4),
      new DataView(room.buffer),
    ),
    fc.integer({ min: -2, max: 300 }),
    fc.double(),
    fc.record({
      buffer: fc.constantFrom<unknown>(room, none, undefined),
      offset: fc.oneof(fc.integer({ min: -2, max: 300 }), fc.double()),
      length: fc.oneof(fc.integer({ min: -2, max: 300 }), fc.double()),
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(argument, { maxLength: 14 }), (name, values) => {
      try {
        Reflect.apply(enclave[name] as (...given: unknown[]) => unknown, enclave, values);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }),
    { numRuns: 20_000 },
  );
});

test('keys of the wrong kind are refused everywhere', () => {
  const aes = secret(new Uint8Array(32));
  const ec = good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-256']));
  const ed = good(enclave.keyGenerateEc(0, KeyKind.Ed25519Private, curves.Ed25519));
  const x = good(enclave.keyGenerateEc(0, KeyKind.X25519Private, curves.X25519));
  const takes: readonly [Scheme, number][] = [
    [Scheme.Ecdsa, ec],
    [Scheme.Ed25519, ed],
    [Scheme.Hmac, aes],
    [Scheme.RsaPkcs1, 0],
  ];
  for (const [scheme, right] of takes)
    for (const key of [aes, ec, ed, x]) {
      if (key === right) continue;
      const how = { scheme, hash: Hash.Sha256 };
      expect(trySign(key, how, room)).toBe(CKR.KEY_TYPE_INCONSISTENT);
      expect(verify(key, how, room, room)).toBe(CKR.KEY_TYPE_INCONSISTENT);
    }
  expect(trySign(aes, { scheme: 31 as Scheme }, room)).toBe(CKR.MECHANISM_INVALID);
  expect(trySign(12_345_678, { scheme: Scheme.Ecdsa }, room)).toBe(CKR.KEY_HANDLE_INVALID);
  expect(
    enclave.cipher(
      ec,
      encryptionPlan({ cipher: Cipher.AesEcb }),
      true,
      range(room, 0, 16),
      range(room, 0, 16),
    ),
  ).toBe(CKR.KEY_TYPE_INCONSISTENT);
  expect(
    enclave.rsaEncrypt(
      ec,
      encryptionPlan({ padding: RsaPadding.Pkcs1 }),
      range(room, 0, 1),
      range(room, 0, 256),
    ),
  ).toBe(CKR.KEY_TYPE_INCONSISTENT);
  expect(enclave.keyAgree(0, ed, room.slice(0, 32), EcdhKdf.None, Hash.None, none, 0)).toBe(
    CKR.KEY_TYPE_INCONSISTENT,
  );
  expect(enclave.macNew(ec, Hash.Sha256)).toBe(CKR.KEY_TYPE_INCONSISTENT);
  expect(enclave.keyPublicOf(aes)).toBe(CKR.KEY_TYPE_INCONSISTENT);
  expect(enclave.seal(ec, none, none)).toBe(CKR.KEY_TYPE_INCONSISTENT);
});

test('a digest context is no cipher context, and the other way round', () => {
  const digest = good(enclave.digestNew(Hash.Sha256));
  const key = secret(new Uint8Array(32));
  const cipher = good(
    enclave.cipherNew(
      key,
      encryptionPlan({ cipher: Cipher.AesCtr, iv: new Uint8Array(16), param: 128 }),
      true,
    ),
  );
  expect(enclave.cipherUpdate(digest, range(room, 0, 1), range(room, 0, 1))).toBe(
    CKR.OPERATION_NOT_INITIALIZED,
  );
  expect(enclave.contextUpdate(cipher, room, 0, 1)).toBe(CKR.OPERATION_NOT_INITIALIZED);
  const before = enclave.status().contexts;
  enclave.contextFree(digest);
  enclave.contextFree(cipher);
  enclave.contextFree(cipher);
  expect(enclave.status().contexts).toBe(before - 2);
});

test('parsed keys are bounded, purged, and come back', () => {
  const keys = Array.from({ length: 300 }, () =>
    good(enclave.keyGenerateEc(0, KeyKind.EcPrivate, curves['P-256'])),
  );
  const signatures = keys.map((key) => sign(key, { scheme: Scheme.Ecdsa }, room.slice(0, 32)));
  expect(enclave.status().parsedKeys).toBe(256);
  enclave.purgeParsed();
  expect(enclave.status().parsedKeys).toBe(0);
  for (const [i, key] of keys.entries())
    expect(verify(key, { scheme: Scheme.Ecdsa }, room.slice(0, 32), signatures[i] ?? none)).toBe(0);
  const held = enclave.status().keys;
  for (const key of keys) enclave.keyFree(key);
  expect(enclave.status().keys).toBe(held - 300);
});

test('guarded buffers are ordinary arrays to look at', () => {
  const buffer = enclave.guardedBuffer(100);
  buffer.set(utf8('scratch'));
  const key = good(
    enclave.keyImport(KeyKind.Secret, { ids: [Component.Value], offsets: [0], lengths: [7], buffer }),
  );
  enclave.zero(buffer, 0, 100);
  expect(buffer.every((byte) => byte === 0)).toBe(true);
  expect(component(key, Component.Value)).toEqual(utf8('scratch'));
  expect(() => enclave.guardedBuffer(0)).toThrow(TypeError);
});

test('a process that ends amid jobs ends at once and in order', () => {
  const support = fileURLToPath(new URL('./support.ts', import.meta.url));
  const script = `
    import { enclave } from ${JSON.stringify(support)};
    for (let job = 1; job <= 4; job++) enclave.keyGenerateRsa(job, 8192, Uint8Array.of(1, 0, 1));
    for (let job = 5; job <= 8; job++) enclave.pinDerivePbkdf2(job, new Uint8Array(8), 0, 8, new Uint8Array(16), 4e9);
    setTimeout(() => process.exit(7), 100);`;
  const started = performance.now();
  const ended = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    timeout: 120_000,
  });
  expect([ended.status, ended.signal, ended.stderr.toString()]).toEqual([7, null, '']);
  expect(performance.now() - started).toBeLessThan(60_000);
});
