import { pbkdf2Sync } from 'node:crypto';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { KeyKind } from '../../module/enclave/enclave.ts';
import {
  CKR,
  Component,
  component,
  curves,
  enclave,
  finished,
  generateRsa,
  good,
  nextJob,
  none,
  secret,
  toHex,
  utf8,
} from './support.ts';

const nowhere = (size: number): Uint8Array => new Uint8Array(size);

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
