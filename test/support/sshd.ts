import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, run, type Service, start } from './programs.ts';

export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** Options for ssh that lead to this server and trust only its own host key. */
  readonly clientOptions: readonly string[];
  /** What the server logged. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts the machine's own sshd on a free port of 127.0.0.1, with a host key of its own.
 *
 * `folder` must exist and is filled with the server's files. `authorizedKeys` holds the lines of those who
 * may come in as the present user. Throws when sshd is missing or doesn't come up.
 */
export async function startSshd(
  folder: string,
  env: Readonly<Record<string, string>>,
  authorizedKeys: string,
): Promise<Sshd> {
  const file = (name: string) => join(folder, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('host_key')], { env });
  writeFileSync(file('authorized_keys'), authorizedKeys, { mode: 0o600 });
  const port = await freePort();
  writeFileSync(
    file('sshd_config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${file('host_key')}
AuthorizedKeysFile ${file('authorized_keys')}
AuthenticationMethods publickey
KbdInteractiveAuthentication no
PasswordAuthentication no
PermitRootLogin prohibit-password
PidFile none
StrictModes no
UsePAM no
`,
  );
  // Debian's package leaves this one to its service unit, and sshd refuses to start without it.
  if (process.getuid?.() === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
  const service: Service = start('sshd', ['-D', '-e', '-f', file('sshd_config')], { env });
  try {
    await service.ready(/Server listening on 127\.0\.0\.1/);
  } catch (error) {
    await service.stop();
    throw error;
  }
  const [type, key] = readFileSync(file('host_key.pub'), 'utf8').split(' ');
  writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  return {
    port,
    user: userInfo().username,
    clientOptions: [
      ...['-F', 'none', '-p', String(port)],
      ...['-o', `UserKnownHostsFile=${file('known_hosts')}`, '-o', 'StrictHostKeyChecking=yes'],
    ],
    log: service.output,
    stop: service.stop,
  };
}

/** Writes a program that answers a PIN question, and the environment that makes ssh ask it. */
export function askpass(file: string, pin: string): Record<string, string> {
  writeFileSync(file, `#!/bin/sh\necho '${pin}'\n`);
  chmodSync(file, 0o700);
  return { SSH_ASKPASS: file, SSH_ASKPASS_REQUIRE: 'force' };
}
