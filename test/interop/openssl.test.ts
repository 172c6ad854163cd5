import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { BY_ENGINE, keyUri, opensslConfig } from '../support/openssl.ts';
import { freePort, type RunOptions, start } from '../support/programs.ts';
import { complaints, LABEL, PIN, useBench } from './setup.ts';

const bench = useBench(['openssl', 'pkcs11-tool', 'curl'], ['libengine-pkcs11-openssl']);
const path = (name: string) => bench.store.path(name);
let engine: Record<string, string> = {};

/** OpenSSL with the engine's configuration. */
const withEngine = (args: readonly string[], options?: RunOptions) =>
  bench.run('openssl', args, { ...options, env: engine });
/** OpenSSL that knows nothing of PKCS#11: the independent judge. */
const plain = (args: readonly string[], options?: RunOptions) => bench.run('openssl', args, options);

const EC = keyUri(LABEL, 'ec');
const RSA = keyUri(LABEL, 'rsa');

describe.skipIf(bench.lacking !== '')(`OpenSSL through its PKCS#11 engine${bench.lacking}`, () => {
  beforeAll(async () => {
    engine = opensslConfig(path('openssl.cnf'), bench.store.module, PIN);
    const { stdout } = await withEngine(['version', '-e']);
    const folder = /ENGINESDIR: "(.*)"/.exec(stdout)?.[1] ?? '';
    if (!existsSync(`${folder}/pkcs11.so`)) {
      throw new Error('OpenSSL has no pkcs11 engine: apt-get install -y libengine-pkcs11-openssl');
    }
    // No Edwards key here: libp11 0.4.12 stops reading a token's keys at the first kind that it doesn't know.
    await bench.tool(['--keypairgen', '--key-type', 'EC:prime256v1', '--id', '01', '--label', 'ec']);
    await bench.tool(['--keypairgen', '--key-type', 'rsa:2048', '--id', '02', '--label', 'rsa']);
    for (const [id, label] of [
      ['01', 'ec'],
      ['02', 'rsa'],
    ] as const) {
      await bench.tool(['--read-object', '--type', 'pubkey', '--id', id, '-o', path(`${label}.pub`)]);
    }
    writeFileSync(path('data'), 'a contract\n');
    // A CA on the EC key and a server certificate for the RSA key: several tests use them.
    const days = ['-days', '1'];
    const ca = [
      '-subj',
      '/CN=Interop CA',
      '-addext',
      'basicConstraints=critical,CA:true',
      '-out',
      path('ca.crt'),
    ];
    await withEngine(['req', '-x509', '-new', ...BY_ENGINE, '-key', EC, ...days, ...ca]);
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    await withEngine(['req', '-new', ...BY_ENGINE, '-key', RSA, ...names, '-out', path('server.csr')]);
    const issuer = ['-CA', path('ca.crt'), '-engine', 'pkcs11', '-CAkeyform', 'engine', '-CAkey', EC];
    const request = ['-req', '-in', path('server.csr'), '-copy_extensions', 'copy'];
    await withEngine(['x509', ...request, ...issuer, ...days, '-out', path('server.crt')]);
  });

  it('finds the engine and the module', async () => {
    expect((await withEngine(['engine', '-t', 'pkcs11'])).stdout).toContain('[ available ]');
  });

  it.each([
    ['ECDSA', 'ec', '-sha256', []],
    ['ECDSA with SHA-512', 'ec', '-sha512', []],
    ['RSA', 'rsa', '-sha256', []],
    ['RSA-PSS', 'rsa', '-sha256', ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1']],
  ] as const)('dgst signs with %s; plain OpenSSL verifies', async (_name, label, hash, padding) => {
    const sign = ['-sign', keyUri(LABEL, label), '-out', path('sig'), path('data')];
    const signed = await withEngine(['dgst', ...BY_ENGINE, hash, ...padding, ...sign]);
    expect(complaints(signed.output)).toEqual([]);
    const key = ['-keyform', 'der', '-verify', path(`${label}.pub`)];
    const verify = ['dgst', hash, ...padding, ...key, '-signature', path('sig')];
    expect((await plain([...verify, path('data')])).stdout).toBe('Verified OK\n');
    writeFileSync(path('forged'), 'another contract\n');
    expect((await plain([...verify, path('forged')], { expect: 1 })).stdout).toContain(
      'Verification failure',
    );
  });

  it('dgst verifies with the public key in the token', async () => {
    const sign = ['dgst', ...BY_ENGINE, '-sha256', '-sign', EC, '-out', path('sig'), path('data')];
    await withEngine(sign);
    const verify = ['-sha256', '-verify', keyUri(LABEL, 'ec', 'public'), '-signature', path('sig')];
    expect((await withEngine(['dgst', ...BY_ENGINE, ...verify, path('data')])).stdout).toBe('Verified OK\n');
  });

  it.each(['pkcs1', 'oaep'])('pkeyutl decrypts with %s padding', async (padding) => {
    const mode = ['-pkeyopt', `rsa_padding_mode:${padding}`];
    const encrypt = ['-encrypt', '-pubin', '-keyform', 'der', '-inkey', path('rsa.pub'), ...mode];
    await plain(['pkeyutl', ...encrypt, '-out', path('enc')], { input: 'open sesame' });
    const { stdout } = await withEngine([
      'pkeyutl',
      '-decrypt',
      ...BY_ENGINE,
      '-inkey',
      RSA,
      ...mode,
      '-in',
      path('enc'),
    ]);
    expect(stdout).toBe('open sesame');
  });

  it('makes certificates that form a valid chain', async () => {
    const { stdout } = await plain(['verify', '-CAfile', path('ca.crt'), path('server.crt')]);
    expect(stdout).toMatch(/server\.crt: OK$/m);
    const text = (await plain(['x509', '-in', path('server.crt'), '-noout', '-text'])).stdout;
    expect(text).toContain('Signature Algorithm: ecdsa-with-SHA256');
    expect(text).toContain('Public Key Algorithm: rsaEncryption');
    expect((await plain(['req', '-in', path('server.csr'), '-verify', '-noout'])).output).toContain(
      'verify OK',
    );
  });

  it('signs a CMS message', async () => {
    const signer = ['-inkey', RSA, '-signer', path('server.crt'), '-nodetach', '-binary'];
    await withEngine([
      'cms',
      '-sign',
      ...BY_ENGINE,
      ...signer,
      '-in',
      path('data'),
      '-out',
      path('data.cms'),
    ]);
    const check = ['-CAfile', path('ca.crt'), '-purpose', 'any', '-binary', '-out', path('data.out')];
    await plain(['cms', '-verify', '-in', path('data.cms'), ...check]);
    expect(readFileSync(path('data.out'), 'utf8')).toBe('a contract\n');
  });

  it.each(['-tls1_2', '-tls1_3'])('serves TLS (%s) with the key in the token', async (version) => {
    const port = await freePort();
    const address = ['-accept', `127.0.0.1:${port}`, '-www'];
    const server = start(
      'openssl',
      ['s_server', ...BY_ENGINE, '-key', RSA, '-cert', path('server.crt'), ...address],
      {
        env: { ...bench.store.env, ...engine },
      },
    );
    try {
      await server.ready(/ACCEPT/);
      const trust = ['-CAfile', path('ca.crt'), '-verify_return_error', '-verify_hostname', 'localhost'];
      for (let times = 0; times < 3; times++) {
        const { output } = await plain(['s_client', '-connect', `127.0.0.1:${port}`, version, ...trust]);
        expect(output).toContain('Verification: OK');
        expect(output).toMatch(/Peer signature type: (RSA-PSS|rsa_pss_rsae_sha256)$/m);
      }
      const page = await bench.run('curl', ['-sS', '--cacert', path('ca.crt'), `https://localhost:${port}/`]);
      expect(page.stdout).toContain('s_server');
      // Without the CA the same client refuses, so the acceptance above means something.
      const stranger = await bench.run('curl', ['-sS', `https://localhost:${port}/`], { expect: 60 });
      expect(stranger.stderr).toContain('certificate');
    } finally {
      await server.stop();
    }
  });
});
