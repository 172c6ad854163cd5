/** Recovery words that were made, shown and used are found nowhere in the engine once the calls are over, and neither is what they stand for. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { STRONGROOM } from '../cli/transcript.ts';
import { quickStore } from '../fault/support.ts';
import { run } from '../support/programs.ts';
import { anywhere, canSearch, isControl, Search } from './support.ts';

/** Enough of a list’s beginning to be told from any other. */
const STRETCH = 64;

describe.skipIf(!canSearch)('recovery words (searching the engine needs root)', () => {
  test('of two people are gone when the token has them, and when they have been used, rightly and wrongly', async () => {
    const store = quickStore();
    onTestFinished(() => store.close());
    const label = randomBytes(16).toString('hex');
    const strongroom = (...args: readonly string[]) =>
      run(STRONGROOM, args, {
        env: { ...store.env, SO: 'officer-pin', PIN: 'a-user-pin' },
        cwd: store.folder,
        expect: 'any',
        timeout: 120_000,
      });
    const recover = (...files: readonly string[]) =>
      strongroom(
        ...['pin', 'recover', '--user', '--new-pin', 'env:PIN'],
        ...files.flatMap((file) => ['--words-file', file]),
      );
    const made = await strongroom(
      ...['token', 'init', '--label', label, '--so-pin', 'env:SO', '--pin', 'env:PIN'],
      ...['--recovery', '--recovery-people', '2', '--recovery-file', 'a', '--recovery-file', 'b'],
    );
    expect(made.code, made.stderr).toBe(0);
    const lists = ['a', 'b'].map((file) => readFileSync(store.path(file), 'utf8').trim());
    const search = new Search(store.path('patterns'), [
      // The label is no secret: it shows that the search finds what is there.
      ['control', Buffer.from(label)],
      ...lists.flatMap((words) => [
        ['words', Buffer.from(words).subarray(0, STRETCH)] as const,
        ['wide', Buffer.from(words, 'utf16le').subarray(0, STRETCH)] as const,
        ['entropy', mnemonicToEntropy(words, wordlist)] as const,
      ]),
    ]);
    const searchEngine = () => {
      const { findings } = search.in(store.enginePid());
      expect(findings.some(isControl)).toBe(true);
      // A stretch of eight letters, of two bytes each, may be any program's word.
      return anywhere(findings.filter(({ name }) => !name.startsWith('wide:') || name.endsWith(':whole')));
    };
    expect(searchEngine()).toEqual([]);
    const used = await recover('b', 'a');
    expect(used.code, used.stderr).toBe(0);
    expect(searchEngine()).toEqual([]);
    // Others in the place of one: they are valid, and open nothing.
    await run('bash', ['-c', 'umask 077; { yes abandon | head -23; echo art; } | tr "\\n" " " > other'], {
      cwd: store.folder,
    });
    const wrong = await recover('a', 'other');
    expect(wrong.stderr).toContain('CKR_PIN_INCORRECT');
    expect(searchEngine()).toEqual([]);
  }, 240_000);
});
