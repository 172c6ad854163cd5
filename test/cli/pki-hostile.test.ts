/** What strangers, slips and clocks put before the certificate authority, and that it signs nothing by which somebody passes for another. */
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjectOf, withSignature } from '../../admin-cli/pki/make.ts';
import { checkedFileName, checkedNames, fileNameFor } from '../../admin-cli/pki/names.ts';
import { Problem } from '../../admin-cli/problem.ts';
import {
  context,
  contextual,
  DerError,
  octets,
  oid,
  sequence,
  set,
  tag,
  tlv,
  utf8,
} from '../../module/certificates/der.ts';
import { pem } from '../../module/certificates/pem.ts';
import { readRevocationList } from '../../module/certificates/revocation.ts';
import { oids, readCertificate, readRequest } from '../../module/certificates/x509.ts';
import { run } from '../support/programs.ts';
import { type Desk, inChild, listed, makeDesk, PATIENCE } from './pki-support.ts';

let desk: Desk;

beforeAll(() => {
  desk = makeDesk();
  desk.fine('init', '--out', 'tls', '--days', '10');
}, 300_000);
afterAll(() => desk.store.close());

interface Wish {
  readonly name?: string;
  readonly dns?: readonly string[];
  readonly uri?: readonly string[];
  readonly twice?: boolean;
}

/** A request as a stranger makes it, who keeps to no rule about names. */
function requestFor({ name, dns = [], uri = [], twice = false }: Wish, key = p256()): Buffer {
  const alternative = [
    ...dns.map((each) => tlv(context(2), Buffer.from(each, 'latin1'))),
    ...uri.map((each) => tlv(context(6), Buffer.from(each, 'latin1'))),
  ];
  const extension = sequence(oid(oids.subjectAltName), octets(sequence(...alternative)));
  const wish = sequence(oid(oids.extensionRequest), set(sequence(extension, ...(twice ? [extension] : []))));
  const signed = sequence(
    tlv(tag.integer, Buffer.of(0)),
    name === undefined ? subjectOf(undefined) : sequence(set(sequence(oid(oids.commonName), utf8(name)))),
    key.publicKey.export({ format: 'der', type: 'spki' }),
    tlv(contextual(0), wish),
  );
  return withSignature(signed, sign('sha256', signed, key.privateKey));
}

function p256(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

let requests = 0;
function asked(request: Buffer, ...words: readonly string[]) {
  const file = desk.store.path(`request-${++requests}.pem`);
  writeFileSync(file, pem('CERTIFICATE REQUEST', request));
  const before = listed(desk).certificates.length;
  const said = desk.pki(
    'issue',
    '--client',
    '--csr',
    file,
    '--out',
    'asked',
    '--as',
    `asked-${requests}`,
    ...words,
  );
  const more = listed(desk).certificates.length - before;
  return { ...said, more, file: desk.store.path(`asked/asked-${requests}.pem`) };
}

describe('a request', () => {
  it('is signed for the names that the operator gives, whatever it asks for', PATIENCE, () => {
    const good = asked(requestFor({ name: 'admin', dns: ['root.example'] }), '--dns', 'guest.example');
    expect(good).toMatchObject({ code: 0, more: 1 });
    const certificate = new X509Certificate(readFileSync(good.file));
    expect([certificate.subject, certificate.subjectAltName]).toEqual([undefined, 'DNS:guest.example']);
    const accepted = asked(requestFor({ dns: ['Root.Example'] }), '--accept-names');
    expect(accepted).toMatchObject({ code: 0, more: 1 });
    expect(new X509Certificate(readFileSync(accepted.file)).subjectAltName).toBe('DNS:root.example');
    const none = asked(requestFor({ dns: ['root.example'] }));
    expect(none).toMatchObject({ code: 2, more: 0 });
    expect(none.stderr).toContain('The request asks for dns:root.example: give them, or --accept-names.');
  });

  it('must be signed with its own key', PATIENCE, () => {
    const honest = requestFor({ dns: ['a.example'] });
    const other = Buffer.from(honest);
    // Another name in the same place, under the old signature.
    other.write('b.example', other.indexOf('a.example'), 'latin1');
    const torn = Buffer.from(honest);
    torn.writeUInt8(torn.readUInt8(torn.length - 1) ^ 1, torn.length - 1);
    for (const forged of [other, torn]) {
      const said = asked(forged, '--accept-names');
      expect(said).toMatchObject({ code: 1, more: 0 });
      expect(said.stderr).toContain('is not signed with its own key');
    }
  });

  it.each<[string, Wish]>([
    ['a NUL', { dns: ['good.example\0.evil.example'] }],
    ['a line break', { dns: ['good.example\nDNS:evil.example'] }],
    ['a wildcard', { dns: ['*.example'] }],
    ['letters of its own', { dns: ['b\u00fccher.example'] }],
    ['a folder', { dns: ['../../etc/passwd'] }],
    ['nothing', { dns: [''] }],
    ['too much', { dns: [`${'x'.repeat(64)}.example`] }],
    ['an address', { dns: ['127.0.0.1'] }],
    ['a URI of the web', { uri: ['https://example.org/'] }],
    ['a SPIFFE ID that goes up', { uri: ['spiffe://example.org/a/../admin'] }],
    ['a SPIFFE ID that is written another way', { uri: ['spiffe://example.org/%61dmin'] }],
    ['two SPIFFE IDs', { uri: ['spiffe://example.org/a', 'spiffe://example.org/b'] }],
    ['a common name that is a list', { name: 'guest,O=root' }],
    ['a common name with a line break', { name: 'guest\nroot' }],
  ])('whose name has %s is refused, and nothing of it reaches the terminal', PATIENCE, (_, wish) => {
    const said = asked(requestFor(wish), '--accept-names');
    expect(said).toMatchObject({ code: 2, more: 0 });
    expect(said.stderr).not.toMatch(/[^\P{Cc}\n]/u);
    expect(said.stderr.split('\n').length).toBeLessThanOrEqual(3);
  });

  it('needs a key that is worth something', PATIENCE, () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(asked(requestFor({}, weak), '--name', 'x').stderr).toContain(
      'has 1024 bits, where RSA needs 2048',
    );
    const odd = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    expect(asked(requestFor({}, odd), '--name', 'x').stderr).toContain('is on a curve that TLS has not');
  });

  it('that is cut off anywhere, or goes on, is no request; nor does any byte of it bring the reader down', () => {
    const whole = requestFor({ name: 'x', dns: ['a.example'] });
    for (let length = 0; length < whole.length; length++)
      expect(() => readRequest(whole.subarray(0, length))).toThrow(DerError);
    expect(() => readRequest(Buffer.concat([whole, Buffer.of(0)]))).toThrow(DerError);
    expect(() => readRequest(requestFor({ dns: ['a.example'], twice: true }))).toThrow('twice');
    for (const read of [readRequest, readCertificate, readRevocationList])
      for (let at = 0; at < whole.length; at++)
        for (const value of [0x00, 0x30, 0x80, 0xff]) {
          const changed = Buffer.from(whole);
          changed.writeUInt8(value, at);
          try {
            read(changed);
          } catch (error) {
            expect(error).toBeInstanceOf(DerError);
          }
        }
  });
});

describe('names and files', () => {
  it('no name leads out of the folder', PATIENCE, () => {
    for (const name of ['../x', 'a/b', '/etc/x', '.', '..', '.hidden', '-x', '', 'a\nb', 'ca', 'CRL'])
      expect(() => checkedFileName(name), JSON.stringify(name)).toThrow(Problem);
    for (const common of ['a/b', 'x/../../y', 'a.', 'Ünicode'])
      expect(fileNameFor(checkedNames({ name: common }))).toMatch(/^[A-Za-z0-9.-]*$/);
    expect(desk.pki('issue', '--client', '--name', 'a/../b', '--out', 'tls').code).toBe(0);
    expect(readdirSync(desk.folder)).toContain('a-..-b.pem');
    expect(desk.pki('issue', '--client', '--name', 'x', '--as', '../x', '--out', 'tls').code).toBe(2);
    expect(existsSync(desk.store.path('x.key'))).toBe(false);
  });

  it('a name of letters from everywhere is one name, in the form of the network', () => {
    expect(checkedNames({ dns: ['Bücher.Example', 'xn--bcher-kva.example'] }).dns).toEqual([
      'xn--bcher-kva.example',
    ]);
    for (const name of [
      '1.2.3',
      '0x7f.1',
      'a b.example',
      'a..b',
      '-a.example',
      'a_b.example',
      'example.',
      '%61.example',
    ])
      expect(() => checkedNames({ dns: [name] }), name).toThrow(Problem);
    expect(checkedNames({ ip: ['2001:DB8:0::1'] }).ip).toEqual(['2001:db8::1']);
    expect(() => checkedNames({ ip: ['fe80::1%eth0'] })).toThrow(Problem);
  });

  it('no file is written over, and no link is followed', PATIENCE, () => {
    mkdirSync(desk.store.path('links'));
    const victim = desk.store.path('victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, desk.store.path('links/x.key'));
    symlinkSync(desk.store.path('nowhere'), desk.store.path('links/y.pem'));
    for (const name of ['x', 'y']) {
      const said = desk.pki('issue', '--client', '--name', 'x', '--as', name, '--out', 'links');
      expect(said.stderr).toContain('is there already; nothing was done');
    }
    expect(readlinkSync(desk.store.path('links/x.key'))).toBe(victim);
    desk.fine('issue', '--client', '--name', 'x', '--as', 'x', '--out', 'links', '--force');
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(existsSync(desk.store.path('nowhere'))).toBe(false);
  });
});

describe('time', () => {
  it('no certificate outlives its authority', PATIENCE, () => {
    expect(desk.fine('issue', '--client', '--name', 'long', '--out', 'tls')).toContain(
      'when the authority’s own ends',
    );
    const end = (name: string) => new X509Certificate(readFileSync(desk.file(name))).validToDate.getTime();
    expect(end('long.pem')).toBe(end('ca.pem'));
  });

  it.each([
    ['has ended', { from: '2020-01-01', until: '2021-01-01' }, 'ended on 2021-01-01'],
    ['has not begun', { from: '2120-01-01', until: '2121-01-01' }, 'Is the clock of this machine right?'],
  ])('an authority that %s signs nothing', PATIENCE, (name, { from, until }, words) => {
    // A list is asked for where it has not begun, and refused; the authority itself is made.
    inChild(desk, { do: 'init', name, folder: desk.store.path('other'), from, until });
    for (const command of [
      ['issue', '--client', '--name', 'x', '--as', 'late', '--out', 'late'],
      ['publish', '--out', 'late2'],
    ]) {
      const said = desk.pki(...command, '--ca', name);
      expect(said.code).toBe(1);
      expect(said.stderr).toContain(words);
    }
    expect(existsSync(desk.store.path('late/late.pem'))).toBe(false);
    expect(listed(desk, '--ca', name).certificates).toEqual([]);
  });
});

describe('the token', () => {
  it('keeps the key, which signs certificates and nothing else', PATIENCE, async () => {
    const env = { ...desk.store.env, PIN: 'user-pin-1' };
    const own = desk.keys().find(({ kind, label }) => kind === 'private' && label === 'Strongroom');
    expect(own).toMatchObject({ readBy: 'nobody', wrappable: false, uses: ['sign'] });
    const raw = await run(
      'pkcs11-tool',
      [
        '--module',
        desk.store.module,
        '--login',
        '--pin',
        'env:PIN',
        '--sign',
        '-m',
        'ECDSA',
        '--label',
        'Strongroom',
        '-i',
        '/dev/null',
      ],
      { env, expect: 'any' },
    );
    expect(raw.stdout + raw.stderr).toContain('CKR_MECHANISM_INVALID');
  });

  it(
    'lets nobody without a PIN take the authority’s place or revoke, and what was signed past the ledger can be revoked',
    PATIENCE,
    () => {
      const before = listed(desk, '--ca', 'Strongroom');
      expect(inChild(desk, { do: 'forge', folder: desk.folder, ca: 'Strongroom' })).toMatchObject({
        code: 0,
      });
      expect(desk.pki('list', '--ca', 'Impostor').stderr).toContain(
        'there is no certificate authority “Impostor” here',
      );
      expect(listed(desk, '--ca', 'Strongroom')).toEqual(before);
      expect(desk.pki('renew', desk.file('rogue.pem'), '--as', 'r', '--ca', 'Strongroom').stderr).toContain(
        'is not in its ledger',
      );
      const said = desk.pki('revoke', desk.file('rogue.pem'), '--out', 'tls', '--ca', 'Strongroom');
      expect(said.stderr).toContain('it was not in the ledger');
      const { revoked } = readRevocationList(
        Buffer.from(readFileSync(desk.file('crl.pem'), 'utf8').replace(/-----.*-----|\n/g, ''), 'base64'),
      );
      expect([...revoked]).toEqual([
        new X509Certificate(readFileSync(desk.file('rogue.pem'))).serialNumber.toLowerCase(),
      ]);
    },
  );
});
