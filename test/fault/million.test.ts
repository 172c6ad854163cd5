/**
 * A million objects: session keys of one application, and keys on a token of which a good part is used, while a bystander signs and makes
 * keys of its own. `make soak` takes the million, `make test` a few thousand, which shows that the test works. Counts and answers are
 * checked; times and memory are only printed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from '../support/profile.ts';
import { soakCount } from '../support/soak.ts';
import type { Store } from '../support/store.ts';
import { compile, engineLog, homeOf, quickStore, setUp, Talk } from './support.ts';

const COUNT = soakCount(1_000_000, 4_000);
const PATIENCE = 1_500_000;
const ROOMY = [
  '[objects]',
  'session_max_per_application = 2000000',
  'session_max_total = 3000000',
  'session_bytes_per_application = 4000000000',
  'session_bytes_total = 8000000000',
  'token_max = 2000000',
  'token_bytes = 8000000000',
  '',
];

let store: Store | undefined;
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function client(at: Store): Talk {
  const talk = new Talk(compile('hoard', [], path.join(ROOT, 'test/attack')), [at.module], at.env);
  talks.push(talk);
  return talk;
}

/** The answer to a line, but for the name it begins with. */
async function ask(talk: Talk, line: string): Promise<string> {
  const name = line.split(' ', 1)[0] ?? '';
  return ((await talk.ask(line, `${name} `, PATIENCE)).at(-1) ?? '').slice(name.length + 1);
}

function report(at: Store, what: string, since: number): void {
  const status = readFileSync(`/proc/${at.enginePid()}/status`, 'latin1');
  const resident = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  const seconds = (performance.now() - since) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s, engine ${resident.toFixed(0)} MB`);
}

async function ends(bystander: Talk): Promise<void> {
  const [signatures = '', wrong] = (await ask(bystander, 'signed')).split(' ');
  expect({ wrong, errors: bystander.errors }).toEqual({ wrong: '0x0', errors: '' });
  expect(Number(signatures)).toBeGreaterThan(0);
  console.log(`the bystander signed ${signatures} times meanwhile`);
  expect(await bystander.end()).toBe(0);
}

describe(`${COUNT} objects`, { timeout: 2 * PATIENCE }, () => {
  test('of one session', async () => {
    const at = quickStore(ROOMY);
    store = at;
    setUp(at);
    const bystander = client(at);
    await ask(bystander, 'signing');
    const hoarder = client(at);
    const engine = at.enginePid();
    let since = performance.now();
    report(at, 'before', since);
    expect(await ask(hoarder, `keys ${COUNT}`)).toBe(`${COUNT} 0x0`);
    report(at, `${COUNT} session keys made`, since);
    expect(await ask(hoarder, 'use')).toBe(`${COUNT} 0x0`);
    since = performance.now();
    expect(await ask(hoarder, 'finds 3')).toBe('3 0x0');
    report(at, 'three searches for all of them begun', since);
    since = performance.now();
    expect(await ask(hoarder, 'drop')).toBe('0 0x0');
    report(at, 'all of them ended', since);
    // The same again, in memory that was given back.
    since = performance.now();
    expect(await ask(hoarder, `keys ${COUNT}`)).toBe(`${COUNT} 0x0`);
    report(at, 'and made again', since);
    await ends(bystander);
    expect(await hoarder.end()).toBe(0);
    expect(at.enginePid()).toBe(engine);
    expect(engineLog(at)).not.toContain('a bug');
  });

  test('on a token', async () => {
    const at = quickStore(ROOMY);
    store = at;
    setUp(at);
    const first = client(at);
    expect(await ask(first, 'login')).toBe('0 0x0');
    expect(await ask(first, 'tokenkeys 1')).toBe('1 0x0');
    expect(await first.end()).toBe(0);
    await at.stopEngine();
    let since = performance.now();
    const script = path.join(ROOT, 'test/support/fill-store.ts');
    execFileSync(process.execPath, [script, homeOf(at), String(COUNT - 1), 'user-pin-4711'], { env: at.env });
    console.log(`${COUNT} token keys stored: ${((performance.now() - since) / 1000).toFixed(1)} s`);
    const bystander = client(at);
    await ask(bystander, 'signing');
    const user = client(at);
    since = performance.now();
    expect(await ask(user, 'login')).toBe('0 0x0');
    report(at, 'logged in', since);
    since = performance.now();
    const used = Math.floor(COUNT / 2);
    expect(await ask(user, `opened ${used}`)).toBe(`${used} of ${COUNT} 0x0`);
    report(at, `${used} of the keys used`, since);
    expect(await ask(user, 'tokenkeys 3')).toBe('3 0x0');
    await ends(bystander);
    expect(await user.end()).toBe(0);
    expect(engineLog(at)).not.toContain('a bug');
  });
});
