/** The network door's cage: a probe in the runtime's place tries what a hole in the door might try. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, makeShipped, scratch } from './build.ts';

const { folder, remove } = scratch();
chmodSync(folder, 0o755);
const asRoot = process.getuid?.() === 0;
/** A user that no system has, where we can make his processes. */
const user = asRoot ? 64_105 : (process.getuid?.() ?? -1);
const probe = join(folder, 'probe');
const lib = join(folder, 'place', 'lib');
const launcher = join(lib, 'strongroom-launch');
const tls = join(folder, 'tls');
const certificate = join(tls, 'server.pem');
const secret = join(folder, 'secret');
const abstract = `@strongroom-door-${process.pid}`;
/** The system's number for what may not be: EPERM, EACCES, EAFNOSUPPORT, ENOSYS, ENOTTY. */
const refusals = [1, 13, 97, 38, 25];

let elsewhere: Server;
/** Whom the door is to reach. */
let peer: Server;
let partner: ChildProcess;
let args: string[];
let caged: Map<string, string>;
let loose: Map<string, string>;
let standing: Map<string, string>;
/** What this machine cannot keep from a door; see hardening/cage/ruleset.h and cage.h. */
let lacks: number;

function give(path: string, mode: number): void {
  chmodSync(path, mode);
  if (asRoot) chownSync(path, user, user);
}

const asUser = asRoot ? { uid: user, gid: user } : {};

/** Names and what came of them. */
function resultsIn(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^([^ ]+) (\d+)$/gm)].map(([, name = '', result = '']) => [name, result]));
}

function launch(more: readonly string[] = []) {
  const who = asRoot ? ['--user', `${user}:${user}`] : [];
  return spawnSync(launcher, ['--door', ...who, '--config', join(tls, 'c.toml'), ...args, ...more], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { HOME: '/', NODE_OPTIONS: '--inspect', LD_LIBRARY_PATH: '/nowhere' },
  });
}

beforeAll(async () => {
  const shipped = await makeShipped(folder);
  await compile(probe, [
    'test/hardening/door-probe.c',
    'hardening/cage/ruleset.c',
    'hardening/cage/filter.c',
  ]);
  mkdirSync(lib, { recursive: true });
  copyFileSync(shipped.launcher, launcher);
  copyFileSync(shipped.library, join(lib, 'libstrongroom-guard.so'));
  copyFileSync(probe, join(lib, 'node'));
  writeFileSync(join(lib, 'door.cjs'), '');
  mkdirSync(tls);
  writeFileSync(certificate, 'a certificate');
  writeFileSync(secret, 'a key');
  give(tls, 0o755);
  give(certificate, 0o644);
  give(secret, 0o600);
  const free = createServer();
  elsewhere = createServer((socket) => socket.end());
  peer = createServer((socket) => socket.end());
  await Promise.all([
    once(free.listen(0, '127.0.0.1'), 'listening'),
    once(elsewhere.listen(0, '127.0.0.1'), 'listening'),
    once(peer.listen(0, '127.0.0.1'), 'listening'),
  ]);
  const portOf = (server: Server): number => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  writeFileSync(
    join(lib, 'door-needs.mjs'),
    `read ${tls}\nlisten ${portOf(free)}\nconnect ${portOf(peer)}\n`,
  );
  const places = mkdtempSync(join(folder, 'meeting-'));
  give(places, 0o755);
  const socket = join(places, 'socket');
  partner = spawn(probe, ['--meet', socket, '--abstract', abstract], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...asUser,
  });
  if (partner.stderr !== null) await once(partner.stderr, 'data');
  args = ['--secret', secret, '--open', certificate, '--meeting', socket, '--abstract', abstract];
  args.push('--victim', String(partner.pid), '--port', String(portOf(elsewhere)));
  args.push('--free', String(portOf(free)), '--peer', String(portOf(peer)));
  free.close();
  await once(free, 'close');
  args.push('--scratch', join(places, 'new'), '--folder', places);
  const { stderr } = launch();
  caged = resultsIn(stderr);
  standing = new Map(
    [...stderr.matchAll(/^is (\w+):\t(.*?) *$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  // What may be tried there is done, so it comes last.
  loose = resultsIn(spawnSync(probe, args, { encoding: 'utf8', timeout: 60_000, ...asUser }).stderr);
  lacks = Number(loose.get('lacks'));
}, 60_000);

afterAll(() => {
  partner?.kill('SIGKILL');
  elsewhere?.close();
  peer?.close();
  remove();
});

/** Whether the machine can keep a door from what is tried by this name. */
function kept(name: string): boolean {
  const [, kind = ''] = /^(\w+):/.exec(name) ?? [];
  const bits: Readonly<Record<string, number>> = { files: 1, network: 2, signals: 4 };
  return (lacks & (bits[kind] ?? 8)) === 0;
}

const needed = [
  'read-allowed',
  'read-library',
  'read-self',
  'listen-allowed',
  'connect-allowed',
  'meet',
  'thread',
  'code',
  'signal-self',
  'socket-unix',
  'socket-tcp6',
  'shut-off-again',
];

describe('where the kernel has no Landlock', () => {
  it('the filter of system calls still holds, and the door is started', async () => {
    // The tries above may have taken it away.
    writeFileSync(certificate, 'a certificate');
    give(certificate, 0o644);
    const filtered = await compile(join(folder, 'filtered'), ['test/hardening/filtered.c']);
    const all = Array.from({ length: 470 }, (_, number) => number).filter(
      (number) => number < 444 || number > 446,
    );
    const who = asRoot ? ['--user', `${user}:${user}`] : [];
    const door = ['--door', ...who, '--config', join(tls, 'c.toml'), ...args];
    const { stderr } = spawnSync(filtered, [all.join(','), launcher, ...door], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    const old = resultsIn(stderr);
    expect(needed.filter((name) => old.get(name) !== '0')).toEqual([]);
    const calls = [...old.keys()].filter((name) => name.startsWith('calls:'));
    expect(calls.length).toBeGreaterThan(25);
    const done = calls.filter((name) => kept(name) && !refusals.includes(Number(old.get(name))));
    expect(done).toEqual([]);
    expect(old.get('files:list-secret')).toBe('0');
  });
});

describe('what a door can do in its cage', () => {
  it('is what it is for', () => {
    expect(caged.has('done')).toBe(true);
    expect(needed.filter((name) => caged.get(name) !== '0')).toEqual([]);
  });

  it('is nothing else', () => {
    const tried = [...caged.keys()].filter(
      (name) => !needed.includes(name) && !['done', 'lacks'].includes(name),
    );
    expect(tried.length).toBeGreaterThan(80);
    const done = tried.filter((name) => kept(name) && !refusals.includes(Number(caged.get(name))));
    expect(done.map((name) => `${name}: ${caged.get(name)}`)).toEqual([]);
  });

  it('and each of them is no matter for another process of its user', () => {
    const could = [...loose].filter(([, result]) => !refusals.includes(Number(result))).map(([name]) => name);
    expect(could).toEqual(
      expect.arrayContaining([
        ...['files:read-secret', 'files:list-secret', 'calls:write', 'calls:create', 'calls:rename'],
        ...['network:connect', 'network:listen', 'calls:udp', 'calls:mptcp', 'signals:abstract'],
        ...['calls:kill', 'calls:queue', 'calls:tgkill', 'calls:own-signals', 'calls:limits', 'calls:fork'],
        ...['calls:exec', 'calls:clone', 'calls:open-up', 'setuid', 'unshare', 'memfd_create', 'openat2'],
      ]),
    );
  });

  it('it is shut off, and without privileges', () => {
    const none = '0000000000000000';
    expect(Object.fromEntries(standing)).toMatchObject({
      Dumpable: '0',
      NoNewPrivs: '1',
      CapPrm: none,
      CapEff: none,
    });
    if ((lacks & 8) === 0) expect(standing.get('Seccomp')).toBe('2');
  });

  it.runIf(asRoot)('it is another user than root, for good', () => {
    const all = Array(4).fill(String(user)).join('\t');
    expect(Object.fromEntries(standing)).toMatchObject({
      Uid: all,
      Gid: all,
      Groups: '',
      CapBnd: '0000000000000000',
    });
  });
});

describe('strongroom-launch --door', () => {
  it('needs a configuration with an absolute path', () => {
    for (const wrong of [[], ['--config', 'c.toml'], ['--config', '/c.toml', '--leash']]) {
      const { status, stderr } = spawnSync(launcher, ['--door', ...wrong], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([2, expect.stringContaining('usage: ')]);
    }
  });

  it('does not start as a user that there is not', () => {
    for (const name of ['strongroom-nobody-has-this', '64999', '1:', '1:x', '-1:0', '4294967295:0']) {
      const given = ['--door', '--user', name, '--config', join(tls, 'c.toml')];
      const { status, stderr } = spawnSync(launcher, given, { encoding: 'utf8' });
      expect([name, status, stderr]).toEqual([name, 7, expect.stringContaining('there is no user')]);
    }
  });

  it.runIf(asRoot)('makes no process of another user unless root asks for it', () => {
    const given = ['--door', '--user', '64106:64106', '--config', join(tls, 'c.toml')];
    const { status, stderr } = spawnSync(launcher, given, { encoding: 'utf8', ...asUser });
    expect([status, stderr]).toEqual([7, expect.stringContaining('only root can')]);
  });

  it('does not start where what it must reach cannot be told', () => {
    const needs = join(lib, 'door-needs.mjs');
    const right = readFileSync(needs, 'utf8');
    try {
      for (const wrong of ['listen 65536\n', 'listen\n', 'read etc\n', 'write /\n', '']) {
        writeFileSync(needs, wrong);
        const { status, stderr } = launch();
        expect([wrong, status]).toEqual([wrong, 7]);
        expect(stderr).not.toContain('done');
      }
    } finally {
      writeFileSync(needs, right);
    }
  });
});
