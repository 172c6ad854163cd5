/** Traces: where a call's time went, told to a collector (OpenTelemetry). Here stands what those see who make spans. */

/** Where spans go, and how many calls are followed. */
export interface TracesConfig {
  /** A URL of OTLP over HTTP, or the absolute path of a socket where one listens; empty where nothing is traced. */
  readonly collector: string;
  /** Of a thousand calls that nobody else has begun to follow, so many are. */
  readonly perThousand: number;
}

/** Whose call it is a part of, as W3C's Trace Context has it. */
export interface TraceParent {
  readonly traceparent: string;
  readonly tracestate: string | undefined;
}

/** Who answers, who asks, or neither: a part of the work. */
export type SpanKind = 'server' | 'client' | 'internal';

export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** A span that has begun. Moments are performance.now()'s; without one, it is now. */
export interface Span {
  /** For the other side. */
  readonly parent: TraceParent;
  /** A part of it. */
  begin(name: string, kind: SpanKind, facts?: SpanFacts, at?: number): Span;
  /** @param failure the name of what went wrong */
  end(facts?: SpanFacts, failure?: string, at?: number): void;
}

export interface Traces {
  /** What a function and a result are called that have these numbers in a lane. */
  functionName(fn: number): string;
  resultName(rv: number): string;
  /**
   * Begins to follow a call, or does not: undefined. One that somebody else follows is followed here as well, unless he has too many.
   */
  begin(name: string, kind: SpanKind, parent: TraceParent | undefined, facts?: SpanFacts): Span | undefined;
  /** Whatever `work` begins belongs to that span, however long it takes. */
  within<T>(span: Span, work: () => T): T;
  /** The span that whoever asks belongs to. */
  current(): Span | undefined;
  /** Sends what there is, for a moment at the most. */
  close(): Promise<void>;
}

export interface TracesHost extends TracesConfig {
  /** What we are, to the collector. */
  readonly service: string;
  readonly version: string;
  log(message: string, level: 'warning'): void;
}

/** A span's numbers as they travel with a call between a gateway and a door: 16 bytes of the trace, 8 of the span. */
export const TRACE_BYTES = 24;

export function packParent({ traceparent }: TraceParent): Uint8Array {
  const [, trace = '', span = ''] = traceparent.split('-');
  return Buffer.from(trace + span, 'hex');
}

/** Only what is followed is sent on. */
export function unpackParent(bytes: Uint8Array): TraceParent {
  const hex = Buffer.from(bytes).toString('hex');
  return { traceparent: `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`, tracestate: undefined };
}
