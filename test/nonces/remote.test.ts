/** Messages with keys on another machine: over a gateway and the network door. */
import { afterEach, expect, test } from 'vitest';
import { compile, Talk } from '../fault/support.ts';
import { DoorService, EVERYTHING_REMOTE } from '../support/door.ts';
import { whyNoService } from '../support/service.ts';

const why = whyNoService();
let door: DoorService | undefined;
let client: Talk | undefined;

afterEach(async () => {
  if (client?.ended === false) client.child.kill('SIGKILL');
  await door?.close();
  door = undefined;
});

test.skipIf(why !== undefined)(
  'the token makes vectors for programs elsewhere, and none twice',
  { timeout: 300_000 },
  async () => {
    door = await DoorService.make(EVERYTHING_REMOTE);
    const { env } = door.client({ spiffe: ['spiffe://example.org/owner'] });
    const program = compile('nonces', [], `${import.meta.dirname}/clients`);
    client = new Talk(program, [door.service.module, `${door.folder}/vectors`], env);
    await client.ask('setup 1000 1000', 'ready');
    const ask = async (question: string, expected: string) =>
      (await client?.ask(question, expected))?.at(-1) ?? '';
    expect(await ask('work 400', 'ended')).toBe('ended 0x0 sealed=400 limited=50 signed=50 refused=0');
    expect(await ask('threads 50', 'threaded')).toBe('threaded 200');
    expect(await ask('work 400', 'ended')).toBe('ended 0x0 sealed=1000 limited=100 signed=100 refused=0');
    expect(await ask('judge', 'judged')).toBe('judged 1000 0');
    expect(await ask('leave', 'left')).toBe('left');
    expect(await client.end(), client.errors).toBe(0);
  },
);
