/** What is wrong with recovery words that somebody has typed, by their places alone: no message says a word, and no string ever holds one. */
import { createHash } from 'node:crypto';
import { words as list } from '../../schema/enclave/words.ts';

const counts: readonly number[] = [12, 15, 18, 21, 24];
const WORD_BITS = 11;
/** Letters that tell any two words apart. */
const SHORTENED = 4;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Where each word begins, and where it ends. */
export function spansOf(text: Uint8Array): [from: number, to: number][] {
  const found: [number, number][] = [];
  let from = 0;
  for (let at = 0; at <= text.length; at++)
    if (at === text.length || isSpace(text[at])) {
      if (at > from) found.push([from, at]);
      from = at + 1;
    }
  return found;
}

/** Whether the letters are the word, large or small, or its first four or more. */
export function standsFor(letters: Uint8Array, word: ArrayLike<number>): boolean {
  const enough = letters.length === word.length || letters.length >= SHORTENED;
  return enough && letters.length <= word.length && letters.every((byte, i) => (byte | 0x20) === word[i]);
}

const letters = list.map((word) => Buffer.from(word));

/** The words' places in the list, -1 where one is not in it; whoever gets them overwrites them. */
export function placesOf(text: Uint8Array): Int16Array {
  const spans = spansOf(text);
  const places = new Int16Array(new ArrayBuffer(spans.length * 2));
  for (const [i, [from, to]] of spans.entries())
    places[i] = letters.findIndex((word) => standsFor(text.subarray(from, to), word));
  return places;
}

/** Whether what stands behind the entropy is the beginning of its digest. */
function checksumFits(places: Int16Array): boolean {
  const bits = new Uint8Array(new ArrayBuffer(64));
  let digest: Uint8Array | undefined;
  try {
    for (const [i, place] of places.entries())
      for (let bit = 0; bit < WORD_BITS; bit++) {
        const to = i * WORD_BITS + bit;
        const byte = (bits[to >> 3] ?? 0) | (((place >> (WORD_BITS - 1 - bit)) & 1) << (7 - (to & 7)));
        bits[to >> 3] = byte;
      }
    const size = (places.length * 4) / 3;
    digest = createHash('sha256').update(bits.subarray(0, size)).digest();
    return ((bits[size] ?? 0) ^ (digest[0] ?? 0)) >> (8 - size / 4) === 0;
  } finally {
    bits.fill(0);
    digest?.fill(0);
  }
}

function strangers(places: Int16Array): string | undefined {
  const at = [...places.keys()].filter((i) => places[i] === -1).map((i) => String(i + 1));
  const last = at.pop();
  if (last === undefined) return undefined;
  return at.length === 0
    ? `word ${last} is not in the list`
    : `words ${at.join(', ')} and ${last} are not in the list`;
}

/**
 * Why these are no recovery words, or undefined.
 * @param wanted how many there should be, where that is known
 */
export function misreading(places: Int16Array, wanted: number | undefined): string | undefined {
  const isCount = wanted === undefined ? counts.includes(places.length) : places.length === wanted;
  const asked = wanted === undefined ? '12, 15, 18, 21 or 24' : String(wanted);
  const problems = [
    isCount ? undefined : `there are ${places.length} words, where ${asked} are wanted`,
    strangers(places),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) return problems.join(', and ');
  return checksumFits(places)
    ? undefined
    : 'the checksum is wrong: a word is another one, or two have changed places';
}
