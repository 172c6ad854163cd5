/** What certificates.ts makes is what OpenSSL, of the runtime and of the system, takes it for. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authority } from './certificates.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(file: string, text: string): string {
  writeFileSync(path.join(folder, file), text);
  return path.join(folder, file);
}

function verify(...args: string[]): string {
  try {
    return execFileSync('openssl', ['verify', ...args], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

describe('certificates of tests', () => {
  it('say what was wished, and follow from their authorities', () => {
    const root = new Authority('root');
    const between = new Authority('between', root);
    const leaf = between.issue({
      subject: [
        ['O', 'Example'],
        ['CN', 'payments'],
      ],
      spiffe: ['spiffe://example/payments'],
      dns: ['payments.example'],
      ip: ['127.0.0.1'],
    });
    expect(leaf.x509.subject).toBe('O=Example\nCN=payments');
    expect(leaf.x509.subjectAltName).toBe(
      'URI:spiffe://example/payments, DNS:payments.example, IP Address:127.0.0.1',
    );
    expect(leaf.x509.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(leaf.x509.ca).toBe(false);
    expect(leaf.x509.checkIssued(between.x509) && leaf.x509.verify(between.x509.publicKey)).toBe(true);
    const ca = put('root.pem', root.certificate);
    const chain = put('leaf.pem', leaf.certificate);
    expect(
      verify('-x509_strict', '-purpose', 'sslclient', '-CAfile', ca, '-untrusted', chain, chain),
    ).toMatch(/: OK$/m);
  });

  it('are revoked by the list of their authority, and no others', () => {
    const root = new Authority('root');
    const [good, bad] = [root.issue({ dns: ['good'] }), root.issue({ dns: ['bad'] })];
    root.revoke(bad.x509);
    const ca = put('root.pem', root.certificate + root.list());
    const check = (text: string) => verify('-crl_check', '-CAfile', ca, put('leaf.pem', text));
    expect(check(good.certificate)).toMatch(/: OK$/m);
    expect(check(bad.certificate)).toContain('certificate revoked');
  });

  it('end and begin when they shall', () => {
    const root = new Authority('root');
    const past = root.issue({ dns: ['a'], notAfter: new Date(Date.now() - 3_600_000) });
    const future = root.issue({ dns: ['a'], notBefore: new Date(Date.now() + 3_600_000) });
    const far = root.issue({ dns: ['a'], notAfter: new Date('2051-02-03T04:05:06Z') });
    const ca = put('root.pem', root.certificate);
    expect(verify('-CAfile', ca, put('leaf.pem', past.certificate))).toContain('has expired');
    expect(verify('-CAfile', ca, put('leaf.pem', future.certificate))).toContain('not yet valid');
    expect(far.x509.validToDate.toISOString()).toBe('2051-02-03T04:05:06.000Z');
  });
});
