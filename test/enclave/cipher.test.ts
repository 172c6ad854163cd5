import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { aeskw, aeskwp, cbc, ctr, ecb, gcm } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cipher, encryptionPlan, nothing, whole } from '../../module/enclave/enclave.ts';
import { CKR, crypt, enclave, good, Hash, hex, none, range, secret, toHex } from './support.ts';

const keys = fc.constantFrom(16, 24, 32).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const data = fc.oneof(
  { arbitrary: fc.uint8Array({ maxLength: 100 }), weight: 3 },
  {
    arbitrary: fc
      .integer({ min: 16_300, max: 50_000 })
      .map((n) => new Uint8Array(n).map((_, i) => (i * 31) >> 3)),
    weight: 1,
  },
);
const blocksOf = (input: Uint8Array): Uint8Array => input.slice(0, input.length & ~15);

/** The same through a context, in pieces of uneven size; an update's room is exactly what was announced. */
function streamed(
  key: number,
  cipher: 1 | 2 | 3 | 4 | 5,
  encrypt: boolean,
  input: Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  param: number,
): Uint8Array | number {
  const context = good(enclave.cipherNew(key, encryptionPlan({ cipher, iv, aad, param }), encrypt));
  const out = new Uint8Array(input.length + 64);
  let end = 0;
  for (let at = 0, step = 1; at < input.length; at += step, step = (step * 7) % 20_011) {
    const part = Math.min(step, input.length - at);
    const room = good(enclave.cipherOutputLength(context, part));
    if (room > 0)
      expect(enclave.cipherUpdate(context, range(input, at, part), range(out, end, room - 1))).toBe(
        CKR.BUFFER_TOO_SMALL,
      );
    const size = enclave.cipherUpdate(context, range(input, at, part), range(out, end, room));
    if (size < 0) {
      enclave.contextFree(context);
      return size;
    }
    end += size;
    step = part;
  }
  const room = good(enclave.cipherOutputLength(context, -1));
  const size = enclave.cipherFinal(context, range(out, end, room));
  expect(enclave.cipherFinal(context, range(out, end, room))).toBe(CKR.OPERATION_NOT_INITIALIZED);
  return size < 0 ? size : out.slice(0, end + size);
}

describe('AES against an independent implementation, at once and in pieces', () => {
  const check = (
    cipher: 1 | 2 | 3 | 4 | 5,
    key: Uint8Array,
    iv: Uint8Array,
    aad: Uint8Array,
    param: number,
    plain: Uint8Array,
    expected: Uint8Array,
  ): void => {
    const handle = secret(key);
    for (let twice = 0; twice < 2; twice++) {
      expect(crypt(handle, cipher, true, plain, { iv, aad, param })).toEqual(expected);
      expect(crypt(handle, cipher, false, expected, { iv, aad, param })).toEqual(plain);
    }
    expect(streamed(handle, cipher, true, plain, iv, aad, param)).toEqual(expected);
    expect(streamed(handle, cipher, false, expected, iv, aad, param)).toEqual(plain);
    enclave.keyFree(handle);
  };

  test('ECB, CBC, CBC with padding', () => {
    fc.assert(
      fc.property(keys, bytes(16), data, (key, iv, plain) => {
        const blocks = blocksOf(plain);
        check(Cipher.AesEcb, key, none, none, 0, blocks, ecb(key, { disablePadding: true }).encrypt(blocks));
        check(
          Cipher.AesCbc,
          key,
          iv,
          none,
          0,
          blocks,
          cbc(key, iv, { disablePadding: true }).encrypt(blocks),
        );
        check(Cipher.AesCbcPad, key, iv, none, 0, plain, cbc(key, iv).encrypt(plain));
      }),
      { numRuns: 25 },
    );
  });

  test('CTR', () => {
    fc.assert(
      fc.property(keys, bytes(16), data, (key, iv, plain) => {
        check(Cipher.AesCtr, key, iv, none, 128, plain, ctr(key, iv).encrypt(plain));
      }),
      { numRuns: 25 },
    );
  });

  test('GCM with IVs of 1 to 256 bytes and every tag length', () => {
    const ivs = fc.oneof(
      bytes(12),
      fc.uint8Array({ minLength: 8, maxLength: 256 }),
      bytes(128),
      bytes(129),
      bytes(256),
    );
    fc.assert(
      fc.property(
        keys,
        ivs,
        data,
        fc.uint8Array({ maxLength: 70 }),
        fc.integer({ min: 4, max: 16 }),
        (key, iv, plain, aad, tag) => {
          const full = gcm(key, iv, aad).encrypt(plain);
          check(Cipher.AesGcm, key, iv, aad, tag, plain, full.slice(0, plain.length + tag));
        },
      ),
      { numRuns: 40 },
    );
    const key = new Uint8Array(16).fill(1);
    const short = createCipheriv('aes-128-gcm', key, Uint8Array.of(9));
    const expected = Buffer.concat([short.update('abc'), short.final(), short.getAuthTag()]);
    check(Cipher.AesGcm, key, Uint8Array.of(9), none, 16, hex('616263'), new Uint8Array(expected));
  });

  test('key wrap and key wrap with padding', () => {
    fc.assert(
      fc.property(keys, fc.uint8Array({ minLength: 16, maxLength: 4096 }), (key, plain) => {
        const handle = secret(key);
        const units = plain.slice(0, plain.length & ~7);
        const wrapped = aeskw(key).encrypt(units);
        expect(crypt(handle, Cipher.AesKeyWrap, true, units)).toEqual(wrapped);
        expect(crypt(handle, Cipher.AesKeyWrap, false, wrapped)).toEqual(units);
        const padded = aeskwp(key).encrypt(plain);
        expect(crypt(handle, Cipher.AesKeyWrapPad, true, plain)).toEqual(padded);
        expect(crypt(handle, Cipher.AesKeyWrapPad, false, padded)).toEqual(plain);
        wrapped[3] = (wrapped[3] ?? 0) ^ 1;
        expect(crypt(handle, Cipher.AesKeyWrap, false, wrapped)).toBe(CKR.ENCRYPTED_DATA_INVALID);
        expect(crypt(handle, Cipher.AesKeyWrap, true, plain.slice(0, 15))).toBe(CKR.DATA_LEN_RANGE);
        enclave.keyFree(handle);
      }),
      { numRuns: 20 },
    );
  });
});

describe('AES misused', () => {
  const key = secret(new Uint8Array(32).fill(5));
  const iv = new Uint8Array(16).fill(1);

  test('lengths, IVs, parameters and keys', () => {
    expect(crypt(key, Cipher.AesCbc, true, new Uint8Array(15), { iv })).toBe(CKR.DATA_LEN_RANGE);
    expect(crypt(key, Cipher.AesCbc, false, new Uint8Array(17), { iv })).toBe(CKR.ENCRYPTED_DATA_LEN_RANGE);
    expect(crypt(key, Cipher.AesCbcPad, false, none, { iv })).toBe(CKR.ENCRYPTED_DATA_LEN_RANGE);
    expect(crypt(key, Cipher.AesCbc, true, none, { iv: iv.slice(1) })).toBe(CKR.MECHANISM_PARAM_INVALID);
    expect(crypt(key, Cipher.AesGcm, true, none, { iv: none, param: 16 })).toBe(CKR.MECHANISM_PARAM_INVALID);
    expect(crypt(key, Cipher.AesGcm, true, none, { iv: new Uint8Array(257), param: 16 })).toBe(
      CKR.MECHANISM_PARAM_INVALID,
    );
    for (const param of [0, 3, 17])
      expect(crypt(key, Cipher.AesGcm, true, none, { iv, param })).toBe(CKR.MECHANISM_PARAM_INVALID);
    for (const param of [0, 129])
      expect(crypt(key, Cipher.AesCtr, true, none, { iv, param })).toBe(CKR.MECHANISM_PARAM_INVALID);
    expect(crypt(secret(new Uint8Array(20)), Cipher.AesEcb, true, none)).toBe(CKR.KEY_SIZE_RANGE);
    const ragged = good(enclave.cipherNew(key, encryptionPlan({ cipher: Cipher.AesCbc, iv }), false));
    expect(enclave.cipherUpdate(ragged, range(iv, 0, 15), nothing)).toBe(0);
    expect(enclave.cipherFinal(ragged, nothing)).toBe(CKR.ENCRYPTED_DATA_LEN_RANGE);
  });

  test('bad padding leaves nothing behind', () => {
    const out = new Uint8Array(64).fill(0xee);
    const sealed = createCipheriv('aes-256-cbc', new Uint8Array(32).fill(5), iv)
      .setAutoPadding(false)
      .update(new Uint8Array(48));
    expect(
      enclave.cipher(
        key,
        encryptionPlan({ cipher: Cipher.AesCbcPad, iv }),
        false,
        range(sealed, 0, 48),
        range(out, 0, 64),
      ),
    ).toBe(CKR.ENCRYPTED_DATA_INVALID);
    expect(out.slice(0, 32)).toEqual(new Uint8Array(32));
  });

  test('a wrong tag writes nothing, in one part or many', () => {
    const nonce = iv.slice(4);
    for (const size of [0, 10, 20_000]) {
      const sealed = crypt(key, Cipher.AesGcm, true, new Uint8Array(size), { iv: nonce, param: 16 });
      if (typeof sealed === 'number') throw new Error('encryption failed');
      sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
      const out = new Uint8Array(size + 1).fill(0xee);
      expect(
        enclave.cipher(
          key,
          encryptionPlan({ cipher: Cipher.AesGcm, iv: nonce, param: 16 }),
          false,
          whole(sealed),
          range(out, 0, size),
        ),
      ).toBe(CKR.ENCRYPTED_DATA_INVALID);
      const context = good(
        enclave.cipherNew(key, encryptionPlan({ cipher: Cipher.AesGcm, iv: nonce, param: 16 }), false),
      );
      expect(enclave.cipherUpdate(context, whole(sealed), nothing)).toBe(0);
      expect(enclave.cipherFinal(context, range(out, 0, size))).toBe(CKR.ENCRYPTED_DATA_INVALID);
      expect(out.every((byte) => byte === 0xee)).toBe(true);
    }
  });

  test('CTR stops before its counter bits wrap', () => {
    const last = new Uint8Array(16).fill(0xff);
    last[15] = 0xfe; // two blocks left in 8 bits
    for (const param of [8, 32, 128]) {
      const all = crypt(key, Cipher.AesCtr, true, new Uint8Array(32), { iv: last, param });
      expect(typeof all).toBe('object');
      expect(crypt(key, Cipher.AesCtr, true, new Uint8Array(33), { iv: last, param })).toBe(
        CKR.DATA_LEN_RANGE,
      );
      const context = good(
        enclave.cipherNew(key, encryptionPlan({ cipher: Cipher.AesCtr, iv: last, param }), true),
      );
      const out = new Uint8Array(64);
      expect(enclave.cipherUpdate(context, range(out, 0, 20), range(out, 0, 64))).toBe(20);
      expect(enclave.cipherUpdate(context, range(out, 0, 13), range(out, 0, 64))).toBe(CKR.DATA_LEN_RANGE);
      expect(enclave.cipherUpdate(context, range(out, 20, 12), range(out, 20, 64 - 20))).toBe(12);
      enclave.contextFree(context);
    }
  });

  test('input and output may overlap', () => {
    const size = 40_000;
    const plain = new Uint8Array(size).map((_, i) => i);
    for (const cipher of [Cipher.AesCbc, Cipher.AesCtr, Cipher.AesGcm] as const) {
      const options = { iv: cipher === Cipher.AesGcm ? iv.slice(4) : iv, param: 16 };
      const expected = crypt(key, cipher, true, plain, options);
      for (const shift of [0, 5, -7, 16_384]) {
        const buffer = new Uint8Array(size + 20_000);
        buffer.set(plain, 100);
        const room = size + 64;
        const written = enclave.cipher(
          key,
          encryptionPlan({ cipher, iv: options.iv, param: 16 }),
          true,
          range(buffer, 100, size),
          range(buffer, 100 + shift, room),
        );
        expect(toHex(buffer.slice(100 + shift, 100 + shift + good(written)))).toBe(
          toHex(expected as Uint8Array),
        );
      }
    }
  });

  test('too small an output is said before anything happens', () => {
    const out = new Uint8Array(100);
    expect(
      enclave.cipher(
        key,
        encryptionPlan({ cipher: Cipher.AesCbcPad, iv }),
        true,
        range(out, 0, 16),
        range(out, 0, 31),
      ),
    ).toBe(CKR.BUFFER_TOO_SMALL);
    expect(enclave.lastLength()).toBe(32);
    expect(
      enclave.cipher(
        key,
        encryptionPlan({ cipher: Cipher.AesGcm, iv, param: 12 }),
        true,
        range(out, 0, 16),
        range(out, 0, 27),
      ),
    ).toBe(CKR.BUFFER_TOO_SMALL);
    expect(enclave.lastLength()).toBe(28);
    const sealed = crypt(key, Cipher.AesCbcPad, true, new Uint8Array(20), { iv }) as Uint8Array;
    expect(
      enclave.cipher(
        key,
        encryptionPlan({ cipher: Cipher.AesCbcPad, iv }),
        false,
        range(sealed, 0, 32),
        range(out, 0, 19),
      ),
    ).toBe(CKR.BUFFER_TOO_SMALL);
    expect(enclave.lastLength()).toBe(20);
    expect(
      enclave.cipher(
        key,
        encryptionPlan({ cipher: Cipher.AesCbcPad, iv }),
        false,
        range(sealed, 0, 32),
        range(out, 0, 20),
      ),
    ).toBe(20);
  });

  test('Node decrypts a megabyte of ours', () => {
    const plain = new Uint8Array(1 << 20).fill(3);
    const sealed = crypt(key, Cipher.AesGcm, true, plain, { iv: iv.slice(4), param: 16 }) as Uint8Array;
    const decipher = createDecipheriv('aes-256-gcm', new Uint8Array(32).fill(5), iv.slice(4));
    decipher.setAuthTag(sealed.slice(1 << 20));
    expect(new Uint8Array(decipher.update(sealed.slice(0, 1 << 20)))).toEqual(plain);
    expect(decipher.final().length).toBe(0);
  });
});

describe('digests', () => {
  const names = [
    '',
    'sha1',
    'sha224',
    'sha256',
    'sha384',
    'sha512',
    'sha512-224',
    'sha512-256',
    'sha3-224',
    'sha3-256',
    'sha3-384',
    'sha3-512',
  ];
  test('every hash, at once and fed, with a key among the data', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        data,
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        (id, input, value) => {
          const hash = id as Hash;
          const out = new Uint8Array(64);
          const size = good(enclave.digest(hash, input, 0, input.length, out, 0, 64));
          expect(toHex(out.slice(0, size))).toBe(
            createHash(names[id] ?? '')
              .update(input)
              .digest('hex'),
          );
          expect(enclave.digest(hash, input, 0, input.length, out, 0, size - 1)).toBe(CKR.BUFFER_TOO_SMALL);
          const context = good(enclave.digestNew(hash));
          const key = secret(value);
          good(enclave.contextUpdate(context, input, 0, input.length));
          good(enclave.digestKey(context, key));
          expect(enclave.contextFinal(context, out, 0, 64)).toBe(size);
          expect(toHex(out.slice(0, size))).toBe(
            createHash(names[id] ?? '')
              .update(input)
              .update(value)
              .digest('hex'),
          );
          expect(enclave.contextFinal(context, out, 0, 64)).toBe(CKR.OPERATION_NOT_INITIALIZED);
          enclave.keyFree(key);
        },
      ),
      { numRuns: 60 },
    );
    expect(enclave.digestNew(Hash.None)).toBe(CKR.MECHANISM_INVALID);
  });
});
