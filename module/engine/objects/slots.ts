/**
 * The objects of an index, by slot. What a load brings rests in the bytes that it came in, and becomes an object when somebody asks for it:
 * among a hundred thousand keys most are never used between two logins, and an object costs as much memory as its attributes.
 */
import type { TokenObject } from './object.ts';

/** Makes an object of the OpenedRow of store/rows.ts at that place. */
export type Wake = (bytes: Uint8Array, at: number, handle: number) => TokenObject;

const SHIFT = 10;
const MASK = (1 << SHIFT) - 1;

export class Slots {
  readonly #wake: Wake;
  /** By the upper bits of the slot; pieces where no object was made are missing. */
  readonly #objects: ((TokenObject | undefined)[] | undefined)[] = [];
  readonly #pieces: Uint8Array[] = [];
  /** For each slot the number of its row's piece, counted from 1 and negative when the object is gone, and the place in it. */
  #rows = new Int32Array(0);
  /** Handles follow each other as slots do, but for some places: the handle there, and the slot. */
  readonly #runHandles: number[] = [];
  readonly #runSlots: number[] = [];
  #length = 0;
  #rested = 0;

  constructor(wake: Wake) {
    this.#wake = wake;
  }

  /** How many slots there have been. */
  get length(): number {
    return this.#length;
  }

  /** How many of the first slots got a row that rests; they are in the order of the rows' ids. */
  get rested(): number {
    return this.#rested;
  }

  /** Makes room for so many rows, so that it need not be made while they come. */
  reserve(count: number): void {
    const wanted = 2 * (this.#length + count);
    if (wanted <= this.#rows.length) return;
    const larger = new Int32Array(wanted);
    larger.set(this.#rows);
    this.#rows = larger;
  }

  /** A new slot, for a row that rests. Rows come in the order of their ids, before any object is put in. */
  rest(bytes: Uint8Array, at: number, handle: number): number {
    const slot = this.#length++;
    this.#rested = this.#length;
    if (2 * slot >= this.#rows.length) this.reserve(Math.max(16, slot));
    if (this.#pieces.at(-1) !== bytes) this.#pieces.push(bytes);
    this.#rows[2 * slot] = this.#pieces.length;
    this.#rows[2 * slot + 1] = at;
    if (slot === 0 || this.#handleOf(slot) !== handle) {
      this.#runHandles.push(handle);
      this.#runSlots.push(slot);
    }
    return slot;
  }

  /** Puts an object in a slot, a new one unless given; or nothing. */
  put(object: TokenObject | undefined, slot = this.#length): number {
    if (slot === this.#length) this.#length++;
    else if (object === undefined && slot < this.#rested) this.#gone(slot);
    const piece = slot >> SHIFT;
    let objects = this.#objects[piece];
    if (objects === undefined) {
      objects = new Array<TokenObject | undefined>(MASK + 1).fill(undefined);
      this.#objects[piece] = objects;
    }
    objects[slot & MASK] = object;
    return slot;
  }

  /** The object in a slot, made now if its row has rested. */
  at(slot: number): TokenObject | undefined {
    return this.#objects[slot >> SHIFT]?.[slot & MASK] ?? this.#awake(slot);
  }

  #awake(slot: number): TokenObject | undefined {
    if (slot >= this.#rested) return undefined;
    const piece = this.#rows[2 * slot] as number;
    if (piece < 0) return undefined;
    const bytes = this.#pieces[piece - 1];
    if (bytes === undefined) return undefined;
    const object = this.#wake(bytes, this.#rows[2 * slot + 1] as number, this.#handleOf(slot));
    object.slot = slot;
    this.put(object, slot);
    return object;
  }

  /** The row is not to become an object again. It is read still, by those who look for others. */
  #gone(slot: number): void {
    this.#rows[2 * slot] = -Math.abs(this.#rows[2 * slot] as number);
  }

  /** The object that came at rest under that handle and is there still. */
  byHandle(handle: number): TokenObject | undefined {
    const run = lastUpTo(this.#runHandles, handle);
    if (run < 0) return undefined;
    const slot = (this.#runSlots[run] as number) + handle - (this.#runHandles[run] as number);
    return slot < (this.#runSlots[run + 1] ?? this.#rested) ? this.at(slot) : undefined;
  }

  #handleOf(slot: number): number {
    const run = lastUpTo(this.#runSlots, slot);
    return (this.#runHandles[run] as number) + slot - (this.#runSlots[run] as number);
  }

  /** The object that came at rest with that id and is there still. */
  byId(id: Uint8Array): TokenObject | undefined {
    let low = 0;
    let high = this.#rested - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = this.#compareId(middle, id);
      if (order === 0) return this.at(middle);
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #compareId(slot: number, id: Uint8Array): number {
    const bytes = this.#pieces[Math.abs(this.#rows[2 * slot] as number) - 1] ?? id;
    const at = this.#rows[2 * slot + 1] as number;
    for (let i = 0; i < id.length; i++) {
      const difference = (bytes[at + i] as number) - (id[i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Every object that was made and is there still; those whose rows rest stay as they are. */
  *made(): Generator<TokenObject> {
    for (const objects of this.#objects)
      if (objects !== undefined) for (const object of objects) if (object !== undefined) yield object;
  }
}

/** The place of the last number that is not greater, in a list that rises; -1 when all are. */
function lastUpTo(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
