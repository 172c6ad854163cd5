/**
 * Messages on their way to us. The library keeps what has come of one until all of it has, and a client may have begun as many as he has streams: so
 * whatever is not small asks for room first, by the length that stands in front of it, and its stream is not read until it has got some. Then it must
 * come at some speed.
 */
import type { ServerHttp2Stream } from 'node:http2';

/** Below this nobody is asked. */
const SMALL_BYTES = 4096;
/** Room for so many messages of the largest size. */
const ROOM = 16;
/** A message comes within half a minute, or as fast as this. */
const PATIENCE_MS = 30_000;
const BYTES_PER_MS = 64;
/** A byte that says whether it is compressed, and the length. */
const HEAD = 5;

/** The room for all. */
export class Inbound {
  readonly largest: number;
  readonly #shares = new Map<string, number>();
  readonly #queue = new Set<Arrival>();
  #free: number;

  constructor(largest: number) {
    this.largest = largest;
    this.#free = ROOM * largest;
  }

  /** Whether there is room now; where there is not, `arrival` is told later. An identity may have as much as it leaves to others. */
  take(arrival: Arrival): boolean {
    const share = this.#shares.get(arrival.identity) ?? 0;
    if (share + arrival.length > this.#free) {
      this.#queue.add(arrival);
      return false;
    }
    this.#queue.delete(arrival);
    this.#free -= arrival.length;
    this.#shares.set(arrival.identity, share + arrival.length);
    return true;
  }

  /** No more waiting. */
  leave(arrival: Arrival): void {
    this.#queue.delete(arrival);
  }

  give(arrival: Arrival): void {
    this.#free += arrival.length;
    const share = (this.#shares.get(arrival.identity) ?? 0) - arrival.length;
    if (share > 0) this.#shares.set(arrival.identity, share);
    else this.#shares.delete(arrival.identity);
    for (const next of this.#queue) if (this.take(next)) next.proceed();
  }
}

/** What comes over one stream. */
export class Arrival {
  readonly identity: string;
  /** Of the message that is coming. */
  length = 0;
  readonly #stream: ServerHttp2Stream;
  readonly #inbound: Inbound;
  readonly #head = Buffer.alloc(HEAD);
  #headBytes = 0;
  #left = 0;
  #state: 'free' | 'waits' | 'has room' = 'free';
  #since = 0;

  constructor(stream: ServerHttp2Stream, identity: string, inbound: Inbound) {
    this.#stream = stream;
    this.identity = identity;
    this.#inbound = inbound;
  }

  came(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.close();
        continue;
      }
      const taken = chunk.copy(this.#head, this.#headBytes, at);
      at += taken;
      this.#headBytes += taken;
      if (this.#headBytes === HEAD) this.#begin(this.#head.readUInt32BE(1));
    }
    // The library may have gone on by itself, as it does when its handler has read what came before.
    if (this.#state === 'waits') this.#stream.pause();
  }

  proceed(): void {
    this.#state = 'has room';
    this.#since = performance.now();
    this.#stream.resume();
  }

  /** Whether it comes so slowly that it holds room for nothing. */
  isSlow(now: number): boolean {
    return this.#state === 'has room' && now - this.#since > PATIENCE_MS + this.length / BYTES_PER_MS;
  }

  /** The message has come, or nothing more comes. */
  close(): void {
    if (this.#state === 'has room') this.#inbound.give(this);
    else if (this.#state === 'waits') this.#inbound.leave(this);
    this.#state = 'free';
  }

  #begin(length: number): void {
    this.#headBytes = 0;
    this.#left = length;
    // One that is too long is refused by the library at its head.
    if (length < SMALL_BYTES || length > this.#inbound.largest) return;
    this.length = length;
    this.#state = this.#inbound.take(this) ? 'has room' : 'waits';
    this.#since = performance.now();
  }
}
