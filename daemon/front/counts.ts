/** What the door has done, for its metrics. */
import type { Client } from './client.ts';
import type { Gate } from './gate.ts';
import type { Refusals } from './refusals.ts';
import type { Room } from './room.ts';

/** What connections have brought. */
export interface Traffic {
  accepted: number;
  calls: number;
  resets: number;
  received: number;
  sent: number;
}

export class Counts {
  readonly #refusals: Refusals;
  readonly #room: Room;
  readonly #gate: Gate;
  /** Of connections that are no more. */
  readonly #past: Traffic = { accepted: 0, calls: 0, resets: 0, received: 0, sent: 0 };

  constructor(refusals: Refusals, room: Room, gate: Gate) {
    this.#refusals = refusals;
    this.#room = room;
    this.#gate = gate;
  }

  /** A connection that has ended. */
  add(client: Client): void {
    sum(this.#past, client);
  }

  get connections(): number {
    return this.#room.clients.size;
  }

  get handshakes(): number {
    return this.#gate.size;
  }

  get streams(): number {
    let streams = 0;
    for (const client of this.#room.clients) streams += client.streams.size;
    return streams;
  }

  get traffic(): Readonly<Traffic> {
    const all = { ...this.#past };
    for (const client of this.#room.clients) sum(all, client);
    return all;
  }

  get refused(): ReadonlyMap<string, number> {
    return this.#refusals.refused;
  }

  get cut(): ReadonlyMap<string, number> {
    return this.#refusals.cut;
  }
}

function sum(all: Traffic, client: Client): void {
  all.accepted++;
  all.calls += client.opened;
  all.resets += client.reset;
  all.received += client.received;
  all.sent += client.sent;
}
