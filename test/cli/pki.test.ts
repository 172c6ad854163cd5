/** `strongroom pki` by the eyes of others: OpenSSL reads and verifies what it makes, and TLS 1.3 lets in who should come in and nobody else. */
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromPem } from '../../module/certificates/pem.ts';
import { readRevocationList } from '../../module/certificates/revocation.ts';
import { needProgram, run } from '../support/programs.ts';
import { type Desk, listed, makeDesk, PATIENCE, PIN } from './pki-support.ts';
import { STRONGROOM } from './transcript.ts';

let desk: Desk;

beforeAll(() => {
  desk = makeDesk();
  desk.fine('init', '--out', 'tls', '--name', 'Example CA');
  desk.fine(
    'issue',
    '--server',
    '--dns',
    'hsm.example',
    '--dns',
    'localhost',
    '--ip',
    '127.0.0.1',
    '--ip',
    '2001:db8::7',
    '--out',
    'tls',
  );
  desk.fine(
    'issue',
    '--client',
    '--spiffe',
    'spiffe://example.org/backup/nightly',
    '--out',
    'tls',
    '--as',
    'backup',
  );
  desk.fine('issue', '--client', '--name', 'A thief', '--out', 'tls', '--as', 'thief');
}, 300_000);
afterAll(() => desk.store.close());

const verify = (name: string) =>
  desk.openssl(
    'verify',
    '-x509_strict',
    '-CAfile',
    desk.file('ca.pem'),
    '-crl_check',
    '-CRLfile',
    desk.file('crl.pem'),
    desk.file(name),
  );

describe('the certificate authority', () => {
  it('makes certificates that OpenSSL verifies, each for its purpose alone', PATIENCE, async () => {
    for (const name of ['ca.pem', 'hsm.example.pem', 'backup.pem'])
      expect(await verify(name)).toContain('OK');
    const purpose = (name: string, what: string) =>
      desk.openssl('verify', '-purpose', what, '-CAfile', desk.file('ca.pem'), desk.file(name));
    expect(await purpose('hsm.example.pem', 'sslserver')).toContain('OK');
    expect(await purpose('backup.pem', 'sslclient')).toContain('OK');
    await expect(purpose('hsm.example.pem', 'sslclient')).rejects.toThrow('purpose');
    await expect(purpose('backup.pem', 'sslserver')).rejects.toThrow('purpose');
  });

  it('says in them what RFC 5280 wants', PATIENCE, async () => {
    const text = async (name: string) =>
      (await desk.openssl('x509', '-in', desk.file(name), '-noout', '-text')).replace(/ +/g, ' ');
    const root = await text('ca.pem');
    expect(root).toContain('Basic Constraints: critical\n CA:TRUE, pathlen:0');
    expect(root).toContain('Key Usage: critical\n Certificate Sign, CRL Sign\n');
    const server = await text('hsm.example.pem');
    expect(server).toContain('Subject: CN = hsm.example');
    expect(server).toContain('Basic Constraints: critical\n CA:FALSE');
    expect(server).toContain('Key Usage: critical\n Digital Signature\n');
    expect(server).toContain('Extended Key Usage: \n TLS Web Server Authentication\n');
    expect(server).toContain(
      'Alternative Name: \n DNS:hsm.example, DNS:localhost, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:7\n',
    );
    const client = await text('backup.pem');
    // Without a subject the other names are critical (4.1.2.6).
    expect(client).toContain('Subject: \n');
    expect(client).toContain('Alternative Name: critical\n URI:spiffe://example.org/backup/nightly\n');
    const subjectKey = (of: string) => /Subject Key Identifier: \n (\S+)/.exec(of)?.[1];
    expect(server).toContain(`Authority Key Identifier: \n ${subjectKey(root)}`);
    const { validFromDate, validToDate, serialNumber } = new X509Certificate(
      readFileSync(desk.file('backup.pem')),
    );
    expect(validFromDate.getTime()).toBeLessThan(Date.now() - 240_000);
    expect((validToDate.getTime() - Date.now()) / 86_400_000).toBeCloseTo(90, 0);
    expect(serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('is understood alike by GnuTLS', PATIENCE, async () => {
    const chain = [
      '--verify',
      '--load-ca-certificate',
      desk.file('ca.pem'),
      '--load-crl',
      desk.file('crl.pem'),
    ];
    for (const name of ['hsm.example.pem', 'backup.pem', 'thief.pem']) {
      const said = await run(needProgram('certtool'), [...chain, '--infile', desk.file(name)], {
        env: desk.store.env,
      });
      expect(said.stdout, name).toContain('Chain verification output: Verified. The certificate is trusted.');
    }
    const crl = await run(needProgram('certtool'), ['--crl-info', '--infile', desk.file('crl.pem')], {
      env: desk.store.env,
    });
    expect(crl.stdout).toMatch(/CRL Number.*: 01/);
  });

  it('keeps keys to whom they belong: the authority’s in the token, others in files of mode 0600', () => {
    for (const name of readdirSync(desk.folder).filter((each) => each.endsWith('.key'))) {
      expect(statSync(desk.file(name)).mode & 0o777, name).toBe(0o600);
    }
    expect(readdirSync(desk.folder).sort()).toEqual(
      ['backup', 'hsm.example', 'thief']
        .flatMap((name) => [`${name}.key`, `${name}.pem`])
        .concat('ca.pem', 'crl.pem')
        .sort(),
    );
  });

  it('lets clients in over TLS 1.3, until they are revoked', PATIENCE, async () => {
    expect(await meet('backup')).toEqual({ protocol: 'TLSv1.3', heard: 'welcome' });
    expect(await meet('thief')).toEqual({ protocol: 'TLSv1.3', heard: 'welcome' });
    const said = desk.fine('revoke', desk.file('thief.pem'), '--reason', 'key-compromise', '--out', 'tls');
    expect(said).toContain('number 2, 1 certificate;');
    expect(said).toContain('SIGHUP');
    await expect(verify('thief.pem')).rejects.toThrow('certificate revoked');
    expect(await meet('thief')).toMatchObject({ heard: '' });
    expect(await meet('backup')).toEqual({ protocol: 'TLSv1.3', heard: 'welcome' });
    const crl = await desk.openssl(
      'crl',
      '-in',
      desk.file('crl.pem'),
      '-noout',
      '-text',
      '-CAfile',
      desk.file('ca.pem'),
    );
    expect(crl).toMatch(/CRL Number: *\n +2\n/);
    expect(crl).toMatch(/Reason Code: *\n +Key Compromise\n/);
  });

  it(
    'renews: the same names and purpose, and the old one stays good unless it is revoked',
    PATIENCE,
    async () => {
      const before = new X509Certificate(readFileSync(desk.file('backup.pem')));
      desk.fine('renew', desk.file('backup.pem'), '--as', 'backup2');
      const after = new X509Certificate(readFileSync(desk.file('backup2.pem')));
      expect(after.subjectAltName).toBe(before.subjectAltName);
      expect(after.keyUsage).toEqual(before.keyUsage);
      expect(after.publicKey.equals(before.publicKey)).toBe(false);
      expect(await verify('backup.pem')).toContain('OK');
      expect(await verify('backup2.pem')).toContain('OK');
      desk.fine('renew', desk.file('backup2.pem'), '--same-key', '--as', 'backup3', '--revoke', 'tls');
      const last = new X509Certificate(readFileSync(desk.file('backup3.pem')));
      expect(last.publicKey.equals(after.publicKey)).toBe(true);
      expect(readdirSync(desk.folder)).not.toContain('backup3.key');
      await expect(verify('backup2.pem')).rejects.toThrow('certificate revoked');
      expect(await verify('backup3.pem')).toContain('OK');
      expect(desk.pki('renew', desk.file('backup2.pem'), '--as', 'backup4').stderr).toContain(
        'was revoked on',
      );
    },
  );

  it('lists what became of each, and numbers its lists upwards', PATIENCE, () => {
    const { authority, certificates } = listed(desk);
    expect(authority).toMatchObject({ name: 'Example CA', list: 3 });
    const states = certificates.map(({ names, state, reason }) => [names.join(' '), reason ?? state]);
    expect(states).toEqual(
      expect.arrayContaining([
        ['dns:hsm.example dns:localhost ip:127.0.0.1 ip:2001:db8::7 subject:CN=hsm.example', 'good'],
        ['subject:CN=A thief', 'key-compromise'],
        ['spiffe://example.org/backup/nightly', 'superseded'],
        ['spiffe://example.org/backup/nightly', 'good'],
      ]),
    );
    expect(certificates).toHaveLength(5);
    expect(desk.fine('publish', '--out', 'tls', '--crl-days', '7')).toContain('number 4, 2 certificates;');
  });
});

describe('several at once', () => {
  it('end with a list of everything that any of them revoked', PATIENCE, async () => {
    const names = ['one', 'two', 'three', 'four'];
    for (const name of names) desk.fine('issue', '--client', '--name', name, '--out', 'tls');
    const env = { ...desk.store.env, PIN };
    const revoke = (name: string) =>
      run(STRONGROOM, ['pki', 'revoke', desk.file(`${name}.pem`), '--out', desk.folder, '--pin', 'env:PIN'], {
        env,
      });
    await Promise.all(names.map(revoke));
    const [der] = fromPem('X509 CRL', readFileSync(desk.file('crl.pem'), 'utf8'));
    const { revoked, number } = readRevocationList(der ?? Buffer.alloc(0));
    const serials = names.map(
      (name) => new X509Certificate(readFileSync(desk.file(`${name}.pem`))).serialNumber,
    );
    expect([...revoked]).toEqual(expect.arrayContaining(serials.map((serial) => serial.toLowerCase())));
    expect(BigInt(listed(desk).authority.list)).toBe(number);
  });
});

/** What a server that asks for certificates makes of one. */
async function meet(client: string): Promise<{ protocol: string | null; heard: string }> {
  const read = (name: string) => readFileSync(desk.file(name));
  const server = createServer(
    {
      cert: read('hsm.example.pem'),
      key: read('hsm.example.key'),
      ca: read('ca.pem'),
      crl: read('crl.pem'),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    (socket) => socket.end('welcome'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const identity = { cert: read(`${client}.pem`), key: read(`${client}.key`), ca: read('ca.pem') };
      const socket: TLSSocket = connect({
        socket: connectPlain(port, '127.0.0.1'),
        servername: 'hsm.example',
        ...identity,
      });
      let heard = '';
      let protocol: string | null = null;
      socket.once('secureConnect', () => {
        protocol = socket.getProtocol();
      });
      socket.on('data', (bytes) => {
        heard += String(bytes);
      });
      socket.on('error', () => undefined);
      socket.once('close', () => resolve({ protocol, heard }));
    });
  } finally {
    server.close();
  }
}
