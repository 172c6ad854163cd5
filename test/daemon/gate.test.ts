/** Before the handshake: whose turn it is, and what is said about those who are not let in. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Gate, groupOf, HALF_OPEN_MOST, hostOf } from '../../daemon/front/gate.ts';
import { Refusals } from '../../daemon/front/refusals.ts';
import { Lines } from './support.ts';

class Visitor extends EventEmitter {
  destroyed = false;
  readonly remoteAddress: string;
  constructor(address: string) {
    super();
    this.remoteAddress = address;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const socket = (address: string) => new Visitor(address) as unknown as Socket;
const waiting = { timeout: 60_000, interval: 10 };

describe('the gate', () => {
  const started: Socket[] = [];
  const refused: string[] = [];
  const gate = new Gate({
    start: (one) => started.push(one),
    refused: (reason) => refused.push(reason),
  });
  afterEach(() => {
    for (const one of started.splice(0)) one.destroy();
    refused.length = 0;
  });

  it('takes the addresses in turn', async () => {
    const many = Array.from({ length: 20 }, () => socket('192.0.2.1'));
    const few = [socket('192.0.2.2'), socket('192.0.2.3'), socket('192.0.2.2')];
    for (const one of [...many, ...few]) gate.enter(one);
    await vi.waitFor(() => expect(started).toHaveLength(23), waiting);
    const places = few.map((one) => started.indexOf(one));
    expect(Math.max(...places)).toBeLessThan(8);
  });

  it('one whose handshakes come to nothing waits, and nobody for him', async () => {
    gate.penalise('192.0.2.1');
    const [bad, good] = [socket('192.0.2.1'), socket('192.0.2.2')];
    gate.enter(bad);
    gate.enter(good);
    await vi.waitFor(() => expect(started).toHaveLength(2), waiting);
    expect(started).toEqual([good, bad]);
  });

  it('whoever has gone before his turn has none', async () => {
    const [gone, stays] = [socket('192.0.2.1'), socket('192.0.2.1')];
    gate.enter(gone);
    gate.enter(stays);
    gone.destroy();
    await vi.waitFor(() => expect(started).toEqual([stays]), waiting);
    await sleep(10);
    expect(started).toEqual([stays]);
    expect(gate.size).toBe(1);
  });

  it('of too many the oldest of the largest crowd goes', () => {
    const lonely = socket('192.0.2.9');
    gate.enter(lonely);
    const crowd = Array.from({ length: HALF_OPEN_MOST }, (_, i) => socket(`2001:db8::${i.toString(16)}`));
    for (const one of crowd) gate.enter(one);
    expect(refused).toEqual(['crowd']);
    expect(crowd.map(({ destroyed }) => destroyed).indexOf(true)).toBe(0);
    expect(gate.size).toBe(HALF_OPEN_MOST);
    for (const one of [lonely, ...crowd]) one.destroy();
    expect(gate.size).toBe(0);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('%s belongs to %s', (address, group) => {
    expect(groupOf(address)).toBe(group);
  });

  it('an address of IPv4 is one wherever it comes in', () => {
    expect(hostOf(socket('::ffff:192.0.2.1'))).toBe('192.0.2.1');
    expect(hostOf(socket('2001:db8::1'))).toBe('2001:db8::1');
  });
});

describe('what is said about those who are not let in', () => {
  it('each reason once for an address, some addresses of each, and of the rest the number', () => {
    const log = new Lines();
    const refusals = new Refusals(log);
    for (let i = 0; i < 500; i++) {
      const host = `192.0.2.${i % 50}`;
      refusals.refuse('untrusted', { host, address: `${host}:${i}`, fingerprint: 'ab'.repeat(32) }, 'words');
      refusals.refuse('handshake', { host: '192.0.2.1', address: `192.0.2.1:${i}` }, 'other words');
    }
    expect(log.with('other words')).toEqual(['network: 192.0.2.1:0 was refused: other words']);
    expect(log.with(`words; certificate ${'ab'.repeat(32)}`)).toHaveLength(8);
    expect(refusals.refused.get('untrusted')).toBe(500);
    refusals.sweep(performance.now() + 61_000);
    expect(log.with('492 more were refused untrusted')).toHaveLength(1);
    expect(log.with('499 more were refused handshake')).toHaveLength(1);
    expect(log.all).toHaveLength(11);
  });
});
