/** Who is in, by identity, and how many may be. */
import type { NetworkConfig } from '../../module/engine/public.ts';
import type { Principal } from '../../module/lane/principal.ts';
import type { Client } from './client.ts';
import type { Refusal } from './refusals.ts';

/** So many messages of the largest size may wait for their readers: of one connection, and of all. */
const WAITING_MOST_OF_ONE = 4;
const WAITING_MOST = 16;

export class Room {
  readonly clients = new Set<Client>();
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
   * Whether there is no place for one more. Where all are taken, whoever has most gives one up that rests, if he has more than the one who comes: so
   * an identity may have as many as it leaves to others.
   */
  lacks(
    { names: [name = ''] }: Principal,
    config: NetworkConfig,
  ): { reason: Refusal; words: string } | undefined {
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

  /** Whoever does not read holds memory of ours: there is an end to it, for one and for all together. */
  relieve({ maxMessageBytes }: NetworkConfig): void {
    let all = 0;
    for (const client of this.clients) {
      if (client.waiting > WAITING_MOST_OF_ONE * maxMessageBytes)
        client.cut('unread', 'more waited for it than it may leave unread');
      else all += client.waiting;
    }
    while (all > WAITING_MOST * maxMessageBytes) {
      const most = mostWaiting(this.#identities.values());
      if (most === undefined) return;
      all -= most.waiting;
      most.cut('unread', 'there was too much that was not read, and most of it was its identity’s');
      most.waiting = 0;
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

function mostWaiting(identities: Iterable<Set<Client>>): Client | undefined {
  let most = 0;
  let found: Client | undefined;
  for (const clients of identities) {
    let sum = 0;
    let first: Client | undefined;
    for (const client of clients) {
      sum += client.waiting;
      if (client.waiting > (first?.waiting ?? 0)) first = client;
    }
    if (sum > most) [most, found] = [sum, first];
  }
  return found;
}
