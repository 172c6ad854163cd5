import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LABEL, PIN, useBench } from './setup.ts';

const bench = useBench(['modutil', 'certutil', 'openssl', 'pkcs11-tool']);
const path = (name: string) => bench.store.path(name);
const modutil = (args: readonly string[]) =>
  bench.run('modutil', ['-dbdir', `sql:${path('nss')}`, ...args, '-force']);
/** certutil on the token, with its PIN from a file. */
const certutil = (args: readonly string[]) =>
  bench.run('certutil', [...args, '-d', `sql:${path('nss')}`, '-h', LABEL, '-f', path('pin')]);

const KINDS = [
  ['ec', ['-k', 'ec', '-q', 'nistp256']],
  ['rsa', ['-k', 'rsa', '-g', '2048']],
] as const;

describe.skipIf(bench.lacking !== '')(`NSS${bench.lacking}`, () => {
  beforeAll(async () => {
    mkdirSync(path('nss'));
    writeFileSync(path('pin'), `${PIN}\n`, { mode: 0o600 });
    writeFileSync(path('noise'), randomBytes(256));
    await bench.run('certutil', ['-N', '-d', `sql:${path('nss')}`, '--empty-password']);
    const { output } = await modutil(['-add', 'strongroom', '-libfile', bench.store.module]);
    expect(output).toContain('Module "strongroom" added to database.');
  });

  it('modutil lists the module, its slot and its token', async () => {
    const { stdout } = await modutil(['-list']);
    expect(stdout).toContain(`library name: ${bench.store.module}`);
    expect(stdout).toMatch(new RegExp(`^\\s+token: ${LABEL}$`, 'm'));
    expect(stdout).toMatch(/status: loaded/);
  });

  it.each(KINDS)('certutil -G makes an %s key in the token', async (kind, type) => {
    await certutil(['-G', '-z', path('noise'), ...type]);
    const { stdout } = await certutil(['-K']);
    expect(stdout).toMatch(new RegExp(`^< *\\d+> ${kind} +[0-9a-f]{40} +\\(orphan\\)`, 'm'));
  });

  it.each(KINDS)('certutil -S makes a certificate on a new %s key, and lists both', async (kind, type) => {
    const name = `nss-${kind}`;
    await certutil([
      '-S',
      '-x',
      '-n',
      name,
      '-s',
      `CN=${name}`,
      '-t',
      ',,',
      '-m',
      '5',
      '-z',
      path('noise'),
      ...type,
    ]);
    expect((await certutil(['-L'])).stdout).toMatch(new RegExp(`^${LABEL}:${name} +u,u,u`, 'm'));
    expect((await certutil(['-K'])).stdout).toMatch(new RegExp(`${kind} .*${LABEL}:${name}`));
    const { stdout } = await certutil(['-L', '-n', `${LABEL}:${name}`, '-a']);
    writeFileSync(path(`${name}.pem`), stdout);
    const check = await bench.run('openssl', ['verify', '-CAfile', path(`${name}.pem`), path(`${name}.pem`)]);
    expect(check.stdout).toMatch(/: OK$/m);
  });

  it('shows NSS objects to other programs', async () => {
    const { stdout } = await bench.tool(['-O']);
    expect(stdout.match(/^Private Key Object/gm)).toHaveLength(4);
    expect(stdout.match(/^Certificate Object/gm)).toHaveLength(2);
  });

  it('modutil removes the module', async () => {
    expect((await modutil(['-delete', 'strongroom'])).output).toContain('deleted from database');
    expect((await modutil(['-list'])).stdout).not.toContain('strongroom');
  });
});
