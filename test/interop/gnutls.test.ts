import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort, type RunOptions, start } from '../support/programs.ts';
import { complaints, LABEL, PIN, useBench } from './setup.ts';

const bench = useBench(['p11tool', 'certtool', 'gnutls-serv', 'openssl', 'pkcs11-tool']);
const path = (name: string) => bench.store.path(name);
const TOKEN = `pkcs11:token=${LABEL}`;
const p11tool = (args: readonly string[], options?: RunOptions) =>
  bench.run('p11tool', ['--provider', bench.store.module, '--batch', ...args], {
    ...options,
    env: { GNUTLS_PIN: PIN },
  });
const certtool = (args: readonly string[]) =>
  bench.run('certtool', ['--provider', bench.store.module, ...args], { env: { GNUTLS_PIN: PIN } });

const KEYS = [
  ['rsa', ['--bits', '2048'], 'Signing using RSA-SHA256... ok'],
  ['ecc', ['--curve', 'secp256r1'], 'Signing using ECDSA-SHA256... ok'],
] as const;

describe.skipIf(bench.lacking !== '')(`GnuTLS${bench.lacking}`, () => {
  beforeAll(async () => {
    for (const [type, size] of KEYS) {
      const what = ['--generate-privkey', type, ...size, '--label', type, '--outfile', path(`${type}.pub`)];
      expect(complaints((await p11tool(['--login', ...what, TOKEN])).output)).toEqual([]);
    }
    // GnuTLS 3.7 asks for CKM_EDDSA to make an Edwards key, which signs and generates nothing, so the key is
    // made elsewhere; using it is another matter.
    await bench.tool(['--keypairgen', '--key-type', 'EC:edwards25519', '--id', 'ed', '--label', 'ed25519']);
  });

  it('lists the token and its address', async () => {
    const { stdout } = await p11tool(['--list-tokens']);
    expect(stdout).toMatch(new RegExp(`^\\s+Label: ${LABEL}$`, 'm'));
    expect(stdout).toMatch(/^\s+Flags: RNG, Requires login$/m);
    const mechanisms = await p11tool(['--list-mechanisms', TOKEN]);
    expect(mechanisms.stdout).toMatch(/CKM_ECDSA\b/);
  });

  it('lists private objects after login and only then', async () => {
    const all = await p11tool(['--list-all', '--login', TOKEN]);
    expect(complaints(all.output)).toEqual([]);
    expect(all.stdout).toMatch(/object=rsa;type=private\n\s+Type: Private key \(RSA-2048\)/);
    expect(all.stdout).toMatch(/object=ecc;type=private\n\s+Type: Private key \(EC\/ECDSA-SECP256R1\)/);
    expect(all.stdout).toMatch(/object=ed25519;type=private\n\s+Type: Private key \(EdDSA \(Ed25519\)\)/);
    expect(all.stdout).toMatch(/CKA_NEVER_EXTRACTABLE; CKA_SENSITIVE/);
    const open = await p11tool(['--list-all', TOKEN]);
    expect(open.stdout).toContain('type=public');
    expect(open.stdout).not.toContain('type=private');
  });

  it.each(KEYS)('signs with the %s key and checks it against the public key', async (type, _size, says) => {
    const { output } = await p11tool(['--login', '--test-sign', `${TOKEN};object=${type};type=private`]);
    expect(output).toContain(says);
    expect(output).toContain('Verifying against public key in the token... ok');
    expect(complaints(output)).toEqual([]);
  });

  it('exports the public key that it printed when the key was made', async () => {
    for (const [type] of KEYS) {
      const { stdout } = await p11tool(['--export', `${TOKEN};object=${type};type=public`]);
      const made = await bench.run('openssl', ['pkey', '-pubin', '-in', path(`${type}.pub`)]);
      const now = await bench.run('openssl', ['pkey', '-pubin'], { input: stdout });
      expect(now.stdout).toBe(made.stdout);
    }
  });

  it('gives random bytes', async () => {
    for (const name of ['a', 'b']) {
      await p11tool(['--generate-random', '32', '--outfile', path(name), TOKEN]);
    }
    expect(readFileSync(path('a'))).toHaveLength(32);
    expect(readFileSync(path('a'))).not.toEqual(readFileSync(path('b')));
  });

  it('makes self-signed certificates that OpenSSL accepts, and serves TLS with one', async () => {
    writeFileSync(
      path('template'),
      'cn = localhost\ndns_name = localhost\nserial = 7\nexpiration_days = 1\nsigning_key\ntls_www_server\nca\n',
    );
    const key = (type: string) => `${TOKEN};object=${type};type=private`;
    for (const [type] of KEYS) {
      const keys = ['--load-privkey', key(type), '--load-pubkey', `${TOKEN};object=${type};type=public`];
      await certtool([
        '--generate-self-signed',
        '--template',
        path('template'),
        ...keys,
        '--outfile',
        path(`${type}.crt`),
      ]);
      const trust = ['verify', '-CAfile', path(`${type}.crt`), path(`${type}.crt`)];
      expect((await bench.run('openssl', trust)).stdout).toMatch(/: OK$/m);
    }
    const port = await freePort();
    const files = ['--x509certfile', path('ecc.crt'), '--x509keyfile', key('ecc')];
    const server = start(
      'gnutls-serv',
      ['--provider', bench.store.module, '--http', '-p', String(port), ...files],
      {
        env: { ...bench.store.env, GNUTLS_PIN: PIN },
      },
    );
    try {
      await server.ready(/listening on/i);
      const trust = ['-CAfile', path('ecc.crt'), '-verify_return_error', '-verify_hostname', 'localhost'];
      const { output } = await bench.run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...trust]);
      expect(output).toContain('Verification: OK');
      expect(output).toMatch(/Peer signature type: (ECDSA|ecdsa_secp256r1_sha256)$/m);
    } finally {
      await server.stop();
    }
  });

  it('writes a certificate into the token and finds it', async () => {
    const file = ['--load-certificate', path('rsa.crt'), '--label', 'rsa'];
    await p11tool(['--login', '--write', ...file, TOKEN]);
    const { stdout } = await p11tool(['--list-certs', '--login', TOKEN]);
    expect(stdout).toMatch(/object=rsa;type=cert/);
    await p11tool(['--login', '--delete', `${TOKEN};object=rsa;type=cert`]);
    expect((await p11tool(['--list-all-certs', TOKEN], { expect: 'any' })).stdout).not.toMatch(/type=cert/);
  });
});
