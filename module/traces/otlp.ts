/** Traces as OpenTelemetry has them, sent with OTLP over HTTP. The only file that knows its libraries. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  SpanKind as OtelKind,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { Clock, type Time } from './clock.ts';
import { functionName, resultName } from './names.ts';
import { PATIENCE_MS, SpanQueue } from './queue.ts';
import { CALLS_PER_SECOND, Sampling } from './sampling.ts';
import type { Span, SpanFacts, SpanKind, TraceParent, Traces, TracesHost } from './trace.ts';

/** What was lost is said so often at the most. */
const SAY_MS = 60_000;
/** How long the end waits for the collector. */
const GOODBYE_MS = 1000;

const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  internal: OtelKind.INTERNAL,
};

const propagator = new W3CTraceContextPropagator();
const getter = {
  keys: (carrier: TraceParent) => Object.keys(carrier),
  get: (carrier: TraceParent, key: string) => carrier[key as keyof TraceParent],
};

class OtlpSpan implements Span {
  readonly #tracer: Tracer;
  readonly #time: (at: number) => Time;
  readonly #span: OtelSpan;
  readonly #context: Context;

  constructor(
    tracer: Tracer,
    time: (at: number) => Time,
    within: Context,
    name: string,
    kind: SpanKind,
    facts: SpanFacts,
    at: number,
  ) {
    this.#tracer = tracer;
    this.#time = time;
    this.#span = tracer.startSpan(
      name,
      { kind: kinds[kind], attributes: facts, startTime: time(at) },
      within,
    );
    this.#context = trace.setSpan(within, this.#span);
  }

  get parent(): TraceParent {
    const { traceId, spanId, traceState } = this.#span.spanContext();
    return { traceparent: `00-${traceId}-${spanId}-01`, tracestate: traceState?.serialize() };
  }

  begin(name: string, kind: SpanKind, facts: SpanFacts = {}, at = performance.now()): Span {
    return new OtlpSpan(this.#tracer, this.#time, this.#context, name, kind, facts, at);
  }

  end(facts: SpanFacts = {}, failure?: string, at = performance.now()): void {
    this.#span.setAttributes(facts);
    if (failure !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    this.#span.end(this.#time(at));
  }
}

/** The collector, as the library wants to have it. */
function placeOf(collector: string): { url: string; httpAgentOptions: object } {
  const usual = { keepAlive: true, maxSockets: 1 };
  if (!collector.startsWith('/')) return { url: collector, httpAgentOptions: usual };
  return {
    url: 'http://localhost/v1/traces',
    httpAgentOptions: { ...usual, socketPath: collector },
  };
}

export class OtlpTraces implements Traces {
  readonly functionName = functionName;
  readonly resultName = resultName;
  readonly #host: TracesHost;
  readonly #sampling: Sampling;
  readonly #queue: SpanQueue;
  readonly #tracer: Tracer;
  readonly #within = new AsyncLocalStorage<Span>();
  readonly #saying: NodeJS.Timeout;
  readonly #clock = new Clock();

  constructor(host: TracesHost) {
    this.#host = host;
    this.#sampling = new Sampling(host.perThousand);
    this.#queue = new SpanQueue(
      new OTLPTraceExporter({ ...placeOf(host.collector), timeoutMillis: PATIENCE_MS, concurrencyLimit: 1 }),
    );
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': host.service, 'service.version': host.version }),
      // What is followed has been decided before there is a span.
      sampler: new AlwaysOnSampler(),
      spanProcessors: [this.#queue],
    });
    this.#tracer = provider.getTracer('strongroom', host.version);
    this.#saying = setInterval(() => this.#say(), SAY_MS).unref();
  }

  begin(
    name: string,
    kind: SpanKind,
    parent: TraceParent | undefined,
    facts: SpanFacts = {},
  ): Span | undefined {
    const within = parent === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, parent, getter);
    const given = trace.getSpanContext(within);
    const followed = given === undefined ? undefined : (given.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (!this.#sampling.follows(followed)) return undefined;
    return new OtlpSpan(this.#tracer, this.#clock.now(), within, name, kind, facts, performance.now());
  }

  within<T>(span: Span, work: () => T): T {
    return this.#within.run(span, work);
  }

  current(): Span | undefined {
    return this.#within.getStore();
  }

  #say(): void {
    const { lost } = this.#queue;
    const { refused } = this.#sampling;
    this.#queue.lost = 0;
    this.#sampling.refused = 0;
    if (lost > 0)
      this.#host.log(`${lost} spans were lost: the collector is away, or takes them too slowly`, 'warning');
    if (refused > 0)
      this.#host.log(
        `${refused} calls were not followed as their callers wished: there are more than ${CALLS_PER_SECOND} a second`,
        'warning',
      );
  }

  async close(): Promise<void> {
    clearInterval(this.#saying);
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, GOODBYE_MS).unref();
    await Promise.race([this.#queue.shutdown().catch(() => undefined), promise]);
    this.#queue.giveUp();
    this.#say();
  }
}
