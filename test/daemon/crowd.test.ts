/**
 * Whoever wants to keep others out: with connections that say nothing, with clients that never read, with all that HTTP/2 lets a client do for
 * nothing. A good client is served beside them, each of his calls, and in the end they are gone.
 */
import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HALF_OPEN_MOST } from '../../daemon/front/gate.ts';
import type { Identity } from '../support/certificates.ts';
import { soak, soakCount } from '../support/soak.ts';
import { call, END_HEADERS, END_STREAM, frame, header, message, preface, setting, TYPE, u32 } from './raw.ts';
import { closed, Door } from './support.ts';

/** A thousand in a soak: each greeting costs two processes some milliseconds. */
const resting = soakCount(1000, 200);
const waiting = { timeout: 120_000, interval: 100 };
let door: Door;

afterEach(async () => await door.close());

/** Calls one behind the other until `done` is over; each must be answered. */
async function servedUntil(done: Promise<unknown>, good = door.good()): Promise<number> {
  let over = false;
  const ended = done.finally(() => {
    over = true;
  });
  let calls = 0;
  while (!over || calls < 20) {
    const text = Buffer.from(`call ${calls++}`);
    expect(await good.call(text)).toEqual(text);
    await new Promise((soon) => setTimeout(soon, soak ? 2 : 20));
  }
  await ended;
  return calls;
}

/** A client whose certificate is as good as any. */
async function bad(identity: Identity = door.client({ dns: ['bad.example'] })): Promise<TLSSocket> {
  const socket = await door.tls(identity);
  // Who does not read does not hear that his connection has ended.
  return socket.on('error', () => undefined).resume();
}

/** Sends the same bytes as fast as they are taken, until the connection ends. */
async function flood(socket: TLSSocket, bytes: Buffer): Promise<void> {
  const chunk = Buffer.concat(Array.from({ length: Math.ceil(65_536 / bytes.length) }, () => bytes));
  let drained: () => void = () => undefined;
  socket.on('drain', () => drained()).on('close', () => drained());
  while (!socket.destroyed) {
    if (socket.write(chunk)) await new Promise((next) => setImmediate(next));
    else await new Promise<void>((next) => (drained = next));
  }
}

describe('those who have not shown who they are', () => {
  it('get no more room than there is, and leave some to others', async () => {
    door = await new Door().open();
    const ends: Promise<void>[] = [];
    const many = HALF_OPEN_MOST + 200;
    for (let i = 0; i < many; i++) {
      const socket: Socket = door.own(connect(door.port, '127.0.0.1'));
      socket.on('error', () => undefined).on('connect', () => socket.write(Buffer.of(0x16)));
      ends.push(closed(socket));
    }
    await servedUntil(
      vi.waitFor(() => expect(door.front.counts.refused.get('crowd')).toBeGreaterThanOrEqual(200), waiting),
    );
    expect(door.front.counts.handshakes).toBeLessThanOrEqual(HALF_OPEN_MOST);
    // The others say nothing more: they go when their time is over.
    await servedUntil(Promise.all(ends));
    const { refused } = door.front.counts;
    expect((refused.get('crowd') ?? 0) + (refused.get('timeout') ?? 0)).toBe(many);
    expect(door.front.counts.handshakes).toBe(0);
    // What the log says of all that are a few lines.
    expect(door.log.all.length).toBeLessThan(20);
  });
});

describe('those who are in', () => {
  it('hundreds that rest stay, and cost nobody a call', async () => {
    door = await new Door().open();
    const begun = performance.now();
    const identities = Array.from({ length: 5 }, (_, i) => door.client({ dns: [`n${i}.example`] }));
    const sessions = await Promise.all(
      Array.from({ length: resting }, (_, i) => door.session(identities[i % 5] as Identity)),
    );
    const looks = new Promise((done) => setTimeout(done, 2000));
    await servedUntil(looks);
    expect([...door.front.counts.refused]).toEqual([]);
    // On a machine so slow that the first have waited for a minute by now, they have gone for that.
    const late = performance.now() - begun > 50_000;
    expect([...door.front.counts.cut.keys()].filter((why) => !late || why !== 'idle')).toEqual([]);
    const there = sessions.filter((session) => !session.closed).length;
    expect(there + (door.front.counts.cut.get('idle') ?? 0)).toBeGreaterThanOrEqual(resting);
  });

  it('no identity has more than it may, and in a full house who has most makes room', async () => {
    door = await new Door({ maxConnections: 6, maxConnectionsPerIdentity: 4 }).open();
    const [greedy, other] = [
      door.client({ dns: ['greedy.example'] }),
      door.client({ dns: ['other.example'] }),
    ];
    const held = [];
    for (let i = 0; i < 4; i++) held.push(await door.session(greedy));
    expect(await door.letsIn(greedy)).toBe(false);
    expect([...door.front.counts.refused]).toEqual([['identity_connections', 1]]);
    for (let i = 0; i < 3; i++) await door.session(other);
    await closed(held[0] as (typeof held)[0]);
    expect([...door.front.counts.cut]).toEqual([['crowd', 1]]);
    expect(door.front.counts.connections).toBe(6);
    // Now both have three: whoever comes again has to wait for somebody to leave.
    expect(await door.letsIn(other)).toBe(false);
    expect(door.front.counts.refused.get('connections')).toBe(1);
    // Who has none is let in.
    await servedUntil(Promise.resolve());
  });

  it('one that gives up its calls as fast as it makes them is put out', async () => {
    door = await new Door().open();
    const socket = await bad();
    socket.write(preface());
    const pairs: Buffer[] = [];
    for (let stream = 1; stream < 10_000; stream += 2)
      pairs.push(
        frame(TYPE.headers, END_HEADERS, stream, call('Never')),
        frame(TYPE.reset, 0, stream, u32(8)),
      );
    socket.write(Buffer.concat(pairs));
    await servedUntil(closed(socket));
    expect([...door.front.counts.cut]).toEqual([['resets', 1]]);
    expect(door.front.counts.traffic.resets).toBeLessThan(400);
    // He does not come again at once; the same name from another address does.
    const again = door.client({ dns: ['bad.example'] });
    expect(await door.letsIn(again)).toBe(false);
    expect([...door.front.counts.refused]).toEqual([['barred', 1]]);
    const elsewhere = connect({ port: door.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    expect(await door.letsIn(again, { socket: elsewhere, servername: 'localhost' })).toBe(true);
  });

  it('one that cancels a call now and then stays', async () => {
    door = await new Door().open();
    const socket = await bad();
    socket.write(preface());
    for (let stream = 1; stream < 300; stream += 2) {
      socket.write(frame(TYPE.headers, END_HEADERS, stream, call('Never')));
      socket.write(frame(TYPE.reset, 0, stream, u32(8)));
      await new Promise((soon) => setTimeout(soon, 1));
    }
    await vi.waitFor(() => expect(door.front.counts.traffic.resets).toBe(150), waiting);
    await servedUntil(Promise.resolve());
    expect(door.front.counts.connections).toBe(2);
    expect([...door.front.counts.cut]).toEqual([]);
  });

  const headerBombs: readonly [what: string, frames: () => Buffer][] = [
    [
      'frames of headers without an end',
      () => {
        const more = frame(TYPE.continuation, 0, 1, Buffer.alloc(16_384, header('a', 'b')));
        return Buffer.concat([frame(TYPE.headers, 0, 1, call('Unary')), ...Array(200).fill(more)]);
      },
    ],
    [
      'empty frames of headers without an end',
      () => {
        const more = frame(TYPE.continuation, 0, 1);
        return Buffer.concat([frame(TYPE.headers, 0, 1, call('Unary')), ...Array(20_000).fill(more)]);
      },
    ],
    [
      // Puts 4,000 bytes into the table and names them thousands of times, a byte each.
      'headers that unfold into millions of bytes',
      () => {
        const first = Buffer.concat([Buffer.of(0x40), header('x', 'y'.repeat(3900)).subarray(1)]);
        const frames = [
          frame(TYPE.headers, END_HEADERS | END_STREAM, 1, Buffer.concat([call('Unary'), first])),
        ];
        for (let stream = 3; stream < 400; stream += 2)
          frames.push(
            frame(
              TYPE.headers,
              END_HEADERS | END_STREAM,
              stream,
              Buffer.concat([call('Unary'), Buffer.alloc(10_000, 0xbe)]),
            ),
          );
        return Buffer.concat(frames);
      },
    ],
    [
      'thousands of small headers',
      () =>
        Buffer.concat(
          Array.from({ length: 1000 }, (_, i) =>
            frame(
              TYPE.headers,
              END_HEADERS | END_STREAM,
              2 * i + 1,
              Buffer.concat([call('Unary'), ...Array(1000).fill(header('a', 'b'))]),
            ),
          ),
        ),
    ],
  ];
  it.each(headerBombs)('one with %s is put out, and no call of its is served', async (_what, frames) => {
    door = await new Door().open();
    const socket = await bad();
    socket.write(preface());
    socket.write(frames());
    await servedUntil(closed(socket));
    expect(door.callers.filter((name) => name.includes('bad'))).toEqual([]);
  });

  const floods: readonly [what: string, bytes: () => Buffer][] = [
    ['PING', () => frame(TYPE.ping, 0, 0, Buffer.alloc(8))],
    ['SETTINGS', () => frame(TYPE.settings, 0, 0)],
    ['SETTINGS that change the table', () => frame(TYPE.settings, 0, 0, setting(1, 0))],
    ['windows', () => frame(TYPE.window, 0, 1, u32(1))],
    ['empty DATA', () => frame(TYPE.data, 0, 1)],
    ['frames that nobody knows', () => frame(0xbb, 0, 0, Buffer.alloc(100))],
    ['priorities', () => frame(2, 0, 1, Buffer.of(0, 0, 0, 0, 1))],
  ];
  it.each(floods)('one that sends %s without end is put out', async (_what, bytes) => {
    door = await new Door().open();
    const socket = await bad();
    socket.write(preface());
    socket.write(frame(TYPE.headers, END_HEADERS, 1, call('Stream')));
    await servedUntil(flood(socket, bytes()));
    // By our own count, or by that of the library's HTTP/2.
    const [[reason = '', times = 0] = []] = door.front.counts.cut;
    expect(reason).toMatch(/^(flood|protocol)$/);
    expect(times).toBe(1);
    expect(door.front.counts.connections).toBe(1);
  });

  it('one that makes many calls, large ones among them, is no flood', async () => {
    door = await new Door().open();
    const good = door.good();
    const large = Buffer.alloc(8 << 20, 7);
    expect((await good.call(large)).equals(large)).toBe(true);
    const stream = good.stream();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let answers = 0;
    stream.on('error', reject).on('data', () => {
      if (++answers === 20_000) resolve();
    });
    for (let i = 0; i < 20_000; i++) stream.write(Buffer.of(1));
    await promise;
    stream.cancel();
    for (let i = 0; i < 500; i++) await good.call(Buffer.of());
    await new Promise((done) => setTimeout(done, 1200));
    expect([...door.front.counts.cut]).toEqual([]);
    expect(door.front.counts.connections).toBe(1);
  });

  it('calls of what there is not leave nothing behind', async () => {
    door = await new Door({ maxStreamsPerConnection: 4 }).open();
    const session = await door.session();
    const types = ['application/grpc', 'text/plain'];
    for (let i = 0; i < 20; i++) {
      const head = { ':method': 'POST', ':path': '/no.Such/Method', 'content-type': types[i % 2] };
      const stream = session.request(head);
      stream.on('error', () => undefined).resume();
      stream.end(Buffer.alloc(50_000));
      await closed(stream);
    }
    await vi.waitFor(() => expect(door.front.counts.streams).toBe(0), waiting);
    expect(session.closed).toBe(false);
    expect([...door.front.counts.cut]).toEqual([]);
  });

  it('one that asks for more than it reads is put out', async () => {
    door = await new Door({ maxMessageBytes: 65_536 }).open();
    const socket = await bad();
    socket.pause().write(preface(setting(4, 0x7fffffff)));
    const asks = Buffer.concat(Array.from({ length: 400 }, () => message(Buffer.from('60000'))));
    socket.write(frame(TYPE.headers, END_HEADERS, 1, call('Large')));
    for (let at = 0; at < asks.length; at += 16_000)
      socket.write(frame(TYPE.data, 0, 1, asks.subarray(at, at + 16_000)));
    await servedUntil(vi.waitFor(() => expect([...door.front.counts.cut]).toEqual([['unread', 1]]), waiting));
    expect(door.front.counts.connections).toBe(1);
  });

  it('those who say nothing, or stop to read or to write, have their time', async () => {
    door = await new Door({ maxMessageBytes: 65_536 }).open();
    const mute = await bad();
    const trickles = await bad();
    const beginning = preface();
    let at = 0;
    const drip = setInterval(() => trickles.write(beginning.subarray(at, ++at)), 1000);
    // Windows that never open: the answer to a small call waits for ever.
    const stalls = await bad();
    stalls.write(preface(setting(4, 0)));
    stalls.write(frame(TYPE.headers, END_HEADERS, 1, call('Unary')));
    stalls.write(frame(TYPE.data, END_STREAM, 1, message(Buffer.from('x'))));
    // Answers to PING are nothing that it reads.
    const ping = setInterval(() => stalls.write(frame(TYPE.ping, 0, 0, Buffer.alloc(8))), 100);
    // Beginnings of large messages, as many as may be: most of them find no room, and what has room must come.
    const hoards = await bad();
    hoards.write(preface());
    for (let stream = 1; stream < 200; stream += 2) {
      hoards.write(frame(TYPE.headers, END_HEADERS, stream, call('Unary')));
      hoards.write(frame(TYPE.data, 0, stream, message(Buffer.alloc(60_000)).subarray(0, 500)));
    }
    const good = door.good();
    await servedUntil(Promise.all([closed(mute), closed(trickles)]), good);
    expect([...door.front.counts.cut]).toEqual([['silent', 2]]);
    const large = Buffer.alloc(60_000, 1);
    expect((await good.call(large)).equals(large)).toBe(true);
    await servedUntil(Promise.all([closed(stalls), closed(hoards)]), good);
    clearInterval(drip);
    clearInterval(ping);
    expect(Object.fromEntries(door.front.counts.cut)).toEqual({ silent: 2, unread: 1, slow: 1 });
  });
});
