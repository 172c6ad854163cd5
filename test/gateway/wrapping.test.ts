/** Keys of another machine are wrapped and unwrapped with AES-GCM, and the vector that the token there makes comes back. */
import { randomBytes } from 'node:crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { afterEach, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { compile, Talk } from '../fault/support.ts';
import { DoorService } from '../support/door.ts';
import { whyNoService } from '../support/service.ts';

let door: DoorService | undefined;
let talk: Talk | undefined;

afterEach(async () => {
  if (talk?.ended === false) talk.child.kill('SIGKILL');
  await door?.close();
  door = undefined;
});

test.skipIf(whyNoService() !== undefined)(
  'keys leave and come under vectors that another machine makes',
  { timeout: 300_000 },
  async () => {
    door = await DoorService.make();
    const { env } = door.client({ spiffe: ['spiffe://example.org/owner'] });
    talk = new Talk(
      compile('wrapping', [], `${import.meta.dirname}/../nonces/clients`),
      [door.service.module],
      env,
    );
    const ask = async (...words: readonly (string | number)[]): Promise<string[]> =>
      ((await talk?.ask(words.join(' '), ''))?.at(-1) ?? '').split(' ');
    const bytes = (text = ''): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
    const value = randomBytes(32);
    const target = randomBytes(32);
    const aad = randomBytes(20);
    expect(await ask('setup')).toEqual(['ready']);
    expect(await ask('key', 'by', value.toString('hex'), '-')).toEqual(['made']);
    expect(await ask('key', 'target', target.toString('hex'), '-')).toEqual(['made']);
    const seen = new Set<string>();
    const about = (iv = '', data = '', tag = '') => [iv, 128, aad.toString('hex'), data, tag];
    for (const way of ['apart', 'whole']) {
      for (const generator of [ck.CKG_GENERATE, ck.CKG_GENERATE_COUNTER, ck.CKG_GENERATE_RANDOM]) {
        const given = ['00'.repeat(12), 0, 128, aad.toString('hex')];
        const [word, iv, data, tag] = await ask('wrap', way, 'by', 'target', generator, ...given);
        expect(word).toBe('wrapped');
        expect(seen.has(iv ?? '')).toBe(false);
        seen.add(iv ?? '');
        expect(gcm(value, bytes(iv), aad).decrypt(bytes(`${data}${tag}`))).toEqual(Uint8Array.from(target));
        expect(await ask('unwrap', way, 'by', ...about(iv, data, tag))).toEqual([
          'unwrapped',
          target.toString('hex'),
        ]);
        const wrong = `${tag?.startsWith('0') ? '1' : '0'}${tag?.slice(1)}`;
        expect(await ask('unwrap', way, 'by', ...about(iv, data, wrong))).toEqual([
          'refused',
          `0x${ck.CKR_WRAPPED_KEY_INVALID.toString(16)}`,
        ]);
      }
    }
    expect(await ask('count', 'by', ck.CKA_STRONGROOM_GCM_INVOCATIONS.toString(16))).toEqual([
      'counted',
      '6',
    ]);
    expect(await talk.end(), talk.errors).toBe(0);
  },
);
