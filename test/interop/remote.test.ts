/**
 * Programs whose keys are on another machine: the suites that drive them here are run once more, with the engine and its network door in one network
 * namespace, and the programs in another. Where namespaces cannot be made, both are on the loopback interface.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Machines } from '../support/machines.ts';
import { NODE, ROOT } from '../support/profile.ts';
import { SEARCH_PATH } from '../support/programs.ts';

/** ssh, OpenSSL's engine, SunPKCS11, pkcs11-tool --test, and pkcs11js. */
const suites = ['opensc', 'openssh', 'openssl', 'java', 'node'].map((name) => `test/interop/${name}.test.ts`);

let machines: Machines;
beforeAll(() => {
  machines = new Machines();
});
afterAll(() => machines.remove());

it('the suites of ssh, OpenSSL, Java, pkcs11-tool and pkcs11js pass with keys on another machine', async ({
  annotate,
}) => {
  await annotate(machines.where);
  const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-remote-'));
  const file = path.join(folder, 'report.json');
  const vitest = [
    NODE,
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=json',
    `--outputFile.json=${file}`,
    '--maxWorkers=2',
    ...suites,
  ];
  const [program = NODE, ...args] = [...machines.on('near'), ...vitest];
  const run = spawn(program, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: SEARCH_PATH,
      STRONGROOM_TEST_REMOTE: '1',
      STRONGROOM_TEST_FAR: machines.apart ? `${machines.name('far')}=${machines.address('far')}` : '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  run.stdout.resume();
  run.stderr.setEncoding('utf8').on('data', (part: string) => {
    errors += part;
  });
  const code = await new Promise((resolve) => run.once('close', resolve));
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number;
    testResults: {
      message: string;
      assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
    }[];
  };
  rmSync(folder, { recursive: true });
  const failed = report.testResults.flatMap(({ message, assertionResults }) => [
    ...(assertionResults.length === 0 ? [message] : []),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('\n')}`),
  ]);
  expect(failed).toEqual([]);
  expect(code, errors).toBe(0);
  expect(report.numPassedTests).toBeGreaterThanOrEqual(40);
}, 900_000);
