/** `make install`, `make uninstall` and `make dist`: what stands elsewhere works from there, and goes without a trace. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile, quickStore } from '../fault/support.ts';
import { ROOT } from '../support/profile.ts';
import { type Outcome, type RunOptions, run, SEARCH_PATH } from '../support/programs.ts';
import type { Store } from '../support/store.ts';

let folder = '';
let store: Store;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'strongroom-install-')));
  store = quickStore();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** make with nothing of ours in its environment, not even a make's that runs us. */
function make(
  target: string,
  variables: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<Outcome> {
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const env = { PATH: SEARCH_PATH, HOME: process.env.HOME ?? folder, LANG: 'C.UTF-8', GZIP_LEVEL: '1' };
  return run('make', ['--no-print-directory', target, ...words], {
    cwd: ROOT,
    env,
    timeout: 280_000,
    ...options,
  });
}

/** Everything below a folder, folders with a slash behind them. */
function below(top: string): string[] {
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => {
      const relative = path.relative(top, path.join(entry.parentPath, entry.name));
      return entry.isDirectory() ? `${relative}/` : relative;
    })
    .sort();
}

/** Makes a token and keys with the library there, looks with the command line there, and says which engine served both. */
async function use(prefix: string): Promise<string> {
  const module = path.join(prefix, 'lib/strongroom-pkcs11.so');
  await run(compile('tool'), [module, 'setup', '2'], { env: store.env, cwd: folder, timeout: 60_000 });
  const command = path.join(prefix, 'bin/strongroom');
  const list = await run(command, ['token', 'list', '--json'], { env: store.env, cwd: folder });
  expect(JSON.parse(list.stdout)).toMatchObject([{ label: 'fault', userPin: 'set' }]);
  const [engine] = readFileSync(`/proc/${store.enginePid()}/cmdline`, 'utf8').split('\0', 1);
  await store.stopEngine();
  return String(engine);
}

describe('make install', () => {
  it('puts everything below a prefix, where it works; make uninstall takes it away again', async () => {
    const prefix = path.join(folder, 'a place of its own');
    await make('install', { PREFIX: prefix });
    expect(await use(prefix)).toBe(path.join(prefix, 'lib/strongroom/node'));
    // p11-kit shows the library to others, from wherever they are.
    const kit = readFileSync(path.join(prefix, 'share/p11-kit/modules/strongroom.module'), 'utf8');
    expect(kit.split('\n')).toContain(`module: ${prefix}/lib/strongroom-pkcs11.so`);
    // The list names what is there, all of it, and nobody but its owner may change any of it.
    const list = readFileSync(path.join(prefix, 'lib/strongroom/installed'), 'utf8').trim().split('\n');
    expect(
      list.map((line) => path.join(path.relative(prefix, line), line.endsWith('/') ? '/' : '')).sort(),
    ).toEqual(['/', ...below(prefix)].sort());
    for (const line of list) expect(statSync(line).mode & 0o022, line).toBe(0);
    await make('uninstall', { PREFIX: prefix });
    expect(readdirSync(folder)).toEqual([]);
    // Once more is no mistake.
    await make('uninstall', { PREFIX: prefix });
  });

  it('gathers files in DESTDIR that work once they are where PREFIX says', async () => {
    const stage = path.join(folder, 'stage');
    const prefix = path.join(folder, 'later');
    await make('install', { PREFIX: prefix, DESTDIR: stage });
    expect(existsSync(prefix)).toBe(false);
    const kit = readFileSync(path.join(stage, prefix, 'share/p11-kit/modules/strongroom.module'), 'utf8');
    expect(kit).toContain(`module: ${prefix}/lib/strongroom-pkcs11.so\n`);
    // A distribution moves it; a link to the library, wherever it is, leads to the engine as well.
    symlinkSync(path.join(stage, prefix), prefix);
    expect(await use(prefix)).toBe(path.join(stage, prefix, 'lib/strongroom/node'));
    rmSync(prefix);
    await make('uninstall', { PREFIX: prefix, DESTDIR: stage });
    expect(below(folder)).toEqual(['stage/']);
  });

  it('a second time replaces the first, and leaves what is not its own', async () => {
    const prefix = path.join(folder, 'usr');
    const of = (name: string) => path.join(prefix, name);
    mkdirSync(of('lib'), { recursive: true });
    await make('install', { PREFIX: prefix });
    const before = below(prefix);
    const inode = statSync(of('lib/strongroom-pkcs11.so')).ino;
    // A file of an older release, and two of other people's.
    const list = of('lib/strongroom/installed');
    writeFileSync(of('lib/strongroom/old.mjs'), '');
    writeFileSync(list, `${of('lib/strongroom/old.mjs')}\n${readFileSync(list, 'utf8')}`);
    writeFileSync(of('bin/theirs'), '');
    writeFileSync(of('share/p11-kit/modules/theirs.module'), '');
    await make('install', { PREFIX: `${prefix}/` });
    expect(below(prefix)).toEqual([...before, 'bin/theirs', 'share/p11-kit/modules/theirs.module'].sort());
    // Not the old file written over: a program that has it loaded would fall.
    expect(statSync(of('lib/strongroom-pkcs11.so')).ino).not.toBe(inode);
    await make('uninstall', { PREFIX: prefix });
    expect(below(prefix)).toEqual(
      ['bin/', 'bin/theirs', 'lib/', 'share/', 'share/p11-kit/', 'share/p11-kit/modules/'].concat(
        'share/p11-kit/modules/theirs.module',
      ),
    );
  });

  it('removes nothing outside its prefix, whatever the list says', async () => {
    const prefix = path.join(folder, 'usr');
    await make('install', { PREFIX: prefix });
    const theirs = path.join(folder, 'theirs');
    writeFileSync(theirs, '');
    mkdirSync(path.join(folder, 'full/of'), { recursive: true });
    const list = path.join(prefix, 'lib/strongroom/installed');
    const lines = [theirs, `${prefix}/../theirs`, `${folder}/full/`];
    writeFileSync(list, `${lines.join('\n')}\n${readFileSync(list, 'utf8')}`);
    await make('uninstall', { PREFIX: prefix });
    expect(below(folder)).toEqual(['full/', 'full/of/', 'theirs']);
  });

  it.each(['usr', './usr', '~/usr'])('refuses the prefix "%s"', async (prefix) => {
    const { stderr } = await make('install', { PREFIX: prefix, DESTDIR: folder }, { expect: 2 });
    expect(stderr).toContain('PREFIX must begin with a slash');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('make dist', () => {
  it('makes one file that works wherever it is unpacked, and goes with its folder', async () => {
    const { stdout } = await make('dist', {});
    const archive = stdout.trim().split('\n').at(-1) ?? '';
    const version = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version;
    expect(archive).toBe(`out/dist/strongroom-${version}-linux-${process.arch}.tar.gz`);
    const elsewhere = path.join(folder, 'some where');
    mkdirSync(elsewhere);
    await run('tar', ['-xzf', path.join(ROOT, archive), '-C', elsewhere]);
    const [name = '', ...others] = readdirSync(elsewhere);
    expect(others).toEqual([]);
    const place = path.join(elsewhere, name);
    expect(await use(place)).toBe(path.join(place, 'lib/strongroom/node'));
    expect(readdirSync(path.join(place, 'share/doc/strongroom/licenses')).length).toBeGreaterThan(3);
  });
});
