/** An application reaches the engine's socket by paths of any length, also where there is no /proc, as in a chroot. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const flags = [
  '-std=c11',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-g',
  '-O1',
  '-pthread',
  '-fsanitize=address,undefined',
];
const sources = [path.join(import.meta.dirname, 'reach.c'), 'module/shim/reach.c'];
const root = path.join(import.meta.dirname, '../..');

test.each([
  ['with /proc', []],
  ['without /proc', ['-DSR_DESCRIPTORS="/nowhere/proc/self/fd"']],
])('%s', (_, more) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-reach-'));
  try {
    const program = path.join(folder, 'reach');
    execFileSync('cc', [...flags, ...more, '-o', program, ...sources], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const said = execFileSync(program, [folder], { encoding: 'utf8', timeout: 60_000 });
    expect(said.trim().split('\n')).toEqual(['ok short', 'ok long', 'ok nowhere']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
