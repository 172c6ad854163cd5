/** How long a value may be, by its attribute: in every template, and inside arrays of attributes. */
import { describe, expect, it } from 'vitest';
import { findHandlers } from '../../../module/engine/calls/find.ts';
import { objectHandlers } from '../../../module/engine/calls/objects.ts';
import { attributeMost, rulesFor } from '../../../module/engine/generated/attributes.ts';
import * as ck from '../../../module/engine/generated/constants.ts';
import { attributeRows, mostOf } from '../../../schema/cryptoki/attributes.ts';
import { template, type Value, World } from './world.ts';

const MEBI = 1024 * 1024;
const OPEN_ENDED = new Set(['utf8', 'bytes', 'bigint', 'ulongs']);
type Entry = readonly [number, Value];

const DATA: readonly Entry[] = [
  [ck.CKA_CLASS, ck.CKO_DATA],
  [ck.CKA_PRIVATE, false],
];
const KEY: readonly Entry[] = [
  [ck.CKA_CLASS, ck.CKO_SECRET_KEY],
  [ck.CKA_KEY_TYPE, ck.CKK_AES],
  [ck.CKA_VALUE, new Uint8Array(16).fill(7)],
];
const of = (type: number, length: number): Entry => [type, new Uint8Array(length).fill(0x61)];

function create(world: World, ...entries: Entry[]) {
  return world.call(objectHandlers.C_CreateObject, world.login('user'), { template: template(...entries) });
}

describe('values', () => {
  it('have a bound wherever their type leaves their length open', () => {
    for (const row of attributeRows)
      expect(mostOf(row) !== undefined, row.name).toBe(OPEN_ENDED.has(row.type));
    expect(attributeMost(ck.CKA_LABEL)).toBe(4096);
    expect(attributeMost(ck.CKA_VALUE)).toBe(4 * MEBI);
  });

  it('that all are as long as they may be make an object that fits one request', () => {
    const sum = [...(rulesFor(ck.CKO_CERTIFICATE, ck.CKC_X_509)?.values() ?? [])]
      .map((rule) => Math.min(attributeMost(rule.attribute), 8 * MEBI))
      .filter((most) => most < 8 * MEBI)
      .reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(4 * MEBI);
    expect(sum).toBeLessThan(8 * MEBI);
  });

  it.each([
    [ck.CKA_LABEL, 4096],
    [ck.CKA_APPLICATION, 4096],
    [ck.CKA_OBJECT_ID, 4096],
    [ck.CKA_VALUE, 4 * MEBI],
  ])('of attribute %i are taken up to their bound, and refused beyond', (type, most) => {
    const world = new World();
    expect(create(world, ...DATA, of(type, most)).rv).toBe(ck.CKR_OK);
    for (const length of [most + 1, 15 * MEBI])
      expect(create(world, ...DATA, of(type, length)).rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
  });

  it('are refused in changes and copies too, which leave everything as it was', () => {
    const world = new World();
    const session = world.login('user');
    const made = { template: template(...KEY, [ck.CKA_LABEL, 'short']) };
    const object = world.call(objectHandlers.C_CreateObject, session, made).handle();
    for (const entry of [of(ck.CKA_LABEL, 4097), of(ck.CKA_ID, 15 * MEBI)]) {
      for (const handler of [objectHandlers.C_SetAttributeValue, objectHandlers.C_CopyObject]) {
        const { rv } = world.call(handler, session, { object, template: template(entry) });
        expect(rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
      }
    }
    const { attributes } = world.objects.get(session, object);
    expect(Buffer.from(attributes.bytes(ck.CKA_LABEL) ?? []).toString()).toBe('short');
  });

  it('inside an array of attributes have the same bound', () => {
    const wraps = (length: number): Entry => [ck.CKA_WRAP_TEMPLATE, [of(ck.CKA_LABEL, length)]];
    const world = new World();
    expect(create(world, ...KEY, wraps(4096)).rv).toBe(ck.CKR_OK);
    expect(create(world, ...KEY, wraps(4097)).rv).toBe(ck.CKR_ATTRIBUTE_VALUE_INVALID);
  });

  it('beyond their bound are looked for in vain, which is no error', () => {
    const world = new World();
    const session = world.login('user');
    const { rv } = world.call(findHandlers.C_FindObjectsInit, session, {
      template: template(of(ck.CKA_LABEL, 15 * MEBI)),
    });
    expect(rv).toBe(ck.CKR_OK);
    const found = world.call(findHandlers.C_FindObjects, session, { maxCount: 10 });
    expect([found.rv, found.handle()]).toEqual([ck.CKR_OK, 0]);
  });
});
