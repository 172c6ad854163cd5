/**
 * A client that has been let in. Beside what the rest of the door knows of him (`Connection`) it is counted here what he does over his connection,
 * which costs a call two additions; the front looks at the counts twice a second.
 */
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Principal } from '../../module/lane/principal.ts';
import type { Connection } from './connection.ts';
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
  readonly streams = new Set<ServerHttp2Stream>();
  /** Since the beginning. */
  opened = 0;
  reset = 0;
  readonly #socket: TLSSocket;
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
  /** Bytes that wait until he reads them. */
  waiting = 0;
  #unread: { readonly since: number; readonly written: number; readonly waiting: number } | undefined;

  constructor(
    id: number,
    socket: TLSSocket,
    principal: Principal,
    host: string,
    path: Path,
    endsAt: number,
    events: ClientEvents,
  ) {
    this.id = id;
    this.#socket = socket;
    this.principal = principal;
    this.host = host;
    this.path = path;
    this.endsAt = endsAt;
    this.#events = events;
    this.#restsSince = this.#since;
    this.#resetsAt = this.#since;
    this.#lookedAt = this.#since;
    socket.once('close', () => {
      for (const told of this.#told.splice(0)) told();
      events.closed(this);
    });
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
    this.streams.add(stream);
    this.#useful += 2048;
    // Counted where it comes in: a listener for data would begin to read it.
    const push = stream.push.bind(stream);
    stream.push = (chunk: Uint8Array | null, encoding?: BufferEncoding): boolean => {
      if (chunk !== null) this.#dataCame(chunk.length);
      return push(chunk, encoding);
    };
    stream.once('close', () => this.#streamClosed(stream));
  }

  #dataCame(bytes: number): void {
    // The frame's head and the record's are for it.
    this.#useful += bytes + 64;
  }

  /** What the front asks twice a second. */
  look(now: number): void {
    if (this.#socket.destroyed) return;
    if (Date.now() > this.endsAt) this.cut('expired', 'its certificate has ended');
    else if (!this.#spoke && now - this.#since > PREFACE_MS)
      this.cut('silent', `no HTTP/2 within ${PREFACE_MS / 1000} seconds`);
    else {
      this.waiting = this.#socket.writableLength;
      for (const stream of this.streams) this.waiting += stream.writableLength;
      this.#lookAtNoise(now);
      this.#lookAtUnread(now);
      if (this.streams.size === 0) this.#lookAtRest(now);
    }
  }

  #streamClosed(stream: ServerHttp2Stream): void {
    this.streams.delete(stream);
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

  #lookAtNoise(now: number): void {
    // Whoever reads much from us gives back windows for it.
    const excess = this.#socket.bytesRead - this.#useful - this.#socket.bytesWritten / 64;
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
