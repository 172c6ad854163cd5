/** Words that somebody may have meant. */

/** How many letters must be added, dropped or changed to turn one word into the other (Levenshtein). */
export function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [column, other] of [...to].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Of the words that there are the one that is most likely meant, if any is near; of several that with the same first letter. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const letters = distance(candidate, word);
    const far = letters + (candidate[0] === word[0] ? 0 : 0.5);
    if (letters > Math.max(2, word.length / 4) || far >= least) continue;
    best = candidate;
    least = far;
  }
  return best;
}
