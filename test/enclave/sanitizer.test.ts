import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const suites = [
  'sign',
  'verify',
  'cipher',
  'keys',
  'seals',
  'transport',
  'misuse',
  'vectors',
  'rows',
  'mnemonic',
].map((name) => `test/enclave/${name}.test.ts`);

/** Where this compiler keeps a library of its sanitizers. */
function library(name: string): string {
  return spawnSync('cc', [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
}

test('the other suites pass under AddressSanitizer and UndefinedBehaviorSanitizer', {
  timeout: 1_200_000,
}, () => {
  const make = ['-s', '-f', 'module/enclave/build.mk', 'enclave-sanitized'];
  const built = spawnSync('make', make, { cwd: root, encoding: 'utf8' });
  expect([built.status, built.stderr]).toEqual([0, '']);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'));
  const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...suites], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...Object.fromEntries(inherited),
      LD_PRELOAD: `${library('libasan.so')}:${library('libubsan.so')}`,
      ASAN_OPTIONS: 'detect_leaks=0', // the runtime itself leaves memory to the end of the process
      STRONGROOM_TEST_ENCLAVE: `${root}/out/test/enclave/enclave.node`,
    },
  });
  expect(run.stdout + run.stderr).not.toMatch(/Sanitizer|runtime error/);
  expect(run.status, run.stdout + run.stderr).toBe(0);
});
