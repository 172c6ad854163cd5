/** What clients write of keys: DER and URIs, whatever stands in them, are read or refused, and nothing else happens. */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../daemon/errors/problem.ts';
import { readPublicKey } from '../../daemon/keys/der.ts';
import { orderOf } from '../../daemon/keys/kinds.ts';
import { peerPoint, privateMaterial, publicMaterial } from '../../daemon/keys/material.ts';
import { parseKeyUri, UriError } from '../../daemon/keys/uri.ts';
import { ecdsaFromDer, ecdsaToDer } from '../../module/certificates/signatures.ts';

const pairs = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('x25519'),
].map(({ privateKey, publicKey }) => ({
  pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }),
  spki: publicKey.export({ format: 'der', type: 'spki' }),
}));

const readers = [privateMaterial, publicMaterial, peerPoint];

/** Reads it, or says in words what is wrong. */
function tolerates(bytes: Uint8Array): void {
  for (const read of readers)
    try {
      read(bytes, 'field');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      expect(error.field).toBe('field');
    }
}

describe('keys in DER', () => {
  it('are cut off, changed and grown, and never more than refused', () => {
    for (const { pkcs8, spki } of pairs)
      for (const good of [pkcs8, spki]) {
        for (let end = 0; end < good.length; end++) tolerates(good.subarray(0, end));
        for (let at = 0; at < Math.min(good.length, 100); at++)
          for (const byte of [0, 1, 0x30, 0x7f, 0x80, 0x81, 0x84, 0xff]) {
            const changed = Uint8Array.from(good);
            changed[at] = byte;
            tolerates(changed);
          }
        const grown = Buffer.concat([good, Buffer.of(0)]);
        tolerates(grown);
        expect(() => publicMaterial(grown, 'field')).toThrow(Problem);
      }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), tolerates));
  });

  it('of kinds that are not known are refused', () => {
    for (const kind of ['x448', 'ed448'] as const) {
      const { publicKey } = generateKeyPairSync(kind as 'x448');
      const der = publicKey.export({ format: 'der', type: 'spki' });
      expect(() => publicMaterial(der, 'field')).toThrow('a kind that is not known');
    }
    const { spki } = pairs[0] ?? { spki: Buffer.of() };
    expect(() => peerPoint(spki, 'field')).toThrow('no key can be agreed on');
    expect(readPublicKey(spki).kind).toBe('rsa');
  });
});

describe('signatures in DER', () => {
  it('come back as they were', () => {
    for (const order of [20, 32, 48, 66])
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 2 * order, maxLength: 2 * order }), (raw) => {
          expect(ecdsaFromDer(ecdsaToDer(raw), order)).toEqual(raw);
        }),
      );
    expect(orderOf(undefined)).toBeUndefined();
  });

  it('that are none, or too long, or not written shortest, are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const raw = ecdsaFromDer(bytes, 32);
        // One form only: what is read is what would be written.
        if (raw !== undefined) expect(Buffer.from(ecdsaToDer(raw)).equals(bytes)).toBe(true);
      }),
    );
    for (const hex of [
      '',
      '3000',
      '30060201010201',
      '30070201010202007f',
      '3006020181020101',
      '300602010102010100',
      '30810602010102 0101',
    ])
      expect(ecdsaFromDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 32), hex).toBeUndefined();
  });
});

describe('URIs', () => {
  it('name keys', () => {
    expect(
      parseKeyUri(
        'pkcs11:token=The%20Token;object=k%C3%A9y;id=%01%ff;type=private;serial=1;model=x;manufacturer=y',
      ),
    ).toEqual({
      token: 'The Token',
      object: 'kéy',
      id: Uint8Array.of(1, 255),
      type: 'private',
      serial: '1',
    });
    expect(parseKeyUri('pkcs11:')).toEqual({});
  });

  it.each([
    '',
    'pkcs11',
    'PKCS11:object=x',
    'pkcs11:object',
    'pkcs11:=x',
    'pkcs11:object=a;object=b',
    'pkcs11:object=%',
    'pkcs11:object=%f',
    'pkcs11:object=%ff',
    'pkcs11:object=a b',
    'pkcs11:type=cert',
    'pkcs11:slot-id=1',
    'pkcs11:object=x?pin-value=1',
    'pkcs11:object=x;',
    'pkcs11:object=ü',
  ])('%s is refused', (uri) => {
    expect(() => parseKeyUri(uri)).toThrow(UriError);
  });

  it('of any text are read or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseKeyUri(`pkcs11:${text}`);
        } catch (error) {
          if (!(error instanceof UriError)) throw error;
        }
      }),
    );
  });
});
