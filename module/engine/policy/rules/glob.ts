/** Texts in which `*` stands for any letters, also none. */

/** Whether the text is such a one. Takes a time that grows with the product of both lengths at the most, whatever they are. */
export function matches(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  /** Where the last star was, and how far the text was taken by it. */
  let star = -1;
  let taken = 0;
  while (next < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      taken = next;
    } else if (at < pattern.length && pattern[at] === text[next]) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++taken;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
