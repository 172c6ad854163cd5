/** Objects that rest: found by handle and by id, whatever came between their handles, and gone for good when they are gone. */
import { expect, test } from 'vitest';
import type { TokenObject } from '../../../module/engine/objects/object.ts';
import { Slots } from '../../../module/engine/objects/slots.ts';

const COUNT = 3_000;

function idOf(number: number): Uint8Array {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(0, number * 1_000_003);
  return id;
}

test('each handle and id leads to its object, and no other does', () => {
  const woken: number[] = [];
  const slots = new Slots((_bytes, at, handle) => {
    woken.push(at / 32);
    return { handle, slot: -1 } as TokenObject;
  });
  const bytes = new Uint8Array(COUNT * 32);
  // Every hundredth handle is somebody else's.
  const handleOf = (number: number): number => 7 + number + Math.floor(number / 100);
  for (let number = 0; number < COUNT; number++) {
    bytes.set(idOf(number), number * 32);
    expect(slots.rest(bytes, number * 32, handleOf(number))).toBe(number);
  }
  expect([slots.length, slots.rested]).toEqual([COUNT, COUNT]);
  const known = new Set(Array.from({ length: COUNT }, (_, number) => handleOf(number)));
  for (let handle = 0; handle < handleOf(COUNT - 1) + 10; handle++)
    expect(slots.byHandle(handle)?.handle).toBe(known.has(handle) ? handle : undefined);
  for (let number = 0; number < COUNT; number++) {
    const object = slots.byId(idOf(number));
    expect(object).toBe(slots.byHandle(handleOf(number)));
    expect(object?.slot).toBe(number);
  }
  expect(slots.byId(new Uint8Array(16).fill(0xff))).toBeUndefined();
  // Each was made once.
  expect(woken).toEqual(Array.from({ length: COUNT }, (_, number) => number));
  slots.put(undefined, 5);
  expect([slots.at(5), slots.byId(idOf(5)), slots.byHandle(handleOf(5))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(slots.byId(idOf(6))?.slot).toBe(6);
  const newcomer = { handle: 1, slot: -1 } as TokenObject;
  expect(slots.put(newcomer)).toBe(COUNT);
  expect(slots.at(COUNT)).toBe(newcomer);
  expect([...slots.made()]).toHaveLength(COUNT);
});
