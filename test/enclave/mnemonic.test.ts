/** Recovery words: BIP39's own vectors, an independent implementation, and everything that is none. */
import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CKR_PIN_INVALID, CKR_PIN_LEN_RANGE } from '../../module/engine/generated/constants.ts';
import {
  CKR,
  Component,
  component,
  enclave,
  finished,
  good,
  hex,
  nextJob,
  range,
  secret,
  toHex,
  utf8,
} from './support.ts';

const salt = utf8('salt of a keyslot that has 32 B.');
const { vectors } = JSON.parse(
  readFileSync(new URL('../vectors/enclave-bip39-english.json', import.meta.url), 'utf8'),
) as { vectors: { entropy: string; words: string }[] };

/** The words in a buffer that has room for them, and something around it. */
function wordsOf(entropy: Uint8Array): string {
  const key = secret(entropy);
  const out = new Uint8Array(300).fill(0x7e);
  const length = good(enclave.mnemonicWords(key, out, 5, 290));
  enclave.keyFree(key);
  expect([out[4], out[5 + length]]).toEqual([0x7e, 0x7e]);
  return Buffer.from(out.subarray(5, 5 + length)).toString();
}

/** Words as they are shown, or the failure. */
const normal = (words: string | Uint8Array): string | number => {
  const bytes = typeof words === 'string' ? utf8(words) : words;
  const out = new Uint8Array(215);
  const length = enclave.mnemonicNormal(bytes, 0, bytes.length, out, 0, out.length);
  return length < 0 ? length : Buffer.from(out.subarray(0, length)).toString();
};

/** The key that the pool makes of words. */
async function keyOf(words: string): Promise<string> {
  const job = nextJob();
  const { buffer, offset, length } = range(utf8(`xx${words}yy`), 2, utf8(words).length);
  good(enclave.mnemonicDerive(job, buffer, offset, length, salt));
  await finished(job);
  const key = good(enclave.jobResult(job));
  const value = toHex(component(key, Component.Value));
  enclave.keyFree(key);
  return value;
}

const expectedKey = (entropy: Uint8Array): string =>
  Buffer.from(hkdfSync('sha256', entropy, salt, 'strongroom recovery words v1', 32)).toString('hex');

const entropies = fc
  .constantFrom(16, 20, 24, 28, 32)
  .chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));

describe('recovery words', () => {
  test('are those of the vectors, there and back', async () => {
    expect(vectors.length).toBe(24);
    for (const { entropy, words } of vectors) {
      expect(wordsOf(hex(entropy))).toBe(words);
      expect(normal(words)).toBe(words);
      expect(await keyOf(words)).toBe(expectedKey(hex(entropy)));
    }
  });

  test('are what another implementation makes and reads', async () => {
    await fc.assert(
      fc.asyncProperty(entropies, async (entropy) => {
        const words = wordsOf(entropy);
        expect(words).toBe(entropyToMnemonic(entropy, wordlist));
        expect(new Uint8Array(mnemonicToEntropy(words, wordlist))).toEqual(new Uint8Array(entropy));
        expect(await keyOf(words)).toBe(expectedKey(entropy));
      }),
      { numRuns: 60 },
    );
  });

  test('are understood as people type them', async () => {
    const entropy = hex('89bb4bc5555992cdaf3444c5e7ca5a6e9f27efab894f1990bae41be8b2a26ea4');
    const words = wordsOf(entropy);
    const short = words.replaceAll(/[a-z]+/g, (word) => word.slice(0, 4));
    for (const typed of [
      words.toUpperCase(),
      `\n ${words.replaceAll(' ', '\r\n\t ')}\v\f`,
      short,
      short.toUpperCase(),
      words.replaceAll(/[a-z]+/g, (word) => word.slice(0, 5)),
    ]) {
      expect(await keyOf(typed)).toBe(expectedKey(entropy));
      expect(normal(typed)).toBe(words);
    }
  });

  test('that are none are refused, whatever is wrong with them', () => {
    const good24 = vectors[23]?.words ?? '';
    const good12 = vectors[12]?.words ?? '';
    const twelve = good12.split(' ');
    const wrong = [
      '',
      '   ',
      'zoo',
      twelve.slice(1).join(' '),
      [...twelve, 'zoo'].join(' '),
      [...good24.split(' '), 'zoo'].join(' '),
      `${good24} ${good12}`,
      // Two words exchanged; one that is another; one that is none; three letters of one; four letters and another's fifth.
      [twelve[1], twelve[0], ...twelve.slice(2)].join(' '),
      ['zoo', ...twelve.slice(1)].join(' '),
      ['zooo', ...twelve.slice(1)].join(' '),
      good12.replace('include', 'inc'),
      good12.replace('include', 'inclx'),
      good12.replace('include', 'includes'),
      good12.replace('include', 'includeincludeincludeinclude'),
      good12.replaceAll(' ', ''),
      good12.replaceAll(' ', '-'),
      good12.replaceAll(' ', '\0'),
      `${good12}\0`,
      `\0${good12}`,
      good12.replace('lava', 'lavä'),
      good12.replaceAll(' ', '\u3000'),
      good12.replaceAll('a', '1'),
    ];
    expect(wrong.map(normal)).toEqual(wrong.map(() => -CKR_PIN_INVALID));
    const whole = utf8(good12);
    for (let i = 0; i < whole.length; i++) {
      const changed = whole.slice();
      changed[i] = (changed[i] ?? 0) | 0x80;
      expect(normal(changed)).toBe(-CKR_PIN_INVALID);
    }
    expect(normal(new Uint8Array(1_024).fill(32))).toBe(-CKR_PIN_INVALID);
    expect(normal(new Uint8Array(1_025).fill(32))).toBe(-CKR_PIN_LEN_RANGE);
    expect(normal(new Uint8Array(10_000_000).fill(97))).toBe(-CKR_PIN_LEN_RANGE);
  });

  test('agree with the other implementation on what is none', () => {
    const word = fc.constantFrom(...wordlist);
    fc.assert(
      fc.property(fc.array(word, { minLength: 11, maxLength: 25 }), (words) => {
        let expected = true;
        try {
          mnemonicToEntropy(words.join(' '), wordlist);
        } catch {
          expected = false;
        }
        expect(normal(words.join(' '))).toBe(expected ? words.join(' ') : -CKR_PIN_INVALID);
      }),
      { numRuns: 300 },
    );
  });

  test('fail as jobs too, and at once where they are too long; room that is too small is told', async () => {
    const job = nextJob();
    const words = utf8('zoo zoo');
    good(enclave.mnemonicDerive(job, words, 0, words.length, salt));
    await finished(job);
    expect(enclave.jobResult(job)).toBe(-CKR_PIN_INVALID);
    expect(enclave.mnemonicDerive(nextJob(), new Uint8Array(2000), 0, 2000, salt)).toBe(-CKR_PIN_LEN_RANGE);
    const key = secret(new Uint8Array(32));
    expect(enclave.mnemonicWords(key, new Uint8Array(20), 0, 20)).toBe(CKR.BUFFER_TOO_SMALL);
    expect(enclave.lastLength()).toBe('abandon '.repeat(23).length + 'art'.length);
    for (const size of [1, 15, 17, 31, 33, 36, 64])
      expect(enclave.mnemonicWords(secret(new Uint8Array(size)), new Uint8Array(300), 0, 300)).toBe(
        CKR.KEY_SIZE_RANGE,
      );
  });

  test('two keys become one, in their order', () => {
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const combined = (x: Uint8Array, y: Uint8Array) =>
      toHex(component(good(enclave.keyCombine(secret(x), secret(y), utf8('label'))), Component.Value));
    expect(combined(a, b)).toBe(Buffer.from(hkdfSync('sha256', b, a, 'label', 32)).toString('hex'));
    expect(combined(b, a)).not.toBe(combined(a, b));
    expect(enclave.keyCombine(secret(a), secret(a.subarray(1)), utf8('label'))).toBe(CKR.KEY_SIZE_RANGE);
  });
});
