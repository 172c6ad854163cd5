/** Which calls are followed. */

/** Calls in a second that are followed at the most: whoever may call may not fill the collector, or take the time of others. */
export const CALLS_PER_SECOND = 200;

export class Sampling {
  readonly #perThousand: number;
  readonly #now: () => number;
  #left = CALLS_PER_SECOND;
  #at: number;
  /** Calls that somebody else follows, and that were too many. */
  refused = 0;

  /** @param now in milliseconds */
  constructor(perThousand: number, now: () => number = () => performance.now()) {
    this.#perThousand = perThousand;
    this.#now = now;
    this.#at = now();
  }

  /** @param followed whether whoever asks follows his call himself; undefined where he says nothing */
  follows(followed: boolean | undefined): boolean {
    if (followed === false) return false;
    if (followed === undefined && Math.random() * 1000 >= this.#perThousand) return false;
    const now = this.#now();
    this.#left = Math.min(CALLS_PER_SECOND, this.#left + ((now - this.#at) * CALLS_PER_SECOND) / 1000);
    this.#at = now;
    if (this.#left < 1) {
      if (followed === true) this.refused++;
      return false;
    }
    this.#left--;
    return true;
  }
}
