/**
 * The attacker runs an application of the same user, and wants the others to wait: he asks for as many long calls as he can, and perhaps
 * leaves without waiting for them. Whatever he does, others get their logins and their keys.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { compile, quickStore, Steps, setUp, Talk } from '../fault/support.ts';
import { atRest, working } from '../fault/ticks.ts';
import type { Store } from '../support/store.ts';

/** Longer than any honest answer takes on a machine that is busy with other things, and far shorter than what the attacker asks for. */
const PATIENCE = 90_000;
const CKR_HOST_MEMORY = '0x2';

let store: Store | undefined;
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

/** A store with a token whose PIN this engine has not seen yet, so that a login has to derive it. */
async function fresh(lines: readonly string[] = []): Promise<Store> {
  const made = quickStore(lines);
  store = made;
  setUp(made);
  await made.stopEngine();
  return made;
}

function greedy(at: Store, threads: number, bits: number): Talk {
  const talk = new Talk(compile('greedy'), [at.module, String(threads), String(bits)], at.env);
  talks.push(talk);
  return talk;
}

async function other(at: Store): Promise<Steps> {
  const steps = new Steps(at);
  talks.push(steps.talk);
  expect((await steps.step('init', PATIENCE)).rv).toBe(0);
  return steps;
}

describe('an application that asks for 64 RSA-8192 keys', { timeout: 300_000 }, () => {
  test('and is killed leaves nothing behind that others wait for', async () => {
    const at = await fresh();
    const attacker = greedy(at, 64, 8192);
    expect(await attacker.line(PATIENCE)).toBe('begun');
    await working(at);
    attacker.child.kill('SIGKILL');
    await attacker.exit;
    const victim = await other(at);
    expect((await victim.step('login', PATIENCE)).rv).toBe(0);
    expect((await victim.step('key after', PATIENCE)).rv).toBe(0);
    // The engine does not go on with any of it: it comes to rest, with its victim still there.
    expect(await atRest(at.enginePid(), 1_000, 10)).toBeLessThanOrEqual(10);
    expect(await victim.end()).toBe(0);
  });

  test('and waits for them keeps nobody else from logging in and from work', async () => {
    const at = await fresh();
    const attacker = greedy(at, 64, 8192);
    expect(await attacker.line(PATIENCE)).toBe('begun');
    await working(at);
    const victim = await other(at);
    expect((await victim.step('login', PATIENCE)).rv).toBe(0);
    for (let i = 0; i < 5; i++) expect((await victim.step(`key its-${i}`, PATIENCE)).rv).toBe(0);
    expect((await victim.step('use its-3', PATIENCE)).rv).toBe(0);
    expect(attacker.ended).toBe(false);
    expect(await victim.end()).toBe(0);
  });
});

describe('an application without end', { timeout: 300_000 }, () => {
  test('takes turns with others at making keys', async () => {
    const at = await fresh();
    const attacker = greedy(at, 60, 3072);
    expect(await attacker.line(PATIENCE)).toBe('begun');
    await attacker.line(PATIENCE);
    const modest = greedy(at, 1, 2048);
    expect(await modest.line(PATIENCE)).toBe('begun');
    for (let i = 0; i < 3; i++) expect(await modest.line(PATIENCE)).toBe('0x0');
    // Sixty keys were ahead of each of them; with turns, hardly more than what was at work.
    let answers = 0;
    while (answers < 400) {
      const line = await attacker.line(1).catch(() => undefined);
      if (line === undefined) break;
      answers++;
    }
    expect(answers).toBeLessThan(60);
  });

  test('is refused what is more than it may have under way, and others are not', async () => {
    const at = await fresh(['[jobs]', 'max_per_application = 4', '']);
    const attacker = greedy(at, 10, 8192);
    const heard: string[] = [];
    while (heard.length < 7) heard.push(await attacker.line(PATIENCE));
    expect(heard.filter((line) => line !== 'begun')).toEqual(
      Array.from({ length: 6 }, () => CKR_HOST_MEMORY),
    );
    const victim = await other(at);
    expect((await victim.step('login', PATIENCE)).rv).toBe(0);
    const modest = greedy(at, 1, 2048);
    expect(await modest.line(PATIENCE)).toBe('begun');
    expect(attacker.ended).toBe(false);
    expect(await victim.end()).toBe(0);
  });
});
