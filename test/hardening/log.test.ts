/** Writing to engine.log from the engine: at once or not at all, and never more than the log has room for. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root, scratch } from './build.ts';

const { folder, remove } = scratch();
afterAll(remove);

const LARGEST = 1 << 20;

/** Writes so many lines of 4,000 bytes, with the standard error at `stderr`, and prints how many got through. */
const script = `
const addon = process.getBuiltinModule('module').createRequire('${root}')('./out/lib/strongroom/process.node');
const [store, count, remove] = process.argv.slice(1);
let done = 0;
for (let i = 0; i < Number(count); i++) {
  if (remove !== undefined && i === 1) require('fs').rmSync(remove);
  done += addon.log(store, String(i).padEnd(3999, '.') + '\\n') ? 1 : 0;
}
process.stdout.write(String(done) + '\\n');
`;

function run(store: string, count: number, stderr: number, ...more: string[]): number {
  const { stdout, status } = spawnSync(process.execPath, ['-e', script, store, String(count), ...more], {
    stdio: ['ignore', 'pipe', stderr],
    encoding: 'utf8',
    timeout: 60_000,
  });
  closeSync(stderr);
  expect(status).toBe(0);
  return Number(stdout);
}

function emptyStore(): { store: string; log: string } {
  const store = mkdtempSync(join(folder, 'store-'));
  return { store, log: join(store, 'engine.log') };
}

test('the log is put aside when it is full, and the newest lines are there', () => {
  const { store, log } = emptyStore();
  expect(run(store, 1000, openSync(log, 'a'))).toBe(1000);
  for (const name of [log, `${log}.1`]) expect(statSync(name).size, name).toBeLessThanOrEqual(LARGEST + 4000);
  expect(readFileSync(log, 'utf8')).toContain('\n999.');
});

test('a full log that cannot be put aside takes no more', () => {
  const { store, log } = emptyStore();
  mkdirSync(`${log}.1`);
  writeFileSync(join(`${log}.1`, 'in the way'), '');
  const written = run(store, 1000, openSync(log, 'a'));
  expect(written).toBeGreaterThan(200);
  expect(statSync(log).size).toBe(written * 4000);
  expect(statSync(log).size).toBeLessThanOrEqual(LARGEST + 4000);
});

test('a log that somebody removed begins again', () => {
  const { store, log } = emptyStore();
  expect(run(store, 3, openSync(log, 'a'), log)).toBe(3);
  expect(readFileSync(log, 'utf8').length).toBe(8000);
});

test('a file that is not the log is never put aside', () => {
  const { store } = emptyStore();
  const other = join(store, 'of-somebody');
  expect(run(store, 400, openSync(other, 'a'))).toBe(400);
  expect(statSync(other).size).toBe(1_600_000);
  expect(existsSync(join(store, 'engine.log'))).toBe(false);
});

test('a disk without room loses lines and nothing else', () => {
  expect(run(emptyStore().store, 10, openSync('/dev/full', 'w'))).toBe(0);
});

test('a reader that takes nothing is not waited for', async () => {
  const child = spawn(process.execPath, ['-e', script, emptyStore().store, '1000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.pause();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(Number(said)).toBeLessThan(1000);
}, 60_000);
