/** Lists of recovery words, as bytes in guarded memory: a token may need several, which as many people keep. */
import { PIN_MOST } from '../../../schema/pins.ts';
import type { Enclave } from '../../enclave/enclave.ts';
import type { Span } from '../values/arguments.ts';
import { PinCopy } from './pins.ts';

/** One list. Behind its words there are zeros. */
export class List {
  length = 0;
  readonly #room: PinCopy;

  constructor(enclave: Enclave) {
    this.#room = new PinCopy(enclave, { buffer: new Uint8Array(), offset: 0, length: 0 });
  }

  get buffer(): Uint8Array {
    return this.#room.buffer;
  }

  /** So many bytes of words have been written to its buffer. */
  take(length: number): void {
    this.length = length;
  }

  get span(): Span {
    return { buffer: this.buffer, offset: 0, length: this.length };
  }

  release(): void {
    this.#room.release();
  }
}

export function release(lists: readonly List[]): void {
  for (const list of lists) list.release();
}

/** Which of two comes first. Both are read to their ends, whatever is found on the way. */
function compare(one: List, other: List): number {
  let order = 0;
  for (let at = PIN_MOST; at >= 0; at--) {
    const difference = Math.sign((one.buffer[at] ?? 0) - (other.buffer[at] ?? 0));
    order = difference * difference * difference + (1 - difference * difference) * order;
  }
  return order;
}

/**
 * In the order of their letters, which is the one that their keyslot has them in: so people may come in any. Which of them is shown as the first
 * has nothing to do with it, so that a list tells nothing of the others.
 */
export function inOrder(lists: readonly List[]): List[] {
  return lists.toSorted(compare);
}

/** More bytes than a list can have, whatever stands between its words (sealing/mnemonic.h). */
const LIST_BYTES_MOST = 1024;

/** ASCII's white space. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

/** Words one after the other, in so many parts with the same number of words each; undefined where there are no such parts. */
export function inParts({ buffer, offset, length }: Span, parts: number): Span[] | undefined {
  if (length > parts * LIST_BYTES_MOST) return undefined;
  const begins: number[] = [];
  for (let at = offset; at < offset + length; at++)
    if (!isSpace(buffer[at]) && (at === offset || isSpace(buffer[at - 1]))) begins.push(at);
  const each = begins.length / parts;
  if (each === 0 || !Number.isInteger(each)) return undefined;
  return Array.from({ length: parts }, (_, i) => {
    const from = begins[i * each] ?? offset;
    const end = begins[(i + 1) * each] ?? offset + length;
    return { buffer, offset: from, length: end - from };
  });
}
