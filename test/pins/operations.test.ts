/**
 * docs/operations.md, an officer's reset: the transcript on that page is what happens when its commands are typed. STRONGROOM_UPDATE_TRANSCRIPTS has it written anew.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { replay, typist } from '../cli/transcript.ts';
import { ROOT } from '../support/profile.ts';
import { makeStore } from '../support/store.ts';
import { configText } from './support.ts';

const file = path.join(ROOT, 'docs/operations.md');
const PINS = { SO: 'officer-pin-3141', P: 'first-pin-1414', WRONG: 'no-such-pin-1' };

test('an officer’s reset goes as it stands there', { timeout: 300_000 }, async () => {
  const page = readFileSync(file, 'utf8');
  const [, told = ''] = /^```console\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const made = makeStore();
  try {
    const config = made.path('own.toml');
    writeFileSync(config, configText(['profile = "strict"', 'max_attempts = 3']));
    const store = { ...made, env: { ...made.env, STRONGROOM_CONFIG: config } };
    const type = (command: string) =>
      spawnSync('bash', ['-c', command], {
        cwd: made.folder,
        env: { ...typist(store), ...PINS },
        encoding: 'utf8',
      });
    // The user has made the first PIN his own, has a key, and then forgets.
    const before = [
      'strongroom token init --label work --so-pin env:SO --pin env:SO',
      'strongroom pin set --pin env:SO --new-pin env:P',
      'pkcs11-tool --module $MODULE --login --pin $P --keypairgen --key-type EC:prime256v1 --label web --id 01',
    ];
    for (const command of before) expect(type(command), command).toMatchObject({ status: 0 });
    for (let i = 0; i < 3; i++) expect(type('strongroom key list --pin env:WRONG').status).toBe(1);
    const now = `${await replay(told.trimEnd(), store)}\n`;
    if (process.env.STRONGROOM_UPDATE_TRANSCRIPTS)
      writeFileSync(
        file,
        page.replace(told, () => now),
      );
    else expect(now).toBe(told);
  } finally {
    await made.close();
  }
});
