/** Lists of revoked certificates: long ones, and bytes that are none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DerError } from '../../daemon/front/der.ts';
import { fieldsOf, NameError } from '../../daemon/front/names.ts';
import { readList } from '../../daemon/front/revocation.ts';
import { Authority } from '../support/certificates.ts';

const bytesOf = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

describe('a list of revoked certificates', () => {
  it('has the numbers of all of them, as they stand in the certificates', () => {
    const root = new Authority('root');
    const issued = Array.from({ length: 300 }, () => root.issue({ dns: ['a.example'] }));
    for (const { x509 } of issued) root.revoke(x509);
    const nextUpdate = new Date('2051-02-03T04:05:06Z');
    const list = readList(bytesOf(root.list({ nextUpdate })));
    const fields = issued.map(({ x509 }) => fieldsOf(x509.raw));
    expect(list.serials).toEqual(new Set(fields.map(({ serial }) => serial)));
    expect(list.issuer).toBe(fields[0]?.issuer);
    expect(list.nextUpdate).toBe(nextUpdate.getTime());
    expect(list.digest).toEqual({ name: 'sha256' });
    expect(readList(bytesOf(new Authority('root').list())).serials.size).toBe(0);
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
            expect(readList(some).serials.size).toBeLessThanOrEqual(3);
          } catch (error) {
            if (!(error instanceof DerError || error instanceof NameError)) throw error;
          }
      }),
      { numRuns: 2000 },
    );
  });
});
