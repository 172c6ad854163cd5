import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunOptions, start } from '../support/programs.ts';
import { askpass, type Sshd, startSshd } from '../support/sshd.ts';
import { PIN, useBench } from './setup.ts';

const bench = useBench(['ssh', 'ssh-add', 'ssh-agent', 'ssh-keygen', 'sshd', 'pkcs11-tool']);
let sshd: Sshd | undefined;
let pin: Record<string, string> = {};

function server(): Sshd {
  if (sshd === undefined) throw new Error('sshd is started by a hook');
  return sshd;
}

/** Logs in to our sshd with ssh and runs a command there. */
const ssh = (options: readonly string[], more: RunOptions = {}) => {
  const { clientOptions, user } = server();
  const words = [...clientOptions, ...options, `${user}@127.0.0.1`, 'echo welcome; id -un'];
  return bench.run('ssh', words, { ...more, env: { ...pin, ...more.env } });
};

describe.skipIf(bench.lacking !== '')(`OpenSSH${bench.lacking}`, () => {
  beforeAll(async () => {
    await bench.tool(['--keypairgen', '--key-type', 'EC:prime256v1', '--id', '01', '--label', 'ssh-ec']);
    await bench.tool(['--keypairgen', '--key-type', 'rsa:2048', '--id', '02', '--label', 'ssh-rsa']);
    pin = askpass(bench.store.path('askpass'), PIN);
    const { stdout } = await bench.run('ssh-keygen', ['-D', bench.store.module]);
    const folder = bench.store.path('sshd');
    mkdirSync(folder);
    sshd = await startSshd(folder, bench.store.env, stdout);
  });

  afterAll(() => sshd?.stop());

  it('ssh-keygen -D prints both public keys', async () => {
    const { stdout } = await bench.run('ssh-keygen', ['-D', bench.store.module]);
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual(['ecdsa-sha2-nistp256', 'ssh-rsa']);
    writeFileSync(bench.store.path('keys.pub'), stdout);
    const prints = await bench.run('ssh-keygen', ['-lf', bench.store.path('keys.pub')]);
    expect(prints.stdout).toMatch(/\(ECDSA\)/);
    expect(prints.stdout).toMatch(/2048 SHA256:\S+ .*\(RSA\)/);
  });

  it('ssh -I logs in', async () => {
    const { stdout } = await ssh([
      '-I',
      bench.store.module,
      '-o',
      'PubkeyAcceptedAlgorithms=ecdsa-sha2-nistp256',
    ]);
    expect(stdout).toBe(`welcome\n${server().user}\n`);
    expect(server().log()).toMatch(/Accepted publickey for .* ECDSA/);
  });

  it('PKCS11Provider logs in with the RSA key as well', async () => {
    const only = ['-o', 'PubkeyAcceptedAlgorithms=rsa-sha2-256'];
    const { stdout } = await ssh(['-o', `PKCS11Provider=${bench.store.module}`, ...only]);
    expect(stdout).toContain('welcome');
    expect(server().log()).toMatch(/Accepted publickey for .* RSA/);
  });

  it('a wrong PIN opens nothing', async () => {
    const wrong = askpass(bench.store.path('wrong-pin'), '000000');
    const { stdout, stderr } = await ssh(['-I', bench.store.module], { env: wrong, expect: 255 });
    expect(stdout).toBe('');
    expect(stderr).toContain('Permission denied');
  });

  it('ssh-agent holds the token, signs with both keys, and lets it go again', async () => {
    const socket = bench.store.path('agent.sock');
    // The agent compares the resolved path with its list of allowed libraries.
    const library = realpathSync(bench.store.module);
    const agent = start('ssh-agent', ['-D', '-a', socket, '-P', library], { env: bench.store.env });
    try {
      await agent.ready(/SSH_AUTH_SOCK/);
      const env = { ...pin, SSH_AUTH_SOCK: socket };
      await bench.run('ssh-add', ['-s', library], { env });
      const held = await bench.run('ssh-add', ['-L'], { env });
      expect(held.stdout.trim().split('\n')).toHaveLength(2);
      writeFileSync(bench.store.path('held.pub'), held.stdout);
      // -T makes the agent sign and checks the signature with the public key.
      for (const [index, line] of held.stdout.trim().split('\n').entries()) {
        writeFileSync(bench.store.path(`held${index}.pub`), `${line}\n`);
        await bench.run('ssh-add', ['-T', bench.store.path(`held${index}.pub`)], { env });
      }
      const { stdout } = await ssh([], { env: { SSH_AUTH_SOCK: socket } });
      expect(stdout).toContain('welcome');
      await bench.run('ssh-add', ['-e', library], { env });
      expect((await bench.run('ssh-add', ['-L'], { env, expect: 1 })).stdout).toContain('no identities');
      await ssh([], { env: { SSH_AUTH_SOCK: socket }, expect: 255 });
    } finally {
      await agent.stop();
    }
  });
});
