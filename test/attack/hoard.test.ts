/**
 * The attacker runs an application of the same user, and makes the engine keep what he can: objects, operations, searches, sessions, tokens,
 * from one process or from several. He is refused at his bounds, which the configuration names; a bystander signs and makes objects all the
 * while, and everything is given back when he goes.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { compile, engineLog, quickStore, setUp, Talk } from '../fault/support.ts';
import { ROOT } from '../support/profile.ts';
import type { Store } from '../support/store.ts';

const DEVICE_MEMORY = '0x31';
const SESSION_COUNT = '0xb1';
const PATIENCE = 120_000;
const WITHOUT_END = 10_000_000;

let store: Store | undefined;
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (!talk.ended) talk.child.kill('SIGKILL');
  await store?.close();
  store = undefined;
});

function fresh(lines: readonly string[]): Store {
  const made = quickStore([...lines, '']);
  store = made;
  setUp(made);
  return made;
}

class Hoarder {
  readonly talk: Talk;

  /** @param by a program, with arguments, that executes it */
  constructor(at: Store, by: readonly string[] = []) {
    const [program = '', ...args] = [...by, compile('hoard', [], import.meta.dirname), at.module];
    this.talk = new Talk(program, args, at.env);
    talks.push(this.talk);
  }

  /** How many it got, and what the next one was refused with. */
  async want(what: string, ...numbers: readonly number[]): Promise<[count: number, rv: string]> {
    const line = [what, ...numbers].join(' ');
    const [, count, rv] = ((await this.talk.ask(line, `${what} `, PATIENCE)).at(-1) ?? '').split(' ');
    return [Number(count), rv ?? ''];
  }
}

/** A bystander at work, and how he is asked afterwards whether all went well. */
async function bystander(at: Store): Promise<() => Promise<void>> {
  const modest = new Hoarder(at);
  await modest.want('signing');
  return async () => {
    const [signatures, wrong] = await modest.want('signed');
    expect({ wrong, errors: modest.talk.errors }).toEqual({ wrong: '0x0', errors: '' });
    expect(signatures).toBeGreaterThan(0);
    expect(await modest.want('keys', 5)).toEqual([5, '0x0']);
    expect(await modest.want('use')).toEqual([5, '0x0']);
    expect(await modest.talk.end()).toBe(0);
  };
}

describe('an application that keeps making', { timeout: 300_000 }, () => {
  test('session keys is refused at its bound, with 50,000 of them alive, and others notice nothing', async () => {
    const at = fresh(['[objects]', 'session_max_per_application = 50000']);
    const well = await bystander(at);
    const greedy = new Hoarder(at);
    const engine = at.enginePid();
    expect(await greedy.want('keys', WITHOUT_END)).toEqual([50_000, DEVICE_MEMORY]);
    expect(await greedy.want('keys', 1)).toEqual([0, DEVICE_MEMORY]);
    expect(await greedy.want('use')).toEqual([50_000, '0x0']);
    await well();
    // What it lets go it may have again, and after a kill so may the next.
    expect(await greedy.want('drop')).toEqual([0, '0x0']);
    expect(await greedy.want('keys', WITHOUT_END)).toEqual([50_000, DEVICE_MEMORY]);
    greedy.talk.child.kill('SIGKILL');
    await greedy.talk.exit;
    const next = new Hoarder(at);
    expect(await next.want('keys', 20_000)).toEqual([20_000, '0x0']);
    expect(at.enginePid()).toBe(engine);
  });

  test('large objects, or larger ones of them, is refused by their bytes', async () => {
    const at = fresh(['[objects]', 'session_bytes_per_application = 4000000']);
    const well = await bystander(at);
    const greedy = new Hoarder(at);
    const [count, rv] = await greedy.want('objects', WITHOUT_END, 16_000);
    expect(rv).toBe(DEVICE_MEMORY);
    expect(count).toBeGreaterThan(235);
    expect(count).toBeLessThanOrEqual(250);
    await greedy.want('drop');
    expect(await greedy.want('objects', 3_000, 800)).toEqual([3_000, '0x0']);
    const [grown, refused] = await greedy.want('grow', 3_000, 1_000);
    expect(refused).toBe(DEVICE_MEMORY);
    expect(grown).toBeGreaterThan(500);
    expect(grown).toBeLessThan(1_600);
    // Shrinking gives back what growing took.
    expect(await greedy.want('grow', 3_000, 10)).toEqual([3_000, '0x0']);
    expect(await greedy.want('grow', grown - 50, 1_000)).toEqual([grown - 50, '0x0']);
    await well();
  });

  test('objects from several processes leaves something for others', async () => {
    const at = fresh(['[objects]', 'session_max_per_application = 6000', 'session_max_total = 10000']);
    const well = await bystander(at);
    const first = new Hoarder(at);
    const second = new Hoarder(at);
    expect(await first.want('keys', WITHOUT_END)).toEqual([6_000, DEVICE_MEMORY]);
    const [got, rv] = await second.want('keys', WITHOUT_END);
    expect(rv).toBe(DEVICE_MEMORY);
    expect(got).toBeGreaterThan(2_900);
    expect(got).toBeLessThanOrEqual(3_000);
    // Nobody may have more than a hundredth of what is left, but that he may have.
    const third = new Hoarder(at);
    expect(await third.want('keys', WITHOUT_END)).toEqual([100, DEVICE_MEMORY]);
    await well();
    expect(await first.want('drop')).toEqual([0, '0x0']);
    expect(await third.want('keys', 5_000)).toEqual([5_000, '0x0']);
  });

  test('keys that it destroys while they are in use pays for them until they are gone', async () => {
    const at = fresh(['[objects]', 'session_max_per_application = 500']);
    const greedy = new Hoarder(at);
    expect(await greedy.want('held', WITHOUT_END)).toEqual([500, DEVICE_MEMORY]);
    expect(await greedy.want('drop')).toEqual([0, '0x0']);
    expect(await greedy.want('keys', WITHOUT_END)).toEqual([500, DEVICE_MEMORY]);
  });

  test('objects on a token fills that token and nothing else', async () => {
    const at = fresh(['[objects]', 'token_max = 40', 'token_bytes = 100000']);
    const well = await bystander(at);
    const greedy = new Hoarder(at);
    expect(await greedy.want('store', WITHOUT_END, 10)).toEqual([40, DEVICE_MEMORY]);
    await well();
    await at.stopEngine();
    const again = new Hoarder(at);
    expect(await again.want('store', 1, 10)).toEqual([0, DEVICE_MEMORY]);
    expect(await again.want('keys', 10)).toEqual([10, '0x0']);
  });

  test('tokens is refused, too', async () => {
    const at = fresh(['[slots]', 'max_tokens = 4']);
    const well = await bystander(at);
    expect(await new Hoarder(at).want('tokens', WITHOUT_END)).toEqual([3, DEVICE_MEMORY]);
    await well();
  });
});

/** What the engine keeps for everybody, by its own account. */
function kept(at: Store): Record<string, number> {
  const said = execFileSync(path.join(ROOT, 'out/bin/strongroom'), ['engine', 'status', '--json'], {
    env: at.env,
  });
  const { kept: kinds } = JSON.parse(String(said)) as { kept: { name: string; used: number }[] };
  return Object.fromEntries(kinds.map(({ name, used }) => [name, used]));
}

test('what applications have had is given back to the last byte, whether they leave or are killed', {
  timeout: 300_000,
}, async () => {
  const at = fresh([]);
  const doAll = async (greedy: Hoarder) => {
    for (const wish of [
      'keys 600',
      'objects 300 5000',
      'grow 100 900',
      'digests 50',
      'keeps 20 10000',
      'finds 30',
      'held 40',
      'signing',
    ])
      expect((await greedy.talk.ask(wish, `${wish.split(' ')[0]} `, PATIENCE)).at(-1)).toContain(' 0x0');
  };
  const [leaves, dies, drops] = [new Hoarder(at), new Hoarder(at), new Hoarder(at)];
  for (const each of [leaves, dies, drops]) await doAll(each);
  const most = kept(at);
  expect(most.sessionObjects).toBeGreaterThanOrEqual(3 * 940);
  expect(most.sessionObjectBytes).toBeGreaterThan(3 * 300 * 5_000);
  expect(most.operations).toBeGreaterThanOrEqual(3 * 140);
  expect(most.operationBytes).toBeGreaterThan(3 * 20 * 10_000);
  dies.talk.child.kill('SIGKILL');
  await dies.talk.exit;
  await drops.want('signed');
  await drops.want('drop');
  await leaves.want('signed');
  expect(await leaves.talk.end()).toBe(0);
  const nothing = { sessions: 1, sessionObjects: 0, sessionObjectBytes: 0, operations: 0, operationBytes: 0 };
  let left = kept(at);
  for (let i = 0; i < 600 && JSON.stringify(left) !== JSON.stringify(nothing); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = kept(at);
  }
  expect(left).toEqual(nothing);
});

describe('where little memory may be locked', { timeout: 300_000 }, () => {
  const RLIMIT_MEMLOCK = 8;

  /** Somebody whose engine, should he start it, may lock eight mebibytes. */
  function confined(at: Store): Hoarder {
    return new Hoarder(at, [compile('confined'), `hard:${RLIMIT_MEMLOCK}:${8 << 20}`]);
  }

  test('and must be, an application that makes keys leaves room for those of others', async () => {
    const at = fresh(['[memory]', 'require_lock = true']);
    await at.stopEngine();
    const greedy = confined(at);
    expect(await greedy.want('drop')).toEqual([0, '0x0']);
    const well = await bystander(at);
    const [count, rv] = await greedy.want('keys', WITHOUT_END);
    expect(rv).toBe(DEVICE_MEMORY);
    expect(count).toBeGreaterThan(2_000);
    expect(count).toBeLessThan(40_000);
    expect(await greedy.want('use')).toEqual([count, '0x0']);
    expect(await new Hoarder(at).want('keys', 50)).toEqual([50, '0x0']);
    await well();
    // But for the few that somebody else has now, it may have as many again.
    expect(await greedy.want('drop')).toEqual([0, '0x0']);
    const [again, refused] = await greedy.want('keys', WITHOUT_END);
    expect(refused).toBe(DEVICE_MEMORY);
    expect(again).toBeGreaterThan(count - 200);
  });

  test('and need not, the engine goes on and says so', async () => {
    const at = fresh([]);
    await at.stopEngine();
    const greedy = confined(at);
    expect(await greedy.want('drop')).toEqual([0, '0x0']);
    const well = await bystander(at);
    expect(await greedy.want('keys', 40_000)).toEqual([40_000, '0x0']);
    await well();
    expect(await greedy.want('use')).toEqual([40_000, '0x0']);
    expect(engineLog(at)).toContain('could not all be locked');
  });
});

describe('an application that begins and does not end', { timeout: 300_000 }, () => {
  test('operations', async () => {
    const at = fresh(['[operations]', 'max_per_application = 300']);
    const well = await bystander(at);
    const greedy = new Hoarder(at);
    expect(await greedy.want('digests', WITHOUT_END)).toEqual([300, DEVICE_MEMORY]);
    expect(await greedy.want('finds', 1)).toEqual([0, DEVICE_MEMORY]);
    await well();
    await greedy.want('drop');
    expect(await greedy.want('digests', WITHOUT_END)).toEqual([300, DEVICE_MEMORY]);
  });

  test('decryptions whose ciphertext has to be kept', async () => {
    const at = fresh(['[operations]', 'bytes_per_application = 3000000']);
    const well = await bystander(at);
    const greedy = new Hoarder(at);
    // Room is made for half as much again.
    expect(await greedy.want('keeps', WITHOUT_END, 100_000)).toEqual([19, DEVICE_MEMORY]);
    await well();
    await greedy.want('drop');
    expect(await greedy.want('keeps', WITHOUT_END, 100_000)).toEqual([19, DEVICE_MEMORY]);
  });

  test('searches that have found a lot', async () => {
    const at = fresh(['[operations]', 'bytes_per_application = 800000']);
    const well = await bystander(at);
    const greedy = new Hoarder(at);
    expect(await greedy.want('keys', 1_000)).toEqual([1_000, '0x0']);
    // Eight bytes for each object found; what is on the token for everybody counts as well.
    const [count, rv] = await greedy.want('finds', WITHOUT_END);
    expect(rv).toBe(DEVICE_MEMORY);
    expect(count).toBeGreaterThan(90);
    expect(count).toBeLessThanOrEqual(100);
    await well();
  });

  test('sessions, from several processes', async () => {
    const at = fresh(['[sessions]', 'max_per_application = 4000', 'max_total = 6000']);
    const well = await bystander(at);
    const [mine, rv] = await new Hoarder(at).want('sessions', WITHOUT_END);
    expect(rv).toBe(SESSION_COUNT);
    expect(mine).toBeGreaterThan(3_900);
    const [others, refused] = await new Hoarder(at).want('sessions', WITHOUT_END);
    expect(refused).toBe(SESSION_COUNT);
    expect(others).toBeLessThan(1_600);
    expect((await new Hoarder(at).want('sessions', 10))[0]).toBe(10);
    await well();
  });
});
