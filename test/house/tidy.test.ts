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

  it('the engine brings only those of the standard’s numbers that it uses: all of them cost each start', () => {
    const bundle = readFileSync(path.join(root, 'out/lib/strongroom/engine.js'), 'utf8');
    expect(bundle).toContain('CKM_ECDSA = ');
    expect(bundle).not.toContain('CKM_VENDOR_DEFINED = ');
    expect(bundle).not.toContain('CKM_SEED_');
  });

  it('every function of the enclave has a caller in the engine, or says that it is for tests', () => {
    const contract = ['enclave', 'jobs', 'keys', 'operations', 'seals']
      .map((name) => readFileSync(path.join(root, `module/enclave/${name}.ts`), 'utf8'))
      .join('\n');
    const members = [...contract.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s+)?^ {2}(\w+)\(/gm)];
    expect(members.length).toBeGreaterThan(50);
    const sources = execFileSync('git', ['ls-files', 'module/engine/*.ts', 'audit/*.ts'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\n')
      .filter((file) => file !== '' && existsSync(path.join(root, file)))
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('\n');
    const idle = members
      .filter(([, doc, name]) => !sources.includes(`.${name}(`) && !doc?.includes('for tests only'))
      .map(([, , name]) => name);
    expect(idle).toEqual([]);
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
