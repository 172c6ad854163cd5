/**
 * The attacker is a client of the network door, and somebody else's application is between two streams: its door has ended, or its way is broken. It stays
 * its own's, for as long as its lease and no longer, whichever door it comes back by.
 */
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import * as C from '../../../daemon/cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../../../daemon/cryptoki-client/generated/cryptoki.ts';
import type { Identity } from '../../support/certificates.ts';
import { DoorService, EVERYTHING_REMOTE } from '../../support/door.ts';
import { whyNoService } from '../../support/service.ts';
import { type Resume, type Stream, StreamEnded, Visitor } from '../../support/stream.ts';

const PATIENCE = 120_000;
const why = whyNoService();

let door: DoorService | undefined;
const visitors: Visitor[] = [];

afterEach(async () => {
  for (const one of visitors.splice(0)) one.close();
  const log = `${door?.log}${door?.service.log}`;
  await door?.close();
  door = undefined;
  expect(log).not.toMatch(/a bug|TypeError|RangeError/);
}, PATIENCE);

async function fresh(leaseSeconds: number): Promise<{ at: DoorService; a: Identity; b: Identity }> {
  door = await DoorService.make(EVERYTHING_REMOTE, { lines: [`lease_seconds = ${leaseSeconds}`] });
  const { authority } = door;
  const [a, b] = ['A', 'B'].map((name) => authority.issue({ spiffe: [`spiffe://example.org/${name}`] }));
  if (a === undefined || b === undefined) throw new Error('no certificates');
  return { at: door, a, b };
}

function visitor(at: DoorService, identity: Identity, port = at.port): Visitor {
  const one = new Visitor({ host: at.host, port, authority: at.authority }, identity);
  visitors.push(one);
  return one;
}

/** An application with a session. */
async function started(from: Visitor): Promise<{ stream: Stream; resume: Resume; session: number }> {
  const stream = from.stream();
  const { id, key } = await stream.hello();
  const p11 = new Cryptoki(stream);
  const [slot = -1] = (await p11.C_GetSlotList({ tokenPresent: 0, slots: 8 })).slots;
  await p11
    .C_InitToken({ slot, pin: Buffer.from('officer-pin-0815'), label: Buffer.from('one') })
    .catch(() => undefined);
  const { session } = await p11.C_OpenSession({ slot, flags: C.CKF_SERIAL_SESSION | C.CKF_RW_SESSION });
  return { stream, resume: { id, key }, session };
}

/** Its stream, or undefined when the application is gone. */
async function resumed(from: Visitor, resume: Resume): Promise<Stream | undefined> {
  try {
    return await from.attached(resume);
  } catch (error) {
    if (error instanceof StreamEnded && error.code === status.NOT_FOUND) return undefined;
    throw error;
  }
}

const works = async (stream: Stream | undefined, session: number) =>
  stream !== undefined && (await new Cryptoki(stream).C_GetSessionInfo({ session })).info.length > 0;

const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('an application between two streams', { timeout: PATIENCE, skip: why !== undefined }, () => {
  test('ends with its lease, which somebody else’s attempts do not lengthen', async () => {
    const { at, a, b } = await fresh(1);
    const { stream, resume } = await started(visitor(at, b));
    stream.cut();
    await stream.ended;
    const attacker = visitor(at, a);
    const until = performance.now() + 4000;
    while (performance.now() < until) {
      expect(await resumed(attacker, resume)).toBeUndefined();
      await rest(50);
    }
    expect(await resumed(visitor(at, b), resume)).toBeUndefined();
  });

  test('comes back whole or not at all, also when its lease ends at that moment', async () => {
    const { at, b } = await fresh(1);
    const from = visitor(at, b);
    let [whole, gone] = [0, 0];
    for (let round = 0; round < 16; round++) {
      const { stream, resume, session } = await started(from);
      stream.cut();
      await stream.ended;
      await rest(950 + 10 * round);
      const again = await resumed(from, resume);
      if (again === undefined) gone++;
      else {
        expect(await works(again, session)).toBe(true);
        whole++;
        again.goodbye();
      }
    }
    expect(whole + gone).toBe(16);
  });

  test('outlives its door, and is its own’s at the next one', async () => {
    const { at, a, b } = await fresh(60);
    const { stream, resume, session } = await started(visitor(at, b));
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      await at.stopDoor(signal);
      await stream.ended;
      await at.startDoor();
      expect(await resumed(visitor(at, a), resume)).toBeUndefined();
      const again = await resumed(visitor(at, b), resume);
      expect(await works(again, session)).toBe(true);
      again?.cut();
    }
  });

  test('moves between two doors of one engine, and leaves nothing behind at the first', async () => {
    const { at, a, b } = await fresh(60);
    const ports = [at.port, await at.startBeside()];
    const { stream, resume, session } = await started(visitor(at, b));
    let last = stream;
    for (let move = 1; move <= 10; move++) {
      const port = ports[move % 2];
      expect(await resumed(visitor(at, a, port), resume)).toBeUndefined();
      const next = await resumed(visitor(at, b, port), resume);
      if (next === undefined) throw new Error('it is gone');
      // The one before hears that it is over.
      expect((await last.ended).code).toBe(status.UNAVAILABLE);
      expect(await works(next, session)).toBe(true);
      last = next;
    }
    // At both at once: one of them has it in the end.
    const both = await Promise.all(
      Array.from({ length: 8 }, (_, at_) =>
        resumed(visitor(at, b, ports[at_ % 2]), resume).catch(() => undefined),
      ),
    );
    const alive = await Promise.all(both.map((one) => works(one, session).catch(() => false)));
    expect(alive.filter((one) => one).length).toBeLessThanOrEqual(1);
    expect(await works(await resumed(visitor(at, b), resume), session)).toBe(true);
  });

  test('is not there any more when the engine is another', async () => {
    const { at, b } = await fresh(60);
    const { stream, resume } = await started(visitor(at, b));
    await at.service.stop('SIGKILL');
    expect((await stream.ended).code).toBe(status.UNAVAILABLE);
    await expect(visitor(at, b).attached()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await at.service.start();
    expect(await resumed(visitor(at, b), resume)).toBeUndefined();
    const { stream: fresh_, session } = await started(visitor(at, b));
    expect(await works(fresh_, session)).toBe(true);
  });
});
