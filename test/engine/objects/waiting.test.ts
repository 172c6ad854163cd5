/** Objects that the index has not taken into its lists yet are found, changed and removed as all others are, and in their order. */
import { expect, test } from 'vitest';
import { CKA_CLASS, CKA_LABEL, CKA_VALUE, CKO_DATA } from '../../../module/engine/generated/constants.ts';
import { AttributeSet, ulongValue } from '../../../module/engine/objects/attribute-set.ts';
import { ObjectIndex } from '../../../module/engine/objects/index.ts';
import { TokenObject } from '../../../module/engine/objects/object.ts';
import { Query } from '../../../module/engine/objects/query.ts';
import { template, World } from './world.ts';

const world = new World();

function objectOf(number: number): TokenObject {
  const attributes = AttributeSet.from([
    [CKA_CLASS, ulongValue(CKO_DATA)],
    [CKA_LABEL, new TextEncoder().encode('one')],
    [CKA_VALUE, ulongValue(number)],
  ]);
  return new TokenObject(number, world.token, undefined, false, attributes, 0, undefined);
}

function found(index: ObjectIndex, label: string): number[] {
  const objects: TokenObject[] = [];
  index.collect(new Query(template([CKA_LABEL, label]), world.enclave, { answer: () => undefined }), objects);
  return objects.map(({ handle }) => handle);
}

function visited(index: ObjectIndex): number[] {
  return [...index.made()].map(({ handle }) => handle).sort((a, b) => a - b);
}

test.each([0, 1, 15, 16, 17, 24, 25, 100])('%i objects that nobody has searched among', (count) => {
  const index = new ObjectIndex();
  const all = Array.from({ length: count }, (_, i) => objectOf(i + 1));
  for (const object of all) index.add(object);
  const handles = all.map(({ handle }) => handle);
  expect(index.size).toBe(count);
  expect(visited(index)).toEqual(handles);
  expect(found(index, 'one')).toEqual(handles);
  expect(visited(index)).toEqual(handles);
  expect(index.size).toBe(count);
});

test('come and go in any order, with and without searches between', () => {
  const index = new ObjectIndex();
  const present: TokenObject[] = [];
  let made = 0;
  for (let step = 0; step < 2000; step++) {
    // A pattern without a period that the lists could like.
    const turn = (step * 7919) % 23;
    const place = (step * 31) % Math.max(1, present.length);
    if (turn < 11 || present.length === 0) {
      const object = objectOf(++made);
      index.add(object);
      present.push(object);
    } else if (turn < 20) {
      index.remove(present.splice(place, 1)[0] as TokenObject);
    } else if (turn < 22) {
      const object = present[place] as TokenObject;
      object.attributes = object.attributes.with([[CKA_LABEL, new TextEncoder().encode('other')]]);
      index.update(object);
    } else {
      const ordinary = found(index, 'one');
      const changed = found(index, 'other');
      expect([...ordinary, ...changed].sort((a, b) => a - b)).toEqual(
        present.map(({ handle }) => handle).sort((a, b) => a - b),
      );
      expect(ordinary).toEqual(ordinary.toSorted((a, b) => a - b));
    }
    expect(index.size).toBe(present.length);
  }
});
