import { describe, expect, it } from 'vitest';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import {
  enclave,
  loadPrivate,
  login,
  newToken,
  openStore,
  temporaryFolder,
  tokenAt,
} from '../../store/support.ts';
import { ask, template, type Value, World } from './world.ts';

const KEY: readonly (readonly [number, Value])[] = [
  [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
  [ck.CKA_KEY_TYPE, ck.CKK_GENERIC_SECRET],
  [ck.CKA_VALUE, 'kept across runs'],
  [ck.CKA_EXTRACTABLE, true],
  [ck.CKA_TOKEN, true],
];

describe('objects in the real store', () => {
  it('come back after a restart with their attributes, values and versions', () => {
    const folder = temporaryFolder();
    const first = openStore(folder);
    const { token, master } = newToken(first, 'objects');
    loadPrivate(first.store, token, master);
    const before = new World(enclave, { shelf: first.store.objects, record: token, master });
    const session = before.login('user');
    const create = (...entries: (readonly [number, Value])[]): number =>
      before.call(objectHandlers.C_CreateObject, session, { template: template(...entries) }).handle();
    const hidden = create(...KEY, [ck.CKA_LABEL, 'hidden']);
    const shown = create(...KEY, [ck.CKA_PRIVATE, false], [ck.CKA_LABEL, 'shown']);
    const doomed = create(...KEY, [ck.CKA_LABEL, 'doomed']);
    const set = { object: hidden, template: template([ck.CKA_LABEL, 'renamed']) };
    expect(before.call(objectHandlers.C_SetAttributeValue, session, set).rv).toBe(ck.CKR_OK);
    const copy = { object: shown, template: template([ck.CKA_LABEL, 'copy']) };
    expect(before.call(objectHandlers.C_CopyObject, session, copy).rv).toBe(ck.CKR_OK);
    expect(before.call(objectHandlers.C_DestroyObject, session, { object: doomed }).rv).toBe(ck.CKR_OK);
    const slot = token.slot;
    first.store.close();

    const second = openStore(folder);
    const again = tokenAt(second.store, slot);
    const opened = login(second.store, again);
    const after = new World(enclave, { shelf: second.store.objects, record: again, master: opened });
    after.objects.loadPublic();
    const visitor = after.login('none');
    expect(after.objects.find(visitor, [])).toHaveLength(2);
    expect(after.openPrivate(opened)).toBe(0);
    const user = after.login('user');
    expect(after.objects.find(user, template([ck.CKA_LABEL, 'doomed']))).toEqual([]);
    for (const label of ['renamed', 'shown', 'copy']) {
      const [found, ...more] = after.objects.find(user, template([ck.CKA_LABEL, label]));
      const object = found?.handle ?? 0;
      expect(more).toEqual([]);
      const answer = after.call(objectHandlers.C_GetAttributeValue, user, {
        object,
        template: ask(ck.CKA_VALUE),
      });
      expect(Buffer.from(answer.attribute().value ?? []).toString()).toBe('kept across runs');
      const change = { object, template: template([ck.CKA_ID, label]) };
      expect(after.call(objectHandlers.C_SetAttributeValue, user, change).rv).toBe(ck.CKR_OK);
      expect(after.call(objectHandlers.C_DestroyObject, user, { object }).rv).toBe(ck.CKR_OK);
    }
    expect(after.objects.count).toBe(0);
    second.store.close();
  });
});
