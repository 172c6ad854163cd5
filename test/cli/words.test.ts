/** Recovery words that were typed at the command line: what it says of them before anything is sent, held against BIP39's vectors and another reader. */
import { readFileSync } from 'node:fs';
import { entropyToMnemonic, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misreading, placesOf } from '../../admin-cli/recovery/words.ts';

const { vectors } = JSON.parse(
  readFileSync(new URL('../vectors/enclave-bip39-english.json', import.meta.url), 'utf8'),
) as { vectors: { entropy: string; words: string }[] };

const said = (text: string, wanted?: number) => misreading(placesOf(Buffer.from(text)), wanted);
const checksum = 'the checksum is wrong: a word is another one, or two have changed places';

describe('recovery words at the command line', () => {
  test('that are right are read, however they are typed', () => {
    expect(vectors.length).toBeGreaterThan(20);
    for (const { words } of vectors) {
      const short = words.replaceAll(/[a-z]+/g, (word) => word.slice(0, 4));
      for (const typed of [words, words.toUpperCase(), short, `\t${words.replaceAll(' ', ' \r ')} `])
        expect(said(typed)).toBeUndefined();
    }
  });

  test('are taken and refused as by another reader', () => {
    const size = fc.constantFrom(16, 20, 24, 28, 32);
    const entropies = size.chain((bytes) => fc.uint8Array({ minLength: bytes, maxLength: bytes }));
    fc.assert(
      fc.property(entropies, fc.nat(), fc.nat(2047), (entropy, at, other) => {
        const list = entropyToMnemonic(entropy, wordlist).split(' ');
        expect(said(list.join(' '))).toBeUndefined();
        const changed = list.with(at % list.length, wordlist[other] ?? '').join(' ');
        expect(said(changed)).toBe(validateMnemonic(changed, wordlist) ? undefined : checksum);
      }),
    );
  });

  test('that are none are told by their places and their number, and none of them is repeated', () => {
    const list = entropyToMnemonic(new Uint8Array(32).fill(7), wordlist).split(' ');
    expect(said(list.with(0, 'nowhere').join(' '))).toBe('word 1 is not in the list');
    expect(said(list.with(0, 'nowhere').with(8, 'zo').with(23, 'x\u0000y').join(' '))).toBe(
      'words 1, 9 and 24 are not in the list',
    );
    expect(said(list.slice(1).join(' '), 24)).toBe('there are 23 words, where 24 are wanted');
    expect(said(list.slice(1).with(2, 'abandoned').join(' '))).toBe(
      'there are 23 words, where 12, 15, 18, 21 or 24 are wanted, and word 3 is not in the list',
    );
    expect(said('')).toBe('there are 0 words, where 12, 15, 18, 21 or 24 are wanted');
    // Whole words of another number are no sheet of this token's.
    expect(said(entropyToMnemonic(new Uint8Array(16), wordlist), 24)).toBe(
      'there are 12 words, where 24 are wanted',
    );
  });
});
