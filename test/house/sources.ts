/** The project's source files, and what they import: for tests of the house's rules. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');

/** All files that git knows or would know, as paths from the root. */
export function listed(...patterns: string[]): string[] {
  const names = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return names.split('\n').filter((file) => file !== '' && existsSync(path.join(root, file)));
}

export function sources(): string[] {
  return listed('*.ts', '*.mjs', '*.c', '*.h');
}

/** The project's files that a source imports or includes, types too, as paths from the root. */
export function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const found = /\.[ch]$/.test(file)
    ? [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map((match) => match[1] ?? '')
    : [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  return found.map((target) => path.relative(root, path.resolve(root, path.dirname(file), target)));
}
