import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadStoreKey } from '../../module/engine/store/folder.ts';
import { GenerationAnchor } from '../../module/engine/store/generation.ts';
import {
  enclave,
  loadPrivate,
  loadPublic,
  login,
  newToken,
  openStore,
  temporaryFolder,
  tokenAt,
} from './support.ts';

const child = path.join(import.meta.dirname, 'kill-child.ts');

/** Runs the child until a random moment after it is ready, kills it, and returns the lines it wrote. */
async function runAndKill(folder: string, lines: number): Promise<string[]> {
  const worker = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let complaints = '';
  worker.stderr.on('data', (data) => {
    complaints += String(data);
  });
  worker.stdout.on('data', (data) => {
    out += String(data);
  });
  // After so many lines, and a moment: by the clock alone a busy machine would be killed before it has done anything.
  const heard = () => {
    if (out.split('\n').length <= lines) return;
    worker.stdout.off('data', heard);
    setTimeout(() => worker.kill('SIGKILL'), Math.random() * 10);
  };
  worker.stdout.on('data', heard);
  await new Promise((done) => worker.on('close', done));
  expect(complaints).toBe('');
  // The last line may be cut in the middle; what it tells of has returned all the same.
  return out.split('\n').filter((line) => line !== '');
}

test('kill -9 at any moment loses nothing that has returned, and never gives a false alarm', {
  timeout: 600_000,
}, async () => {
  const folder = temporaryFolder();
  const first = openStore(folder);
  newToken(first, 'token');
  first.store.close();
  const there = new Set<string>();
  const unsure = new Set<string>();
  for (let round = 0; round < 15; round++) {
    for (const line of await runAndKill(folder, 2 + Math.floor(Math.random() * 40))) {
      const [what = '', id = ''] = line.split(' ');
      if (id.length !== 32) continue;
      if (what === 'made') there.add(id);
      if (what === 'destroying') unsure.add(id);
      if (what === 'destroyed') there.delete(id);
    }
    const { store } = openStore(folder);
    expect(store.problem).toBeNull();
    const token = tokenAt(store, 0);
    expect(token.problem).toBeNull();
    const master = login(store, token);
    const objects = [...loadPublic(store, token), ...loadPrivate(store, token, master).objects];
    store.close();
    const found = new Set(objects.map((each) => Buffer.from(each.id).toString('hex')));
    for (const id of there)
      if (!unsure.has(id)) expect(found.has(id), `object ${id} of round ${round}`).toBe(true);
    // What was under way at the kill may be there or not; from now on it is known.
    for (const id of found) there.add(id);
    for (const id of unsure) if (!found.has(id)) there.delete(id);
    unsure.clear();
  }
  expect(there.size).toBeGreaterThan(15);
});

test.each([
  ['the store key', ['store.generation', 'store.db']],
  ['the anchor', ['store.db']],
])('a creation that was cut short behind %s is taken up again', (_name, missing) => {
  const folder = temporaryFolder();
  // Made by hand from a whole store: an anchor is at generation 0 until the first commit has returned.
  const blank = path.join(folder, 'blank');
  const whole = openStore(blank);
  whole.store.close();
  for (const name of missing) fs.rmSync(path.join(blank, name));
  if (!missing.includes('store.generation')) {
    const { root, storeId } = loadStoreKey(blank, enclave);
    fs.rmSync(path.join(blank, 'store.generation'));
    GenerationAnchor.open(blank, enclave, root, storeId, true).close();
    fs.writeFileSync(path.join(blank, 'store.db'), '', { mode: 0o600 });
  }
  const again = openStore(blank);
  expect(again.store.problem).toBeNull();
  newToken(again, 'token');
  again.store.close();
});

/** A child on a file system of 8 MB, where the machine allows one to be mounted. */
const mount = process.geteuid?.() === 0 ? ['-m'] : ['-rm'];
const mountable = spawnSync('unshare', [...mount, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.runIf(mountable)('a full disk refuses the change whole, and is got over', { timeout: 60_000 }, () => {
  const script = 'mount -t tmpfs -o size=8m,mode=700 tmpfs /mnt && exec "$0" "$1"';
  const full = path.join(import.meta.dirname, 'full-child.ts');
  const result = spawnSync('unshare', [...mount, 'sh', '-c', script, process.execPath, full], {
    encoding: 'utf8',
  });
  expect(result.stderr).toBe('');
  expect(JSON.parse(result.stdout)).toEqual({
    refused: 'full',
    completeWhenFull: true,
    refusedAgain: 'full',
    afterwards: 'not at all',
    completeAfterwards: true,
    problem: null,
    completeReopened: true,
  });
});
