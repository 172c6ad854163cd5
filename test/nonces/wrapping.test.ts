/**
 * Keys that are wrapped with AES-GCM, through the library: against an implementation that is not ours, who makes the vector, and what the token
 * counts, allows and records of it.
 */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { gcm } from '@noble/ciphers/aes.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as ck from '../../module/engine/generated/constants.ts';
import { states, table } from '../../schema/lifecycle/states.ts';
import { compile, quickStore, Talk } from '../fault/support.ts';
import { ROOT } from '../support/profile.ts';
import type { Store } from '../support/store.ts';

const WAYS = ['apart', 'whole'] as const;
const DASH = (bytes: Uint8Array): string => (bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex'));

let store: Store | undefined;
let talk: Talk | undefined;
let made = 0;

beforeAll(async () => {
  store = quickStore();
  talk = new Talk(compile('wrapping', [], `${import.meta.dirname}/clients`), [store.module], store.env);
  await ask('setup');
}, 120_000);

afterAll(async () => {
  if (talk?.ended === false) await talk.end();
  await store?.close();
});

async function ask(question: string): Promise<string> {
  if (talk === undefined) throw new Error('nobody is asked');
  return (await talk.ask(question, '')).at(-1) ?? '';
}

/** A session key. @param more its other attributes, by their numbers */
async function key(
  value: Uint8Array = randomBytes(32),
  more: Readonly<Record<number, number>> = {},
): Promise<string> {
  const name = `k${made++}`;
  const attributes = Object.entries(more).map(([type, number]) => `${Number(type).toString(16)}=${number}`);
  expect(await ask(`key ${name} ${DASH(value)} ${attributes.join(',') || '-'}`)).toBe('made');
  return name;
}

type Way = (typeof WAYS)[number];

interface Sealed {
  readonly iv: Uint8Array;
  readonly data: Uint8Array;
  readonly tag: Uint8Array;
}

interface Wish {
  readonly generator?: number;
  readonly iv?: Uint8Array;
  readonly fixed?: number;
  readonly tagBits?: number;
  readonly aad?: Uint8Array;
}
const NOTHING = new Uint8Array(0);
const bytesOf = (text = '') => Uint8Array.from(Buffer.from(text === '-' ? '' : text, 'hex'));

/** Wraps `target` under `by`; a string says why it was refused. */
async function wrap(way: Way, by: string, target: string, wish: Wish = {}): Promise<Sealed | string> {
  const {
    generator = ck.CKG_GENERATE,
    iv = new Uint8Array(12),
    fixed = 0,
    tagBits = 128,
    aad = NOTHING,
  } = wish;
  const words = ['wrap', way, by, target, generator, DASH(iv), fixed, tagBits, DASH(aad)];
  const [word, first, data, tag] = (await ask(words.join(' '))).split(' ');
  if (word !== 'wrapped') return `${first}`;
  return { iv: bytesOf(first), data: bytesOf(data), tag: bytesOf(tag) };
}

async function wrapped(way: Way, by: string, target: string, wish: Wish = {}): Promise<Sealed> {
  const answer = await wrap(way, by, target, wish);
  if (typeof answer === 'string') throw new Error(`refused: ${answer}`);
  return answer;
}

/** The value that was unwrapped, or why not. */
async function unwrap(way: Way, by: string, { iv, data, tag }: Sealed, aad = NOTHING): Promise<string> {
  const words = ['unwrap', way, by, DASH(iv), 8 * tag.length, DASH(aad), DASH(data), DASH(tag)];
  return (await ask(words.join(' '))).replace(/^(unwrapped|refused) /, '');
}

async function count(name: string, type: number): Promise<number> {
  const [, number] = (await ask(`count ${name} ${type.toString(16)}`)).split(' ');
  return Number(number);
}

const rv = (code: number): string => `0x${code.toString(16)}`;
const REFUSED = rv(ck.CKR_KEY_FUNCTION_NOT_PERMITTED);
const PARAMETER = rv(ck.CKR_MECHANISM_PARAM_INVALID);
const numberOf = (iv: Uint8Array) => new DataView(iv.buffer, iv.byteOffset).getUint32(8);

describe.each(WAYS)('a key that is wrapped %s', { timeout: 120_000 }, (way) => {
  const generators = [ck.CKG_NO_GENERATE, ck.CKG_GENERATE, ck.CKG_GENERATE_COUNTER, ck.CKG_GENERATE_RANDOM];
  const cases = generators.flatMap((generator, at) =>
    [16, 24, 32].map((size) => ({ generator, size, aad: randomBytes(at * 9), tagBits: 128 - 8 * at })),
  );

  test.each(cases)(
    'is what another implementation makes of it: $generator, $size bytes, tag of $tagBits bits',
    async (one) => {
      const { generator, size, aad, tagBits } = one;
      const value = randomBytes(size);
      const target = randomBytes(32);
      const by = await key(value);
      const given = generator === ck.CKG_NO_GENERATE ? randomBytes(12) : new Uint8Array(12);
      const { iv, data, tag } = await wrapped(way, by, await key(target), {
        generator,
        iv: given,
        tagBits,
        aad,
      });
      if (generator === ck.CKG_NO_GENERATE) expect(Buffer.from(iv)).toEqual(given);
      const expected = gcm(value, iv, aad).encrypt(target);
      expect(Buffer.from(data)).toEqual(Buffer.from(expected.subarray(0, 32)));
      expect(Buffer.from(tag)).toEqual(Buffer.from(expected.subarray(32, 32 + tagBits / 8)));
    },
  );

  test.each([1, 12, 16, 100, 256])(
    'comes in from another implementation, under a vector of %i bytes',
    async (length) => {
      const value = randomBytes(32);
      const target = randomBytes(40);
      const iv = randomBytes(length);
      const aad = randomBytes(length);
      // The other implementation begins at vectors of 64 bits.
      const by = await key(value);
      const sealed = length < 8 ? undefined : gcm(value, iv, aad).encrypt(target);
      if (sealed === undefined) {
        const short = await wrapped(way, by, await key(), { generator: ck.CKG_NO_GENERATE, iv, aad });
        expect(await unwrap(way, by, short, aad)).toHaveLength(64);
        return;
      }
      const parts = { iv, data: sealed.subarray(0, 40), tag: sealed.subarray(40) };
      expect(await unwrap(way, by, parts, aad)).toBe(target.toString('hex'));
      for (const wrong of [
        { ...parts, iv: randomBytes(length) },
        { ...parts, data: randomBytes(40) },
        { ...parts, tag: randomBytes(16) },
      ])
        expect(await unwrap(way, by, wrong, aad)).toBe(rv(ck.CKR_WRAPPED_KEY_INVALID));
      expect(await unwrap(way, by, parts, NOTHING)).toBe(rv(ck.CKR_WRAPPED_KEY_INVALID));
    },
  );

  test('is counted once, and its vector is made once', async () => {
    const by = await key();
    const target = await key();
    const first = await wrapped(way, by, target);
    expect(numberOf(first.iv)).toBe(0);
    const fixed = await wrapped(way, by, target, { iv: new Uint8Array(12).fill(0x5a), fixed: 32 });
    expect([...fixed.iv]).toEqual([0x5a, 0x5a, 0x5a, 0x5a, ...first.iv.subarray(4, 8), 0, 0, 0, 1]);
    await wrapped(way, by, target, { generator: ck.CKG_GENERATE_RANDOM });
    expect(numberOf((await wrapped(way, by, target, { generator: ck.CKG_GENERATE_COUNTER })).iv)).toBe(3);
    await unwrap(way, by, first);
    expect(await count(by, ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBe(4);
    expect(await count(by, ck.CKA_STRONGROOM_USES)).toBe(5);
    expect(await count(by, ck.CKA_STRONGROOM_BYTES)).toBe(0);
    expect(await count(target, ck.CKA_STRONGROOM_USES)).toBe(0);
    for (const refused of [
      { fixed: 33 },
      { generator: ck.CKG_GENERATE_COUNTER_XOR },
      { generator: ck.CKG_GENERATE_RANDOM, fixed: 8 },
      { iv: new Uint8Array(16) },
      { tagBits: 64 },
    ])
      expect(await wrap(way, by, target, refused)).toBe(PARAMETER);
    expect(await count(by, ck.CKA_STRONGROOM_USES)).toBe(5);
  });

  test('passes no limit', async () => {
    const target = await key();
    for (const limit of [ck.CKA_STRONGROOM_GCM_LIMIT, ck.CKA_STRONGROOM_USE_LIMIT]) {
      const by = await key(randomBytes(32), { [limit]: 2 });
      await wrapped(way, by, target);
      const last = await wrapped(way, by, target);
      expect(await wrap(way, by, target)).toBe(REFUSED);
      const stillOpens = limit === ck.CKA_STRONGROOM_GCM_LIMIT;
      expect((await unwrap(way, by, last)) === REFUSED).toBe(!stillOpens);
      expect(await count(by, ck.CKA_STRONGROOM_GCM_INVOCATIONS)).toBe(2);
    }
  });

  test('has no vector of a program where the key takes the token’s alone, and none twice where it remembers', async () => {
    const target = await key();
    const mine = { generator: ck.CKG_NO_GENERATE, iv: randomBytes(12) };
    const strict = await key(randomBytes(32), { [ck.CKA_STRONGROOM_TOKEN_IV_ONLY]: 1 });
    expect(await wrap(way, strict, target, mine)).toBe(PARAMETER);
    const sealed = await wrapped(way, strict, target);
    expect(await unwrap(way, strict, sealed)).toHaveLength(64);
    const careful = await key(randomBytes(32), { [ck.CKA_STRONGROOM_IV_REUSE_CHECK]: 1 });
    await wrapped(way, careful, target, mine);
    for (const again of WAYS) expect(await wrap(again, careful, target, mine)).toBe(PARAMETER);
    await wrapped(way, careful, target, { ...mine, iv: randomBytes(12) });
  });

  test.each(['active', 'suspended', 'deactivated', 'compromised'] as const)(
    'obeys the state %s',
    async (state) => {
      const number = states.find(({ name }) => name === state)?.number;
      const may: readonly string[] = table.find((row) => row.state === state)?.may ?? [];
      const by = await key();
      const target = await key();
      const good = await key();
      const sealed = await wrapped(way, by, target);
      if (state !== 'active')
        for (const name of [by, target]) expect(await ask(`state ${name} ${number}`)).toBe('set');
      const verdict = (answer: Sealed | string) => (typeof answer === 'string' ? answer : 'done');
      expect(verdict(await wrap(way, by, good))).toBe(may.includes('wrap') ? 'done' : REFUSED);
      expect(verdict(await wrap(way, good, target))).toBe(
        may.includes('export') ? 'done' : rv(ck.CKR_KEY_NOT_WRAPPABLE),
      );
      const opened = await unwrap(way, by, sealed);
      if (may.includes('unwrap')) expect(opened).toHaveLength(64);
      else expect(opened).toBe(REFUSED);
    },
  );
});

test('a key is found by the numbers that it shows, and not by those that are reserved', {
  timeout: 120_000,
}, async () => {
  const find = (type: number, number: number) => ask(`find ${type.toString(16)} ${number}`);
  const target = await key();
  for (const token of [0, 1]) {
    // No other key here has these numbers.
    const limit = 77_001 + token;
    const uses = 9 + token;
    const by = await key(randomBytes(32), {
      [ck.CKA_TOKEN]: token,
      [ck.CKA_STRONGROOM_USE_LIMIT]: limit,
      [ck.CKA_STRONGROOM_GCM_LIMIT]: limit,
    });
    for (let i = 0; i < uses; i++) await wrapped('apart', by, target);
    for (const [counter, most] of [
      [ck.CKA_STRONGROOM_USES, ck.CKA_STRONGROOM_USE_LIMIT],
      [ck.CKA_STRONGROOM_GCM_INVOCATIONS, ck.CKA_STRONGROOM_GCM_LIMIT],
    ] as const) {
      expect(await count(by, counter)).toBe(uses);
      expect(await find(counter, uses)).toBe('found 1');
      expect(await find(counter, 1024)).toBe('found 0');
      expect(await find(most, limit)).toBe('found 1');
    }
  }
  // A limit that was not given is one all the same, and every AES key shows it.
  expect(await find(ck.CKA_STRONGROOM_GCM_LIMIT, 2 ** 31)).toMatch(/^found [1-9]/);
});

test('both functions stand in the audit log, with their results', {
  timeout: 120_000,
}, async () => {
  const by = await key();
  const sealed = await wrapped('apart', by, await key());
  await unwrap('apart', by, sealed);
  await unwrap('apart', by, { ...sealed, tag: randomBytes(16) });
  const shown = execFileSync(path.join(ROOT, 'out/bin/strongroom'), ['audit', 'show', '--count', '50'], {
    env: store?.env,
    encoding: 'utf8',
  });
  const told = shown.matchAll(/ ((?:un)?wrap key authenticated) \(AES_GCM\) +[0-9a-f]{8}… +(\w+)/g);
  expect([...told].slice(-3).map(([, what, result]) => [what, result])).toEqual([
    ['wrap key authenticated', 'ok'],
    ['unwrap key authenticated', 'ok'],
    ['unwrap key authenticated', 'CKR_WRAPPED_KEY_INVALID'],
  ]);
});
