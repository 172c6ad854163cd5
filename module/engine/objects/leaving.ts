/**
 * Objects whose session has ended, on their way out. To whoever looks they are gone at once; taking a million of them out of the tables
 * takes seconds, so that is done in slices, between other calls, and on the cost of those who want room.
 */
import type { TokenObject } from './object.ts';

/** So few are not worth a slice of their own. */
export const AT_ONCE = 256;
/** Objects in a slice: about a millisecond. */
const SLICE = 200;

interface Group {
  readonly objects: Iterator<TokenObject>;
  readonly remove: (object: TokenObject) => void;
}

const groups: Group[] = [];
let scheduled = false;

/** Takes over objects that nobody can see any more; {@link Group.remove} is called for each of them once. */
export function leave(objects: Iterable<TokenObject>, remove: (object: TokenObject) => void): void {
  groups.push({ objects: objects[Symbol.iterator](), remove });
  schedule();
}

/** Removes so many of those that wait, and answers whether there were any. */
export function removeSome(count = SLICE): boolean {
  let left = count;
  while (left > 0) {
    const group = groups[0];
    if (group === undefined) break;
    const next = group.objects.next();
    if (next.done === true) {
      groups.shift();
      continue;
    }
    group.remove(next.value);
    left--;
  }
  return left < count;
}

function schedule(): void {
  if (scheduled || groups.length === 0) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    removeSome();
    schedule();
  });
}
