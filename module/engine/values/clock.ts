/** What time it is for keys, and whether the system's clock can be right, as far as a log can tell. */

/** A clock may be set back by so much, as leap seconds and time servers do it. */
const SLACK_MS = 60_000;
const YEAR_MS = 31_557_600_000;
/** Longer than most stores rest. */
const MANY_YEARS = 3;
/** No release is older. */
const FIRST_RELEASE = Date.UTC(2026, 0, 1);

function when(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** How a {@link Clock} goes; of the configuration. */
export interface ClockSettings {
  /** Whether it never goes back. */
  readonly monotonic: boolean;
  /** So many seconds ahead of the system's, for rehearsals. */
  readonly offsetSeconds: number;
}

/** What the configuration says of it, by the names of its keys. */
export function clockIn(values: {
  readonly 'clock.monotonic': boolean;
  readonly 'clock.offset_seconds': number;
}): ClockSettings {
  return Object.freeze({
    monotonic: values['clock.monotonic'],
    offsetSeconds: values['clock.offset_seconds'],
  });
}

/**
 * The time that keys go by: the system's, but it never goes back. When the system's clock does, the latest time known holds until that clock
 * gets there again; so nobody who sets a clock back revives a key whose time is over.
 */
export class Clock {
  readonly #settings: () => ClockSettings;
  /** Told once, when the system's clock has gone back by more than what time servers do: the time that holds, in milliseconds since 1970. */
  readonly #onBack: (held: number) => void;
  readonly #system: () => number;
  #latest: number;
  #told = false;

  /** @param latest the latest time known from before, in milliseconds since 1970 */
  constructor(
    settings: () => ClockSettings,
    latest: number,
    onBack: (held: number) => void,
    system: () => number = Date.now,
  ) {
    this.#settings = settings;
    this.#latest = latest;
    this.#onBack = onBack;
    this.#system = system;
  }

  /** Milliseconds since 1970, without what a rehearsal adds. */
  get latest(): number {
    const system = this.#system();
    if (system >= this.#latest || !this.#settings().monotonic) {
      this.#latest = system;
      this.#told = false;
    } else if (system < this.#latest - SLACK_MS && !this.#told) {
      this.#told = true;
      this.#onBack(this.#latest);
    }
    return this.#latest;
  }

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.latest / 1000) + this.#settings().offsetSeconds;
  }

  /** What whoever looks after the engine has to know, in words. */
  findings(): string[] {
    const held = this.latest;
    const { offsetSeconds } = this.#settings();
    const found: string[] = [];
    if (held > this.#system() + SLACK_MS)
      found.push(
        `the system’s clock was set back; keys go by ${when(held)}, the latest time known, until it gets there`,
      );
    if (offsetSeconds !== 0)
      found.push(
        `keys go by a time ${offsetSeconds} seconds ahead of the system’s (clock.offset_seconds), which is for rehearsals`,
      );
    return found;
  }
}

/** Whether the system's clock can be right, by when the store was last used; in words, or undefined. */
export function clockTrouble(now: number, lastUse: number): string | undefined {
  if (now < lastUse - SLACK_MS)
    return `the clock says ${when(now)}, and the store was used at ${when(lastUse)}`;
  if (now < FIRST_RELEASE) return `the clock says ${when(now)}, when there was no Strongroom yet`;
  if (lastUse > 0 && now - lastUse > MANY_YEARS * YEAR_MS)
    return `the clock says ${when(now)}, years after the store was last used (${when(lastUse)})`;
  return undefined;
}
