/** The one reader of DER: it takes what the writer writes, and nothing else; and its numbers are the same wherever they stand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitsOf,
  DerError,
  dateOf,
  inside,
  integer,
  leadingIntegers,
  numberFrom,
  numberOf,
  octets,
  oid,
  oidOf,
  parse,
  sequence,
  tag,
  time,
  tlv,
  unsignedOf,
} from '../../module/certificates/der.ts';
import { ecdsaWithSha256, isJudged, readSigned, signedBy } from '../../module/certificates/signatures.ts';
import { readCertificate } from '../../module/certificates/x509.ts';
import { Authority, extension } from '../support/certificates.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const value = (text: string) => parse(hex(text));

describe('DER', () => {
  it.each([
    ['nothing', '', 'ends too early'],
    ['a tag alone', '30', 'ends too early'],
    ['less than its length', '300501', 'ends too early'],
    ['more than its length', '300000', 'behind the end'],
    ['a length without end', '3080', 'a length is none'],
    ['a length of five bytes', '30850000000000', 'a length is none'],
    ['a length that is cut off', '308201', 'ends too early'],
    ['a long form of a short length', `308101${'00'}`, 'a length is not written shortest'],
    ['a length with a zero in front', `30820080${'00'.repeat(128)}`, 'a length is not written shortest'],
    ['a tag of several bytes', '3f810000', 'a tag is not known'],
  ])('of %s is none', (_, text, words) => {
    expect(() => inside(value(text))).toThrow(DerError);
    expect(() => inside(value(text))).toThrow(words);
    // What stands inside something is held to the same.
    const within = parse(sequence(octets(Buffer.of(1)), hex(text)));
    if (text !== '')
      expect(() =>
        inside(within)
          .slice(1)
          .map((each) => inside(each)),
      ).toThrow(DerError);
  });

  it.each([
    ['an identifier with a zero in front', oidOf, '06032a8001', 'not written shortest'],
    ['an identifier that does not end', oidOf, '06022a86', 'does not end'],
    ['no identifier', oidOf, '0600', 'does not end'],
    ['an identifier beyond all numbers', oidOf, `060a2a${'ff'.repeat(8)}7f`, 'too large'],
    ['a number with a zero in front', numberOf, '0202007f', 'not written shortest'],
    ['a number with a sign too many', numberOf, '0202ff80', 'not written shortest'],
    ['no number', numberOf, '0200', 'empty'],
    ['a negative number', unsignedOf, '0201ff', 'negative'],
    ['a bit string that ends inside a byte', bitsOf, '03020780', 'inside a byte'],
    ['a bit string of nothing', bitsOf, '0300', 'inside a byte'],
  ])('%s is refused', (_, read, text, words) => {
    expect(() => read(value(text))).toThrow(DerError);
    expect(() => read(value(text))).toThrow(words);
  });

  it.each([
    '2311281200Z',
    '231128120000',
    '231128120000+0000',
    '20231128120000.5Z',
    '230230120000Z',
    '231128240000Z',
    '231128120060Z',
    '',
  ])('the time %j is none', (text) => {
    const kind = text.startsWith('2023') ? tag.generalizedTime : tag.utcTime;
    expect(() => dateOf(parse(tlv(kind, Buffer.from(text))))).toThrow('a time is none');
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1950-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (at) => {
          at.setUTCMilliseconds(0);
          expect(dateOf(parse(time(at)))).toEqual(at);
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        expect(inside(parse(sequence(octets(bytes), octets(bytes))))[1]?.contents).toEqual(
          Buffer.from(bytes),
        );
        expect(BigInt(`0x0${unsignedOf(parse(integer(bytes))).toString('hex')}`)).toBe(
          BigInt(`0x${Buffer.from(bytes).toString('hex')}`),
        );
      }),
    );
    for (const text of ['2.5.29.17', '1.2.840.113549.1.9.14', '2.999.1', '0.9.2342.19200300.100.1.1'])
      expect(oidOf(parse(oid(text)))).toBe(text);
  });

  it('gives each number one name, and each name one number, in a list as by itself', () => {
    const numbers = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const both = [one, other].map((bytes) => tlv(tag.integer, bytes));
        const names = both.map((der) => {
          try {
            return numberOf(parse(der));
          } catch (error) {
            if (!(error instanceof DerError)) throw error;
            expect(() => leadingIntegers(sequence(der))).toThrow(error.message);
            return undefined;
          }
        });
        if (names.includes(undefined)) return;
        expect(names[0] === names[1]).toBe(Buffer.compare(one, other) === 0);
        expect(names.map((name) => numberFrom(name ?? ''))).toEqual(both);
        expect([...leadingIntegers(Buffer.concat(both.map((der) => sequence(der))))]).toEqual([
          ...new Set(names),
        ]);
      }),
    );
    expect(['0201ff', '020200ff', '02010a', '020100'].map((text) => numberOf(value(text)))).toEqual([
      '-ff',
      'ff',
      'a',
      '0',
    ]);
  });
});

describe('a certificate', () => {
  const root = new Authority('root');

  it('may have extensions that only others understand, and none of them twice', () => {
    const odd = extension('1.3.6.1.4.1.57264.1.1', false, Buffer.from('https://no.der.example'));
    expect(readCertificate(root.issue({ dns: ['a.example'], extensions: [odd] }).x509.raw).names.dns).toEqual(
      ['a.example'],
    );
    const twice = root.issue({ dns: ['a.example'], extensions: [odd, odd] }).x509.raw;
    expect(() => readCertificate(twice)).toThrow('an extension stands there twice');
  });

  it('is its authority’s only by a signature that is worth something', () => {
    const signed = readSigned(root.issue({ dns: ['a.example'] }).x509.raw);
    const key = root.x509.publicKey;
    expect(signed.algorithm).toBe(ecdsaWithSha256);
    expect([isJudged(signed), signedBy(signed, key)]).toEqual([true, true]);
    expect(signedBy(signed, key.export({ type: 'spki', format: 'der' }))).toBe(true);
    expect(signedBy(signed, new Authority('other').x509.publicKey)).toBe(false);
    // With SHA-1, and as RSA's over the same hash.
    const [weak, other] = ['1.2.840.10045.4.1', '1.2.840.113549.1.1.11'].map((algorithm) => ({
      ...signed,
      algorithm,
    }));
    expect([weak, other].map((each) => each && [isJudged(each), signedBy(each, key)])).toEqual([
      [false, false],
      [true, false],
    ]);
  });
});
