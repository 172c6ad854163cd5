/** The house's own rules: types, formatting, file sizes, generated files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

function run(args: readonly string[]): string {
  const [program = '', ...rest] = args;
  const done = spawnSync(program, rest, { cwd: root, encoding: 'utf8' });
  return done.status === 0 ? '' : `${done.stdout}${done.stderr}`;
}

describe('tidiness', () => {
  it('types hold', () => {
    expect(run([process.execPath, 'node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'])).toBe('');
  });

  it('TypeScript is formatted and lints clean', () => {
    expect(run(['node_modules/.bin/biome', 'check', '--error-on-warnings', '.'])).toBe('');
  });

  it('generated files are current', () => {
    expect(run([process.execPath, 'scripts/generate.ts', '--check'])).toBe('');
  });

  it('no source file holds two things', () => {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.c', '*.h'], {
      cwd: root,
      encoding: 'utf8',
    });
    const long = listed
      .split('\n')
      .filter(
        (file) =>
          file !== '' && !/(^|\/)(generated|vectors)\//.test(file) && existsSync(path.join(root, file)),
      )
      .map((file) => [file, readFileSync(path.join(root, file), 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 600);
    expect(long).toEqual([]);
  });

  it('every top-level folder says what lives in it', () => {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    const folders = new Set(
      listed
        .split('\n')
        .filter((file) => file.includes('/') && !file.startsWith('.'))
        .map((file) => file.split('/')[0] ?? ''),
    );
    expect([...folders].filter((folder) => !existsSync(path.join(root, folder, 'README.md')))).toEqual([]);
  });
});
