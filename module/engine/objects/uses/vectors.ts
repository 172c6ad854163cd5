/** Initialisation vectors: those that a key has been used with, and those that the token makes. */

/** So many of those that came with calls are remembered, for each key that refuses repetitions. */
const REMEMBERED = 4096;

export class VectorMemory {
  /** The oldest first. */
  readonly #seen = new Set<string>();

  has(vector: Uint8Array): boolean {
    return this.#seen.size > 0 && this.#seen.has(named(vector));
  }

  add(vector: Uint8Array): void {
    if (this.#seen.size >= REMEMBERED) {
      const [oldest = ''] = this.#seen;
      this.#seen.delete(oldest);
    }
    this.#seen.add(named(vector));
  }
}

function named(vector: Uint8Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('latin1');
}

/** A vector that the token makes: the field, and behind it a number of 32 bits. */
export const FIELD_BYTES = 8;

/** Writes field and number over a vector of 12 bytes, but for its first bits, which somebody has fixed. */
export function fillVector(vector: Uint8Array, fixedBits: number, field: Uint8Array, number: number): void {
  for (let i = 0; i < FIELD_BYTES; i++) {
    const fixed = Math.min(8, Math.max(0, fixedBits - 8 * i));
    const mask = 0xff >>> fixed;
    vector[i] = ((vector[i] as number) & ~mask) | ((field[i] as number) & mask);
  }
  new DataView(vector.buffer, vector.byteOffset).setUint32(FIELD_BYTES, number);
}
