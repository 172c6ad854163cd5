/** PINs of a configuration that asked for less are derived anew when they are right, through the whole engine; nobody waits for it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { currentProfile, ROOT } from '../support/profile.ts';
import { eventually, run } from '../support/programs.ts';
import { makeStore } from '../support/store.ts';

const STRONGROOM = path.join(ROOT, 'out/bin/strongroom');
const profile = currentProfile();

test.skipIf(profile.name !== 'strongroom')(
  'a PIN by PBKDF2 becomes one by Argon2id at its next right login, and stays when less is asked for',
  async () => {
    const store = makeStore(profile);
    onTestFinished(() => store.close());
    const pins = { SO: 'officer-1', PIN: 'user-pin-1', WRONG: 'user-pin-2' };
    const using = async (config: string, ...args: string[]): Promise<string> => {
      writeFileSync(store.path('own.toml'), config);
      const env = { ...store.env, ...pins, STRONGROOM_CONFIG: store.path('own.toml') };
      return (await run(STRONGROOM, args, { env, expect: 'any' })).output;
    };
    const cheap = '[pin]\nkdf = "pbkdf2"\niterations = 1000\n';
    const dear = '[pin]\nargon2_memory_kib = 8192\nargon2_passes = 1\nargon2_lanes = 1\n';
    const show = (config: string) => using(config, 'token', 'show');
    await using(cheap, 'token', 'init', '--label', 'old', '--so-pin', 'env:SO', '--pin', 'env:PIN');
    expect(await show(cheap)).toMatch(/guess at the user PIN takes 1,000 rounds of PBKDF2/);
    await store.stopEngine();

    // A wrong one changes nothing, and no more does looking.
    expect(await using(dear, 'key', 'list', '--pin', 'env:WRONG')).toContain('is wrong');
    expect(await show(dear)).toMatch(/guess at the user PIN takes 1,000 rounds of PBKDF2/);
    expect(await using(dear, 'key', 'list', '--pin', 'env:PIN')).toContain('no keys');
    const isUpgraded = async () => /user PIN takes 8 MiB .* 1 pass .*Argon2id/.test(await show(dear));
    expect(await eventually(isUpgraded, 60_000)).toBe(true);
    // The officer's was not at hand.
    expect(await show(dear)).toMatch(/guess at the SO PIN takes 1,000 rounds of PBKDF2/);
    expect(await using(dear, 'key', 'list', '--pin', 'env:PIN')).toContain('no keys');
    await store.stopEngine();

    expect(await using(cheap, 'key', 'list', '--pin', 'env:WRONG')).toContain('is wrong');
    expect(await using(cheap, 'key', 'list', '--pin', 'env:PIN')).toContain('no keys');
    expect(await show(cheap)).toMatch(/user PIN takes 8 MiB .*Argon2id/);
    expect(await show(cheap)).toMatch(/User PIN +set, 10 tries left/);
  },
  240_000,
);
