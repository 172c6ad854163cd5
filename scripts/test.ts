/** Runs every test and ends with how many passed, failed and were skipped, and why they were skipped. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly title: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
      /** What a test has left about itself: why it was skipped, and which page's program it has run. */
      readonly meta?: { readonly reason?: string; readonly program?: string };
    }[];
  }[];
}

/** How much of a failure's message the last lines repeat; the whole stands further up. */
const FAILURE_LINES = 8;
const FAILURE_COLUMNS = 400;

const root = path.join(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'strongroom-test-'));
const file = path.join(folder, 'report.json');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const run = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, FORCE_COLOR: process.env.FORCE_COLOR ?? '0' },
  },
);
let report: Report | undefined;
try {
  report = JSON.parse(readFileSync(file, 'utf8')) as Report;
} catch {
  console.error('the test runner left no report');
}
rmSync(folder, { recursive: true, force: true });
if (report === undefined) process.exit(1);

// A file that could not even be loaded counts as one failure: it has no tests to count.
const broken = report.testResults.filter(
  (result) => result.status === 'failed' && result.assertionResults.length === 0,
);
for (const result of broken)
  console.log(`failed to load: ${path.relative(root, result.name)}: ${result.message ?? ''}`);
const skipped: string[] = [];
const programs: { name: string; status: string; reason: string }[] = [];
for (const result of report.testResults)
  for (const test of result.assertionResults) {
    const { program, reason } = test.meta ?? {};
    if (test.status !== 'passed' && test.status !== 'failed')
      skipped.push(
        `${path.relative(root, result.name)}: ${test.fullName}${reason === undefined ? '' : ` (${reason})`}`,
      );
    if (program !== undefined)
      programs.push({ name: program, status: test.status, reason: reason ?? 'see above' });
  }
if (skipped.length > 0) {
  console.log('\nskipped (each names its reason):');
  for (const line of skipped) console.log(`  ${line}`);
}
if (programs.length > 0) {
  const ran = programs.filter(({ status }) => status === 'passed').map(({ name }) => name);
  console.log(
    `\nprograms of docs/consumers.md that ran here (${ran.length} of ${programs.length}): ${ran.join('; ')}`,
  );
  for (const { name, status, reason } of programs)
    if (status !== 'passed')
      console.log(`  ${status === 'failed' ? 'failed' : 'not run'}: ${name} (${reason})`);
}
// Said again at the very end: who reads only a run's last lines must learn what to mend.
for (const result of report.testResults)
  for (const test of result.assertionResults)
    if (test.status === 'failed') {
      console.log(`\nfailed: ${path.relative(root, result.name)}: ${test.fullName}`);
      const lines = (test.failureMessages ?? [])
        .flatMap((message) => message.split('\n'))
        .filter((line) => !line.includes('/node_modules/'));
      for (const line of lines.slice(0, FAILURE_LINES)) console.log(`  ${line.slice(0, FAILURE_COLUMNS)}`);
    }
const failed = report.numFailedTests + broken.length;
console.log(`\n${report.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed > 0 || run.status !== 0 ? 1 : 0);
