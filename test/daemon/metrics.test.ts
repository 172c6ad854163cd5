/** The door's page: what came and went over the network, and nothing of whose it was. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DoorMetrics } from '../../daemon/front/metrics.ts';
import { doorMetrics, type Metric } from '../../schema/metrics.ts';
import { ask, Scraped, scrape } from '../support/metrics.ts';
import { Door } from './support.ts';

let door: Door;
let metrics: DoorMetrics | undefined;

afterEach(async () => {
  metrics?.close();
  await door.close();
});

describe('the door’s metrics', () => {
  it('count connections, refusals by reason, calls, resets and bytes', async () => {
    door = await new Door().open();
    metrics = new DoorMetrics('/nowhere', door.front.counts, () => undefined);
    const page = () => new Scraped((metrics as DoorMetrics).page());
    const before = page();
    expect(before.value('strongroom_door_connections')).toBe(0);
    const good = door.good();
    for (let i = 0; i < 5; i++) await good.call(Buffer.alloc(10_000));
    const stream = good.stream();
    stream.on('error', () => undefined);
    stream.write(Buffer.of(1));
    await new Promise((came) => stream.once('data', came));
    expect(await door.letsIn(undefined)).toBe(false);
    const during = page();
    expect(during.value('strongroom_door_connections')).toBe(1);
    expect(during.value('strongroom_door_connections_total')).toBe(1);
    expect(during.value('strongroom_door_refused_total', { reason: 'no_certificate' })).toBe(1);
    expect(during.value('strongroom_door_streams')).toBe(1);
    expect(during.value('strongroom_door_streams_total')).toBe(6);
    for (const direction of ['in', 'out']) {
      const bytes = during.value('strongroom_door_bytes_total', { direction });
      expect(bytes).toBeGreaterThan(50_000);
      expect(bytes).toBeLessThan(60_000);
    }
    stream.cancel();
    await vi.waitFor(() => expect(page().value('strongroom_door_resets_total')).toBe(1), { timeout: 60_000 });
    good.close();
    await vi.waitFor(() => expect(page().value('strongroom_door_connections')).toBe(0), { timeout: 60_000 });
    // What has ended still counts.
    expect(page().value('strongroom_door_streams_total')).toBe(6);
    expect(page().value('strongroom_door_bytes_total', { direction: 'in' })).toBeGreaterThan(50_000);
  });

  it('are told at a socket, under the names that docs/metrics.md has, and tell nobody’s name', async () => {
    door = await new Door().open();
    const address = `${door.folder}/metrics.socket`;
    metrics = new DoorMetrics(address, door.front.counts, () => undefined);
    expect(await metrics.serve('')).toBeUndefined();
    await door.good().call();
    expect(await door.letsIn(door.client({ dns: ['secret.example'], purposes: ['server'] }))).toBe(false);
    const { text } = await scrape(address);
    const known = new Set((Object.values(doorMetrics) as readonly Metric[]).map(({ name }) => name));
    const told = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? '');
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter((name) => !known.has(name))).toEqual([]);
    expect(text).not.toMatch(/secret|spiffe|127\.0\.0\.1|example/);
    expect(await ask(address, '/healthz')).toMatchObject({ status: 200 });
  });

  it('whoever cannot have the address is told, and the door goes on', async () => {
    door = await new Door().open();
    metrics = new DoorMetrics(`127.0.0.1:${door.port}`, door.front.counts, () => undefined);
    expect(await metrics.serve('')).toBe('the address is in use');
    expect((await door.good().call()).toString()).toBe('hello');
  });
});
