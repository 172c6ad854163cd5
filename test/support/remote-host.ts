/**
 * The other machine, for tests that reach their keys over the network: `remote-host.ts start FOLDER` starts strongroomd and its door below the folder, in
 * the network namespace STRONGROOM_TEST_FAR where that is set, and prints the environment that leads a client to them; `remote-host.ts stop FOLDER` ends
 * both. They outlive this program in between.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Authority } from './certificates.ts';
import { EVERYTHING_REMOTE } from './door.ts';
import { ROOT } from './profile.ts';
import { eventually, freePort } from './programs.ts';

const LAUNCHER = path.join(ROOT, 'out/lib/strongroom/strongroom-launch');
const [, , verb, folder = ''] = process.argv;
const far = path.join(folder, 'far');
const pids = path.join(far, 'pids');
/** Name of the namespace and address in it, as `NAME=ADDRESS`. */
const [namespace, address = '127.0.0.1'] = (process.env.STRONGROOM_TEST_FAR ?? '').split('=');

async function launch(args: readonly string[], through: readonly string[] = []): Promise<string> {
  const [program = LAUNCHER, ...rest] = [...through, LAUNCHER, ...args, '--ready-fd', '3'];
  const log = openSync(path.join(far, 'log'), 'a');
  const child: ChildProcess = spawn(program, rest, {
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
    env: { PATH: process.env.PATH ?? '' },
  });
  appendFileSync(pids, `${child.pid}\n`);
  const ready = child.stdio[3] as Readable;
  const [word] = (await Promise.race([once(ready, 'data'), once(child, 'close')])) as [Buffer | number];
  if (!Buffer.isBuffer(word) || !word.toString().startsWith('R'))
    throw new Error(`it does not serve: ${readFileSync(path.join(far, 'log'), 'utf8')}`);
  ready.destroy();
  child.unref();
  return word.toString().slice(1).trim();
}

async function start(): Promise<void> {
  const at = (name: string) => path.join(far, name);
  for (const made of [far, at('store'), at('run'), path.join(folder, 'near')])
    mkdirSync(made, { mode: 0o700 });
  const write = (name: string, text: string): string => {
    writeFileSync(at(name), text, { mode: 0o600 });
    return at(name);
  };
  const authority = new Authority('test authority');
  const server = authority.issue({ purposes: ['server'], dns: ['localhost'], ip: [address] });
  const client = authority.issue({
    spiffe: ['spiffe://example.org/consumer'],
    subject: [['CN', 'consumer']],
  });
  const port = await freePort();
  const config = [
    `socket = "${at('run/engine.socket')}"`,
    `socket_user = "${process.getuid?.()}"`,
    '[pin]',
    'kdf = "pbkdf2"',
    'iterations = 1000',
    'slow_first_ms = 0',
    '[service]',
    `policy = "${write('policy.toml', `${EVERYTHING_REMOTE}\n${EVERYTHING_REMOTE.replace('any-remote', 'any')}`)}"`,
    '[network]',
    `listen = "${address}:${port}"`,
    `certificate = "${write('server.pem', server.certificate)}"`,
    `key = "${write('server.key', server.key)}"`,
    `client_ca = "${write('ca.pem', authority.certificate)}"`,
    'start_door = false',
    '',
  ];
  const file = write('strongroom.toml', config.join('\n'));
  await launch(['--foreground', '--service', '--store', at('store'), '--config', file]);
  const through = namespace === undefined || namespace === '' ? [] : ['ip', 'netns', 'exec', namespace];
  await launch(['--door', '--config', file], through);
  const near = path.join(folder, 'near');
  const lines = [
    `remote = "${address}:${port}"`,
    `remote_ca = "${at('ca.pem')}"`,
    `remote_certificate = "${write('client.pem', client.certificate)}"`,
    `remote_key = "${write('client.key', client.key)}"`,
    '',
  ];
  writeFileSync(path.join(near, 'strongroom.toml'), lines.join('\n'));
  const env = {
    STRONGROOM_HOME: path.join(near, 'store'),
    STRONGROOM_CONFIG: path.join(near, 'strongroom.toml'),
  };
  console.log(JSON.stringify(env));
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function stop(): Promise<void> {
  const all = readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number).reverse();
  for (const pid of all) {
    if (lives(pid)) process.kill(pid, 'SIGTERM');
    if (!(await eventually(() => !lives(pid), 60_000))) throw new Error(`process ${pid} does not end`);
  }
}

if (networkInterfaces().lo === undefined) throw new Error('there is no loopback interface here');
await (verb === 'start' ? start() : stop());
process.exit(0);
