/**
 * A client that has been let in. Beside what the rest of the door knows of him (`Connection`) it is counted here what he does over his connection,
 * which costs a call two additions; the front looks at the counts four times a second.
 */
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Principal } from '../../module/lane/principal.ts';
import type { Connection } from './connection.ts';
import { Arrival, type Inbound } from './inbound.ts';
import { WINDOW_BYTES } from './inner.ts';
import type { Cut, Who } from './refusals.ts';
import type { Path } from './trust.ts';

/** Streams that a client ends before their time: so many at once, and so many a second. */
const RESETS_BURST = 200;
const RESETS_PER_SECOND = 100;
/** From the handshake until the client has said that he speaks HTTP/2. */
const PREFACE_MS = 10_000;
/** Until his first call. */
const FIRST_CALL_MS = 60_000;
/** Between calls. */
const IDLE_MS = 15 * 60_000;
/** What waits for a client is read within half a minute, or as fast as this. */
const UNREAD_MS = 30_000;
const UNREAD_BYTES_PER_MS = 64;
/** What comes over a connection and belongs to no call: so many bytes a second, and so many at once. */
const NOISE_PER_SECOND = 65_536;
const NOISE_BURST = 1 << 20;

/** What Node says when it is the client's HTTP/2 that is wrong, and not he who ends it because of ours. */
const WRONG: ReadonlySet<string> = new Set(['ERR_HTTP2_ERROR', 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES']);

/** Whom the client's end is told. */
export interface ClientEvents {
  closed(client: Client): void;
  cut(client: Client, reason: Cut, words: string): void;
}

export class Client implements Connection, Who {
  readonly id: number;
  readonly principal: Principal;
  readonly host: string;
  readonly path: Path;
  /** Milliseconds since 1970 at which his certificate, or one above it, ends; a reload may change it. */
  endsAt: number;
  /** Undefined until he speaks HTTP/2. */
  session: ServerHttp2Session | undefined;
  readonly streams = new Map<ServerHttp2Stream, Arrival>();
  /** Since the beginning. */
  opened = 0;
  reset = 0;
  readonly #socket: TLSSocket;
  readonly #inbound: Inbound;
  readonly #events: ClientEvents;
  readonly #told: (() => void)[] = [];
  readonly #since = performance.now();
  #spoke = false;
  #restsSince: number;
  #resets = RESETS_BURST;
  #resetsAt: number;
  /** Bytes that are for something: data of calls, and what it takes to bring them. */
  #useful = 0;
  #noise = 0;
  #excess = 0;
  #lookedAt: number;
  /** Bytes that answer frames which belong to no call. */
  #answers = 0;
  /** Bytes that wait until he reads them, and those with what has come from him and nobody has asked for yet. */
  waiting = 0;
  held = 0;
  #unread: { readonly since: number; readonly written: number; readonly waiting: number } | undefined;

  constructor(
    id: number,
    socket: TLSSocket,
    principal: Principal,
    host: string,
    path: Path,
    endsAt: number,
    inbound: Inbound,
    events: ClientEvents,
  ) {
    this.id = id;
    this.#socket = socket;
    this.principal = principal;
    this.host = host;
    this.path = path;
    this.endsAt = endsAt;
    this.#inbound = inbound;
    this.#events = events;
    this.#restsSince = this.#since;
    this.#resetsAt = this.#since;
    this.#lookedAt = this.#since;
    socket.once('close', () => {
      for (const told of this.#told.splice(0)) told();
      events.closed(this);
    });
  }

  /** By which he is called, and under which limits count. */
  get name(): string {
    return this.principal.names[0] ?? '';
  }

  get address(): string {
    return this.principal.address;
  }

  get fingerprint(): string {
    return this.principal.fingerprint;
  }

  get received(): number {
    return this.#socket.bytesRead;
  }

  get sent(): number {
    return this.#socket.bytesWritten;
  }

  /** Since when no stream is open; undefined while one is. */
  get restsSince(): number | undefined {
    return this.streams.size > 0 ? undefined : this.#restsSince;
  }

  destroy(): void {
    this.session?.destroy();
    this.#socket.destroy();
  }

  onClose(told: () => void): void {
    if (this.#socket.destroyed && this.#socket.closed) told();
    else this.#told.push(told);
  }

  /** Ends it because of what he did, and says so to him, if he listens. */
  cut(reason: Cut, words: string): void {
    if (this.#socket.destroyed) return;
    this.#events.cut(this, reason, words);
    if (this.session !== undefined && !this.session.destroyed)
      this.session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    this.#socket.destroy();
  }

  speaks(session: ServerHttp2Session): void {
    this.session = session;
    // What is no HTTP/2, or goes beyond the library's own bounds; a connection that was lost is none of that.
    session.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== undefined && WRONG.has(error.code))
        this.#events.cut(this, 'protocol', `its HTTP/2 was wrong, or too much (${error.code})`);
    });
    // Node's own, 64 KiB for all streams together, makes a large call wait for the way back sixteen times a MiB.
    session.setLocalWindowSize(2 * WINDOW_BYTES);
    // Each of these is a frame that belongs to no call.
    session.on('ping', () => {
      this.#answers += 17;
      this.#chatter();
    });
    session.on('remoteSettings', () => {
      this.#spoke = true;
      this.#answers += 9;
      this.#chatter();
    });
  }

  streamOpened(stream: ServerHttp2Stream): void {
    this.opened++;
    this.#useful += 2048;
    const arrival = new Arrival(stream, this.name, this.#inbound);
    this.streams.set(stream, arrival);
    // A listener lets the data flow, but not before the library, which comes next, has stopped it until its handler asks. What the library answers by
    // itself is not read by it, and ends the sooner for being read here.
    stream.on('data', (chunk: Buffer) => {
      // The frame's head and the record's are for it.
      this.#useful += chunk.length + 64;
      arrival.came(chunk);
    });
    stream.once('close', () => this.#streamClosed(stream, arrival));
  }

  /** What the front asks four times a second. */
  look(now: number): void {
    if (this.#socket.destroyed) return;
    if (Date.now() > this.endsAt) this.cut('expired', 'its certificate has ended');
    else if (!this.#spoke && now - this.#since > PREFACE_MS)
      this.cut('silent', `no HTTP/2 within ${PREFACE_MS / 1000} seconds`);
    else {
      let buffered = 0;
      this.waiting = this.#socket.writableLength;
      let slow = false;
      for (const [stream, arrival] of this.streams) {
        slow ||= arrival.isSlow(now);
        buffered += stream.readableLength;
        this.waiting += stream.writableLength;
      }
      this.held = this.waiting + buffered;
      if (slow) this.cut('slow', 'a message of its came too slowly');
      this.#lookAtNoise(now, buffered);
      this.#lookAtUnread(now);
      if (this.streams.size === 0) this.#lookAtRest(now);
    }
  }

  #streamClosed(stream: ServerHttp2Stream, arrival: Arrival): void {
    this.streams.delete(stream);
    arrival.close();
    if (this.streams.size === 0) this.#restsSince = performance.now();
    const code = stream.rstCode;
    if (code === undefined || code === constants.NGHTTP2_NO_ERROR) return;
    this.reset++;
    if (this.session === undefined || this.session.destroyed) return;
    const now = performance.now();
    this.#resets = Math.min(RESETS_BURST, this.#resets + ((now - this.#resetsAt) / 1000) * RESETS_PER_SECOND);
    this.#resetsAt = now;
    if (--this.#resets < 0) this.cut('resets', 'it gave up calls faster than anybody makes them');
  }

  /** A frame that costs us an answer weighs more than its bytes. */
  #chatter(): void {
    this.#noise += 64;
    if (this.#noise > NOISE_BURST) this.#flooded();
  }

  #flooded(): void {
    this.cut('flood', 'it sent too much that belonged to no call');
  }

  #lookAtNoise(now: number, buffered: number): void {
    // Whoever reads much from us gives back windows for it.
    const excess = this.#socket.bytesRead - this.#useful - buffered - this.#socket.bytesWritten / 64;
    const allowed = ((now - this.#lookedAt) / 1000) * NOISE_PER_SECOND;
    // Nothing is saved up: what was useful before makes no room for noise now.
    this.#noise = Math.max(0, this.#noise + excess - this.#excess - allowed);
    this.#excess = excess;
    this.#lookedAt = now;
    if (this.#noise > NOISE_BURST) this.#flooded();
  }

  #lookAtUnread(now: number): void {
    const written = this.#socket.bytesWritten - this.#answers;
    const before = this.#unread;
    if (this.waiting === 0) this.#unread = undefined;
    else if (before === undefined || written - before.written >= before.waiting)
      this.#unread = { since: now, written, waiting: this.waiting };
    else if (now - before.since > UNREAD_MS + before.waiting / UNREAD_BYTES_PER_MS)
      this.cut('unread', 'it did not read what waited for it');
  }

  #lookAtRest(now: number): void {
    const patience = this.opened === 0 ? FIRST_CALL_MS : IDLE_MS;
    if (now - this.#restsSince <= patience || this.session === undefined) return;
    this.#events.cut(this, 'idle', 'it made no call for a while');
    // A call that has just been sent is told that it was not served.
    this.session.close();
    this.#restsSince = now;
  }
}
