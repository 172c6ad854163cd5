/** What the enclave does when it is full: it refuses, harms nothing that is there, and goes on when there is room again. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CKR, Component, component, enclave, good, secret } from './support.ts';

const HOST_MEMORY = -0x2;
const KEYS = 200_000;

const mappings = (): number => readFileSync('/proc/self/maps', 'latin1').split('\n').length;

test('six times as many keys as there are pairs of mappings', { timeout: 120_000 }, () => {
  const before = mappings();
  const count = enclave.status().keys;
  const keys: number[] = [];
  for (let i = 0; i < KEYS; i++) keys.push(good(enclave.keyGenerateSecret(32)));
  expect(enclave.status().keys).toBe(count + KEYS);
  expect(mappings() - before).toBeLessThan(500);
  const first = keys[0] ?? 0;
  expect(component(first, Component.Value)).toHaveLength(32);
  expect(enclave.keyEqual(first, keys[1] ?? 0)).toBe(false);
  // Every second one goes; the others are what they were, and each handle means its own key.
  const marked = secret(Uint8Array.from({ length: 32 }, (_, i) => i));
  for (let i = 0; i < KEYS; i += 2) enclave.keyFree(keys[i] ?? 0);
  expect(enclave.keyDuplicate(first)).toBe(CKR.KEY_HANDLE_INVALID);
  expect(component(marked, Component.Value)).toEqual(Uint8Array.from({ length: 32 }, (_, i) => i));
  let lost = 0;
  for (let i = 1; i < KEYS; i += 2) {
    if (enclave.keyBits(keys[i] ?? 0) !== 256) lost++;
    enclave.keyFree(keys[i] ?? 0);
  }
  expect(lost).toBe(0);
  enclave.keyFree(marked);
  expect(enclave.status().keys).toBe(count);
});

test('OpenSSL finds no more memory', { timeout: 200_000 }, () => {
  const guard = fileURLToPath(new URL('../../out/lib/strongroom/libstrongroom-guard.so', import.meta.url));
  const probe = fileURLToPath(new URL('./full-probe.ts', import.meta.url));
  const { stdout, stderr, signal } = spawnSync(process.execPath, [probe], {
    env: { ...process.env, LD_PRELOAD: guard, NODE_OPTIONS: '' },
    encoding: 'utf8',
    timeout: 180_000,
  });
  expect({ stderr, signal }).toEqual({ stderr: '', signal: null });
  const { hooked, refused, contexts, answers, afterwards, left } = JSON.parse(stdout);
  expect({ hooked, refused, answers, left }).toEqual({
    hooked: true,
    refused: HOST_MEMORY,
    answers: [HOST_MEMORY],
    left: 0,
  });
  expect(contexts).toBeGreaterThan(100_000);
  expect(afterwards).toEqual([256, 0, 0]);
});
