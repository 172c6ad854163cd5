/** Who is in, by identity, and how many may be. */
import type { NetworkConfig } from '../../module/engine/public.ts';
import type { Principal } from '../../module/lane/principal.ts';
import type { Client } from './client.ts';
import { groupOf } from './gate.ts';
import type { Cut, Refusal } from './refusals.ts';

/** So much may wait for its readers, here and there, in messages of the largest size: of one connection, and of all. */
const HELD_MOST_OF_ONE = 4;
const HELD_MOST = 16;
/** Streams have windows for as much, also where messages must be small. */
const LARGE_BYTES = 16 << 20;

/** Whoever was put out for what no client does by mistake stays out a while, he and nobody else at another address. */
const BARRED_MS = 10_000;
const offences: ReadonlySet<Cut> = new Set<Cut>(['resets', 'flood', 'protocol']);

function barKey(name: string, host: string): string {
  return `${groupOf(host)} ${name}`;
}

export class Room {
  readonly clients = new Set<Client>();
  /** Until when, the first one first. */
  readonly #barred = new Map<string, number>();
  readonly #identities = new Map<string, Set<Client>>();
  #empty: (() => void) | undefined;

  enter(client: Client): void {
    this.clients.add(client);
    const mine = this.#identities.get(client.name) ?? new Set();
    this.#identities.set(client.name, mine.add(client));
  }

  leave(client: Client): void {
    this.clients.delete(client);
    const mine = this.#identities.get(client.name);
    mine?.delete(client);
    if (mine?.size === 0) this.#identities.delete(client.name);
    if (this.clients.size === 0) this.#empty?.();
  }

  /**
   * Whether there is no place for this one. Where all are taken, whoever has most gives one up that rests, if he has more than the one who comes: so
   * an identity may have as many as it leaves to others.
   */
  lacks(
    { names: [name = ''] }: Principal,
    host: string,
    config: NetworkConfig,
  ): { reason: Refusal; words: string } | undefined {
    if ((this.#barred.get(barKey(name, host)) ?? 0) > performance.now())
      return { reason: 'barred', words: `it was put out less than ${BARRED_MS / 1000} seconds ago` };
    const mine = this.#identities.get(name)?.size ?? 0;
    if (mine >= config.maxConnectionsPerIdentity)
      return {
        reason: 'identity_connections',
        words: 'its identity has as many connections as one may have (network.max_connections_per_identity)',
      };
    if (this.clients.size < config.maxConnections) return undefined;
    const largest = this.#largest();
    const resting = largest.size > mine + 1 ? longestAtRest(largest) : undefined;
    if (resting === undefined)
      return {
        reason: 'connections',
        words: 'there are as many connections as there may be (network.max_connections)',
      };
    resting.cut(
      'crowd',
      'it rested, its identity had more connections than any other, and another needed the place',
    );
    return undefined;
  }

  /** Has been put out. */
  isOut({ name, host }: Client, reason: Cut): void {
    if (!offences.has(reason)) return;
    const key = barKey(name, host);
    this.#barred.delete(key);
    this.#barred.set(key, performance.now() + BARRED_MS);
  }

  /** What waits to be read is memory of ours: there is an end to it, for one and for all together. */
  relieve(config: NetworkConfig, now: number): void {
    const message = Math.max(LARGE_BYTES, config.maxMessageBytes);
    for (const [key, until] of this.#barred) {
      if (until > now) break;
      this.#barred.delete(key);
    }
    let all = 0;
    for (const client of this.clients) {
      if (client.held > HELD_MOST_OF_ONE * message)
        client.cut('unread', 'more waited for it than it may leave unread');
      else all += client.held;
    }
    while (all > HELD_MOST * message) {
      const most = mostHeld(this.#identities.values());
      if (most === undefined) return;
      all -= most.held;
      most.cut('unread', 'there was too much that was not read, and most of it was its identity’s');
      most.held = 0;
    }
  }

  /** Resolves when nobody is in any more, or after a while. */
  async empty(patienceMs: number): Promise<void> {
    if (this.clients.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#empty = resolve;
    const end = setTimeout(resolve, patienceMs);
    await promise;
    clearTimeout(end);
  }

  #largest(): Set<Client> {
    let largest = new Set<Client>();
    for (const clients of this.#identities.values()) if (clients.size > largest.size) largest = clients;
    return largest;
  }
}

function longestAtRest(clients: Iterable<Client>): Client | undefined {
  let found: Client | undefined;
  for (const client of clients) {
    const since = client.restsSince;
    if (since !== undefined && since < (found?.restsSince ?? Number.POSITIVE_INFINITY)) found = client;
  }
  return found;
}

function mostHeld(identities: Iterable<Set<Client>>): Client | undefined {
  let most = 0;
  let found: Client | undefined;
  for (const clients of identities) {
    let sum = 0;
    let first: Client | undefined;
    for (const client of clients) {
      sum += client.held;
      if (client.held > (first?.held ?? 0)) first = client;
    }
    if (sum > most) [most, found] = [sum, first];
  }
  return found;
}
