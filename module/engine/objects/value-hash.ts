/** Hashes of attributes' values, and values as the words of an Int32Array: what the index of objects tells terms apart by. */
import { randomFillSync } from 'node:crypto';

/** Long values are told apart by their ends and length; a modulus or certificate has its entropy in both. */
const HEAD_BYTES = 32;
const TAIL_BYTES = 32;

/** Unpredictable, so that nobody can choose values that all fall in one list. */
const SEED = randomFillSync(new Int32Array(1))[0] as number;

/** 32-bit hash of an attribute and its value. */
export function hashValue(type: number, buffer: Uint8Array, offset: number, length: number): number {
  const start = SEED ^ Math.imul(type + 1, 0x9e3779b1) ^ Math.imul(length, 0x85ebca6b);
  const end = offset + length;
  const hash =
    length <= HEAD_BYTES + TAIL_BYTES
      ? mix(start, buffer, offset, end)
      : mix(mix(start, buffer, offset, offset + HEAD_BYTES), buffer, end - TAIL_BYTES, end);
  return hash ^ (hash >>> 13);
}

/** Four bytes, little-endian. */
function wordAt(buffer: Uint8Array, at: number): number {
  return (
    (buffer[at] as number) |
    ((buffer[at + 1] as number) << 8) |
    ((buffer[at + 2] as number) << 16) |
    ((buffer[at + 3] as number) << 24)
  );
}

/** The last bytes before `end`, fewer than four, as a word. */
function lastWord(buffer: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = end - 1; i >= at; i--) word = (word << 8) | (buffer[i] as number);
  return word;
}

/** Takes bytes into a hash, four at a time. */
function mix(from: number, buffer: Uint8Array, start: number, end: number): number {
  let hash = from;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ wordAt(buffer, at), 0x2c1b3c6d);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (buffer[at] as number), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
}

/** The hash of a class and a key or certificate type together: both alone leave long lists. */
export function hashPair(classHash: number, typeHash: number): number {
  const hash = Math.imul(classHash ^ Math.imul(typeHash, 0x9e3779b1), 0x2c1b3c6d);
  return hash ^ (hash >>> 15);
}

/** Writes a value's first bytes, `most` of them, into a term of the index. */
export function keep(
  terms: Int32Array,
  place: number,
  most: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
): void {
  const end = offset + Math.min(length, most);
  let to = place;
  let at = offset;
  for (; at + 4 <= end; at += 4) terms[to++] = wordAt(buffer, at);
  if (at < end) terms[to] = lastWord(buffer, at, end);
}

/** Whether a term's value begins with the first bytes of this one, which is of the same length. */
export function beginsWith(
  terms: Int32Array,
  place: number,
  most: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
): boolean {
  const end = offset + Math.min(length, most);
  let from = place;
  let at = offset;
  for (; at + 4 <= end; at += 4) if (terms[from++] !== wordAt(buffer, at)) return false;
  return at >= end || terms[from] === lastWord(buffer, at, end);
}
