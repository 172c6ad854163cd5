/**
 * `strongroom doctor` about TLS: which file, certificate, name or clock is wrong, at a client's machine and at the service's, each by one thing that is
 * broken in an order that works otherwise.
 */
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createPlain, type Server, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickStore } from '../fault/support.ts';
import { Authority, type Wish } from '../support/certificates.ts';
import { run } from '../support/programs.ts';
import type { Store } from '../support/store.ts';
import { STRONGROOM } from './transcript.ts';

const PATIENCE = { timeout: 300_000 };
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

const ours = new Authority('Ours', undefined, { notAfter: inDays(900) });
const theirs = new Authority('Theirs', undefined, { notAfter: inDays(900) });

/** Days from now between which a certificate holds. */
interface Times {
  readonly from?: number;
  readonly until?: number;
}

/** As node:tls takes a certificate and its key. */
interface Leaf {
  readonly cert: string;
  readonly key: string;
}

function leaf({ from = -1, until = 90, ...wish }: Times & Wish, authority = ours): Leaf {
  const { certificate, key } = authority.issue({ ...wish, notBefore: inDays(from), notAfter: inDays(until) });
  return { cert: certificate, key };
}

const serverNames = { dns: ['hsm.example', 'localhost'], ip: ['127.0.0.1'] };
const server = (more: Times & Wish = {}) => leaf({ purposes: ['server'], ...serverNames, ...more });
const client = (more: Times & Wish = {}) => leaf({ purposes: ['client'], dns: ['a.example'], ...more });
const list = ({ from = -1, until = 30 }: Times = {}, authority = ours) =>
  authority.list({ thisUpdate: inDays(from), nextUpdate: inDays(until) });

let store: Store;
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeEach(() => {
  store = quickStore();
});
afterEach(async () => {
  for (const each of sockets.splice(0)) each.destroy();
  for (const each of servers.splice(0)) await new Promise((resolve) => each.close(resolve));
  await store.close();
});

async function listening(made: Server): Promise<number> {
  servers.push(made);
  made.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.address() as AddressInfo).port;
}

function serve(more: TlsOptions = server()): Promise<number> {
  return listening(
    createServer(
      { minVersion: 'TLSv1.3', ca: ours.certificate, requestCert: true, rejectUnauthorized: true, ...more },
      (socket) => {
        socket.on('error', () => undefined);
        // As HTTP/2 does, whoever is let in hears something.
        socket.write('settings');
        socket.on('end', () => socket.end());
      },
    ),
  );
}

/** Writes files below the store's folder, keys with mode 0600. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [name, contents] of Object.entries(files)) {
    writeFileSync(store.path(name), contents);
    if (name.endsWith('.key')) chmodSync(store.path(name), 0o600);
  }
}

interface Finding {
  readonly level: string;
  readonly what: string;
  readonly text: string;
  readonly mend?: string;
}

/** What doctor finds under a heading, with a configuration. */
async function found(title: string, lines: readonly string[]): Promise<Finding[]> {
  writeFileSync(store.path('doctor.toml'), `${lines.join('\n')}\n`);
  const env = { ...store.env, STRONGROOM_CONFIG: store.path('doctor.toml') };
  const { stdout, code } = await run(STRONGROOM, ['doctor', '--json'], {
    env,
    expect: 'any',
    timeout: 120_000,
  });
  const said = JSON.parse(stdout) as { ok: boolean; sections: { title: string; findings: Finding[] }[] };
  expect(code).toBe(said.ok ? 0 : 1);
  return said.sections.find((section) => section.title === title)?.findings ?? [];
}

const wrongIn = (findings: readonly Finding[]) =>
  findings
    .filter(({ level }) => level === 'wrong')
    .map(({ what, text, mend }) => `${what}: ${text} | ${mend}`);

describe('a client’s machine', () => {
  const good = { 'ca.pem': ours.certificate, 'own.pem': client().cert };
  interface Broken {
    readonly files?: Readonly<Record<string, string>>;
    readonly server?: TlsOptions;
    readonly host?: string;
    readonly lines?: readonly string[];
    readonly mode?: number;
  }

  async function look({
    files = {},
    server: options,
    host = '127.0.0.1',
    lines = [],
    mode,
  }: Broken): Promise<Finding[]> {
    const own = client();
    write({ ...good, 'own.pem': own.cert, 'own.key': own.key, ...files });
    if (mode !== undefined) chmodSync(store.path('own.key'), mode);
    const port = await serve({ ...server(), ...options });
    return found('Remote', [
      `remote = "${host}:${port}"`,
      `remote_ca = "${store.path('ca.pem')}"`,
      `remote_certificate = "${store.path('own.pem')}"`,
      `remote_key = "${store.path('own.key')}"`,
      ...lines,
    ]);
  }

  it('where everything fits together', PATIENCE, async () => {
    const findings = await look({});
    expect(wrongIn(findings)).toEqual([]);
    expect(findings.map(({ level, what }) => `${level} ${what}`)).toEqual([
      'fine authority',
      'fine certificate',
      'fine key',
      'fine server',
    ]);
    expect(findings.at(-1)?.text).toContain('TLSv1.3');
  });

  /** What is broken, and what doctor says of it with how to mend it. */
  const cases: readonly (readonly [string, () => Broken, RegExp])[] = [
    [
      'no authority',
      () => ({ files: { 'ca.pem': '' } }),
      /^authority: .*ca\.pem holds no certificate in PEM \| .*pki publish/,
    ],
    [
      'a certificate of nothing',
      () => ({ files: { 'own.pem': 'x' } }),
      /^certificate: .*own\.pem holds no certificate/,
    ],
    [
      'a key that others can read',
      () => ({ mode: 0o644 }),
      /^key: .*open to others \(mode 0644\).* \| chmod 600 .*own\.key$/,
    ],
    [
      'another’s key',
      () => ({ files: { 'own.key': client().key } }),
      /^key: .*own\.key is not the key of the certificate \| /,
    ],
    [
      'a key with a passphrase',
      () => ({ files: { 'own.key': lockedKey() } }),
      /^key: .*is encrypted, and nobody is there to type its passphrase \| keep it open, with mode 0600/,
    ],
    [
      'a certificate that ended',
      () => files(client({ from: -9, until: -2 })),
      /^certificate: .*own\.pem ended on \d{4}-\d\d-\d\d, and here it is .* UTC \| strongroom pki renew .*own\.pem --force/,
    ],
    [
      'a certificate that is still to come',
      () => files(client({ from: 2 })),
      /^certificate: .*own\.pem begins on .*, and here it is .* \| is the clock of this machine right\?/,
    ],
    [
      'a server’s certificate',
      () => files(server()),
      /^certificate: .*is a server’s certificate, and is used as a client’s \| .*--client/,
    ],
    [
      'a server that ended',
      () => ({ server: server({ until: -1, from: -9 }) }),
      /^server: \S+: its certificate ended on .* \| is the clock/,
    ],
    [
      'a server that is still to come, or a slow clock',
      () => ({ server: server({ from: 1 }) }),
      /^server: \S+: its certificate begins on .*, and here it is .* \| the clock of this machine is slow/,
    ],
    [
      'a server that is a client',
      () => ({ server: client(serverNames) }),
      /^server: \S+: its certificate is not made for a server/,
    ],
    [
      'a server of an authority that we don’t know',
      () => ({ server: leaf({ purposes: ['server'], ...serverNames }, theirs) }),
      /^server: \S+: its certificate is not from an authority in remote_ca, which has “Ours” \(\w+\) \| put the certificate/,
    ],
    [
      'a server of another name',
      () => ({ server: server({ dns: ['other.example'], ip: [] }) }),
      /^server: \S+: its certificate is not for 127\.0\.0\.1, but for dns:other\.example \| .*remote_name = "other\.example"$/,
    ],
    [
      'a name that the server has not',
      () => ({ lines: ['remote_name = "wrong.example"'] }),
      /^server: \S+: its certificate is not for wrong\.example, but for dns:hsm\.example, dns:localhost, ip:127\.0\.0\.1/,
    ],
    [
      'old TLS',
      () => ({ server: { ...server(), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } }),
      /^server: \S+: it speaks TLSv1\.2, and not TLS 1\.3/,
    ],
    [
      'a server that does not know our authority',
      () => files(leaf({ dns: ['a.example'] }, theirs)),
      /^server: \S+: it hung up when it had seen our certificate .* \| network\.client_ca there may not have the authority of ours/,
    ],
  ];

  function files({ cert, key }: { cert: string; key: string }): Broken {
    return { files: { 'own.pem': cert, 'own.key': key } };
  }

  it.each(cases)('%s', PATIENCE, async (_, broken, words) => {
    const wrong = wrongIn(await look(broken()));
    expect(wrong.filter((each) => words.test(each))).toHaveLength(1);
    // A certificate that cannot be shown has a consequence of its own; everything else is one thing.
    const more = wrong.filter((each) => !words.test(each));
    for (const each of more)
      expect(each).toMatch(/it wants a certificate of ours|it hung up when it had seen/);
  });

  it('says which machines can’t be reached, and why', PATIENCE, async () => {
    const nobody = await serve();
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const noTls = await listening(createPlain((socket) => socket.end('220 welcome\r\n')));
    // It accepts, and says nothing.
    const silent = await listening(createPlain((socket) => socket.on('error', () => undefined)));
    const own = client();
    write({ ...good, 'own.pem': own.cert, 'own.key': own.key });
    const findings = await found('Remote', [
      `remote = "127.0.0.1:${nobody}, nowhere.invalid:5696, 127.0.0.1:${noTls}, 127.0.0.1:${silent}"`,
      `remote_ca = "${store.path('ca.pem')}"`,
      `remote_certificate = "${store.path('own.pem')}"`,
      `remote_key = "${store.path('own.key')}"`,
    ]);
    const wrong = wrongIn(findings);
    expect(wrong).toHaveLength(4);
    expect(wrong[0]).toMatch(/nobody listens there \| is strongroomd running there/);
    expect(wrong[1]).toMatch(
      /no machine of that name is known here \(E\w+\) \| .*getent hosts nowhere\.invalid$/,
    );
    expect(wrong[2]).toMatch(/no TLS came about \(ERR_SSL_\w+\) \| is that strongroomd’s port\?/);
    expect(wrong[3]).toMatch(/no answer within 2 seconds/);
  });

  it('says what is not set or not there, and speaks of an end that is near', PATIENCE, async () => {
    const own = client({ until: 5.5 });
    write({ ...good, 'own.pem': own.cert, 'own.key': own.key });
    const port = await serve();
    const findings = await found('Remote', [
      `remote = "127.0.0.1:${port}"`,
      `remote_ca = "${store.path('nowhere.pem')}"`,
      `remote_certificate = "${store.path('own.pem')}"`,
    ]);
    const wrong = wrongIn(findings);
    expect(wrong[0]).toMatch(/^authority: .*nowhere\.pem \(remote_ca\) is not there \| /);
    expect(wrong[1]).toMatch(/^key: remote_key is not set \| /);
    const remark = findings.find(({ level }) => level === 'remark');
    expect(remark?.text).toMatch(/own\.pem ends in 5 days, on /);
  });
});

function lockedKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
}

describe('the service’s machine', () => {
  interface Broken {
    readonly own?: { readonly cert: string; readonly key: string };
    readonly shown?: TlsOptions;
    readonly authorities?: string;
    readonly list?: string;
    readonly mode?: number;
    readonly lines?: readonly string[];
  }

  async function look({
    own = server(),
    shown,
    authorities = ours.certificate,
    list: revoked = list(),
    mode,
    lines,
  }: Broken): Promise<Finding[]> {
    write({ 'server.pem': own.cert, 'server.key': own.key, 'clients.pem': authorities, 'crl.pem': revoked });
    if (mode !== undefined) chmodSync(store.path('server.key'), mode);
    const port = await serve({ ...own, ...shown });
    return found('Network door', [
      '[network]',
      `listen = "127.0.0.1:${port}"`,
      `certificate = "${store.path('server.pem')}"`,
      `key = "${store.path('server.key')}"`,
      `client_ca = "${store.path('clients.pem')}"`,
      ...(lines ?? [`crl = "${store.path('crl.pem')}"`]),
    ]);
  }

  it('where everything fits together', PATIENCE, async () => {
    const findings = await look({});
    expect(findings.map(({ level, what }) => `${level} ${what}`)).toEqual([
      'fine certificate',
      'fine key',
      'fine client_ca',
      'fine crl',
      'fine door',
    ]);
    expect(findings[3]?.text).toMatch(/crl\.pem: “Ours”, number \d+, 0 revoked, the next due before /);
  });

  const cases: readonly (readonly [string, () => Broken, RegExp])[] = [
    [
      'a certificate that ended',
      () => ({ own: server({ from: -9, until: -1 }) }),
      /^certificate: .*server\.pem ended on /,
    ],
    [
      'a client’s certificate',
      () => ({ own: client() }),
      /^certificate: .*is a client’s certificate, and is used as a server’s/,
    ],
    ['a key that everybody can read', () => ({ mode: 0o644 }), /^key: .*open to others \(mode 0644\)/],
    [
      'another’s key',
      () => {
        const shown = server();
        return { own: { cert: shown.cert, key: server().key }, shown };
      },
      /^key: .*server\.key is not the key of the certificate/,
    ],
    [
      'no authority of clients',
      () => ({ authorities: client().cert }),
      /^client_ca: “\S+” in .*clients\.pem is no authority’s certificate/,
    ],
    [
      'a list that ended',
      () => ({ list: list({ from: -40, until: -2 }) }),
      /^crl: the list of “Ours” was good until .*: nobody .* comes in \| .*pki publish/,
    ],
    [
      'a list from the future',
      () => ({ list: list({ from: 1 }) }),
      /^crl: the list of “Ours” is of .*, and here it is .* \| is the clock/,
    ],
    [
      'a list that another signed',
      () => ({ list: list({}, new Authority('Ours')) }),
      /^crl: the list of “Ours” in .* is not signed by that authority/,
    ],
    [
      'an authority without a list',
      () => ({ authorities: ours.certificate + theirs.certificate }),
      /^crl: .*crl\.pem has no list of “Theirs”: nobody with a certificate of his comes in/,
    ],
    ['a list of nothing', () => ({ list: 'x' }), /^crl: .*crl\.pem holds no list/],
    [
      'a list that is not there',
      () => ({ lines: ['crl = "/nowhere/crl.pem"'] }),
      /^crl: \/nowhere\/crl\.pem \(network\.crl\) is not there/,
    ],
  ];

  it.each(cases)('%s', PATIENCE, async (_, broken, words) => {
    const findings = await look(broken());
    const wrong = wrongIn(findings).filter((each) => !/no list of “b|crl: .*holds a list/.test(each));
    expect(wrong.filter((each) => words.test(each))).toHaveLength(1);
  });

  it(
    'nobody at the door, an older certificate shown, no list at all, and one that is due',
    PATIENCE,
    async () => {
      const old = await look({ shown: server(), lines: [] });
      expect(old.map(({ level, what }) => `${level} ${what}`)).toEqual([
        'fine certificate',
        'fine key',
        'fine client_ca',
        'remark crl',
        'remark door',
      ]);
      expect(old.at(-1)).toMatchObject({
        text: expect.stringContaining('shows another certificate than the file'),
        mend: 'if the file is new: systemctl reload strongroomd',
      });
      const due = await look({ list: list({ until: 1.5 }) });
      expect(due.find(({ level }) => level === 'remark')?.text).toMatch(/the list of “Ours” ends in 1 days?/);
      const findings = await found('Network door', ['[network]', 'listen = "127.0.0.1:1"']);
      expect(wrongIn(findings)).toEqual([
        expect.stringMatching(
          /^certificate: \/etc\/strongroom\/tls\/server\.pem \(network\.certificate\) is not there/,
        ),
        expect.stringMatching(/^key: /),
        expect.stringMatching(/^client_ca: /),
        expect.stringMatching(/^door: 127\.0\.0\.1:1: nobody listens there \| systemctl status strongroomd/),
      ]);
    },
  );
});
