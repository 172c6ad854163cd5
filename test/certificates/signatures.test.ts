/** Every algorithm by which a signature convinces: it does with a key of its kind, and with no other. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signedBy } from '../../module/certificates/signatures.ts';

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const pairs: Readonly<Record<string, Pair>> = {
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ed25519: generateKeyPairSync('ed25519'),
  ed448: generateKeyPairSync('ed448'),
  'ml-dsa-44': generateKeyPairSync('ml-dsa-44'),
  'ml-dsa-65': generateKeyPairSync('ml-dsa-65'),
  'ml-dsa-87': generateKeyPairSync('ml-dsa-87'),
};
const text = Buffer.from('what is signed');

describe('a signature', () => {
  it.each([
    ['1.2.840.10045.4.3.2', 'ec', 'sha256'],
    ['1.2.840.10045.4.3.3', 'ec', 'sha384'],
    ['1.2.840.10045.4.3.4', 'ec', 'sha512'],
    ['1.2.840.113549.1.1.11', 'rsa', 'sha256'],
    ['1.2.840.113549.1.1.12', 'rsa', 'sha384'],
    ['1.2.840.113549.1.1.13', 'rsa', 'sha512'],
    ['1.3.101.112', 'ed25519', null],
    ['1.3.101.113', 'ed448', null],
    ['2.16.840.1.101.3.4.3.17', 'ml-dsa-44', null],
    ['2.16.840.1.101.3.4.3.18', 'ml-dsa-65', null],
    ['2.16.840.1.101.3.4.3.19', 'ml-dsa-87', null],
  ])('by %s convinces with a key of the kind %s alone', (algorithm, kind, hash) => {
    const verdicts = Object.entries(pairs).map(([each, { publicKey, privateKey }]) => {
      const fits = each === 'ec' || each === 'rsa' ? (hash ?? 'sha256') : null;
      const signed = { signed: text, algorithm, signature: sign(fits, text, privateKey) };
      return [each, signedBy(signed, publicKey)];
    });
    expect(Object.fromEntries(verdicts)).toEqual(
      Object.fromEntries(Object.keys(pairs).map((each) => [each, each === kind])),
    );
  });

  it.each(['1.2.840.10045.4.1', '1.2.840.113549.1.1.5', '1.2.840.113549.1.1.10', '1.2.3'])(
    'by %s convinces nobody',
    (algorithm) => {
      for (const { publicKey, privateKey } of Object.values(pairs).slice(0, 2))
        for (const hash of ['sha1', 'sha256'])
          expect(
            signedBy({ signed: text, algorithm, signature: sign(hash, text, privateKey) }, publicKey),
          ).toBe(false);
    },
  );
});
