/** An engine's metrics as somebody else's parser reads them. */
import http from 'node:http';
import { createRequire } from 'node:module';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels?: Labels;
  readonly value: string;
}

interface Family {
  readonly name: string;
  readonly metrics: readonly Sample[];
}

/** As the parser exports it: types are not among what it brings. */
const parse = createRequire(import.meta.url)('parse-prometheus-text-format') as (text: string) => Family[];

function keyOf(name: string, labels: Labels): string {
  return `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
}

export class Scraped {
  readonly text: string;
  readonly #values = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
    // Of a histogram that it knows for one the parser forgets the labels; so it sees its lines as what they are.
    for (const { name, metrics } of parse(text.replace(/^# TYPE \S+ histogram$/gm, '')))
      for (const { labels, value } of metrics) {
        const key = keyOf(name, labels ?? {});
        if (this.#values.has(key)) throw new Error(`${key} stands there twice`);
        this.#values.set(key, Number(value));
      }
  }

  /** Of the sample with exactly these labels; NaN where there is none. */
  value(name: string, labels: Labels = {}): number {
    return this.#values.get(keyOf(name, labels)) ?? Number.NaN;
  }

  calls(fn: string, result = 'CKR_OK'): number {
    return this.value('strongroom_calls_total', { function: fn, result }) || 0;
  }

  /** How many calls the histogram has seen. */
  timed(fn: string, mechanism?: string): number {
    const labels = mechanism === undefined ? { function: fn } : { function: fn, mechanism };
    return this.value('strongroom_call_duration_seconds_count', labels) || 0;
  }
}

export interface Response {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request to a socket's path or to a loopback port. */
export function ask(
  address: string,
  path = '/metrics',
  options: http.RequestOptions = {},
): Promise<Response> {
  const [host, port] = address.split(':');
  const where = address.startsWith('/') ? { socketPath: address } : { host, port };
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const request = http.request({ ...where, path, agent: false, ...options }, (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    response.on('error', reject).on('end', () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
  });
  request.on('error', reject).end();
  return promise;
}

export async function scrape(address: string): Promise<Scraped> {
  return new Scraped((await ask(address)).body);
}
