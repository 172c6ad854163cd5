/**
 * The engine's words for people: lines on the standard error, which is engine.log unless somebody attends the engine.
 *
 * A log that cannot be written must not keep anybody from his keys. So a line is written at once or lost, nothing is thrown, and the number
 * of those lost stands in front of the first line that gets through again. `strongroom doctor` finds it there.
 */
import { fstatSync } from 'node:fs';
import type { ProcessAddon } from '../../hardening/process/process.ts';
import { type Level, levels } from './values/level.ts';

/** How lines look, and how many there may be. */
export interface LogManner {
  /** What stands in front of each line. */
  front(level: Level): string;
  /** Lines of one level that may come at once, and how many a second may follow: whoever knocks without end does not fill a disk. */
  readonly burst: number;
  readonly perSecond: number;
}

const now = () => new Date().toISOString();

/** engine.log, which has one reader, and bounds of its own. */
export const ownLog: LogManner = {
  front: () => `${now()} `,
  burst: Number.POSITIVE_INFINITY,
  perSecond: 0,
};

/** What the system's log calls the levels (syslog(3)). */
const priorities: Readonly<Record<Level, number>> = { error: 3, warning: 4, info: 6, debug: 7 };

const serviceBounds = { burst: 200, perSecond: 20 };

/** A service's lines for a journal, which reads the level in front (sd-daemon(3)) and has a clock itself. */
export const journalLog: LogManner = { front: (level) => `<${priorities[level]}>`, ...serviceBounds };

/** The same for whatever else keeps a service's standard error. */
export const streamLog: LogManner = { front: (level) => `${now()} ${level}: `, ...serviceBounds };

/** How many lines of a level may come still. */
class Allowance {
  left: number;
  at: number;
  /** Lines that were left out since the last one that was not. */
  refused = 0;
  constructor(burst: number, at: number) {
    this.left = burst;
    this.at = at;
  }
}

/** A name that somebody chose can neither begin a line that looks like ours nor steer a terminal. */
function tame(message: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
  return message.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g, '?');
}

export class Log {
  readonly #write: (text: string) => boolean;
  readonly #manner: LogManner;
  readonly #clock: () => number;
  readonly #allowances = new Map<Level, Allowance>();
  #lost = 0;
  /** What matters less is not written. */
  least: Level = 'info';

  /**
   * @param write writes without waiting, and answers whether it could; it may throw, too
   * @param clock milliseconds
   */
  constructor(
    write: (text: string) => boolean,
    manner: LogManner = ownLog,
    clock: () => number = () => performance.now(),
  ) {
    this.#write = write;
    this.#manner = manner;
    this.#clock = clock;
  }

  /** Lines that were lost since the last one that got through. */
  get lost(): number {
    return this.#lost;
  }

  /** Never key material, PINs or attribute values. */
  line(message: string, level: Level = 'info'): void {
    if (levels.indexOf(level) > levels.indexOf(this.least)) return;
    const allowance = this.#allowance(level);
    if (allowance.left < 1) {
      allowance.refused++;
      return;
    }
    allowance.left--;
    if (allowance.refused > 0) {
      const { refused } = allowance;
      allowance.refused = 0;
      this.#put(`${refused} lines like the next were left out: there were too many at once`, level);
    }
    this.#put(tame(message), level);
  }

  #allowance(level: Level): Allowance {
    const { burst, perSecond } = this.#manner;
    const at = this.#clock();
    const allowance = this.#allowances.get(level) ?? new Allowance(burst, at);
    this.#allowances.set(level, allowance);
    allowance.left = Math.min(burst, allowance.left + ((at - allowance.at) / 1000) * perSecond);
    allowance.at = at;
    return allowance;
  }

  #put(message: string, level: Level): void {
    const front = this.#manner.front(level);
    if (this.#lost > 0) {
      // A line may have been cut in the middle, so this one begins anew.
      const words = `${this.#lost} lines of this log were lost: it could not be written`;
      if (!this.#attempt(`\n${this.#manner.front('warning')}${words}\n`)) {
        this.#lost++;
        return;
      }
      this.#lost = 0;
    }
    // What follows in a message of several lines stands behind the front of the first, or a journal would take it for other news.
    const further = this.#manner === ownLog ? '\n    ' : `\n${front}    `;
    if (!this.#attempt(`${front}${message.replaceAll('\n', further)}\n`)) this.#lost++;
  }

  #attempt(text: string): boolean {
    try {
      return this.#write(text);
    } catch {
      return false;
    }
  }
}

/** The log of a service: for the journal where that is what the standard error leads to. */
export function serviceLog(addon: ProcessAddon, folder: string): Log {
  const { dev, ino } = fstatSync(2);
  const toJournal = process.env.JOURNAL_STREAM === `${dev}:${ino}`;
  return new Log((text) => addon.log(folder, text), toJournal ? journalLog : streamLog);
}
