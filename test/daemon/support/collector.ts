/** A collector of OpenTelemetry's, as good or as bad as a test wants it. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP's JSON has it; what of it is looked at. */
export interface SentSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly traceState: string;
  readonly failure: string | undefined;
  /** Nanoseconds. */
  readonly start: bigint;
  readonly end: bigint;
  readonly facts: ReadonlyMap<string, unknown>;
}

interface Value {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface Body {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Value[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly name: string;
        readonly traceState?: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes: readonly Value[];
        readonly status: { readonly message?: string };
      }[];
    }[];
  }[];
}

const factsOf = (values: readonly Value[]): ReadonlyMap<string, unknown> =>
  new Map(values.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

function spansIn(text: string): SentSpan[] {
  return (JSON.parse(text) as Body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: String(factsOf(resource.attributes).get('service.name')),
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        traceState: span.traceState ?? '',
        failure: span.status.message,
        start: BigInt(span.startTimeUnixNano),
        end: BigInt(span.endTimeUnixNano),
        facts: factsOf(span.attributes),
      })),
    ),
  );
}

export class Collector {
  /** What it does with what comes. */
  mood: 'takes' | 'refuses' | 'hangs' = 'takes';
  /** All that has come, as it came. */
  text = '';
  readonly spans: SentSpan[] = [];
  /** Requests that were refused, or are left hanging. */
  unkind = 0;
  readonly #server: Server;
  readonly #hanging: ServerResponse[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => {
        this.text += `${request.url} ${JSON.stringify(request.headers)} ${body}\n`;
        if (this.mood === 'takes') {
          this.spans.push(...spansIn(body));
          response.setHeader('content-type', 'application/json').end('{}');
          return;
        }
        this.unkind++;
        if (this.mood === 'refuses') response.writeHead(500).end();
        else this.#hanging.push(response);
      });
    });
  }

  /** @param place the path of a socket; a port of the loopback interface where there is none */
  static async open(place?: string): Promise<Collector> {
    const made = new Collector();
    await new Promise<void>((resolve, reject) => {
      made.#server.once('error', reject);
      if (place === undefined) made.#server.listen(0, '127.0.0.1', resolve);
      else made.#server.listen(place, resolve);
    });
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** A tree of spans in words, children in the order in which they began: `a(b c(d))`. */
export function treeOf(spans: readonly SentSpan[], root: SentSpan): string {
  const children = spans
    .filter(({ parentSpanId }) => parentSpanId === root.spanId)
    .sort((a, b) => Number(a.start - b.start) || Number(a.end - b.end));
  const inside = children.map((child) => treeOf(spans, child)).join(' ');
  return inside === '' ? root.name : `${root.name}(${inside})`;
}

/** Two processes learn the time of day apart from each other, to some microseconds, and the machine may set its clock right between. */
const CLOCKS_APART = 1_000_000n;

/** Spans that are not within their parents: to the nanosecond in one process. */
export function strayOf(spans: readonly SentSpan[]): string[] {
  return spans.flatMap((span) => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
    if (parent === undefined) return [];
    const slack = parent.service === span.service ? 0n : CLOCKS_APART;
    if (parent.start <= span.start + slack && span.end <= parent.end + slack) return [];
    return [
      `${span.name} in ${parent.name}: ${span.start - parent.start} after its begin, ${parent.end - span.end} before its end`,
    ];
  });
}
