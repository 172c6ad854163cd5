/** Who was not let in or was put out, and why: counted by reason, and told in the log, but not as often as somebody likes to knock. */
import type { doorCuts, doorRefusals } from '../../schema/metrics.ts';

/** Why somebody was not let in. */
export type Refusal = keyof typeof doorRefusals;

/** Why one that was let in was put out. */
export type Cut = keyof typeof doorCuts;

/** What the door’s log does: `line` of the engine’s Log. */
export interface FrontLog {
  line(message: string, level?: 'error' | 'warning' | 'info' | 'debug'): void;
}

/** Of one reason so many are told in words within a minute, each address once; of the rest the number. */
const LINES_MOST = 8;
const WINDOW_MS = 60_000;

interface Window {
  readonly until: number;
  readonly told: Set<string>;
  untold: number;
}

/** One who is told of. */
export interface Who {
  /** Without the port. */
  readonly host: string;
  /** `host:port` */
  readonly address: string;
  readonly fingerprint?: string | undefined;
}

export class Refusals {
  readonly refused = new Map<Refusal, number>();
  readonly cut = new Map<Cut, number>();
  readonly #log: FrontLog;
  readonly #windows = new Map<string, Window>();

  constructor(log: FrontLog) {
    this.#log = log;
  }

  refuse(reason: Refusal, who: Who, words: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
    this.#tell(`refused ${reason}`, who, `${who.address} was refused: ${words}`);
  }

  putOut(reason: Cut, who: Who, words: string): void {
    this.cut.set(reason, (this.cut.get(reason) ?? 0) + 1);
    // Who rests is nobody to warn of.
    if (reason !== 'idle') this.#tell(`cut ${reason}`, who, `${who.address} was put out: ${words}`);
  }

  /** Now and then: what was left out is told as a number. */
  sweep(now = performance.now()): void {
    for (const [kind, window] of this.#windows)
      if (now >= window.until) {
        this.#windows.delete(kind);
        if (window.untold > 0)
          this.#log.line(`network: ${window.untold} more were ${kind} within a minute`, 'warning');
      }
  }

  #tell(kind: string, { host, fingerprint }: Who, words: string): void {
    const now = performance.now();
    this.sweep(now);
    const window = this.#windows.get(kind) ?? { until: now + WINDOW_MS, told: new Set(), untold: 0 };
    this.#windows.set(kind, window);
    if (window.told.has(host) || window.told.size >= LINES_MOST) {
      window.untold++;
      return;
    }
    window.told.add(host);
    const certificate = fingerprint === undefined ? '' : `; certificate ${fingerprint}`;
    this.#log.line(`network: ${words}${certificate}`, 'warning');
  }
}
