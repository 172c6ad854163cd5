/** The way of spans to the collector: so many wait at the most, and what there is no room or no collector for is counted and forgotten. */
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';

/** Spans that have not been sent, those on their way included. A span takes some 1 KiB. */
export const SPANS_MOST = 4096;
const BATCH = 512;
const EVERY_MS = 1000;
/** How long one sending may take, with all its attempts. */
export const PATIENCE_MS = 5000;

export class SpanQueue implements SpanProcessor {
  readonly #batches: BatchSpanProcessor;
  #held = 0;
  /** Spans that nobody has got. */
  lost = 0;

  constructor(exporter: SpanExporter) {
    const told: SpanExporter = {
      export: (spans, done) =>
        exporter.export(spans, (result: ExportResult) => {
          this.#held -= spans.length;
          if (result.code !== ExportResultCode.SUCCESS) this.lost += spans.length;
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    };
    this.#batches = new BatchSpanProcessor({
      exporter: told,
      maxQueueSize: SPANS_MOST,
      maxExportBatchSize: BATCH,
      scheduledDelayMillis: EVERY_MS,
      exportTimeoutMillis: 2 * PATIENCE_MS,
    });
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#held >= SPANS_MOST) {
      this.lost++;
      return;
    }
    this.#held++;
    this.#batches.onEnd(span);
  }

  /** What has not been sent by now never will be. */
  giveUp(): void {
    this.lost += this.#held;
    this.#held = 0;
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown();
  }
}
