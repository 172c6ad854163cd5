/** Messages on their way: how much of them there may be, and whose turn it is. */
import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { Arrival, Inbound } from '../../daemon/front/inbound.ts';
import { message } from './raw.ts';

const LARGEST = 65_536;

/** A stream that only remembers whether it is read. */
class Stream {
  reads = true;
  pause(): void {
    this.reads = false;
  }
  resume(): void {
    this.reads = true;
  }
}

function arrivals(inbound: Inbound, identity: string, count: number): { stream: Stream; arrival: Arrival }[] {
  return Array.from({ length: count }, () => {
    const stream = new Stream();
    return { stream, arrival: new Arrival(stream as unknown as ServerHttp2Stream, identity, inbound) };
  });
}

const whole = message(Buffer.alloc(LARGEST));
const beginning = whole.subarray(0, 100);
const rest = whole.subarray(100);

describe('messages on their way', () => {
  it('an identity has as much room as it leaves to others', () => {
    const inbound = new Inbound(LARGEST);
    const greedy = arrivals(inbound, 'greedy', 40);
    const other = arrivals(inbound, 'other', 40);
    for (const { arrival } of [...greedy, ...other]) arrival.came(beginning);
    const reading = (all: typeof greedy) => all.filter(({ stream }) => stream.reads).length;
    expect([reading(greedy), reading(other)]).toEqual([8, 4]);
  });

  it('whoever waits has his turn when another has come or gone', () => {
    const inbound = new Inbound(LARGEST);
    const all = arrivals(inbound, 'one', 30);
    for (const { arrival } of all) arrival.came(beginning);
    for (let turn = 0; turn < 30; turn++) {
      const next = all.shift();
      expect(next?.stream.reads).toBe(true);
      if (turn % 3 === 0) next?.arrival.close();
      else next?.arrival.came(rest);
      expect(all.filter(({ stream }) => stream.reads).length).toBe(Math.min(8, all.length));
    }
    // And all the room is there again.
    const again = arrivals(inbound, 'another', 8);
    for (const { arrival } of again) arrival.came(beginning);
    expect(again.every(({ stream }) => stream.reads)).toBe(true);
  });

  it('small ones, and those that the library refuses, ask nobody', () => {
    const inbound = new Inbound(LARGEST);
    for (const { arrival } of arrivals(inbound, 'full', 8)) arrival.came(beginning);
    const small = arrivals(inbound, 'full', 1)[0];
    // In pieces, several in one, and with nothing in it.
    const messages = Buffer.concat([
      message(Buffer.alloc(4000)),
      message(Buffer.of()),
      message(Buffer.of(1)),
    ]);
    for (const byte of messages) small?.arrival.came(Buffer.of(byte));
    small?.arrival.came(Buffer.concat([messages, messages]));
    expect(small?.stream.reads).toBe(true);
    small?.arrival.came(message(Buffer.alloc(LARGEST + 1)));
    expect(small?.stream.reads).toBe(true);
    small?.arrival.came(beginning);
    expect(small?.stream.reads).toBe(false);
  });
});
