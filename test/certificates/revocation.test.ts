/** Lists of revoked certificates: long ones, and bytes that are none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DerError, integer } from '../../module/certificates/der.ts';
import { readRevocationList } from '../../module/certificates/revocation.ts';
import { isJudged } from '../../module/certificates/signatures.ts';
import { readFields } from '../../module/certificates/x509.ts';
import { Authority, extension } from '../support/certificates.ts';

const bytesOf = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

describe('a list of revoked certificates', () => {
  it('has the numbers of all of them, as they stand in the certificates', () => {
    const root = new Authority('root');
    const issued = Array.from({ length: 300 }, () => root.issue({ dns: ['a.example'] }));
    for (const { x509 } of issued) root.revoke(x509);
    const nextUpdate = new Date('2051-02-03T04:05:06Z');
    const list = readRevocationList(bytesOf(root.list({ nextUpdate })));
    const fields = issued.map(({ x509 }) => readFields(x509.raw));
    expect(list.revoked).toEqual(new Set(fields.map(({ serial }) => serial)));
    expect(list.issuer).toEqual(fields[0]?.issuer);
    expect(list.nextUpdate).toEqual(nextUpdate);
    expect(isJudged(list)).toBe(true);
    expect(readRevocationList(bytesOf(new Authority('root').list())).revoked.size).toBe(0);
  });

  it('may be long', () => {
    const root = new Authority('root');
    const serials = Array.from({ length: 100_000 }, (_, at) => (at + 1).toString(16));
    for (const serial of serials)
      root.revoke({ serialNumber: serial.padStart(serial.length + (serial.length % 2), '0') });
    const { revoked } = readRevocationList(bytesOf(root.list()));
    expect(revoked).toEqual(new Set(serials));
  });

  it('that only says what has changed, or has something behind its end, is none', () => {
    const root = new Authority('root');
    const delta = extension('2.5.29.27', true, integer(1));
    expect(() => readRevocationList(bytesOf(root.list({ extensions: [delta] })))).toThrow('of changes alone');
    const twice = extension('2.5.29.20', false, integer(2));
    expect(() => readRevocationList(bytesOf(root.list({ extensions: [twice] })))).toThrow(
      'stands there twice',
    );
    const good = bytesOf(root.list());
    expect(() => readRevocationList(Buffer.concat([good, Buffer.of(0)]))).toThrow('behind the end');
  });

  it('is refused, whatever is broken in it, or is one', () => {
    const root = new Authority('root');
    for (let i = 0; i < 3; i++) root.revoke(root.issue({ dns: ['a.example'] }).x509);
    const good = bytesOf(root.list());
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, end) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        for (const some of [bytes, bytes.subarray(0, end)])
          try {
            expect(readRevocationList(some).revoked.size).toBeLessThanOrEqual(3);
          } catch (error) {
            if (!(error instanceof DerError)) throw error;
          }
      }),
      { numRuns: 2000 },
    );
  });
});
