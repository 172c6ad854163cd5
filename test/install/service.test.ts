/** The files that make strongroomd a service of a machine: laid down and taken away, and what systemd and others think of them. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../module/engine/policy/config.ts';
import { compile, quickStore, Steps, setUp } from '../fault/support.ts';
import { DOOR, DoorService } from '../support/door.ts';
import { ROOT } from '../support/profile.ts';
import { findProgram, type Outcome, run, SEARCH_PATH, start } from '../support/programs.ts';
import { whyNoService } from '../support/service.ts';

let folder = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'strongroom-units-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A reason to skip, to stand behind a name, or ''. */
const without = (program: string) => (findProgram(program) === undefined ? ` (no ${program} here)` : '');

const files = path.join(ROOT, 'packaging');

/** Lays the service's files down, from a place where they were installed, or takes them away. */
function serviceFiles(
  action: string,
  prefix = '/usr/local',
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const share = path.join(folder, prefix, 'share/strongroom/service');
  if (!existsSync(share)) {
    mkdirSync(path.dirname(share), { recursive: true });
    execFileSync('cp', ['-r', files, share]);
  }
  const env = { PATH: SEARCH_PATH, DESTDIR: folder, PREFIX: prefix, ...more };
  return run('sh', [path.join(share, 'service-files.sh'), action], { env, expect: 'any' });
}

/** Files below the folder that are no longer those of the place they came from. */
function laidDown(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.parentPath.includes('share/strongroom'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

const configuration = ['etc/strongroom/policy.toml', 'etc/strongroom/strongroom.toml'];

describe('laying down', () => {
  it('puts each file where it is looked for, and takes all of them away again', async () => {
    expect((await serviceFiles('install')).code).toBe(0);
    const units = ['strongroomd.service', 'strongroomd.socket', 'strongroom-door.service'].map(
      (name) => `systemd/system/${name}`,
    );
    const machine = [...units, 'sysusers.d/strongroom.conf', 'tmpfiles.d/strongroom.conf'];
    const local = [...machine.map((name) => `usr/local/lib/${name}`), 'usr/local/sbin/strongroomd-ctl'];
    expect(laidDown()).toEqual([...configuration, ...local].sort());
    for (const name of laidDown()) {
      expect(readFileSync(path.join(folder, name), 'utf8'), name).not.toContain('@prefix@');
      expect(statSync(path.join(folder, name)).mode & 0o022, name).toBe(0);
    }
    const unit = readFileSync(path.join(folder, 'usr/local/lib/systemd/system/strongroomd.service'), 'utf8');
    expect(unit).toContain('ExecStart=/usr/local/bin/strongroomd --no-door\n');
    expect((await serviceFiles('uninstall')).code).toBe(0);
    expect(laidDown()).toEqual([]);
    expect(existsSync(path.join(folder, 'etc'))).toBe(false);
  });

  it('knows where systems look for what is in a place of its own', async () => {
    await serviceFiles('install', '/opt/strongroom', { WITH_OPENRC: 'yes' });
    expect(laidDown()).toContain('etc/systemd/system/strongroomd.service');
    expect(laidDown()).toContain('etc/init.d/strongroomd');
    const script = readFileSync(path.join(folder, 'etc/init.d/strongroomd'), 'utf8');
    expect(script).toContain('command="/opt/strongroom/bin/strongroomd"');
    expect(laidDown()).toContain('etc/init.d/strongroom-door');
    await serviceFiles('uninstall', '/opt/strongroom');
    expect(laidDown()).toEqual([]);
  });

  it('writes over no configuration, and leaves one that was changed', async () => {
    const [policy = '', main = ''] = configuration.map((name) => path.join(folder, name));
    mkdirSync(path.dirname(policy), { recursive: true });
    writeFileSync(policy, 'theirs\n');
    await serviceFiles('install');
    expect(readFileSync(policy, 'utf8')).toBe('theirs\n');
    appendFileSync(main, '# mine\n');
    await serviceFiles('install');
    expect(readFileSync(main, 'utf8')).toContain('# mine\n');
    const { stderr } = await serviceFiles('uninstall');
    expect(stderr).toContain('/etc/strongroom/strongroom.toml was changed, and stays');
    expect(laidDown()).toEqual(configuration);
  });

  it('a second time is the same, and its own configuration still goes in the end', async () => {
    await serviceFiles('install');
    const before = laidDown();
    await serviceFiles('install');
    expect(laidDown()).toEqual(before);
    await serviceFiles('uninstall');
    expect(laidDown()).toEqual([]);
  });

  it.each(['/a place', '/usr/lo"cal', '/usr/$HOME', 'usr'])('refuses the prefix “%s”', async (prefix) => {
    const { code, stderr } = await serviceFiles('install', prefix);
    expect(code).toBe(2);
    expect(stderr).toContain(prefix);
    expect(laidDown()).toEqual([]);
  });

  it('make install does it when asked, and only then', async () => {
    const env = { PATH: SEARCH_PATH, HOME: folder, LANG: 'C.UTF-8' };
    const make = (target: string, ...words: string[]) =>
      run('make', ['--no-print-directory', target, `DESTDIR=${folder}`, ...words], {
        cwd: ROOT,
        env,
        timeout: 280_000,
      });
    const unit = path.join(folder, 'usr/local/lib/systemd/system/strongroomd.service');
    await make('install');
    expect(existsSync(unit)).toBe(false);
    expect(existsSync(path.join(folder, 'usr/local/bin/strongroomd'))).toBe(true);
    await make('install', 'WITH_SERVICE=yes');
    expect(existsSync(unit)).toBe(true);
    await make('uninstall');
    expect(readdirSync(folder)).toEqual([]);
  }, 300_000);
});

it('the configuration that is laid down is one that the engine takes', () => {
  const { config } = readConfig(path.join(files, 'etc/strongroom.toml'));
  expect(config).toMatchObject({
    socket: '/run/strongroom/engine.socket',
    service: { socketGroup: 'strongroom' },
    network: { listen: [], user: 'strongroom-door', startDoor: false },
  });
  const socket = readFileSync(path.join(files, 'systemd/strongroomd.socket'), 'utf8');
  expect(socket).toContain(`ListenSequentialPacket=${config.socket}\n`);
  expect(socket).toContain(`SocketMode=0${config.service.socketMode.toString(8)}\n`);
  // Whoever ends the service has more patience than it has with the calls under way.
  const unit = readFileSync(path.join(files, 'systemd/strongroomd.service'), 'utf8');
  expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThan(config.service.drainSeconds);
});

describe(`systemd${without('systemd-analyze')}`, () => {
  const analyze = findProgram('systemd-analyze') ?? '';

  /** The units, with a program that is there. */
  async function units(): Promise<string[]> {
    await serviceFiles('install');
    const at = path.join(folder, 'usr/local/lib/systemd/system');
    return ['strongroomd.service', 'strongroom-door.service', 'strongroomd.socket'].map((name) => {
      const unit = path.join(at, name);
      writeFileSync(
        unit,
        readFileSync(unit, 'utf8').replace(
          '/usr/local/bin/strongroomd',
          path.join(ROOT, 'out/bin/strongroomd'),
        ),
      );
      return unit;
    });
  }

  it.skipIf(analyze === '')('finds nothing wrong with the units', async () => {
    const { code, output } = await run(analyze, ['verify', '--man=no', ...(await units())], {
      expect: 'any',
    });
    // The machine's own units may not please it.
    expect(output.split('\n').filter((line) => line.includes('strongroom'))).toEqual([]);
    expect(code).toBe(0);
  });

  it.skipIf(analyze === '')('rates the service and its network door as little exposed', async () => {
    const [service = '', door = ''] = await units();
    for (const [unit, most] of [
      [service, 1.5],
      [door, 2],
    ] as const) {
      const { stdout } = await run(analyze, ['security', '--offline=true', '--no-pager', unit]);
      const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
      expect([path.basename(unit), exposure < most]).toEqual([path.basename(unit), true]);
    }
  });

  it.skipIf(findProgram('systemd-sysusers') === undefined)('makes the user and the folders', async () => {
    await serviceFiles('install');
    mkdirSync(path.join(folder, 'etc'), { recursive: true });
    await run('systemd-sysusers', [
      `--root=${folder}`,
      path.join(folder, 'usr/local/lib/sysusers.d/strongroom.conf'),
    ]);
    const passwd = readFileSync(path.join(folder, 'etc/passwd'), 'utf8');
    const [, , uid, gid, , home, shell] =
      passwd
        .split('\n')
        .find((line) => line.startsWith('strongroom:'))
        ?.split(':') ?? [];
    expect([home, shell]).toEqual(['/var/lib/strongroom', expect.stringContaining('nologin')]);
    // The door's user is another, who may reach the socket.
    expect(passwd).toMatch(/^strongroom-door:.*nologin$/m);
    const group = readFileSync(path.join(folder, 'etc/group'), 'utf8');
    expect(group).toMatch(/^strongroom:[^:]*:\d+:strongroom-door$/m);
    if (process.getuid?.() !== 0 || findProgram('systemd-tmpfiles') === undefined) return;
    await run('systemd-tmpfiles', [
      `--root=${folder}`,
      '--create',
      path.join(folder, 'usr/local/lib/tmpfiles.d/strongroom.conf'),
    ]);
    const of = (name: string) => {
      const { mode, uid: owner, gid: group } = statSync(path.join(folder, name));
      return [(mode & 0o777).toString(8), String(owner), String(group)];
    };
    expect(of('run/strongroom')).toEqual(['755', uid, gid]);
    expect(of('var/lib/strongroom')).toEqual(['700', uid, gid]);
  });

  /** The names in a set of systemd's, those in sets inside it too. */
  function namesIn(set: string): string[] {
    if (!set.startsWith('@')) return [set];
    const text = execFileSync(analyze, ['syscall-filter', set, '--no-pager'], { encoding: 'utf8' });
    const words = text
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    return words.flatMap((word) => (word.startsWith('@') ? namesIn(word) : /^\w+$/.test(word) ? [word] : []));
  }

  /** Numbers of the calls that the unit leaves, on this machine. */
  function allowed(unit: string): string[] {
    const left = new Set<string>(namesIn('@default'));
    for (const [, minus, sets = ''] of readFileSync(unit, 'utf8').matchAll(/^SystemCallFilter=(~?)(.*)$/gm))
      for (const name of sets.split(' ').flatMap((set) => namesIn(set)))
        if (minus === '') left.add(name);
        else left.delete(name);
    const source = [...left].map((name) => `#ifdef SYS_${name}\nnumber SYS_${name}\n#endif`).join('\n');
    const numbers = execFileSync('cc', ['-E', '-P', '-'], {
      input: `#include <sys/syscall.h>\n${source}\n`,
      encoding: 'utf8',
    });
    return [...numbers.matchAll(/^number (\d+)$/gm)].map(([, number = '']) => number);
  }

  it.skipIf(analyze === '')(
    'leaves the engine all system calls that it needs',
    async () => {
      const store = quickStore(['[memory]', 'require_lock = true']);
      try {
        const numbers = allowed(path.join(files, 'systemd/strongroomd.service'));
        expect(numbers.length).toBeGreaterThan(150);
        const socket = store.path('engine.socket');
        const config = store.path('service.toml');
        const group = process.getgid?.();
        writeFileSync(
          config,
          `socket = "${socket}"\n[memory]\nrequire_lock = true\n[pin]\nkdf = "pbkdf2"\niterations = 1000\n[service]\nsocket_group = "${group}"\n`,
        );
        const filtered = compile('filtered', [], path.join(ROOT, 'test/hardening'));
        const daemon = [
          path.join(ROOT, 'out/bin/strongroomd'),
          '--store',
          store.path('kept'),
          '--config',
          config,
        ];
        mkdirSync(store.path('kept'), { mode: 0o700 });
        const service = start(filtered, [numbers.join(','), ...daemon], { env: {} });
        await service.ready(/serves: /);
        const env = { ...store.env, STRONGROOM_SOCKET: socket };
        setUp({ ...store, env }, 3);
        const steps = new Steps(store, store.module, env);
        for (const step of [
          'init',
          'login',
          'verify 3',
          'rsa 2048',
          'key more',
          'destroy more',
          'pin',
          'fini',
        ])
          expect((await steps.step(step)).rv, step).toBe(0);
        expect(await steps.end()).toBe(0);
        service.child.kill('SIGHUP');
        await service.ready(/were read anew/);
        await service.stop();
        expect(service.child.exitCode).toBe(0);
        // Nothing that protects the process was refused.
        expect(service.output()).not.toMatch(/error|warning|protections/);
      } finally {
        await store.close();
      }
    },
    300_000,
  );

  it.skipIf(analyze === '' || whyNoService() !== undefined)(
    'leaves the network door all system calls that it needs, with its cage',
    async () => {
      const numbers = allowed(path.join(files, 'systemd/strongroom-door.service'));
      const filtered = compile('filtered', [], path.join(ROOT, 'test/hardening'));
      const user = ['setpriv', `--reuid=${DOOR.uid}`, `--regid=${DOOR.gid}`, '--clear-groups'];
      const door = await DoorService.make(undefined, { through: [...user, filtered, numbers.join(',')] });
      try {
        const children = readFileSync(`/proc/${door.pid}/task/${door.pid}/children`, 'utf8');
        const pids = [door.pid, Number(children)];
        const states = pids.map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
        // The unit's filter, and in the one of the two that serves, the cage's.
        expect(states.map((text) => /^Seccomp_filters:\s+(\d+)$/m.exec(text)?.[1]).sort()).toEqual([
          '1',
          '2',
        ]);
        expect(door.log).not.toMatch(/error|protections/);
      } finally {
        await door.close();
      }
    },
    300_000,
  );
});

describe('other ways to run it', () => {
  const scripts = [
    'strongroomd.sh',
    'service-files.sh',
    'strongroomd-ctl.sh',
    'openrc/strongroomd',
    'openrc/strongroom-door',
  ];

  it.each(scripts)('%s is a script that a plain shell understands', (name) => {
    expect(spawnSync('sh', ['-n', path.join(files, name)], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    if (findProgram('shellcheck') === undefined) return;
    const { stdout } = spawnSync('shellcheck', [path.join(files, name)], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it.runIf(process.getuid?.() === 0 && findProgram('start-stop-daemon') !== undefined)(
    'start-stop-daemon starts it, finds it, and ends it',
    async () => {
      const prefix = path.join(ROOT, 'out');
      const script = path.join(folder, 'ctl');
      writeFileSync(
        script,
        readFileSync(path.join(files, 'strongroomd-ctl.sh'), 'utf8').replaceAll('@prefix@', prefix),
      );
      const config = path.join(folder, 'strongroom.toml');
      writeFileSync(
        config,
        `socket = "${folder}/store/engine.socket"\n[pin]\nkdf = "pbkdf2"\niterations = 1000\n`,
      );
      const env = {
        PATH: SEARCH_PATH,
        STRONGROOMD_USER: 'root',
        STRONGROOMD_PIDFILE: path.join(folder, 'pid'),
        STRONGROOMD_LOG: path.join(folder, 'log'),
        STRONGROOM_HOME: path.join(folder, 'store'),
        STRONGROOM_CONFIG: config,
      };
      const ctl = async (action: string) => (await run('sh', [script, action], { env, expect: 'any' })).code;
      const log = () => readFileSync(path.join(folder, 'log'), 'utf8');
      const says = async (words: string) => {
        for (let turn = 0; turn < 3_000 && !log().includes(words); turn++)
          await new Promise((resolve) => setTimeout(resolve, 20));
        expect(log()).toContain(words);
      };
      expect(await ctl('status')).toBe(3);
      expect(await ctl('start')).toBe(0);
      await says('serves: ');
      expect(await ctl('start')).toBe(0);
      expect(await ctl('status')).toBe(0);
      expect(await ctl('reload')).toBe(0);
      await says('were read anew');
      expect(await ctl('stop')).toBe(0);
      expect(await ctl('status')).toBe(3);
      expect(await ctl('nonsense')).toBe(2);
      expect(log().match(/serves: /g)?.length).toBe(1);
    },
    300_000,
  );

  it('the container runs as a user without rights, from files that are in the archive', () => {
    const lines = readFileSync(path.join(files, 'container/Dockerfile'), 'utf8').split('\n');
    const text = lines.filter((line) => !line.startsWith('#')).join('\n');
    const steps = text
      .replace(/\\\n/g, ' ')
      .split('\n')
      .filter((line) => line !== '');
    const known = /^(FROM|ARG|COPY|RUN|USER|VOLUME|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT) \S/;
    for (const step of steps) expect(step).toMatch(known);
    expect(steps.findLast((step) => step.startsWith('USER '))).toBe('USER 64100:64100');
    expect(steps.at(-1)).toBe('ENTRYPOINT ["/opt/strongroom/bin/strongroomd"]');
    for (const list of text.matchAll(/(?:ENTRYPOINT|VOLUME|CMD) (\[.*\])/g))
      expect(() => JSON.parse(list[1] ?? '')).not.toThrow();
    // What it runs in a shell is understood by one.
    for (const step of steps.filter((line) => line.startsWith('RUN ')))
      expect(spawnSync('sh', ['-n', '-c', step.slice(4)]).status, step).toBe(0);
  });
});
