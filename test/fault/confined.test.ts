/** The first application is confined: by limits, by a filter of system calls. The engine is not, and where it cannot help that, it says so. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../support/store.ts';
import { compile, engineLog, quickStore, type Step, setUp, Talk } from './support.ts';
import { atRest } from './ticks.ts';

const CKR_HOST_MEMORY = 0x2;
const CKR_DEVICE_ERROR = 0x30;

const stores: Store[] = [];
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) await talk.end();
  for (const where of stores.splice(0)) await where.close();
});

function fresh(lines: readonly string[] = []): Store {
  const where = quickStore(lines);
  stores.push(where);
  return where;
}

function confined(where: Store, ...args: string[]): Talk {
  const talk = new Talk(compile('confined'), args, where.env);
  talks.push(talk);
  return talk;
}

async function step(talk: Talk, name: string): Promise<Step> {
  const [, rv, took] = ((await talk.ask(name, `${name} `, 90_000)).at(-1) ?? '').split(' ');
  return { rv: Number(rv), milliseconds: Number(took) };
}

const tool = (where: Store) => [compile('tool'), where.module, 'steps'];

describe('the limits of the first application', () => {
  test('that are soft do not bind the engine', { timeout: 180_000 }, async () => {
    const where = fresh();
    setUp(where);
    await where.stopEngine();
    const client = confined(where, 'low', ...tool(where));
    for (const name of ['init', 'login', 'key', 'fini']) expect((await step(client, name)).rv, name).toBe(0);
    const pid = where.enginePid();
    const limits = readFileSync(`/proc/${pid}/limits`, 'latin1');
    const own = readFileSync('/proc/self/limits', 'latin1');
    for (const name of [
      'Max cpu time',
      'Max file size',
      'Max processes',
      'Max data size',
      'Max open files',
    ]) {
      const hard = new RegExp(`^${name} +\\S+ +(\\S+)`, 'm').exec(own)?.[1];
      expect(new RegExp(`^${name} +(\\S+)`, 'm').exec(limits)?.[1], name).toBe(hard);
    }
    const processors = (text: string) => /^Cpus_allowed_list:\t(.*)/m.exec(text)?.[1];
    expect(processors(readFileSync(`/proc/${pid}/status`, 'latin1'))).toBe(
      processors(readFileSync('/proc/self/status', 'latin1')),
    );
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    // A session of its own, which it does not lead: no terminal can take it along.
    expect(fields[3]).not.toBe(readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)?.split(' ')[3]);
    expect(fields[3]).not.toBe(String(pid));
    if (process.geteuid?.() === 0) expect(fields[16]).toBe('0');
  });

  test.each([
    ['RLIMIT_AS', 'hard:9:1500000000', CKR_HOST_MEMORY],
    ['RLIMIT_FSIZE', 'hard:1:1000000', CKR_DEVICE_ERROR],
    ['RLIMIT_NOFILE', 'hard:7:40', CKR_DEVICE_ERROR],
  ])('that are hard and too low, as %s, are named in the log, and nowhere else', async (name, how, rv) => {
    const where = fresh();
    const client = confined(where, how, ...tool(where));
    expect((await step(client, 'init')).rv).toBe(rv);
    expect(client.errors).toBe('');
    expect(engineLog(where)).toContain(`the hard limit ${name}`);
    expect(engineLog(where).trim().split('\n')).toHaveLength(1);
  });

  test('a filter that ends the engine before it serves is named', { timeout: 120_000 }, async () => {
    const where = fresh();
    const client = confined(where, 'seccomp', ...tool(where));
    expect((await step(client, 'init')).rv).toBe(CKR_DEVICE_ERROR);
    expect(client.errors).toBe('');
    expect(engineLog(where)).toMatch(/ended before it served, by signal 31 .*seccomp filter/);
  });
});

test('an engine that has no descriptor left for who knocks does not spin', { timeout: 180_000 }, async () => {
  const where = fresh();
  const client = confined(where, 'hard:7:80', ...tool(where));
  for (const name of ['init', 'info']) expect((await step(client, name)).rv, name).toBe(0);
  const crowd = confined(where, 'knock', '100');
  expect(await crowd.line()).toBe('knocked 100');
  // It would be 400 with a processor to itself.
  expect(await atRest(where.enginePid(), 4_000, 60)).toBeLessThanOrEqual(60);
  expect((await step(client, 'info')).rv).toBe(0);
  await crowd.end();
  const late = confined(where, 'low', ...tool(where));
  expect((await step(late, 'init')).rv).toBe(0);
});
