import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentProfile, ROOT } from '../support/profile.ts';
import { makeStore } from '../support/store.ts';
import { replay } from './transcript.ts';

const folder = join(import.meta.dirname, 'transcripts');
const profile = currentProfile();

/**
 * Set STRONGROOM_UPDATE_TRANSCRIPTS to have the files written anew, and read the difference before it is committed.
 * The command line drives our library only, so with another module under test there is nothing to try.
 */
describe.skipIf(profile.name !== 'strongroom')('the command line', () => {
  it.each(readdirSync(folder).sort())('%s', { timeout: 300_000 }, async (name) => {
    const file = join(folder, name);
    const expected = readFileSync(file, 'utf8');
    const store = makeStore(profile);
    try {
      // PINs are derived in no time and wrong ones answered at once; everything else is as everybody has it.
      const cheap = ['pin.kdf = "pbkdf2"', 'pin.iterations = 1000', 'pin.slow_first_ms = 0', ''];
      writeFileSync(store.path('cheap.toml'), cheap.join('\n'));
      const env = { ...store.env, STRONGROOM_CONFIG: store.path('cheap.toml') };
      const now = await replay(expected, { ...store, env });
      if (process.env.STRONGROOM_UPDATE_TRANSCRIPTS) writeFileSync(file, now);
      else expect(now).toBe(expected);
      expect(existsSync(store.path('core')), 'a core was dumped').toBe(false);
    } finally {
      await store.close();
    }
  });

  it('does what docs/operations.md says of lost PINs', { timeout: 300_000 }, async () => {
    const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const section = page.split(/^## /m).find((part) => part.startsWith('Lost PINs')) ?? '';
    const expected = [...section.matchAll(/^```console\n([\s\S]*?)^```/gm)]
      .map(([, block]) => block)
      .join('');
    const store = makeStore(profile);
    try {
      writeFileSync(
        store.path('cheap.toml'),
        'pin.kdf = "pbkdf2"\npin.iterations = 1000\npin.slow_first_ms = 0\n',
      );
      const env = { ...store.env, STRONGROOM_CONFIG: store.path('cheap.toml') };
      expect(`${await replay(expected, { ...store, env })}`.trimEnd()).toBe(expected.trimEnd());
    } finally {
      await store.close();
    }
  });
});
