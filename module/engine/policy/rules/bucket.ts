/** How often somebody may call: so many times a second in the long run, and some more after a rest. */
import type { Rate } from './rule.ts';

export class Bucket {
  readonly #rate: Rate;
  readonly #now: () => number;
  #left: number;
  #looked: number;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
    this.#left = rate.burst;
    this.#looked = now();
  }

  /** Takes one call, if there is one. */
  take(): boolean {
    this.#fill();
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }

  /** Whether as many may call at once as ever. */
  get rested(): boolean {
    this.#fill();
    return this.#left >= this.#rate.burst;
  }

  #fill(): void {
    const { rate, burst } = this.#rate;
    const now = this.#now();
    this.#left = Math.min(burst, this.#left + ((now - this.#looked) * rate) / 1000);
    this.#looked = now;
  }
}
