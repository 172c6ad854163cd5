import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { currentProfile } from '../support/profile.ts';
import { eventually, run, start } from '../support/programs.ts';
import { makeStore, type Store } from '../support/store.ts';
import { holder } from './holder.ts';
import { STRONGROOM, typist } from './transcript.ts';

const profile = currentProfile();
const deviceRemoved = 0x32;

/** A store with one token, whose PINs are derived in no time. */
async function storeWithToken(): Promise<Store> {
  const made = makeStore(profile);
  onTestFinished(() => made.close());
  writeFileSync(made.path('cheap.toml'), 'pin.kdf = "pbkdf2"\npin.iterations = 1000\n');
  const env = { ...made.env, STRONGROOM_CONFIG: made.path('cheap.toml'), P: 'user-pin-1' };
  const store = { ...made, env };
  await strongroom(store, 'token init --label work --so-pin env:P --pin env:P');
  return store;
}

function strongroom(store: Store, words: string, expected: number | 'any' = 0) {
  return run(STRONGROOM, words.split(' '), { env: typist(store), cwd: store.folder, expect: expected });
}

describe.skipIf(profile.name !== 'strongroom')('an engine that others use', { timeout: 120_000 }, () => {
  it('is named with its users, and not ended but by force, which they notice', async () => {
    const store = await storeWithToken();
    const other = holder(store);
    onTestFinished(() => other.stop());
    await other.ready(/holds/);

    const status = await strongroom(store, 'engine status --json');
    const { applications } = JSON.parse(status.stdout) as {
      applications: { pid: number; sessions: number }[];
    };
    expect(applications).toEqual([expect.objectContaining({ pid: other.child.pid, sessions: 1 })]);

    const pid = store.enginePid();
    const refused = await strongroom(store, 'engine stop', 1);
    expect(refused.stderr).toContain('strongroom: one program uses the engine\n');
    expect(refused.stderr).toContain(`  ${other.child.pid} /`);
    expect(store.enginePid()).toBe(pid);

    const ended = await strongroom(store, 'engine stop --force');
    expect(ended.stdout).toBe(`The engine (pid ${pid}) has ended.\n`);
    expect(store.enginePid()).toBeUndefined();
    other.child.stdin?.write('\n');
    expect(await eventually(() => other.child.exitCode !== null, 60_000)).toBe(true);
    expect(other.output()).toContain(`refused with ${deviceRemoved}`);

    const shown = await strongroom(store, 'audit verify');
    expect(shown.stdout).toContain('The audit log is whole.');
    expect(shown.stdout).not.toContain('not signed');
  });

  it('does not let a token that they have open be emptied', async () => {
    const store = await storeWithToken();
    const other = holder(store);
    onTestFinished(() => other.stop());
    await other.ready(/holds/);
    const refused = await strongroom(store, 'token wipe --yes --so-pin env:P', 1);
    expect(refused.stderr).toContain('some application has the token open (C_InitToken: CKR_SESSION_EXISTS)');
    other.child.stdin?.write('\n');
    expect(await eventually(() => other.child.exitCode !== null, 60_000)).toBe(true);
    expect(other.output()).toContain('still served');
    const wiped = await strongroom(store, 'token wipe --yes --so-pin env:P');
    expect(wiped.stdout).toContain('Token “work” is empty');
  });
});

describe.skipIf(profile.name !== 'strongroom')('an engine of another user', { timeout: 120_000 }, () => {
  it('is out of reach, and nobody says otherwise', async () => {
    const store = await storeWithToken();
    await strongroom(store, 'engine stop');
    // Somebody else's process that runs, and the lock that an engine of theirs would hold.
    const root = process.geteuid?.() === 0;
    const stranger = root
      ? start('setpriv', ['--reuid=12345', '--clear-groups', 'sleep', '600'], { cwd: '/' })
      : undefined;
    if (stranger !== undefined) onTestFinished(() => stranger.stop());
    const pid = stranger?.child.pid ?? 1;
    if (root) {
      const uid = () => /^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      expect(await eventually(() => uid() === '12345', 60_000)).toBe(true);
    }
    const folder = String(store.env.STRONGROOM_HOME);
    const lock = start(
      'flock',
      ['--no-fork', join(folder, 'engine.lock'), 'sh', '-c', 'echo locked; exec sleep 600'],
      {},
    );
    onTestFinished(() => lock.stop());
    await lock.ready(/locked/);
    writeFileSync(join(folder, 'engine.lock'), `${pid}\n`);

    const doctor = await strongroom(store, 'doctor', 1);
    expect(doctor.stdout).toMatch(
      new RegExp(`WRONG +process +the engine \\(pid ${pid}\\) runs as uid \\d+ and serves that user alone`),
    );
    expect(doctor.stdout).not.toMatch(/ok +process/);
    for (const words of ['engine status', 'engine stop --force']) {
      const refused = await strongroom(store, words, 1);
      expect(refused.stderr).toContain(`the engine (pid ${pid}) runs as uid`);
    }
    writeFileSync(join(folder, 'engine.lock'), '');
  });
});
