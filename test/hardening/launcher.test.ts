/** The launcher: an application with bad manners starts it, and nothing of that application reaches the engine. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/programs.ts';
import { compile, makeShipped, type Outcome, outcomeOf, scratch } from './build.ts';

const { folder, remove } = scratch();
chmodSync(folder, 0o755);
const starter = join(folder, 'starter');
const probe = join(folder, 'probe');
let shipped = { library: '', launcher: '' };
const dirty = {
  HOME: '/home/of/somebody',
  LD_LIBRARY_PATH: '/nowhere',
  NODE_OPTIONS: '--require /nowhere/evil.js',
  OPENSSL_CONF: '/nowhere/evil.cnf',
  PATH: '/nowhere',
  STRONGROOM_HOME: '/nowhere',
};
const flags = ['--no-warnings', '--v8-pool-size=1', '--max-semi-space-size=4', '--disable-sigusr1'];

/** A folder as installed: launcher, library, and the probe in the runtime's place. */
function install(name = 'installed', launcher = shipped.launcher): string {
  const place = join(mkdtempSync(join(folder, 'place-')), name);
  mkdirSync(place);
  chmodSync(dirname(place), 0o755);
  copyFileSync(launcher, join(place, 'strongroom-launch'));
  copyFileSync(shipped.library, join(place, 'libstrongroom-guard.so'));
  copyFileSync(probe, join(place, 'node'));
  writeFileSync(join(place, 'engine.cjs'), '');
  return place;
}

function emptyStore(): string {
  return mkdtempSync(join(folder, 'store-'));
}

/** The probe's report: every fact's values in order. */
type Report = Map<string, string[]>;

async function readReport(path: string): Promise<Report> {
  const until = Date.now() + 60_000;
  while (!existsSync(path)) {
    if (Date.now() > until) throw new Error('the engine has not reported');
    await pause(10);
  }
  const report: Report = new Map();
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const at = line.indexOf('=');
    const key = line.slice(0, at);
    report.set(key, [...(report.get(key) ?? []), line.slice(at + 1)]);
  }
  return report;
}

/** An engine in the foreground that has reported and stays. */
async function hold() {
  const store = emptyStore();
  const file = join(store, 'report');
  const args = ['--foreground', '--store', store, '--report', file, '--stay', '60'];
  const launched = spawn(join(install(), 'strongroom-launch'), args, { stdio: 'ignore' });
  return { launched, report: await readReport(file), store };
}

function isZombie(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}

interface Started {
  outcome: Outcome;
  report: Report;
  store: string;
  place: string;
}

async function start(
  options: {
    place?: string;
    store?: string;
    extra?: string[];
    before?: string[];
    manners?: string[];
    given?: Record<string, string>;
  } = {},
): Promise<Started> {
  const place = options.place ?? install();
  const store = options.store ?? emptyStore();
  const file = join(mkdtempSync(join(folder, 'report-')), 'report');
  const args = [...(options.before ?? []), '--store', store, '--report', file, ...(options.extra ?? [])];
  const launcher = join(place, 'strongroom-launch');
  const outcome = outcomeOf(starter, [...(options.manners ?? []), launcher, ...args], {
    ...dirty,
    ...options.given,
  });
  return { outcome, report: await readReport(file), store, place };
}

beforeAll(async () => {
  shipped = await makeShipped(folder);
  await Promise.all([
    compile(starter, ['test/hardening/starter.c']),
    compile(probe, ['test/hardening/engine-probe.c']),
    compile(join(folder, 'lockdown'), ['test/hardening/lockdown.c', 'hardening/process/lockdown.c']),
    compile(
      join(folder, 'old-kernel'),
      [
        ...['launcher', 'surroundings', 'rlimits', 'service', 'log', 'lockdown'].map(
          (name) => `process/${name}.c`,
        ),
        ...['door', 'user', 'ruleset'].map((name) => `cage/${name}.c`),
      ].map((file) => `hardening/${file}`),
      ['-DSR_NO_CLOSE_RANGE'],
    ),
  ]);
}, 60_000);

afterAll(remove);

describe('what the engine finds around itself', () => {
  it('nothing of the application', async () => {
    const { outcome, report, store, place } = await start({ extra: ['--linger-seconds', '5'] });
    expect(outcome).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(report.get('env')).toEqual([
      'PATH=/usr/bin:/bin',
      'LANG=C.UTF-8',
      'HOME=/home/of/somebody',
      `LD_PRELOAD=${place}/libstrongroom-guard.so`,
    ]);
    expect(report.get('fd')).toEqual(['0 /dev/null', '1 /dev/null', `2 ${store}/engine.log`]);
    expect(report.get('not-default')).toBeUndefined();
    expect(report.get('blocked')).toBeUndefined();
    expect(report.get('umask')).toEqual(['77']);
    expect(report.get('cwd')).toEqual(['/']);
    expect(report.get('no-randomisation')).toEqual(['0']);
  });

  it('the runtime beside the launcher, its flags, the program, and every argument in order', async () => {
    const { report, place } = await start({ extra: ['--config', '/a file', '--linger-seconds', '5', ''] });
    const args = report.get('arg') ?? [];
    expect(args.slice(0, 6)).toEqual([join(place, 'node'), ...flags, join(place, 'engine.cjs')]);
    expect([args[6], ...args.slice(-5)]).toEqual([
      '--store',
      '--config',
      '/a file',
      '--linger-seconds',
      '5',
      '',
    ]);
  });

  it('a process that cannot leave a core or gain rights, with malloc steered', async () => {
    const { report } = await start();
    expect(report.get('core')).toEqual(['0 0']);
    expect(report.get('no-new-privileges')).toEqual(['1']);
    expect(report.get('hooked')).toEqual(['1']);
  });

  it('malloc steered although the path has characters that the loader splits at', async () => {
    const { report } = await start({ place: install('a place: with both') });
    expect(report.get('hooked')).toEqual(['1']);
    expect(report.get('fd')?.length).toBe(4);
  });

  it('usable descriptors although the application had closed all of them', async () => {
    const { outcome, report, store } = await start({ manners: ['--no-stdio'] });
    expect(outcome.status).toBe(0);
    expect(report.get('fd')).toEqual(['0 /dev/null', '1 /dev/null', `2 ${store}/engine.log`]);
  });

  it('no foreign descriptor on a kernel that cannot close a range', async () => {
    const { report, store } = await start({ place: install('old', join(folder, 'old-kernel')) });
    expect(report.get('fd')).toEqual(['0 /dev/null', '1 /dev/null', `2 ${store}/engine.log`]);
  });

  it('the home folder of the password file when none is given', async () => {
    const place = install();
    const file = join(emptyStore(), 'report');
    const outcome = outcomeOf(join(place, 'strongroom-launch'), ['--store', folder, '--report', file], {
      HOME: 'not/absolute',
    });
    expect(outcome.status).toBe(0);
    expect((await readReport(file)).get('env')).toContain(`HOME=${userInfo().homedir}`);
  });

  it('none of its low limits, and its own place in the queue for the processors', async () => {
    const { report } = await start();
    for (const line of report.get('limit') ?? []) {
      const [name, soft, hard] = line.split(' ');
      const eight = 8 << 20;
      const wanted = name === 'stack' && (hard === '-1' || Number(hard) > eight) ? String(eight) : hard;
      expect([name, soft]).toEqual([name, wanted]);
    }
    expect(report.get('limit')?.length).toBe(7);
    expect(report.get('processors')).toEqual([String(availableParallelism())]);
    expect(report.get('policy')).toEqual(['0']);
    if (process.getuid?.() === 0) expect(report.get('nice')).toEqual(['0']);
  });

  it('a life of its own: nobody could ever look into it, and nobody follows it', async () => {
    const { report } = await start();
    expect(report.get('born')).toEqual(['1']);
    expect(report.get('dumpable')).toEqual(['0']);
  });

  it('no child of ours: the launcher has returned, and the engine has a session without being its leader', async () => {
    const place = install();
    const store = emptyStore();
    const file = join(store, 'report');
    const go = join(store, 'go');
    const args = ['--store', store, '--report', file, '--hold', go];
    expect(outcomeOf(join(place, 'strongroom-launch'), args).status).toBe(0);
    expect(existsSync(file)).toBe(false);
    writeFileSync(go, '');
    const report = await readReport(file);
    const [pid, sid, ppid] = ['pid', 'sid', 'ppid'].map((key) => Number(report.get(key)?.[0]));
    expect(pid).not.toBe(sid);
    expect(sid).not.toBe(Number(readFileSync('/proc/self/stat', 'utf8').split(' ')[5]));
    expect(ppid).not.toBe(process.pid);
  });
});

describe('the log', () => {
  const text = 'a line on the standard error\n';

  it('is made for its owner alone, and appended to', async () => {
    const { store } = await start();
    const log = join(store, 'engine.log');
    expect(readFileSync(log, 'utf8')).toBe(text);
    expect(statSync(log).mode & 0o777).toBe(0o600);
    chmodSync(log, 0o666);
    await start({ store });
    expect(readFileSync(log, 'utf8')).toBe(text + text);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('is put aside above one mebibyte, and not before', async () => {
    const store = emptyStore();
    const log = join(store, 'engine.log');
    const full = 'x'.repeat(1 << 20);
    writeFileSync(log, full);
    await start({ store });
    expect(existsSync(`${log}.1`)).toBe(false);
    expect(readFileSync(log, 'utf8')).toBe(full + text);
    writeFileSync(`${log}.1`, 'older');
    await start({ store });
    expect(readFileSync(`${log}.1`, 'utf8')).toBe(full + text);
    expect(readFileSync(log, 'utf8')).toBe(text);
  });

  it('is never written through a link', async () => {
    const store = emptyStore();
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(store, 'engine.log'));
    const { report } = await start({ store });
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(lstatSync(join(store, 'engine.log')).isSymbolicLink()).toBe(true);
    expect(report.get('fd')).toContain('2 /dev/null');
  });

  it('is given up when it is not a plain file, or there is no folder', async () => {
    const store = emptyStore();
    const pipe = join(store, 'engine.log');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const unread = await start({ store });
    expect(unread.report.get('fd')).toContain('2 /dev/null');
    const reader = openSync(pipe, 'r+');
    const read = await start({ store });
    closeSync(reader);
    expect(read.report.get('fd')).toContain('2 /dev/null');
    const nowhere = await start({ store: join(folder, 'no', 'such', 'folder') });
    expect(nowhere.outcome.status).toBe(0);
    expect(nowhere.report.get('fd')).toContain('2 /dev/null');
  });
});

describe('the foreground', () => {
  it('has the same standard error, session and exit code, and all else as always', async () => {
    const { outcome, report } = await start({ before: ['--foreground'], extra: ['--exit', '41'] });
    expect(outcome).toMatchObject({ status: 41, stdout: '' });
    expect(outcome.stderr).toBe('a line on the standard error\n');
    expect(report.get('arg')).not.toContain('--foreground');
    expect(report.get('fd')?.map((line) => line.replace(/(pipe|socket):.*/, '$1'))).toEqual([
      '0 /dev/null',
      '1 /dev/null',
      expect.stringMatching(/^2 (pipe|socket)$/),
    ]);
    expect(report.get('sid')).toEqual([readFileSync('/proc/self/stat', 'utf8').split(' ')[5]]);
    expect(report.get('not-default')).toBeUndefined();
    expect(report.get('blocked')).toBeUndefined();
    expect(report.get('hooked')).toEqual(['1']);
  });

  it('hands signals on, and ends as the engine ended', async () => {
    const { launched, report, store } = await hold();
    process.kill(launched.pid ?? 0, 'SIGTERM');
    const [code, signal] = await once(launched, 'exit');
    expect([code, signal]).toEqual([null, 'SIGTERM']);
    expect(existsSync(`/proc/${report.get('pid')?.[0]}`)).toBe(false);
    expect(existsSync(join(store, 'engine.log'))).toBe(false);
  });

  it('takes the engine along when it is killed', async () => {
    const { launched, report } = await hold();
    const pid = Number(report.get('pid')?.[0]);
    expect(Number(report.get('ppid')?.[0])).toBe(launched.pid);
    process.kill(launched.pid ?? 0, 'SIGKILL');
    await once(launched, 'exit');
    expect(await eventually(() => !existsSync(`/proc/${pid}`) || isZombie(pid), 60_000)).toBe(true);
  });

  const handed = {
    NOTIFY_SOCKET: '@somewhere',
    WATCHDOG_USEC: '3000000',
    CREDENTIALS_DIRECTORY: '/run/credentials/of it',
    JOURNAL_STREAM: '8:4711',
  };
  const variablesOf = async (before: string[], given: Record<string, string>) => {
    const { report } = await start({ before, given });
    return (report.get('env') ?? []).slice(4);
  };

  it('keeps what a service is handed, and nothing else of the environment', async () => {
    const all = Object.entries(handed).map(([name, value]) => `${name}=${value}`);
    expect(await variablesOf(['--foreground', '--service'], { ...handed, MAINPID: '1' })).toEqual(all);
  });

  it.each([[[]], [['--foreground']], [['--service']]])('has none of it with %j alone', async (before) => {
    expect(await variablesOf(before, handed)).toEqual([]);
  });

  it('has none of it that is not as it must be, or was meant for another process', async () => {
    const wrong = {
      NOTIFY_SOCKET: 'relative',
      WATCHDOG_USEC: '5',
      WATCHDOG_PID: '1',
      CREDENTIALS_DIRECTORY: '../here',
      JOURNAL_STREAM: '8:4711 and more',
    };
    expect(await variablesOf(['--foreground', '--service'], wrong)).toEqual([]);
    const others = {
      NOTIFY_SOCKET: `/${'x'.repeat(108)}`,
      WATCHDOG_USEC: '-5',
      LISTEN_FDS: '1',
      LISTEN_PID: '1',
    };
    expect(await variablesOf(['--foreground', '--service'], others)).toEqual([]);
  });

  it('runs Node with the flags that we chose', () => {
    const place = install();
    rmSync(join(place, 'node'));
    symlinkSync(process.execPath, join(place, 'node'));
    const script = 'console.error(JSON.stringify([process.execArgv, process.argv.slice(2)]))';
    writeFileSync(join(place, 'engine.cjs'), script);
    const args = ['--foreground', '--store', folder, '--more'];
    const outcome = outcomeOf(join(place, 'strongroom-launch'), args);
    expect(outcome.stderr).toBe(`${JSON.stringify([flags, ['--store', folder, '--more']])}\n`);
  });
});

describe('refusals', () => {
  const usage = 'usage: strongroom-launch';
  it.each([
    ['no store', []],
    ['a store without a value', ['--store']],
    ['a relative store', ['--store', 'here']],
    ['a relative configuration', ['--store', '/tmp', '--config', 'here']],
  ])('%s: 2', (_, args) => {
    const outcome = outcomeOf(join(install(), 'strongroom-launch'), args);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain(usage);
  });

  it.each(['node', 'engine.cjs', 'libstrongroom-guard.so'])('%s missing: 3, and it is named', (name) => {
    const place = install();
    const store = emptyStore();
    rmSync(join(place, name));
    const outcome = outcomeOf(join(place, 'strongroom-launch'), ['--store', store]);
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toContain(join(place, name));
    expect(existsSync(join(store, 'engine.log'))).toBe(false);
  });

  it('a runtime that may not be executed: 3', () => {
    const place = install();
    chmodSync(join(place, 'node'), 0o644);
    expect(outcomeOf(join(place, 'strongroom-launch'), ['--store', folder]).status).toBe(3);
  });

  it('a runtime that is no program: 3 in the foreground, told in the log otherwise', async () => {
    const place = install();
    const store = emptyStore();
    writeFileSync(join(place, 'node'), '\x7fELF and then nothing');
    const launcher = join(place, 'strongroom-launch');
    expect(outcomeOf(launcher, ['--foreground', '--store', store]).status).toBe(3);
    expect(outcomeOf(launcher, ['--store', store]).status).toBe(0);
    const log = join(store, 'engine.log');
    for (let turn = 0; turn < 500 && readFileSync(log, 'utf8') === ''; turn++) await pause(10);
    expect(readFileSync(log, 'utf8')).toContain(join(place, 'node'));
  });

  const limits: [string, number, number][] = [
    ['RLIMIT_AS', 9, 1 << 30],
    ['RLIMIT_FSIZE', 1, 1 << 20],
    ['RLIMIT_NOFILE', 7, 40],
    ['RLIMIT_CPU', 0, 5],
  ];
  it.each(limits)('a hard limit that nothing works with, %s: 5, and it is named', (name, resource, value) => {
    const launcher = join(install(), 'strongroom-launch');
    const outcome = outcomeOf(starter, ['--hard', `${resource}:${value}`, launcher, '--store', '/nowhere']);
    expect(outcome.status).toBe(5);
    expect(outcome.stderr).toContain(`${name} (ulimit`);
  });

  it.runIf(process.getuid?.() === 0)('no process to be had: 4', () => {
    const launcher = join(install(), 'strongroom-launch');
    expect(outcomeOf(starter, ['--no-processes', launcher, '--store', '/nowhere']).status).toBe(4);
    expect(outcomeOf(starter, [launcher, '--store', '/nowhere', '--report', '/dev/null/x']).status).toBe(0);
  });
});

it('the lockdown does what it says', () => {
  expect(outcomeOf(join(folder, 'lockdown'), [])).toMatchObject({ status: 0, stdout: 'ok\n' });
});
