/** Moments of performance.now() as times of day, which run evenly: spans of one process fit into each other, those of several on one machine to some microseconds. */

/** Seconds, and nanoseconds. */
export type Time = [seconds: number, nanoseconds: number];

/** By more than that the machine's clock was set, not slewed. */
const STEP_MS = 50;
const EDGES = 3;
/** Where a busy machine lets us see none of them as narrowly as this, more are looked at. */
const NARROW_MS = 0.02;
const EDGES_MOST = 20;

/** The machine's clock tells milliseconds; when one begins is known to a microsecond, of several the best. Takes as many milliseconds. */
function originNow(): number {
  let origin = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let edge = 0; edge < EDGES || (narrowest > NARROW_MS && edge < EDGES_MOST); edge++) {
    const last = Date.now();
    let before = performance.now();
    for (let wall = Date.now(); ; wall = Date.now()) {
      const after = performance.now();
      if (wall !== last) {
        if (after - before < narrowest) {
          narrowest = after - before;
          origin = wall - (before + after) / 2;
        }
        break;
      }
      before = after;
    }
  }
  return origin;
}

export class Clock {
  #origin = originNow();

  /** What a call's moments are turned by, all of them. */
  now(): (at: number) => Time {
    if (Math.abs(Date.now() - performance.now() - this.#origin) > STEP_MS) this.#origin = originNow();
    const origin = this.#origin;
    return (at) => {
      const ms = origin + at;
      const seconds = Math.floor(ms / 1000);
      return [seconds, Math.min(999_999_999, Math.round((ms - 1000 * seconds) * 1e6))];
    };
  }
}
