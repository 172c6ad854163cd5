/** An engine's metrics: what was counted, what is looked up, and who asks for it. */
import { metrics } from '../../../schema/metrics.ts';
import type { Host } from '../calls/host.ts';
import { Calls } from './calls.ts';
import { type Door, writeGauges } from './gauges.ts';
import { Histograms } from './histogram.ts';
import { Listener } from './listener.ts';
import { Page } from './page.ts';
import { PlaceError } from './place.ts';

/** How often the event loop is asked how late it is. */
const LOOP_MS = 1000;

export class Metrics {
  /** Whom the dispatcher tells of each call. */
  readonly calls = new Calls();
  readonly #engine: Host;
  readonly #door: Door;
  readonly #loop = new Histograms(1);
  readonly #delays = this.#loop.add();
  readonly #timer: NodeJS.Timeout;
  readonly #listener: Listener;

  /** @param address where it is asked for: an absolute path, or a port of the loopback interface */
  constructor(engine: Host, door: Door, address: string) {
    this.#engine = engine;
    this.#door = door;
    this.#listener = new Listener(address, {
      page: () => this.page(),
      healthy: () => engine.store.problem === null && engine.audit.trouble === null,
      log: (message) => engine.log(message),
    });
    let due = performance.now() + LOOP_MS;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#loop.observe(this.#delays, Math.max(0, Math.ceil((now - due) * 1000)));
      due = now + LOOP_MS;
    }, LOOP_MS).unref();
  }

  /** Begins to answer. An engine goes on without: what is wrong is returned, for the log and for those who look after it. */
  async serve(group: string): Promise<string | undefined> {
    try {
      await this.#listener.open(group);
      return undefined;
    } catch (error) {
      if (!(error instanceof PlaceError)) throw error;
      return error.message;
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listener.close();
  }

  page(): string {
    const page = new Page();
    writeGauges(page, this.#engine, this.#door);
    page.lines(metrics.loopDelay, this.#loop.lines(metrics.loopDelay.name, '', this.#delays));
    page.lines(metrics.calls, this.calls.results(metrics.calls.name));
    page.lines(metrics.callDuration, this.calls.durations(metrics.callDuration.name));
    return page.text;
  }
}
