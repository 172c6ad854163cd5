/** One reading of the files while the engine runs. */
export interface Reload {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What was wrong; empty when nothing was. */
  readonly problems: readonly string[];
  /** Keys with a new value that wait for the next start. */
  readonly waiting: readonly string[];
}
