/** Calls, counted as they end. Nothing is allocated for a call that succeeds, and a result that is new costs an entry of a map once. */

import { callTable } from '../calls/generated/codec.ts';
import type { CallCounts } from '../calls/lane-call.ts';
import { mechanisms } from '../generated/mechanisms.ts';
import { ckrName } from '../generated/names.ts';
import { Histograms } from './histogram.ts';

/** Stands for a mechanism that no token offers: a program may name any number, which is no reason to remember it. */
const OTHER = -2;
/** Room for pairs of a function and a mechanism, beside the functions themselves. */
const PAIRS = 128;

/** What the library tells of itself, and numbers that are no function's, count at 0. */
const names: readonly string[] = ['other', ...callTable.map(({ name }) => name)];

interface Series {
  readonly fn: number;
  readonly labels: string;
  readonly number: number;
}

export class Calls implements CallCounts {
  /** Openings that came in front of their calls, by function. */
  readonly #openings = new Float64Array(names.length);
  /** By 2^32 * function + CK_RV. */
  readonly #failed = new Map<number, number>();
  readonly #durations = new Histograms(names.length + PAIRS);
  /** Those of functions, without a mechanism, stand at the functions' numbers. */
  readonly #series: Series[] = names.map((name, fn) => ({
    fn,
    labels: `function="${name}"`,
    number: this.#durations.add(),
  }));
  /** By function, then by mechanism. */
  readonly #byMechanism: (Map<number, number> | undefined)[] = names.map(() => undefined);

  served(fn: number, mechanism: number, rv: number, microseconds: number): void {
    if (rv !== 0) this.#fail(fn, rv);
    this.#durations.observe(mechanism < 0 ? fn : this.#seriesOf(fn, mechanism), microseconds);
  }

  opened(fn: number): void {
    this.#openings[fn] = (this.#openings[fn] as number) + 1;
  }

  #fail(fn: number, rv: number): void {
    const key = fn * 2 ** 32 + rv;
    this.#failed.set(key, (this.#failed.get(key) ?? 0) + 1);
  }

  #seriesOf(fn: number, mechanism: number): number {
    const known = this.#byMechanism[fn]?.get(mechanism);
    return known ?? this.#newSeries(fn, mechanisms.has(mechanism) ? mechanism : OTHER);
  }

  #newSeries(fn: number, mechanism: number): number {
    let its = this.#byMechanism[fn];
    if (its === undefined) {
      its = new Map();
      this.#byMechanism[fn] = its;
    }
    const there = its.get(mechanism);
    if (there !== undefined) return there;
    const name = mechanisms.get(mechanism)?.name ?? 'other';
    const number = this.#durations.add();
    this.#series.push({ fn, labels: `function="${names[fn]}",mechanism="${name}"`, number });
    its.set(mechanism, number);
    return number;
  }

  /** The lines of the counter. What went well is not counted for itself: it is what was timed and did not fail. */
  results(name: string): string {
    const well = Float64Array.from(this.#openings);
    for (const { fn, number } of this.#series)
      well[fn] = (well[fn] as number) + this.#durations.count(number);
    let text = '';
    for (const [key, count] of this.#failed) {
      const [fn, rv] = [Math.floor(key / 2 ** 32), key % 2 ** 32];
      well[fn] = (well[fn] as number) - count;
      text += `${name}{function="${names[fn]}",result="${ckrName(rv)}"} ${count}\n`;
    }
    for (const [fn, count] of well.entries())
      if (count > 0) text += `${name}{function="${names[fn]}",result="CKR_OK"} ${count}\n`;
    return text;
  }

  /** The lines of the histogram. */
  durations(name: string): string {
    let text = '';
    for (const { labels, number } of this.#series)
      if (this.#durations.count(number) > 0) text += this.#durations.lines(name, labels, number);
    return text;
  }
}
