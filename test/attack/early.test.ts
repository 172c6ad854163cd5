/**
 * The attacker has the same user as the engine, starts it himself, and is there before it shuts itself off: he opens its memory as soon as
 * that is there to be opened, or traces it from before its first instruction. He keeps what he has opened, and later another application
 * imports a key.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { compile, engineLog, homeOf, quickStore } from '../fault/support.ts';
import type { Store } from '../support/store.ts';

const stores: Store[] = [];

afterEach(async () => {
  for (const where of stores.splice(0)) await where.close();
});

/** An empty store; it belongs to nobody when we are root, since that is who the attacker becomes then. */
function attacked(): Store {
  const where = quickStore();
  stores.push(where);
  mkdirSync(homeOf(where), { recursive: true, mode: 0o700 });
  if (process.geteuid?.() === 0)
    for (const name of [where.folder, homeOf(where), String(where.env.STRONGROOM_CONFIG)])
      chownSync(name, 65534, 65534);
  chmodSync(homeOf(where), 0o700);
  return where;
}

function attack(where: Store, how: string, ...more: string[]): string {
  const launcher = path.join(path.dirname(where.module), 'strongroom/strongroom-launch');
  return execFileSync(compile('early', [], import.meta.dirname), [how, where.module, launcher, ...more], {
    env: where.env,
    encoding: 'utf8',
    timeout: 150_000,
  }).trim();
}

describe.each([
  ['in the background', []],
  ['in the foreground', ['--foreground']],
])('an engine that the attacker starts %s', (_, flags) => {
  test('its memory, opened early, has no keys in it', { timeout: 200_000 }, () => {
    for (let start = 0; start < 3; start++) {
      expect(attack(attacked(), 'look', ...flags)).toMatch(/^opened \d+, found 0$/);
    }
  });

  test('it does not run for somebody who traces it from the beginning', { timeout: 200_000 }, () => {
    const where = attacked();
    expect(attack(where, 'trace', ...flags)).toMatch(/^launcher \d, ended (\d) of \1, does not serve$/);
    expect(where.enginePid()).toBeUndefined();
    if (flags.length === 0) expect(engineLog(where)).toContain('another process traces the engine');
  });
});

test('an engine that was not born shut off does not serve', () => {
  const where = quickStore();
  stores.push(where);
  mkdirSync(homeOf(where), { recursive: true, mode: 0o700 });
  const parts = path.join(path.dirname(where.module), 'strongroom');
  const engine = path.join(parts, 'engine.cjs');
  const args = [engine, '--store', homeOf(where), '--linger-seconds', '0'];
  const env = { LD_PRELOAD: path.join(parts, 'libstrongroom-guard.so') };
  const { status, stderr } = spawnSync(path.join(parts, 'node'), args, {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(status).toBe(1);
  expect(stderr).toContain('start the engine with strongroom-launch');
});
