/** What a certificate calls its holder: held against what OpenSSL and Node read from the same bytes, and against everything that could pass for two. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameError, namesOf, subjectText } from '../../daemon/front/names.ts';
import { DerError } from '../../module/certificates/der.ts';
import { readFields } from '../../module/certificates/x509.ts';
import { unpackPrincipal } from '../../module/lane/principal.ts';
import {
  Authority,
  der,
  dnsName,
  extension,
  name,
  type Parts,
  uriName,
  type Wish,
} from '../support/certificates.ts';

const root = new Authority('root');

function namesIn(wish: Wish): readonly string[] {
  return namesOf(readFields(root.issue(wish).x509.raw));
}

/** Of a subject, without a certificate around it. */
function subject(parts: Parts): string {
  return subjectText(name(parts));
}

function refusal(wish: Wish): string {
  try {
    return `accepted as ${namesIn(wish).join(' ')}`;
  } catch (error) {
    if (error instanceof NameError || error instanceof DerError) return error.message;
    throw error;
  }
}

describe('names', () => {
  it('come in the order SPIFFE, DNS, subject, each in its own form', () => {
    expect(
      namesIn({
        subject: [
          ['C', 'DE'],
          ['O', 'Example, Inc.'],
          ['CN', 'payments'],
        ],
        dns: ['Payments.Example', 'b.example', 'payments.example'],
        spiffe: ['spiffe://example.org/ns/prod/payments'],
        ip: ['10.0.0.1'],
      }),
    ).toEqual([
      'spiffe://example.org/ns/prod/payments',
      'dns:payments.example',
      'dns:b.example',
      'subject:CN=payments,O=Example\\, Inc.,C=DE',
    ]);
    expect(namesIn({ subject: [['CN', 'x']], names: [uriName('https://example.org/x')] })).toEqual([
      'subject:CN=x',
    ]);
  });

  it.each([
    ['spiffe://example', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/a/', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example//a', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/a/../b', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/./a', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/a%2fb', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/a?b', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/a#b', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://user@example/a', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example:1/a', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://Example/a', 'the SPIFFE ID is not in the form of one'],
    ['SPIFFE://example/a', 'the SPIFFE ID is not in the form of one'],
    ['spiffe:example', 'the SPIFFE ID is not in the form of one'],
    ['spiffe://example/a b', 'a URI has characters that do not belong there'],
    ['spiffe://example/a\nb', 'a URI has characters that do not belong there'],
    ['spiffe://example/a\0', 'a URI has characters that do not belong there'],
    ['spiffe://example/ä', 'a URI has characters that do not belong there'],
    ['', 'a URI has characters that do not belong there'],
  ])('the URI %j is refused, and with it the certificate', (uri, words) => {
    expect(refusal({ dns: ['good.example'], names: [uriName(uri)] })).toBe(words);
  });

  it.each([
    'a\0.example',
    'a.example\n',
    'a..example',
    '.example',
    'a.example.',
    '*.example',
    'a b',
    'ä.example',
    '-a.example',
    'a,DNS:b',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
    '',
  ])('the DNS name %j is refused, and with it the certificate', (text) => {
    expect(refusal({ spiffe: ['spiffe://example/good'], names: [dnsName(text)] })).toContain('a DNS name');
  });

  it('several SPIFFE IDs, or the same URI twice, are refused', () => {
    const words = 'there are other URIs beside a SPIFFE ID';
    expect(refusal({ spiffe: ['spiffe://example/a', 'spiffe://example/b'] })).toBe(words);
    expect(refusal({ spiffe: ['spiffe://example/a'], names: [uriName('https://example')] })).toBe(words);
    expect(refusal({ names: [uriName('https://a'), uriName('https://a')] })).toBe('a URI stands there twice');
    expect(refusal({})).toBe('there is no name in it');
    const again = extension('2.5.29.17', false, der(0x30, dnsName('b.example')));
    expect(refusal({ dns: ['a.example'], extensions: [again] })).toBe('an extension stands there twice');
  });

  it('a subject is written so that it can be no other one', () => {
    expect(subject([['CN', ' a ']])).toBe('CN=\\ a\\ ');
    expect(subject([['CN', ' ']])).toBe('CN=\\ ');
    expect(subject([['CN', '#a']])).toBe('CN=\\#a');
    expect(subject([['CN', 'a,O=b+C=c;d<e>"f"\\']])).toBe('CN=a\\,O=b\\+C=c\\;d\\<e\\>\\"f\\"\\\\');
    expect(subject([['CN', 'Zoë 東京']])).toBe('CN=Zoë 東京');
    // What turns the direction of a line, or cannot be seen.
    expect(subject([['CN', 'a\u202eb\u200b']])).toBe('CN=a\\e2\\80\\aeb\\e2\\80\\8b');
    expect(
      subject([
        ['O', 'x'],
        [
          ['CN', 'a'],
          ['OU', 'b'],
        ],
      ]),
    ).toBe('OU=b+CN=a,O=x');
    // The same text in another kind of string is the same name.
    expect(subject([['CN', der(0x13, Buffer.from('a'))]])).toBe('CN=a');
    expect(subject([['CN', der(0x1e, Buffer.from([0, 0x61]))]])).toBe('CN=a');
    // Of what is no text, or not known by a short name, the bytes.
    expect(subject([['CN', der(0x04, Buffer.of(1))]])).toBe('CN=#040101');
    expect(subject([['1.2.3.4', 'a']])).toBe('1.2.3.4=#0c0161');
    expect(subject([['CN', der(0x14, Buffer.from([0xe4]))]])).toBe('CN=#1401e4');
    for (const bad of ['a\0b', 'a\nO=b', 'a\x7f', 'a\x85'])
      expect(() => subject([['CN', bad]])).toThrow('the subject has control characters');
    expect(() => subject([['CN', der(0x0c, Buffer.of(0xff))]])).toThrow('bytes that are no text');
    expect(() => subject([['CN', der(0x1e, Buffer.of(0xd8, 0x00))]])).toThrow('bytes that are no text');
    expect(() => subject([['CN', der(0x16, Buffer.of(0xe4))]])).toThrow('bytes that are no text');
  });

  it('a subject is what OpenSSL writes by RFC 2253', () => {
    const parts: Parts = [
      ['C', der(0x13, Buffer.from('DE'))],
      ['O', 'Example, "Inc."'],
      ['OU', ' #<x>; '],
      ['DC', der(0x16, Buffer.from('example'))],
      [
        ['CN', 'pay+ments\\'],
        ['0.9.2342.19200300.100.1.1', 'u1'],
      ],
      ['1.2.840.113549.1.9.1', der(0x16, Buffer.from('a@b.example'))],
      ['1.2.3.4', 'x'],
    ];
    const certificate = root.issue({ subject: parts }).x509.toString();
    const options = ['-noout', '-subject', '-nameopt', 'RFC2253'];
    const theirs = execFileSync('openssl', ['x509', ...options], { input: certificate, encoding: 'utf8' });
    expect(`subject=${subject(parts)}`.toLowerCase()).toBe(theirs.trim().toLowerCase());
  });

  it('two subjects that differ are two names', () => {
    const part = fc.tuple(fc.constantFrom('CN', 'O', 'OU'), fc.string({ maxLength: 6, unit: 'grapheme' }));
    const parts = fc.array(part, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        try {
          expect(subject(one) === subject(other)).toBe(same);
        } catch (error) {
          if (!(error instanceof NameError)) throw error;
        }
      }),
    );
  });

  it('whatever bytes come, there are names that a principal may have, or a reason', () => {
    const { raw } = root.issue({ subject: [['CN', 'x']], dns: ['a.example'], spiffe: ['spiffe://e/a'] }).x509;
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.nat(255), fc.nat(raw.length), (at, byte, end) => {
        const bytes = Buffer.from(raw);
        bytes[at] = byte;
        for (const some of [bytes, bytes.subarray(0, end)])
          try {
            const principal = {
              names: namesOf(readFields(some)),
              fingerprint: '0'.repeat(64),
              address: 'a:1',
            };
            expect(unpackPrincipal(Buffer.from(JSON.stringify(principal)))).toEqual(principal);
          } catch (error) {
            if (!(error instanceof NameError || error instanceof DerError)) throw error;
          }
      }),
      { numRuns: 2000 },
    );
  });
});
