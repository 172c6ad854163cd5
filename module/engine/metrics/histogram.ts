/** Histograms in one flat array: a series is a row of buckets and a sum, and counting is two additions. */
import { bucketMicroseconds } from '../../../schema/metrics.ts';

/** The buckets, one for what is longer than all of them, and the sum. */
const WIDTH = bucketMicroseconds.length + 2;
const LONGER = bucketMicroseconds.length;
const SUM = WIDTH - 1;

/** What stands behind `le="` and `} ` of each bucket's line. */
const ends: readonly string[] = [...bucketMicroseconds.map((end) => String(end / 1e6)), '+Inf'];

export class Histograms {
  /** Doubles: at a million calls a second, 32 bits would be full within two hours. */
  #counts: Float64Array;
  #used = 0;

  /** @param room how many series are expected; more get room when they come */
  constructor(room: number) {
    this.#counts = new Float64Array(room * WIDTH);
  }

  /** A new series. */
  add(): number {
    const series = this.#used++;
    if (this.#used * WIDTH > this.#counts.length) {
      const larger = new Float64Array(2 * this.#counts.length);
      larger.set(this.#counts);
      this.#counts = larger;
    }
    return series;
  }

  /**
   * @param took microseconds that have begun, below 2^31. They are all that is kept: the sum would else tell one application in nanoseconds how
   *   long another one’s key was at work
   */
  observe(series: number, took: number): void {
    const bucket = Math.min(LONGER, took <= 1 ? 0 : 32 - Math.clz32(took - 1));
    const at = series * WIDTH;
    const counts = this.#counts;
    counts[at + bucket] = (counts[at + bucket] as number) + 1;
    counts[at + SUM] = (counts[at + SUM] as number) + took;
  }

  count(series: number): number {
    let count = 0;
    for (let bucket = 0; bucket <= LONGER; bucket++) count += this.#counts[series * WIDTH + bucket] as number;
    return count;
  }

  /**
   * The lines of a series.
   * @param labels as they stand between the braces; empty for none
   */
  lines(name: string, labels: string, series: number): string {
    const before = `${name}_bucket{${labels === '' ? '' : `${labels},`}le="`;
    const braces = labels === '' ? '' : `{${labels}}`;
    let count = 0;
    let text = '';
    for (let bucket = 0; bucket <= LONGER; bucket++) {
      count += this.#counts[series * WIDTH + bucket] as number;
      text += `${before}${ends[bucket]}"} ${count}\n`;
    }
    const sum = (this.#counts[series * WIDTH + SUM] as number) / 1e6;
    return `${text}${name}_sum${braces} ${sum}\n${name}_count${braces} ${count}\n`;
  }
}
