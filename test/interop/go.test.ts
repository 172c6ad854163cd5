import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { findProgram } from '../support/programs.ts';
import { LABEL, PIN, useBench } from './setup.ts';

const installed = findProgram('go') !== undefined && findProgram('gcc') !== undefined;

// Go's toolchain weighs more than all the other consumers together, so this one runs where it is at hand.
describe.skipIf(!installed)('Go through miekg/pkcs11 (needs golang-go)', { timeout: 600_000 }, () => {
  const bench = useBench(['go', 'gcc', 'pkcs11-tool']);

  it('signs and seals with keys in the token', async () => {
    await bench.tool(['--keypairgen', '--key-type', 'EC:prime256v1', '--id', '01', '--label', 'go']);
    // Modules and build results are kept between runs; the store and its HOME are not.
    const caches = join(ROOT, 'out/test/go');
    const env = {
      GOPATH: join(caches, 'path'),
      GOCACHE: join(caches, 'build'),
      GOPROXY: process.env.GOPROXY ?? '',
      GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '1',
    };
    const program = bench.store.path('interop');
    // The Go programs of docs/consumers.md fill the same caches; one after the other, they compile the libraries once.
    const build = [join(ROOT, 'out/test/go.lock'), 'go', 'build', '-o', program, '.'];
    await bench.run('flock', build, { env, cwd: join(import.meta.dirname, 'go'), timeout: 580_000 });
    const { stdout } = await bench.run(program, [bench.store.module, LABEL, 'go'], {
      env: { USER_PIN: PIN },
    });
    expect(stdout.trim().split('\n')).toEqual(['ok ECDSA', 'ok AES-GCM']);
  });
});
