/**
 * One number that a key's uses are counted in, and how far it may go.
 *
 * What must not be lost in a crash is leased: so much is reserved on the disk before it is used, and a crash loses the rest of the lease, so
 * that the number may be too great after it and is never too small. Leases double as they are used up, and end where a record is due.
 */

/** The first lease of a key that has come into memory, and the longest. */
const FIRST_LEASE = 1024;
const LONGEST_LEASE = 2 ** 20;
/** Above it stands no number. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** How much of a limit is used up when the audit log says so, in percent. */
const THRESHOLDS = [50, 75, 90, 95, 99] as const;

/** A limit is near: so many percent of it have been used. */
export interface Notice {
  readonly percent: number;
  readonly limit: number;
}

export class Tally {
  /** What has been counted. */
  used: number;
  /** Up to where may be counted without asking anybody. */
  end: number;
  #limit: number;
  /** What the disk says; from here on it is as if it had been used. */
  #reserved: number;
  /** The greatest threshold that is in the log, in percent. */
  #said: number;
  #lease = FIRST_LEASE;
  readonly #isKept: boolean;
  readonly #grain: number;

  /**
   * @param reserved what the disk says
   * @param isKept whether a crash must lose nothing: false for what lives in memory alone
   * @param grain what one use counts, roughly
   */
  constructor(reserved: number, limit: number, isKept: boolean, grain = 1) {
    this.used = reserved;
    this.#reserved = reserved;
    this.#limit = limit;
    this.#isKept = isKept;
    this.#grain = grain;
    this.#said = this.#reached(reserved)?.percent ?? 0;
    this.end = this.#unasked(reserved);
  }

  get limit(): number {
    return this.#limit;
  }

  /** How far it may go has been set anew. */
  set limit(limit: number) {
    if (limit === this.#limit) return;
    const leased = this.#limit === UNLIMITED ? this.used : this.end;
    this.#limit = limit;
    this.#said = 0;
    this.end = this.#isKept && limit !== UNLIMITED ? Math.min(limit, leased) : this.#unasked(this.used);
  }

  /** What the disk has to say before anything is counted up to `end`. */
  storedUpTo(end: number): number {
    return this.#isKept && this.#limit !== UNLIMITED ? Math.max(end, this.used) : this.used;
  }

  /** Whether `count` more would be too many. */
  exceeds(count: number): boolean {
    return this.used + count > this.#limit;
  }

  /** Whether more stands on the disk than has been used. */
  get hasRest(): boolean {
    return this.#reserved > this.used;
  }

  /** The end of a lease in which `count` more fit. */
  next(count: number): number {
    const least = this.used + count;
    if (this.#limit === UNLIMITED || least <= this.end) return this.end;
    const border = this.#border(this.used) ?? this.#limit;
    if (!this.#isKept) return Math.max(least, border);
    const most = Math.min(this.#limit, this.used + this.#lease * this.#grain, border);
    return Math.max(least, most);
  }

  /** The threshold that a lease up to `end` goes beyond, if the log does not say so yet. */
  notice(end: number): Notice | undefined {
    const reached = this.#limit === UNLIMITED ? undefined : this.#reached(end);
    return reached !== undefined && reached.percent > this.#said ? reached : undefined;
  }

  /** The log says it now. */
  said({ percent }: Notice): void {
    this.#said = percent;
  }

  /** The disk says it now. */
  leased(end: number): void {
    if (end > this.end) this.#lease = Math.min(LONGEST_LEASE, 2 * this.#lease);
    this.end = end;
    this.#reserved = this.storedUpTo(end);
  }

  /** The disk says what has been used: whoever goes on needs another lease. */
  givenBack(): void {
    this.#reserved = this.used;
    this.#lease = FIRST_LEASE;
    this.end = this.#unasked(this.used);
  }

  /** Up to where may be counted when nothing has been leased. */
  #unasked(used: number): number {
    if (this.#limit === UNLIMITED) return UNLIMITED;
    return this.#isKept ? used : Math.min(this.#limit, this.#border(used) ?? this.#limit);
  }

  /** Where each threshold is; of a limit so small that several are the same, the greatest counts. */
  #at(percent: number): number {
    return Math.floor((this.#limit * percent) / 100);
  }

  /** The greatest threshold that is below a number. */
  #reached(number: number): Notice | undefined {
    const percent = THRESHOLDS.findLast((each) => this.#at(each) < number);
    return percent === undefined ? undefined : { percent, limit: this.#limit };
  }

  /** The first threshold beyond a number. */
  #border(number: number): number | undefined {
    const percent = THRESHOLDS.find((each) => this.#at(each) > number);
    return percent === undefined ? undefined : this.#at(percent);
  }
}
