/**
 * Programs whose keys are on another machine: the suites that drive them here are run once more, with the engine and its network door in one network
 * namespace, and the programs in another. Where namespaces cannot be made, both are on the loopback interface.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NODE, ROOT } from '../support/profile.ts';
import { SEARCH_PATH } from '../support/programs.ts';

/** ssh, OpenSSL's engine, SunPKCS11, pkcs11-tool --test, and pkcs11js. */
const suites = ['opensc', 'openssh', 'openssl', 'java', 'node'].map((name) => `test/interop/${name}.test.ts`);

const tag = process.pid.toString(36);
const far = `sr-far-${tag}`;
const near = `sr-near-${tag}`;
/** Addresses that no network has (RFC 5737). */
const FAR = '192.0.2.1';
const NEAR = '192.0.2.2';

function ip(...args: readonly string[]): boolean {
  return spawnSync('ip', args, { env: { PATH: SEARCH_PATH } }).status === 0;
}

/** Two machines with a cable between them. */
function makeNamespaces(): boolean {
  return (
    ip('netns', 'add', far) &&
    ip('netns', 'add', near) &&
    ip('link', 'add', `${tag}f`, 'netns', far, 'type', 'veth', 'peer', 'name', `${tag}n`, 'netns', near) &&
    ip('-n', far, 'address', 'add', `${FAR}/30`, 'dev', `${tag}f`) &&
    ip('-n', near, 'address', 'add', `${NEAR}/30`, 'dev', `${tag}n`) &&
    ip('-n', far, 'link', 'set', `${tag}f`, 'up') &&
    ip('-n', near, 'link', 'set', `${tag}n`, 'up') &&
    ip('-n', far, 'link', 'set', 'lo', 'up') &&
    ip('-n', near, 'link', 'set', 'lo', 'up')
  );
}

let apart = false;
beforeAll(() => {
  apart = makeNamespaces();
});
afterAll(() => {
  ip('netns', 'delete', near);
  ip('netns', 'delete', far);
});

it('the suites of ssh, OpenSSL, Java, pkcs11-tool and pkcs11js pass with keys on another machine', async ({
  annotate,
}) => {
  await annotate(apart ? 'in two network namespaces' : 'over loopback: no namespaces can be made here');
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
  const [program = NODE, ...args] = apart ? ['ip', 'netns', 'exec', near, ...vitest] : vitest;
  const run = spawn(program, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: SEARCH_PATH,
      STRONGROOM_TEST_REMOTE: '1',
      STRONGROOM_TEST_FAR: apart ? `${far}=${FAR}` : '',
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
