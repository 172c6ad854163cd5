/** The door's metrics: its own page, told as the engine tells its. */
import { getHeapStatistics } from 'node:v8';
import { Histograms, Listener, Page, PlaceError } from '../../module/engine/public.ts';
import { doorMetrics as metrics } from '../../schema/metrics.ts';
import type { Counts } from './counts.ts';

/** How often the event loop is asked how late it is. */
const LOOP_MS = 1000;

export class DoorMetrics {
  readonly #counts: Counts;
  readonly #loop = new Histograms(1);
  readonly #delays = this.#loop.add();
  readonly #timer: NodeJS.Timeout;
  readonly #listener: Listener;

  /** @param address where it is asked for: an absolute path, or a port of the loopback interface */
  constructor(address: string, counts: Counts, log: (message: string) => void) {
    this.#counts = counts;
    // A door that answers is well; whether keys can be used its health checks say, and the engine's own page.
    this.#listener = new Listener(address, { page: () => this.page(), healthy: () => true, log });
    let due = performance.now() + LOOP_MS;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#loop.observe(this.#delays, Math.max(0, Math.ceil((now - due) * 1000)));
      due = now + LOOP_MS;
    }, LOOP_MS).unref();
  }

  /** Begins to answer. A door goes on without: what is wrong is returned, for the log. */
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
    const counts = this.#counts;
    const { accepted, calls, resets, received, sent } = counts.traffic;
    page.value(metrics.connections, counts.connections);
    page.value(metrics.accepted, accepted);
    page.value(metrics.handshakes, counts.handshakes);
    page.by(metrics.refused, counts.refused);
    page.by(metrics.cut, counts.cut);
    page.value(metrics.streams, counts.streams);
    page.value(metrics.calls, calls);
    page.value(metrics.resets, resets);
    page.by(metrics.bytes, [
      ['in', received],
      ['out', sent],
    ]);
    page.lines(metrics.loopDelay, this.#loop.lines(metrics.loopDelay.name, '', this.#delays));
    const heap = getHeapStatistics();
    const { user, system } = process.cpuUsage();
    page.value(metrics.heap, heap.used_heap_size);
    page.value(metrics.heapLimit, heap.heap_size_limit);
    page.value(metrics.resident, process.memoryUsage.rss());
    page.value(metrics.cpu, (user + system) / 1e6);
    page.value(metrics.started, Math.round(performance.timeOrigin) / 1000);
    return page.text;
  }
}
