/** The protocol of the network door: well formed, and what was built with its last release goes on working. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const released = path.join(root, 'schema/proto/released.binpb');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'strongroom-proto-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function buf(...args: readonly string[]): string {
  const done = spawnSync(path.join(root, 'node_modules/.bin/buf'), args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, BUF_CACHE_DIR: path.join(folder, 'cache') },
  });
  return done.status === 0 ? '' : `${done.stdout}${done.stderr}`;
}

/** The protocol with one file changed. */
function changed(file: string, from: string, to: string): string {
  const copy = path.join(folder, `copy-${from.replaceAll(/\W+/g, '-')}`);
  cpSync(path.join(root, 'schema/proto'), copy, { recursive: true });
  const text = readFileSync(path.join(copy, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(path.join(copy, file), text.replace(from, to));
  return copy;
}

describe('the protocol', () => {
  it('lints', () => {
    expect(buf('lint', 'schema/proto')).toBe('');
    expect(buf('lint', changed('strongroom/v1/keys.proto', 'rpc Sign(', 'rpc sign('))).toContain(
      'PascalCase',
    );
  });

  it('breaks nobody who was built with the last release', () => {
    expect(buf('breaking', 'schema/proto', '--against', released)).toBe('');
    const moved = changed('strongroom/v1/cryptoki.proto', 'bytes answers = 2;', 'bytes answers = 7;');
    expect(buf('breaking', moved, '--against', released)).toContain('answers');
  });
});
