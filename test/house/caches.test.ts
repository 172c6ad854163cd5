/** What V8 has compiled of our programs lies beside them, and is taken: by this Node, with the flags that they run with. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const lib = path.join(import.meta.dirname, '../../out/lib/strongroom');
const node = path.join(lib, 'node');
const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-caches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const launcher = readFileSync(path.join(import.meta.dirname, '../../hardening/process/launcher.c'), 'utf8');
const [, listed = ''] = /node_flags\[\] = \{([^}]*)\}/.exec(launcher) ?? [];
const flags = [...listed.matchAll(/"([^"]+)"/g)].map(([, flag = '']) => flag);

/** Says what became of the cache that a program's loader gives V8. */
const watcher = path.join(folder, 'watcher.cjs');
writeFileSync(
  watcher,
  `const vm = require('node:vm');
const { Script } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    const cache = options.cachedData === undefined ? 'none' : this.cachedDataRejected ? 'refused' : 'taken';
    require('node:fs').writeSync(2, 'cache: ' + cache + '\\n');
    process.exit(0);
  }
};`,
);

/** `exec` with the error output where the answer is read. */
function cacheOf(program: string, options: readonly string[]): string {
  return execFileSync(
    '/bin/sh',
    ['-c', 'exec "$@" 2>&1', 'sh', node, ...options, '--require', watcher, program],
    {
      encoding: 'utf8',
      env: {},
    },
  ).trim();
}

it('the launcher’s flags are found', () => {
  expect(flags).toContain('--max-semi-space-size=4');
});

it.each([
  ['engine', flags],
  ['gateway', flags],
  ['door', flags],
  ['cli', []],
])('%s: taken', (name, options) => {
  expect(cacheOf(path.join(lib, `${name}.cjs`), options)).toBe('cache: taken');
});

it('of other code nothing is taken, though it be as long', () => {
  const code = readFileSync(path.join(lib, 'cli.js'), 'latin1');
  const changed = `// ${'0'.repeat(64)}${code.slice(code.indexOf('\n'))}`;
  expect(changed.length).toBe(code.length);
  writeFileSync(path.join(folder, 'cli.js'), changed, 'latin1');
  for (const name of ['cli.cjs', 'cli.cache']) copyFileSync(path.join(lib, name), path.join(folder, name));
  expect(cacheOf(path.join(folder, 'cli.cjs'), [])).toBe('cache: none');
});

it('without a cache, or with a damaged one, a program runs all the same', () => {
  for (const name of ['cli.cjs', 'cli.js']) copyFileSync(path.join(lib, name), path.join(folder, name));
  const version = (): string =>
    execFileSync(node, [path.join(folder, 'cli.cjs'), 'version'], { encoding: 'utf8' }).trim();
  const expected = execFileSync(node, [path.join(lib, 'cli.cjs'), 'version'], { encoding: 'utf8' }).trim();
  rmSync(path.join(folder, 'cli.cache'), { force: true });
  expect(version()).toBe(expected);
  const cache = readFileSync(path.join(lib, 'cli.cache'));
  for (const damaged of [cache.subarray(0, 200), cache.subarray(0, cache.length / 2), Buffer.alloc(0)]) {
    writeFileSync(path.join(folder, 'cli.cache'), damaged);
    expect(version()).toBe(expected);
  }
});

it('a command that needs none of Node’s large parts does not wait for them', () => {
  const lister = path.join(folder, 'lister.cjs');
  writeFileSync(
    lister,
    `process.on('exit', () => require('node:fs').writeSync(1, JSON.stringify(process.moduleLoadList)));`,
  );
  const said = execFileSync(node, ['--require', lister, path.join(lib, 'cli.cjs'), 'version'], {
    encoding: 'utf8',
  });
  const loaded = JSON.parse(said.slice(said.indexOf('['))) as string[];
  expect(loaded).toContain('NativeModule fs');
  const large = ['crypto', 'tls', 'child_process'].map((name) => `NativeModule ${name}`);
  expect(loaded.filter((name) => large.includes(name))).toEqual([]);
});
