/**
 * Whoever wants metrics comes here, over HTTP. He shares a thread with those who use keys, so he gets little of it: a few connections, a request
 * each, some seconds, and an answer that is the same for all who come within a second.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { listenAt, type Place } from './place.ts';

/** How many connections there are at most: when one more comes, the oldest goes. So whoever holds them for nothing keeps nobody out. */
const CONNECTIONS_MOST = 16;
/** How long one is there at most, whatever comes or goes over it. */
const CONNECTION_MS = 5000;
/** Bytes of a request's headers. */
const HEADERS_MOST = 4096;
/** How long a page is good; and how many times as long as it took to make, so that no more than a fiftieth of the engine's time goes there. */
const PAGE_MS = 1000;
const PAGE_SHARE = 50;

export interface Sources {
  page(): string;
  /** Whether keys can be used. */
  healthy(): boolean;
  log(message: string): void;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly type: string;
}

/** The version of the format belongs to its type. */
const EXPOSITION = 'text/plain; version=0.0.4; charset=utf-8';

function words(status: number, text: string): Answer {
  return { status, body: Buffer.from(`${text}\n`), type: 'text/plain; charset=utf-8' };
}

export class Listener {
  readonly #sources: Sources;
  readonly #sockets = new Set<Socket>();
  readonly #address: string;
  #server: Server | undefined;
  #place: Place | undefined;
  #page: Answer | undefined;
  #goodUntil = 0;
  #closed = false;

  constructor(address: string, sources: Sources) {
    this.#address = address;
    this.#sources = sources;
  }

  /** @throws PlaceError where the address cannot be had */
  async open(group: string): Promise<void> {
    // Only who wants metrics pays for it at the start.
    const { createServer } = await import('node:http');
    const server = createServer(
      {
        maxHeaderSize: HEADERS_MOST,
        keepAlive: false,
        // Each connection has its own end, and a timer that looks at all of them would wake an engine that rests.
        headersTimeout: 0,
        requestTimeout: 0,
        connectionsCheckingInterval: 0x7fffffff,
      },
      (request, response) => this.#respond(request, response),
    );
    server.maxRequestsPerSocket = 1;
    server.on('connection', (socket) => this.#admit(socket));
    // What is no HTTP gets no answer.
    server.on('clientError', (_error, socket) => socket.destroy());
    server.on('connect', (_request, socket) => socket.destroy());
    server.on('upgrade', (_request, socket) => socket.destroy());
    server.on('checkContinue', (request, response) => this.#respond(request, response));
    this.#server = server;
    try {
      this.#place = await listenAt(server, this.#address, group);
    } catch (error) {
      server.close();
      throw error;
    }
    server.on('error', (error) => this.#sources.log(`metrics: ${error.message}`));
    if (this.#closed) this.close();
  }

  close(): void {
    this.#closed = true;
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#place?.leave();
    this.#place = undefined;
  }

  #admit(socket: Socket): void {
    this.#sockets.add(socket);
    const end = setTimeout(() => socket.destroy(), CONNECTION_MS).unref();
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(end);
      this.#sockets.delete(socket);
    });
    if (this.#sockets.size <= CONNECTIONS_MOST) return;
    const [oldest] = this.#sockets;
    oldest?.destroy();
    if (oldest !== undefined) this.#sockets.delete(oldest);
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    let answer: Answer;
    try {
      answer = this.#answer(request);
    } catch (error) {
      this.#sources.log(`metrics: a bug: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      answer = words(500, 'a bug');
    }
    const { status, body, type } = answer;
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      Connection: 'close',
      ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #answer(request: IncomingMessage): Answer {
    if (!this.#isMeant(request.headers.host)) return words(403, 'not under this name');
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics' && path !== '/healthz') return words(404, 'there are /metrics and /healthz');
    if (request.method !== 'GET' && request.method !== 'HEAD') return words(405, 'GET or HEAD');
    if (path === '/metrics') return this.#current();
    return this.#sources.healthy() ? words(200, 'ok') : words(503, 'out of use');
  }

  /** A page of the web can be given a name that leads to the loopback interface: the browser that shows it sends that name. */
  #isMeant(host: string | undefined): boolean {
    return this.#address.startsWith('/') || /^(127(\.\d+){3}|\[::1\]|localhost)(:\d+)?$/i.test(host ?? '');
  }

  #current(): Answer {
    const now = performance.now();
    if (this.#page !== undefined && now < this.#goodUntil) return this.#page;
    this.#page = { status: 200, body: Buffer.from(this.#sources.page()), type: EXPOSITION };
    const took = performance.now() - now;
    this.#goodUntil = now + Math.max(PAGE_MS, PAGE_SHARE * took);
    return this.#page;
  }
}
