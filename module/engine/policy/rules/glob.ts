/** Texts in which `*` stands for any letters, also none. */

/** A kind of name, and the pattern for it. */
export interface Pattern<Kind extends string> {
  readonly kind: Kind;
  readonly pattern: string;
}

/**
 * Whether the items are such as the pattern says, in which `star` stands for any of them, also none. Takes a time that grows with the product of
 * both lengths at the most, whatever they are.
 */
export function follows<Part, Item>(
  pattern: ArrayLike<Part>,
  items: ArrayLike<Item>,
  star: Part,
  same: (part: Part, item: Item) => boolean,
): boolean {
  let at = 0;
  let next = 0;
  /** Where the last star was, and how far the items were taken by it. */
  let last = -1;
  let taken = 0;
  while (next < items.length) {
    if (pattern[at] === star) {
      last = at++;
      taken = next;
    } else if (at < pattern.length && same(pattern[at] as Part, items[next] as Item)) {
      at++;
      next++;
    } else if (last >= 0) {
      at = last + 1;
      next = ++taken;
    } else return false;
  }
  while (pattern[at] === star) at++;
  return at === pattern.length;
}

const equal = (one: string, other: string): boolean => one === other;

/** Whether the text is such a one. */
export function matches(pattern: string, text: string): boolean {
  return follows(pattern, text, '*', equal);
}
