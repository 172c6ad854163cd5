/**
 * The attacker is a client of the network door with a certificate of its own, which wants nobody else to get in: it takes as many applications, and as many
 * lanes, as it can get.
 */
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { Cryptoki } from '../../../daemon/cryptoki-client/generated/cryptoki.ts';
import { functionNames } from '../../../module/engine/generated/functions.ts';
import { DoorService, EVERYTHING_REMOTE } from '../../support/door.ts';
import { whyNoService } from '../../support/service.ts';
import { type Stream, StreamEnded, Visitor } from '../../support/stream.ts';

const PATIENCE = 240_000;
/** Of the engine's places for clients on other machines (SR_HOST_NAMED_MAX), and of its lanes. */
const PLACES = 4096;
const STREAMS = 128;
const why = whyNoService();
const GET_INFO = functionNames.indexOf('C_GetInfo') + 1;

let door: DoorService | undefined;
const visitors: Visitor[] = [];

afterEach(async () => {
  for (const one of visitors.splice(0)) one.close();
  const log = `${door?.log}${door?.service.log}`;
  await door?.close();
  door = undefined;
  expect(log).not.toMatch(/a bug|TypeError|RangeError/);
}, PATIENCE);

/** Applications of one identity, until there are so many or no more are given. */
async function take(
  at: DoorService,
  name: string,
  most: number,
): Promise<{ all: Stream[]; refusal?: status }> {
  const identity = at.authority.issue({ spiffe: [`spiffe://example.org/${name}`] });
  const all: Stream[] = [];
  let from: Visitor | undefined;
  while (all.length < most) {
    if (all.length % STREAMS === 0) {
      from = new Visitor(at, identity);
      visitors.push(from);
    }
    try {
      const streams = Array.from({ length: Math.min(32, most - all.length) }, () => from?.attached());
      for (const stream of await Promise.all(streams)) if (stream !== undefined) all.push(stream);
    } catch (error) {
      if (!(error instanceof StreamEnded)) throw error;
      return { all, refusal: error.code };
    }
  }
  return { all };
}

describe('an identity that takes all it can get', { timeout: PATIENCE, skip: why !== undefined }, () => {
  test('has half of the places and of the lanes, and others get in and work', async () => {
    door = await DoorService.make(EVERYTHING_REMOTE);
    const a = await take(door, 'A', PLACES);
    expect(a.refusal).toBe(status.RESOURCE_EXHAUSTED);
    expect(a.all.length).toBeGreaterThan(PLACES / 2 - 64);
    expect(a.all.length).toBeLessThanOrEqual(PLACES / 2);
    // Each asks for a lane, and whoever is given none for several.
    const info = (stream: Stream) => stream.call(GET_INFO, new Uint8Array(0));
    const asked = await Promise.allSettled(a.all.map(info));
    const served = asked.filter((one) => one.status === 'fulfilled').length;
    expect(served).toBeGreaterThan(0);
    const b = await take(door, 'B', 200);
    expect(b.refusal).toBeUndefined();
    for (const stream of b.all)
      expect((await new Cryptoki(stream).C_GetInfo()).info.length).toBeGreaterThan(0);
    for (const stream of a.all.slice(0, 20)) await info(stream).catch(() => undefined);
  });

  test('and its lanes by many calls at once keeps no lane from others', async () => {
    door = await DoorService.make(EVERYTHING_REMOTE);
    const a = await take(door, 'A', 64);
    const info = (stream: Stream) => stream.call(GET_INFO, new Uint8Array(0));
    const flood = a.all.map(async (stream) => {
      for (let round = 0; round < 4; round++)
        await Promise.allSettled(Array.from({ length: 64 }, () => info(stream)));
    });
    const b = await take(door, 'B', 40);
    for (let round = 0; round < 5; round++)
      await Promise.all(b.all.map((stream) => new Cryptoki(stream).C_GetInfo()));
    await Promise.all(flood);
  });
});
