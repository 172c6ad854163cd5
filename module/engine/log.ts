/**
 * The engine's words for people: lines on the standard error, which is engine.log unless somebody attends the engine.
 *
 * A log that cannot be written must not keep anybody from his keys. So a line is written at once or lost, nothing is thrown, and the number
 * of those lost stands in front of the first line that gets through again. `strongroom doctor` finds it there.
 */
export class Log {
  readonly #write: (text: string) => boolean;
  #lost = 0;

  /** @param write writes without waiting, and answers whether it could; it may throw, too */
  constructor(write: (text: string) => boolean) {
    this.#write = write;
  }

  /** Lines that were lost since the last one that got through. */
  get lost(): number {
    return this.#lost;
  }

  /** Never key material, PINs or attribute values. */
  line(message: string): void {
    const now = new Date().toISOString();
    if (this.#lost > 0) {
      // A line may have been cut in the middle, so this one begins anew.
      if (!this.#attempt(`\n${now} ${this.#lost} lines of this log were lost: it could not be written\n`)) {
        this.#lost++;
        return;
      }
      this.#lost = 0;
    }
    if (!this.#attempt(`${now} ${message}\n`)) this.#lost++;
  }

  #attempt(text: string): boolean {
    try {
      return this.#write(text);
    } catch {
      return false;
    }
  }
}
