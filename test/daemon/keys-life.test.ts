/** Keys over time: requests that are repeated, lists in parts, an engine that goes, what a connection may know of another. */
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Idempotency } from '../../daemon/keys/idempotency.ts';
import { Snapshots } from '../../daemon/keys/snapshots.ts';
import { closeSession } from '../../module/engine/sessions/lifecycle.ts';
import { KeyAlgorithm as K, KeyClass, KeysClient } from '../../module/wire/generated/strongroom/v1/keys.ts';
import { ask, refused } from './support/local-door.ts';
import { bytes, named, userPin, World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.make();
});
afterAll(async () => {
  expect(world.door.log).toEqual([]);
  await world.close();
});

const all = async (label: string, keys = world.keys) =>
  (await ask(keys, keys.listKeys, { token: 'web', label, pageSize: 1000, pageToken: '' })).keys;

describe('a request that is repeated', () => {
  it('makes one key, also at the same time', async () => {
    const same = () => world.generate('once', K.KEY_ALGORITHM_EC_P256, {}, 'key-1');
    const made = await Promise.all(Array.from({ length: 20 }, same));
    made.push(await same());
    expect(new Set(made.map(({ key }) => key?.uniqueId)).size).toBe(1);
    expect(await all('once')).toHaveLength(2);
    await world.generate('once', K.KEY_ALGORITHM_EC_P256, {}, 'key-2');
    await world.generate('once', K.KEY_ALGORITHM_EC_P256);
    expect(await all('once')).toHaveLength(6);
  });

  it('with something else in it is refused', async () => {
    await world.generate('other', K.KEY_ALGORITHM_AES_128, {}, 'key-3');
    expect(await refused(world.generate('other', K.KEY_ALGORITHM_AES_256, {}, 'key-3'))).toMatchObject({
      code: status.ALREADY_EXISTS,
      fields: ['idempotency_key'],
    });
    expect(await all('other')).toHaveLength(1);
  });

  it('after it failed is tried again', async () => {
    const wish = { token: 'none' };
    expect((await refused(world.generate('later', K.KEY_ALGORITHM_AES_128, wish, 'key-4'))).code).toBe(
      status.NOT_FOUND,
    );
    await world.generate('later', K.KEY_ALGORITHM_AES_128, {}, 'key-4');
    expect(await all('later')).toHaveLength(1);
  });

  it('for a temporary key means the connection’s own', async () => {
    const keys = world.door.client(KeysClient);
    await ask(keys, keys.login, { token: 'web', pin: bytes(userPin) });
    const wish = { temporary: true };
    const mine = await world.generate('temporary', K.KEY_ALGORITHM_AES_128, wish, 'key-5');
    const spec = {
      token: '',
      label: 'temporary',
      id: new Uint8Array(0),
      algorithm: K.KEY_ALGORITHM_AES_128,
      bits: 0,
      usages: [],
      extractable: false,
      temporary: true,
    };
    const theirs = await ask(keys, keys.generateKey, { spec, idempotencyKey: 'key-5' });
    expect(theirs.key?.uniqueId).not.toBe(mine.key?.uniqueId);
    expect(await all('temporary')).toHaveLength(1);
    expect(await all('temporary', keys)).toHaveLength(1);
  });
});

describe('what is remembered', () => {
  let now: number;
  let made: Idempotency;
  let count: number;
  const once = (key: string, owner = 'me', request = 'request') =>
    made.once(owner, key, bytes(request), async () => ++count);
  beforeEach(() => {
    now = 0;
    count = 0;
    made = new Idempotency(() => now);
  });

  it('is forgotten after ten minutes, and not before', async () => {
    expect(await once('a')).toBe(1);
    now = 10 * 60_000 - 1;
    expect(await once('a')).toBe(1);
    now += 1;
    expect(await once('a')).toBe(2);
    expect(made.size).toBe(1);
  });

  it('is each identity’s own', async () => {
    expect(await once('a')).toBe(1);
    expect(await once('a', 'you')).toBe(2);
    expect(await once('a', 'you', 'request')).toBe(2);
    await expect(once('a', 'you', 'other')).rejects.toMatchObject({ code: status.ALREADY_EXISTS });
  });

  it('has bounds, and whoever comes to them is refused rather than forgotten', async () => {
    for (let key = 0; key < 1000; key++) await once(String(key));
    await expect(once('more')).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(await once('999')).toBe(1000);
    expect(await once('more', 'you')).toBe(1001);
    now = 10 * 60_000;
    expect(await once('more')).toBe(1002);
    expect(made.size).toBe(1);
  });

  it('is nothing where no key was given, or nothing was made', async () => {
    await once('');
    await expect(made.once('me', 'bad', bytes('x'), () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(made.size).toBe(0);
  });
});

describe('a list', () => {
  it('comes in parts, whose keys are all those that were there, once each', async () => {
    const spec = { usages: [] };
    for (let i = 0; i < 25; i++) await world.generate('listed', K.KEY_ALGORITHM_AES_128, spec);
    const { keys } = world;
    const seen: string[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const page = await ask(keys, keys.listKeys, { token: '', label: 'listed', pageSize: 7, pageToken });
      for (const { uniqueId, keyClass } of page.keys) {
        expect(keyClass).toBe(KeyClass.KEY_CLASS_SECRET);
        seen.push(uniqueId);
      }
      pages++;
      // What comes meanwhile is not in it, and what goes is left out.
      await world.generate('listed', K.KEY_ALGORITHM_AES_128, spec);
      if (pages === 2) {
        const again = await ask(keys, keys.listKeys, { token: '', label: 'listed', pageSize: 7, pageToken });
        expect(again.keys.map(({ uniqueId }) => uniqueId)).toEqual(page.keys.map(({ uniqueId }) => uniqueId));
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(pages).toBe(4);
    expect(new Set(seen).size).toBe(25);
  });

  it('goes on only where it began, and with the same question', async () => {
    const { keys } = world;
    const first = await ask(keys, keys.listKeys, { token: '', label: 'listed', pageSize: 1, pageToken: '' });
    const request = { token: '', label: 'listed', pageSize: 1, pageToken: first.nextPageToken };
    expect((await refused(ask(keys, keys.listKeys, { ...request, label: 'other' }))).fields).toEqual([
      'page_token',
    ]);
    const others = world.door.client(KeysClient);
    expect((await refused(ask(others, others.listKeys, request))).fields).toEqual(['page_token']);
    // No handle, and nothing that is one in other letters.
    expect(first.nextPageToken).toMatch(/^[\w-]{16}\.1$/);
  });
});

describe('where lists stopped', () => {
  const list = (length: number) => ({
    slots: [{ slot: 0, objects: new Float64Array(length) }],
    question: '',
  });

  it('is kept for four lists of an owner, so many objects in all, and nobody else', () => {
    const all = new Snapshots(100);
    const [me, you] = [{}, {}];
    const names = [1, 2, 3, 4, 5].map((length) => all.keep(me, list(length)));
    expect(names.map((name) => all.get(me, name) !== undefined)).toEqual([false, true, true, true, true]);
    expect(names.map((name) => all.get(you, name))).toEqual(Array(5).fill(undefined));
    const large = all.keep(you, list(95));
    expect(names.map((name) => all.get(me, name) !== undefined)).toEqual([false, false, false, false, true]);
    all.forget(me);
    expect(all.size).toBe(1);
    const larger = all.keep(me, list(1000));
    expect([all.get(you, large), all.get(me, larger)?.slots[0]?.objects.length]).toEqual([undefined, 1000]);
  });
});

describe('a connection', () => {
  it('sees no private key before it has logged in, whatever others did', async () => {
    await world.generate('hidden', K.KEY_ALGORITHM_AES_128);
    const keys = world.door.client(KeysClient);
    expect(await all('hidden', keys)).toEqual([]);
    expect(await refused(ask(keys, keys.destroyKey, { key: named('hidden') }))).toMatchObject({
      code: status.NOT_FOUND,
      message: expect.stringContaining('Login'),
    });
    await ask(keys, keys.login, { token: 'web', pin: bytes(userPin) });
    expect(await all('hidden', keys)).toHaveLength(1);
    await ask(keys, keys.logout, { token: 'web' });
    expect(await all('hidden', keys)).toEqual([]);
  });

  it('whose sessions the engine has ended has new ones at the next call', async () => {
    const { engine } = world.door.engine;
    const keys = world.door.client(KeysClient);
    const random = () => ask(keys, keys.generateRandom, { token: '', length: 8 });
    await random();
    for (const app of engine.applications.values())
      for (const session of [...app.sessions.values()]) closeSession(engine, session);
    expect(await refused(random())).toMatchObject({
      code: status.UNAVAILABLE,
      reason: 'CKR_SESSION_HANDLE_INVALID',
    });
    expect((await random()).random).toHaveLength(8);
  });

  it('whose engine has gone is told so, and served again by the next', async () => {
    const { engine } = world.door;
    const keys = world.door.client(KeysClient);
    const random = () => ask(keys, keys.generateRandom, { token: '', length: 8 });
    await random();
    engine.down = true;
    expect(await refused(random())).toMatchObject({ code: status.UNAVAILABLE, reason: 'CKR_DEVICE_REMOVED' });
    engine.callers.at(-1)?.onGone?.();
    for (let again = 0; again < 20; again++) expect((await refused(random())).code).toBe(status.UNAVAILABLE);
    engine.down = false;
    expect((await random()).random).toHaveLength(8);
    // However often it was tried.
    expect([...world.door.connections.values()].map(({ listeners }) => listeners)).toContain(1);
    for (const { listeners } of world.door.connections.values()) expect(listeners).toBeLessThanOrEqual(1);
  });
});
