import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './profile.ts';
import { run, SEARCH_PATH } from './programs.ts';

/**
 * Builds pkcs11js's addon where its package looks for it, unless it is there already. Several suites may ask
 * at the same time: a file lock makes all but one of them wait.
 */
export async function buildPkcs11js(): Promise<void> {
  const folder = join(ROOT, 'out/test');
  mkdirSync(folder, { recursive: true });
  const make = ['make', '-s', '-f', join(ROOT, 'test/interop/native.mk')];
  await run('flock', [join(folder, 'pkcs11js.lock'), ...make], {
    env: { PATH: SEARCH_PATH },
    timeout: 120_000,
  });
}
