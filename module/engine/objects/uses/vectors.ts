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
