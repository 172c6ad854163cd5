/** The many objects of a session that ends: gone at once for whoever looks, removed little by little, and paid for until then. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { findHandlers } from '../../../module/engine/calls/find.ts';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { Kept, Quotas } from '../../../module/engine/policy/quotas.ts';
import type { Session } from '../../../module/engine/sessions/application.ts';
import { Application } from '../../../module/engine/sessions/application.ts';
import { template, World } from './world.ts';

const MANY = 3_000;
const wide = { perApplication: 1_000_000, total: 10_000_000 };

const value = (isPrivate: boolean) =>
  template([ck.CKA_CLASS, ck.CKO_DATA], [ck.CKA_PRIVATE, isPrivate], [ck.CKA_VALUE, 'the value']);

/** Whatever waits for its next slice gets it. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

class Scene {
  readonly world = new World();
  readonly quotas = new Quotas([wide, { perApplication: MANY, total: 100 * MANY }, wide, wide, wide]);
  readonly app = new Application(
    7,
    { pid: 1, uid: 0, gid: 0, groups: [], executable: '' },
    this.quotas.account(),
  );

  constructor() {
    this.app.setLogin(this.world.token, 'user');
  }

  session(): Session {
    return this.world.session(this.app);
  }

  make(session: Session, isPrivate = false): number {
    return this.world.call(objectHandlers.C_CreateObject, session, { template: value(isPrivate) }).rv;
  }

  fill(session: Session, isPrivate = false): void {
    for (let i = 0; i < MANY; i++) expect(this.make(session, isPrivate)).toBe(ck.CKR_OK);
    expect(this.make(session, isPrivate)).toBe(ck.CKR_DEVICE_MEMORY);
  }

  found(session: Session): number {
    expect(this.world.call(findHandlers.C_FindObjectsInit, session, { template: [] }).rv).toBe(ck.CKR_OK);
    const answer = this.world.call(findHandlers.C_FindObjects, session, { maxCount: 2 * MANY }, 1 << 20);
    session.endAll();
    return answer.ulong();
  }

  close(session: Session): void {
    session.closed = true;
    session.endAll();
    this.world.objects.dropSession(session);
    this.app.sessions.delete(session.handle);
  }

  get held(): number {
    return this.app.account.held[Kept.Objects] ?? 0;
  }
}

describe('the objects of a session that ends', () => {
  test('are seen by nobody from then on, and removed in slices', async () => {
    const scene = new Scene();
    const [ending, other] = [scene.session(), scene.session()];
    scene.fill(ending);
    expect(scene.found(other)).toBe(MANY);
    const handle = [...ending.ownObjects][10]?.handle ?? 0;
    scene.close(ending);
    expect(scene.found(other)).toBe(0);
    expect(scene.world.call(objectHandlers.C_GetObjectSize, other, { object: handle }).rv).toBe(
      ck.CKR_OBJECT_HANDLE_INVALID,
    );
    const left = scene.held;
    expect(left).toBeGreaterThan(MANY / 2);
    await turn();
    expect(scene.held).toBeLessThan(left);
    expect(scene.held).toBeGreaterThan(MANY / 2);
    while (scene.world.slices.waiting) await turn();
    expect(scene.held).toBe(0);
    expect(scene.app.account.held[Kept.ObjectBytes]).toBe(0);
    expect(scene.world.objects.count).toBe(0);
  });

  test('make room for who needs it, before he is refused', async () => {
    const scene = new Scene();
    for (let round = 0; round < 3; round++) {
      const session = scene.session();
      scene.fill(session);
      scene.close(session);
    }
    while (scene.world.slices.waiting) await turn();
    expect(scene.held).toBe(0);
  });

  test('at a logout the private ones alone, and a login brings none back', async () => {
    const scene = new Scene();
    const session = scene.session();
    scene.fill(session, true);
    scene.app.setLogin(scene.world.token, 'none');
    scene.world.objects.dropPrivateSessionObjects(scene.app);
    expect(scene.found(session)).toBe(0);
    scene.app.setLogin(scene.world.token, 'user');
    expect(scene.found(session)).toBe(0);
    expect(scene.make(session)).toBe(ck.CKR_OK);
    // The session ends while its objects still leave.
    scene.close(session);
    while (scene.world.slices.waiting) await turn();
    expect(scene.held).toBe(0);
    expect(scene.world.objects.count).toBe(0);
  });
});

test('names of private objects are forgotten with them, for an application that makes and destroys without end', async () => {
  const world = new World();
  const stays = world.login('user');
  const comes = world.login('user');
  world.objects.retirePrivateHandles(comes.app);
  const first = world.call(objectHandlers.C_CreateObject, stays, {
    template: template([ck.CKA_CLASS, ck.CKO_DATA], [ck.CKA_TOKEN, true], [ck.CKA_PRIVATE, true]),
  });
  expect(first.rv).toBe(ck.CKR_OK);
  const weak: WeakRef<object>[] = [];
  for (let i = 0; i < 500; i++) {
    const made = world.call(objectHandlers.C_CreateObject, comes, {
      template: template([ck.CKA_CLASS, ck.CKO_DATA], [ck.CKA_TOKEN, true], [ck.CKA_PRIVATE, true]),
    });
    const handle = made.handle();
    weak.push(new WeakRef(world.objects.get(comes, handle)));
    expect(world.call(objectHandlers.C_DestroyObject, comes, { object: handle }).rv).toBe(ck.CKR_OK);
  }
  expect(world.objects.count).toBe(1);
  // What has been looked at lives until this turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  expect(weak.filter((each) => each.deref() !== undefined).length).toBeLessThan(200);
});
