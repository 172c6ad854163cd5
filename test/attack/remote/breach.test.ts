/**
 * A client of the network door breaks the protocol while answers to what it has asked before are on their way: it hears of its stream's end all the same, and
 * the next stream of the same connection works.
 */
import { status } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import * as C from '../../../daemon/cryptoki-client/generated/constants.ts';
import { Cryptoki } from '../../../daemon/cryptoki-client/generated/cryptoki.ts';
import { DoorService, EVERYTHING_REMOTE } from '../../support/door.ts';
import { whyNoService } from '../../support/service.ts';
import { Visitor } from '../../support/stream.ts';

const PATIENCE = 120_000;
/** Long for an end that is sent at once. */
const UNHEARD_MS = 20_000;
const ROUNDS = 150;
const why = whyNoService();
/** Enough for an answer to be on its way for a while. */
const ANSWER_BYTES = 30_000;
/** A field of a kind that protobuf has not. */
const NONSENSE = Uint8Array.of(0x0f, 0xff);

let door: DoorService | undefined;
let visitor: Visitor | undefined;

afterEach(async () => {
  visitor?.close();
  const log = `${door?.log}${door?.service.log}`;
  await door?.close();
  door = undefined;
  expect(log).not.toMatch(/a bug|TypeError|RangeError/);
}, PATIENCE);

test.skipIf(why !== undefined)(
  'a breach amid calls ends the stream, and its client hears of it',
  async () => {
    door = await DoorService.make(EVERYTHING_REMOTE);
    visitor = new Visitor(door, door.authority.issue({ spiffe: ['spiffe://example.org/A'] }));
    const first = new Cryptoki(await visitor.attached());
    const [slot = -1] = (await first.C_GetSlotList({ tokenPresent: 0, slots: 8 })).slots;
    await first.C_InitToken({ slot, pin: Buffer.from('officer-pin-0815'), label: Buffer.from('one') });
    const ends: Record<string, number> = {};
    for (let round = 0; round < ROUNDS && ends.unheard === undefined; round++) {
      const stream = await visitor.attached();
      const p11 = new Cryptoki(stream);
      const { session } = await p11.C_OpenSession({ slot, flags: C.CKF_SERIAL_SESSION });
      const ask = (): void =>
        void p11.C_GenerateRandom({ session, length: ANSWER_BYTES }).catch(() => undefined);
      for (let before = round % 9; before >= 0; before--) ask();
      // Now here and now there between the answers.
      await new Promise((resolve) => setTimeout(resolve, round % 4));
      ask();
      stream.raw(NONSENSE);
      for (let after = round % 5; after > 0; after--) ask();
      const { promise: unheard, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => resolve(undefined), UNHEARD_MS);
      const how = await Promise.race([stream.ended, unheard]);
      clearTimeout(timer);
      const name = how === undefined ? 'unheard' : (status[how.code] ?? String(how.code));
      ends[name] = (ends[name] ?? 0) + 1;
    }
    expect(ends).toEqual({ INTERNAL: ROUNDS });
  },
  PATIENCE,
);
