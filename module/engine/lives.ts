/** What an engine does about the lives of its keys: it keeps the time that they go by, and tells the log of those that were refused. */
import { Kind, none } from '../../audit/format.ts';
import type { AuditWriter } from '../../audit/writer.ts';
import { stateName } from './objects/lifecycle/life.ts';
import type { TokenObject } from './objects/object.ts';
import type { Notice } from './objects/uses/tally.ts';
import type { Store } from './store/store.ts';
import { Clock, type ClockSettings } from './values/clock.ts';
import type { Level } from './values/level.ts';

/** How far the time that the store keeps may be behind that of its log's newest record. */
const MARK_EVERY_MS = 86_400_000;

interface Whole {
  readonly store: Pick<Store, 'clockMark' | 'problem' | 'finding'>;
  readonly audit: Pick<AuditWriter, 'append' | 'life'>;
  readonly config: { readonly clock: ClockSettings };
  bumpEpoch(): void;
  log(message: string, level?: Level): void;
}

export class Lives {
  readonly #engine: Whole;
  readonly #report: (message: string) => void;
  /** In which state a key was refused last. */
  readonly #told = new WeakMap<TokenObject, number>();

  /** @param report says to both logs what was found */
  constructor(engine: Whole, report: (message: string) => void) {
    this.#engine = engine;
    this.#report = report;
  }

  /** @param newest when the store was last used, as far as its log tells, in milliseconds since 1970 */
  clock(newest: number): Clock {
    const engine = this.#engine;
    const { monotonic } = engine.config.clock;
    const kept = this.#kept();
    const latest = monotonic ? Math.max(newest, kept) : 0;
    // The log's newest record says it as a rule. What it says is kept now and then, lest a clock that went back unseen took it along.
    if (monotonic ? newest - kept > MARK_EVERY_MS : kept !== 0) this.#keep(latest);
    return new Clock(
      () => engine.config.clock,
      latest,
      (held) => {
        this.#keep(held);
        const until = new Date(held).toISOString();
        this.#report(`the system’s clock was set back; keys go by ${until} until it gets there again`);
      },
    );
  }

  #kept(): number {
    try {
      return this.#engine.store.clockMark;
    } catch {
      // A store that is out of use; what is wrong with it is said elsewhere.
      return 0;
    }
  }

  #keep(latest: number): void {
    const { store } = this.#engine;
    // What was found wrong stays as it was found.
    if (store.problem !== null || store.finding !== '') return;
    this.#orSay(() => {
      store.clockMark = latest;
    });
  }

  /** A key was to be used as its state does not let it: the log is told once of each, and promises about it are over. */
  refused(key: TokenObject, state: number): void {
    if (this.#told.get(key) === state) return;
    this.#told.set(key, state);
    this.#engine.bumpEpoch();
    this.#orSay(() => this.#engine.audit.life(key.id, { refused: stateName(state) }, 0, none));
  }

  /** A key has nearly been used as often as it may. */
  nearsLimit(slot: number, object: Uint8Array, what: string, { percent, limit }: Notice): void {
    const used = `${percent} % of the ${limit} ${what} that a key may have are used up`;
    const detail = new TextEncoder().encode(JSON.stringify({ used, percent, limit }));
    this.#engine.audit.append(Kind.Limit, 0, 0, slot, 0, none, 0, object, null, 0, detail);
    this.#engine.log(`${used}: key ${Buffer.from(object).toString('hex')}`, 'warning');
  }

  #orSay(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#engine.log(error instanceof Error ? error.message : 'it could not be written down', 'error');
    }
  }
}
