/** The first login on a token of many objects: in slices, with whatever can come between two of them. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { objectHandlers } from '../../module/engine/calls/objects.ts';
import * as ck from '../../module/engine/generated/constants.ts';
import type { Session } from '../../module/engine/sessions/application.ts';
import { behindItsBack } from '../store/support.ts';
import { fillLabel, fillStore } from '../support/fill.ts';
import { enclave, Host } from './host.ts';
import { template } from './objects/world.ts';

/** Some thirty steps of a load. */
const OBJECTS = 2_000;

let folder: string;
let host: Host;
let keysBefore: number;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'strongroom-opening-'));
  fillStore(enclave, folder, [
    { label: 'many', objects: OBJECTS, kind: 'aes' },
    { label: 'few', objects: 3, kind: 'aes' },
  ]);
  host = new Host(folder);
  keysBefore = enclave.status().keys;
});

afterEach(() => {
  host.engine.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Lets the login come as far as its first slices, and gives its answer to come. */
async function loading(session: Session): Promise<{ login: Promise<number> }> {
  const login = host.login(session);
  for (let turn = 0; session.token.opening === undefined; turn++) {
    if (turn > 1_000_000) throw new Error('the load does not begin');
    await host.turn();
  }
  await host.turn();
  expect(session.token.opening).toBeDefined();
  return { login };
}

function addData(session: Session, label: string): Promise<number> {
  return host.call(objectHandlers.C_CreateObject, session, {
    template: template(
      [ck.CKA_CLASS, ck.CKO_DATA],
      [ck.CKA_TOKEN, true],
      [ck.CKA_PRIVATE, false],
      [ck.CKA_LABEL, label],
      [ck.CKA_VALUE, label],
    ),
  });
}

describe('a load in slices', () => {
  test('another application is answered between any two of them', async () => {
    const bystander = host.session(host.app(), 1);
    expect(await host.answered(host.login(bystander))).toBe(ck.CKR_OK);
    const user = host.session();
    const login = host.login(user);
    const before = host.slices.count;
    let answered = 0;
    const rv = await host.answered(login, () => {
      answered += host.find(bystander, fillLabel(1)).length;
    });
    expect(rv).toBe(ck.CKR_OK);
    const slices = host.slices.count - before;
    expect(slices).toBeGreaterThan(OBJECTS / 64);
    expect(answered).toBeGreaterThanOrEqual(slices - 1);
    expect(host.find(user)).toHaveLength(OBJECTS);
    expect(host.find(user, fillLabel(OBJECTS - 1))).toHaveLength(1);
  });

  test('nobody sees an object before the last one has been checked', async () => {
    const user = host.session();
    const seen = new Set<number>();
    const rv = await host.answered(host.login(user), () => {
      seen.add(host.find(user).length);
    });
    expect(rv).toBe(ck.CKR_OK);
    expect([...seen].filter((count) => count !== 0 && count !== OBJECTS)).toEqual([]);
  });

  test('a second application waits for the same load', async () => {
    const load = vi.spyOn(host.engine.store.objects, 'loadPrivate');
    const users = [host.session(), host.session(), host.session()];
    const answers = users.map((user) => host.answered(host.login(user)));
    expect(await Promise.all(answers)).toEqual([ck.CKR_OK, ck.CKR_OK, ck.CKR_OK]);
    expect(load).toHaveBeenCalledTimes(1);
    for (const user of users) expect(host.find(user, fillLabel(7))).toHaveLength(1);
    for (const user of users) expect(await host.logout(user)).toBe(ck.CKR_OK);
    // The PIN's quick slot may keep one.
    expect(enclave.status().keys).toBeLessThanOrEqual(keysBefore + 1);
  });

  test('a second thread of the same application is told that it is logged in', async () => {
    const app = host.app();
    const answers = [host.session(app), host.session(app)].map((user) => host.answered(host.login(user)));
    expect(await Promise.all(answers)).toEqual([ck.CKR_OK, ck.CKR_USER_ALREADY_LOGGED_IN]);
  });

  test.each(['session', 'application'])('ends with the %s that waited for it', async (what) => {
    const user = host.session();
    const { login } = await loading(user);
    if (what === 'session') host.close(user);
    else host.end(user.app);
    expect(await host.answered(login)).toBe(ck.CKR_SESSION_CLOSED);
    const { opening, master, users, objects } = host.token();
    expect({ opening, master, users: users.size, objects: objects.count }).toEqual({
      opening: undefined,
      master: 0,
      users: 0,
      objects: 0,
    });
    const again = host.session();
    expect(await host.answered(host.login(again))).toBe(ck.CKR_OK);
    expect(host.find(again)).toHaveLength(OBJECTS);
  });

  test('goes on for the one who stays', async () => {
    const [gone, stays] = [host.session(), host.session()];
    const { login: first } = await loading(gone);
    const second = host.login(stays);
    host.end(gone.app);
    expect(await host.answered(second)).toBe(ck.CKR_OK);
    expect(await host.answered(first)).toBe(ck.CKR_SESSION_CLOSED);
    expect(host.find(stays)).toHaveLength(OBJECTS);
  });

  test('a logout during it is none', async () => {
    const user = host.session();
    const { login } = await loading(user);
    expect(await host.logout(user)).toBe(ck.CKR_USER_NOT_LOGGED_IN);
    expect(await host.answered(login)).toBe(ck.CKR_OK);
  });

  test('an application that became the security officer meanwhile is not made the user', async () => {
    const user = host.session();
    const { login } = await loading(user);
    user.app.setLogin(user.token, 'so');
    expect(await host.answered(login)).toBe(ck.CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
    expect([host.token().master, host.token().objects.count]).toEqual([0, 0]);
    user.app.setLogin(user.token, 'none');
  });

  test('the token is initialised during it', async () => {
    const user = host.session();
    const { login } = await loading(user);
    const other = host.session(host.app(), 1);
    host.close(user);
    const initialised = host.initToken(other);
    expect(await host.answered(initialised)).toBe(ck.CKR_OK);
    expect(await host.answered(login)).toBe(ck.CKR_SESSION_CLOSED);
    expect(host.token().record.problem).toBeNull();
    expect(host.token().objects.count).toBe(0);
  });

  test('public objects come, change and go meanwhile', async () => {
    const guest = host.session();
    const alive = new Map<string, number>();
    const keep = (label: string): void => {
      const [handle = 0] = host.find(guest, label);
      alive.set(label, handle);
    };
    // Confirmed by a login, so that what happens to them next leaves tombstones.
    for (let i = 0; i < 100; i++) await addData(guest, `before ${i}`).then(() => keep(`before ${i}`));
    const first = host.session();
    expect(await host.answered(host.login(first))).toBe(ck.CKR_OK);
    host.engine.close();
    host = new Host(folder);
    const stranger = host.session();
    alive.clear();
    for (const handle of host.find(stranger)) alive.set(`${handle}`, handle);
    expect(alive.size).toBe(100);
    const user = host.session();
    let step = 0;
    const rv = await host.answered(host.login(user), () => {
      const [name, object = 0] = [...alive][(step * 7919) % alive.size] ?? [''];
      if (step % 3 === 0) {
        void host.call(objectHandlers.C_DestroyObject, stranger, { object });
        alive.delete(name);
      } else if (step % 3 === 1) {
        const change = template([ck.CKA_LABEL, `changed ${step}`]);
        void host.call(objectHandlers.C_SetAttributeValue, stranger, { object, template: change });
      } else {
        void addData(stranger, `new ${step}`);
        const [handle = 0] = host.find(stranger, `new ${step}`);
        alive.set(`new ${step}`, handle);
      }
      step++;
    });
    expect(rv).toBe(ck.CKR_OK);
    expect(step).toBeGreaterThan(30);
    expect(host.find(stranger).sort()).toEqual([...alive.values()].sort());
    host.engine.close();
    // The next run finds it all as it was left, by both keys.
    host = new Host(folder);
    const later = host.session();
    expect(host.find(later)).toHaveLength(alive.size);
    expect(await host.answered(host.login(later))).toBe(ck.CKR_OK);
    expect(host.find(later)).toHaveLength(alive.size + OBJECTS);
  });

  test.each([
    ['the last row is gone', 'DELETE FROM objects WHERE id = (SELECT max(id) FROM objects WHERE slot = 0)'],
    [
      'the last row is another',
      "UPDATE objects SET value = x'00' WHERE id = (SELECT max(id) FROM objects WHERE slot = 0)",
    ],
    [
      'the last seal is broken',
      'UPDATE objects SET attributes = zeroblob(500) WHERE id = (SELECT max(id) FROM objects WHERE slot = 0)',
    ],
    [
      'a row is not of the form',
      'UPDATE objects SET version = -1 WHERE id = (SELECT max(id) FROM objects WHERE slot = 0)',
    ],
  ])('%s: nothing of the token is served', async (_, change) => {
    host.engine.close();
    behindItsBack(folder, (db) => db.exec(change));
    host = new Host(folder);
    const user = host.session();
    const seen = new Set<number>();
    const rv = await host.answered(host.login(user), () => {
      seen.add(host.find(user).length);
    });
    expect(rv).toBe(ck.CKR_DEVICE_ERROR);
    expect([...seen]).toEqual([0]);
    expect(host.token().record.problem?.kind).toBe('tampered');
    expect([host.token().master, host.token().users.size]).toEqual([0, 0]);
    // Another token goes on.
    const other = host.session(host.app(), 1);
    expect(await host.answered(host.login(other))).toBe(ck.CKR_OK);
  });
});

describe('when objects leave', () => {
  test('handles die at once, and keys are freed in slices', async () => {
    const user = host.session();
    expect(await host.answered(host.login(user))).toBe(ck.CKR_OK);
    const { objects } = host.token();
    const handles = host.find(user);
    for (const handle of handles) objects.getKey(user, handle).key();
    const open = enclave.status().keys;
    expect(open).toBeGreaterThanOrEqual(OBJECTS);
    const held = objects.getKey(user, handles[OBJECTS - 1] ?? 0);
    held.hold();
    expect(await host.logout(user)).toBe(ck.CKR_OK);
    expect(objects.count).toBe(0);
    expect(held.dead).toBe(true);
    // In use still, by an operation that has not ended.
    expect(held.openHandle).not.toBe(0);
    expect(await host.answered(host.login(user))).toBe(ck.CKR_OK);
    expect(() => objects.get(user, handles[0] ?? 0)).toThrow('no such object');
    while (host.slices.waiting) await host.turn();
    const orphan = held.letGo();
    expect(orphan).not.toBe(0);
    enclave.keyFree(orphan);
    expect(enclave.status().keys).toBeLessThanOrEqual(keysBefore + 2); // the master key and the quick slot's
  });

  test('session objects of a closed session are found no more', async () => {
    const app = host.app();
    const [owner, other] = [host.session(app), host.session(app)];
    for (let i = 0; i < 300; i++)
      await host.call(objectHandlers.C_CreateObject, owner, {
        template: template([ck.CKA_CLASS, ck.CKO_DATA], [ck.CKA_PRIVATE, false], [ck.CKA_LABEL, 'fleeting']),
      });
    const handles = host.find(other, 'fleeting');
    expect(handles).toHaveLength(300);
    host.close(owner);
    expect(host.find(other, 'fleeting')).toEqual([]);
    expect(() => host.token().objects.get(other, handles[299] ?? 0)).toThrow('no such object');
    while (host.slices.waiting) await host.turn();
    expect(host.token().objects.count).toBe(0);
  });

  test('a token is initialised anew', async () => {
    const other = host.session(host.app(), 1);
    await addData(host.session(), 'one').catch(() => undefined);
    for (const app of [...host.engine.applications.values()]) if (app !== other.app) host.end(app);
    expect(await host.answered(host.initToken(other))).toBe(ck.CKR_OK);
    expect(host.token().objects.count).toBe(0);
    expect(host.find(host.session())).toEqual([]);
  });
});
