/** Who may know whom (DESIGN, 2): every import of every source file is held against the table. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, root, sources } from './sources.ts';

/** The rooms by their folder; the longest that fits a file is its room. */
const rooms = [
  'schema',
  'audit',
  'fips',
  'hardening/memory',
  'hardening',
  'module/generated',
  'module/enclave',
  'module/lane',
  'module/shim',
  'module/certificates',
  'module/wire',
  'module/traces',
  'module/gateway',
  'module/engine',
  'daemon',
  'admin-cli',
  'scripts',
  'test',
] as const;
type Room = (typeof rooms)[number];

/** What each room may import besides itself. */
const allowed: Partial<Record<Room, readonly string[]>> = {
  schema: [],
  audit: ['schema'],
  fips: ['schema'],
  'hardening/memory': [],
  hardening: ['schema', 'hardening/memory'],
  'module/generated': [],
  'module/enclave': ['hardening/memory', 'module/generated'],
  'module/lane': ['hardening/memory', 'module/generated'],
  'module/engine': [
    'schema',
    'audit',
    'fips',
    'hardening',
    'hardening/memory',
    'module/enclave',
    'module/lane',
    // What the library starts is an engine or a gateway: its main file decides.
    'module/gateway/gateway.ts',
  ],
  'module/certificates': [],
  'module/wire': ['schema'],
  'module/traces': ['schema'],
  'module/gateway': ['schema', 'hardening', 'module/lane', 'module/wire', 'module/traces'],
  daemon: [
    'module/engine/public.ts',
    'schema',
    'hardening',
    'module/lane',
    'module/certificates',
    'module/wire',
    'module/traces',
  ],
  'admin-cli': ['schema', 'audit', 'module/generated', 'module/certificates', 'module/wire'],
  'module/shim': ['module/lane/lane.h', 'module/generated'],
};
/** Of a room's folder, the only files that others may see where the table says so. */
const narrow: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // The command line knows audit's verifier, not its writer.
  'admin-cli': { audit: ['audit/verify.ts', 'audit/format.ts', 'audit/checkpoint.ts'] },
};

function roomOf(file: string): Room | undefined {
  return rooms
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function forbidden(file: string): string[] {
  const room = roomOf(file);
  const rules = room === undefined ? undefined : allowed[room];
  if (room === undefined || rules === undefined) return [];
  return importsOf(file).filter((target) => {
    const other = roomOf(target);
    if (other === room) return false;
    const only = other === undefined ? undefined : narrow[room]?.[other];
    if (only !== undefined) return !only.includes(target);
    return !rules.some((rule) => target === rule || other === rule);
  });
}

describe('rooms', () => {
  it('every import is one that the table allows', () => {
    const all = sources().filter((file) => allowed[roomOf(file) as Room] !== undefined);
    expect(all.length).toBeGreaterThan(100);
    const wrong = all.flatMap((file) => forbidden(file).map((target) => `${file} imports ${target}`));
    expect(wrong).toEqual([]);
  });

  it('the check finds a forbidden arrow', () => {
    expect(forbidden('module/engine/engine.ts')).toEqual([]);
    const rules = allowed['module/engine'];
    allowed['module/engine'] = ['schema'];
    try {
      expect(forbidden('module/engine/engine.ts')).toContain('module/enclave/enclave.ts');
    } finally {
      allowed['module/engine'] = rules ?? [];
    }
  });

  it('certificates are read without a library', () => {
    const files = sources().filter((file) => file.startsWith('module/certificates/'));
    expect(files.length).toBeGreaterThan(3);
    const others = files.flatMap((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(/\bfrom '(?!\.\/|node:)([^']+)'/g)].map(
        ([, name]) => `${file} imports ${name}`,
      ),
    );
    expect(others).toEqual([]);
  });

  it('SQL stands nowhere but in the store', () => {
    const sql =
      /\b(SELECT\s+.+\s+FROM|INSERT\s+(OR\s+\w+\s+)?INTO|DELETE\s+FROM|CREATE\s+TABLE|UPDATE\s+\w+\s+SET)\b/;
    const outside = sources().filter(
      (file) =>
        /^(module|audit|admin-cli|daemon|fips|hardening)\//.test(file) &&
        !file.startsWith('module/engine/store/'),
    );
    expect(outside.filter((file) => sql.test(readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
  });

  it('the shim knows no cryptography and links libc alone', () => {
    const library = path.join(root, 'out/lib/strongroom-pkcs11.so');
    const needed = execFileSync('readelf', ['-d', library], { encoding: 'utf8' });
    const names = [...needed.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1]);
    expect(names).toEqual([expect.stringMatching(/^libc\./)]);
    // A host may cancel a thread inside a call; waiting in a condition variable would leave its lock locked for good.
    const used = execFileSync('nm', ['-D', '--undefined-only', library], { encoding: 'utf8' });
    expect(used).toContain('pthread_mutex_lock');
    expect(used).not.toContain('pthread_cond_');
    const symbols = execFileSync('nm', ['-D', '--defined-only', library], { encoding: 'utf8' });
    const exported = symbols
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ').at(-1) ?? '');
    expect(exported.filter((name) => !name.startsWith('C_'))).toEqual([]);
    expect(exported.length).toBe(104);
  });
});
