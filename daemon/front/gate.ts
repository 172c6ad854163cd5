/**
 * Those who have not shown who they are: they get a turn, a while, and no more room than there is. A handshake costs us a signature, so addresses take
 * turns, and only so many begin in a second: those who are in already have the processor before those who may come in.
 */
import { isIPv6, type Socket } from 'node:net';
import type { Refusal } from './refusals.ts';

/** Connections without a finished handshake in all; beyond, the oldest of the address with most of them goes. */
export const HALF_OPEN_MOST = 1024;
/** From the first packet to the end of the handshake. */
export const HANDSHAKE_MS = 10_000;
/** Handshakes that may begin at once, and a second. */
const BURST = 400;
const PER_SECOND = 400;
/** After a handshake that came to nothing its address waits so long for its next turn. */
const PENALTY_MS = 50;

/** The address as people write it: of IPv4 also where the socket is one of IPv6. */
export function hostOf(socket: Socket): string {
  const address = socket.remoteAddress ?? 'unknown';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Whoever has one address of IPv6 has a network of 2^64. */
export function groupOf(host: string): string {
  if (!isIPv6(host)) return host;
  const [head = '', tail] = host.split('%', 1)[0]?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - behind.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...behind];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

interface Visitor {
  readonly socket: Socket;
  readonly host: string;
  readonly group: string;
  readonly until: number;
}

export interface GateEvents {
  /** His turn has come. */
  start(socket: Socket): void;
  refused(reason: Refusal, socket: Socket, words: string): void;
}

export class Gate {
  readonly #events: GateEvents;
  readonly #visitors = new Map<Socket, Visitor>();
  /** By address, the oldest first. */
  readonly #groups = new Map<string, Set<Visitor>>();
  /** Who waits for his turn, by address; the address whose turn is next stands first. */
  readonly #waiting = new Map<string, Set<Visitor>>();
  /** Until when an address waits. */
  readonly #penalties = new Map<string, number>();
  #turns = BURST;
  #turnsAt = performance.now();
  #next: NodeJS.Immediate | undefined;
  /** Until somebody has waited long enough; whoever comes meanwhile may not have to wait. */
  #later: NodeJS.Timeout | undefined;

  constructor(events: GateEvents) {
    this.#events = events;
  }

  get size(): number {
    return this.#visitors.size;
  }

  has(socket: Socket): boolean {
    return this.#visitors.has(socket);
  }

  enter(socket: Socket): void {
    const host = hostOf(socket);
    const group = groupOf(host);
    const visitor = { socket, host, group, until: performance.now() + HANDSHAKE_MS };
    this.#visitors.set(socket, visitor);
    const together = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, together.add(visitor));
    // A connection that is reset, by whomever, has ended, and nothing more is to be said about it.
    socket.on('error', () => undefined);
    socket.once('close', () => this.leave(socket));
    if (this.#visitors.size > HALF_OPEN_MOST) this.#makeRoom();
    if (socket.destroyed) return;
    const queue = this.#waiting.get(group) ?? new Set();
    this.#waiting.set(group, queue.add(visitor));
    this.#proceed();
  }

  /** Has shown who he is, or is gone. */
  leave(socket: Socket): void {
    const visitor = this.#visitors.get(socket);
    if (visitor === undefined) return;
    this.#visitors.delete(socket);
    const together = this.#groups.get(visitor.group);
    together?.delete(visitor);
    if (together?.size === 0) this.#groups.delete(visitor.group);
    const queue = this.#waiting.get(visitor.group);
    queue?.delete(visitor);
    if (queue?.size === 0) this.#waiting.delete(visitor.group);
  }

  /** A handshake from there came to nothing. */
  penalise(host: string): void {
    this.#penalties.set(groupOf(host), performance.now() + PENALTY_MS);
  }

  sweep(now = performance.now()): void {
    for (const [group, until] of this.#penalties) if (until <= now) this.#penalties.delete(group);
    for (const { socket, until } of this.#visitors.values()) {
      if (now < until) return;
      this.#refuse('timeout', socket, `no handshake within ${HANDSHAKE_MS / 1000} seconds`);
    }
  }

  close(): void {
    clearImmediate(this.#next);
    clearTimeout(this.#later);
    this.#waiting.clear();
    for (const { socket } of this.#visitors.values()) socket.destroy();
  }

  #refuse(reason: Refusal, socket: Socket, words: string): void {
    this.#events.refused(reason, socket, words);
    this.leave(socket);
    socket.destroy();
  }

  #makeRoom(): void {
    let largest: Set<Visitor> | undefined;
    for (const together of this.#groups.values())
      if (together.size > (largest?.size ?? 0)) largest = together;
    const [oldest] = largest ?? [];
    if (oldest !== undefined)
      this.#refuse('crowd', oldest.socket, 'there were too many who had not shown who they are');
  }

  #proceed(): void {
    if (this.#next !== undefined || this.#waiting.size === 0) return;
    const now = performance.now();
    this.#turns = Math.min(BURST, this.#turns + ((now - this.#turnsAt) / 1000) * PER_SECOND);
    this.#turnsAt = now;
    const turn = this.#turns < 1 ? 1000 / PER_SECOND : this.#firstTurn(now);
    clearTimeout(this.#later);
    if (typeof turn === 'number') {
      this.#later = setTimeout(() => this.#proceed(), turn);
      return;
    }
    // One a round of the event loop: whatever else has come meanwhile is served between.
    this.#next = setImmediate(() => {
      this.#next = undefined;
      this.#take(turn);
      this.#proceed();
    });
  }

  /** Whose turn it is, or in how many milliseconds it is somebody's. */
  #firstTurn(now: number): string | number {
    let soonest = PENALTY_MS;
    for (const group of this.#waiting.keys()) {
      const wait = (this.#penalties.get(group) ?? 0) - now;
      if (wait <= 0) return group;
      soonest = Math.min(soonest, wait);
    }
    return soonest;
  }

  #take(group: string): void {
    const queue = this.#waiting.get(group);
    this.#waiting.delete(group);
    const [visitor] = queue ?? [];
    if (queue === undefined || visitor === undefined) return;
    queue.delete(visitor);
    if (queue.size > 0) this.#waiting.set(group, queue);
    if (visitor.socket.destroyed) return;
    this.#turns--;
    this.#events.start(visitor.socket);
  }
}
