/**
 * Long work on the engine's own thread, in slices: calls of all applications are served between any two of them.
 *
 * For work that needs the database or the objects in memory, which no other thread has.
 */

/** A slice: nobody waits much longer for a call because of it, and the turns in between are few. */
export const SLICE_MILLISECONDS = 1;

/** A part of the work, some hundred microseconds long; true when it was the last. Must not throw. */
export type Step = () => boolean;

export class Slices {
  readonly #milliseconds: number;
  readonly #queue: Step[] = [];
  #scheduled = false;
  #stopped = false;
  #count = 0;

  /** @param milliseconds after which a slice ends; 0 makes one of each step */
  constructor(milliseconds = SLICE_MILLISECONDS) {
    this.#milliseconds = milliseconds;
  }

  /** Whether there is work that waits for its next slice. */
  get waiting(): boolean {
    return this.#queue.length > 0;
  }

  /** How many slices there have been. */
  get count(): number {
    return this.#count;
  }

  /** Begins work with a slice at once, unless other work waits: true when it is done with that already. */
  begin(step: Step): boolean {
    if (this.#stopped) return false;
    if (this.#queue.length === 0 && this.#slice(step)) return true;
    this.#queue.push(step);
    this.#schedule();
    return false;
  }

  /** No slice comes any more. */
  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
  }

  #slice(step: Step): boolean {
    this.#count++;
    const end = performance.now() + this.#milliseconds;
    do if (step()) return true;
    while (performance.now() < end);
    return false;
  }

  /** After whatever has come in meanwhile: the event loop looks there first. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const step = this.#queue.shift();
      if (step === undefined) return;
      // The others have their turns before it comes again.
      if (!this.#slice(step) && !this.#stopped) this.#queue.push(step);
      if (this.#queue.length > 0) this.#schedule();
    });
  }
}
