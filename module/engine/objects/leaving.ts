/**
 * Objects that have ended, on their way out: to whoever looks they are gone at once. Taking a million of them out of the tables takes
 * seconds, so that is done in slices, between other calls, and on the cost of those who want room.
 */
import type { Slices } from '../values/slices.ts';
import type { TokenObject } from './object.ts';

/** Objects in one step of a slice. */
const PER_STEP = 64;

interface Group {
  readonly objects: Iterator<TokenObject>;
  readonly remove: (object: TokenObject) => void;
}

/** One token's. */
export class Leaving {
  readonly #slices: Slices;
  readonly #groups: Group[] = [];

  constructor(slices: Slices) {
    this.#slices = slices;
  }

  /** Takes over objects that are dead already; `remove` is called for each of them. */
  add(objects: Iterable<TokenObject>, remove: (object: TokenObject) => void): void {
    const isFirst = this.#groups.length === 0;
    this.#groups.push({ objects: objects[Symbol.iterator](), remove });
    if (isFirst) this.#slices.begin(() => !this.removeSome());
  }

  /** Removes so many of those that wait, and answers whether any wait still. */
  removeSome(count = PER_STEP): boolean {
    for (let left = count; left > 0; ) {
      const group = this.#groups[0];
      if (group === undefined) return false;
      const next = group.objects.next();
      if (next.done === true) {
        this.#groups.shift();
        continue;
      }
      group.remove(next.value);
      left--;
    }
    return this.#groups.length > 0;
  }
}
