import { describe, expect, it, onTestFinished } from 'vitest';
import { currentProfile } from '../support/profile.ts';
import { eventually, run, type Service, start } from '../support/programs.ts';
import { makeStore, type Store } from '../support/store.ts';
import { STRONGROOM, typist } from './transcript.ts';

const profile = currentProfile();

/** A store that goes when the test is over. */
function ownStore(): Store {
  const store = makeStore(profile);
  onTestFinished(() => store.close());
  return store;
}

/** Runs a command line on a terminal of its own; what is written to its input is typed there. */
function onTerminal(store: Store, command: string, env: Record<string, string> = {}): Service {
  // Colour would need a TERM; util-linux's script gives the child whatever we have.
  const service = start('script', ['-q', '-e', '-c', command, '/dev/null'], {
    env: { ...typist(store), TERM: 'xterm', SHELL: '/bin/bash', ...env },
    cwd: store.folder,
  });
  onTestFinished(() => service.stop());
  return service;
}

/** Types a line each time the next question has come. */
async function answer(service: Service, dialogue: readonly (readonly [question: RegExp, line: string])[]) {
  for (const [question, line] of dialogue) {
    await service.ready(question);
    service.child.stdin?.write(line);
  }
}

function ended(service: Service): Promise<boolean> {
  return eventually(() => service.child.exitCode !== null, 10_000);
}

describe.skipIf(profile.name !== 'strongroom')('PINs at the terminal', { timeout: 30_000 }, () => {
  it('are asked for without echo, twice when they are new', async () => {
    const store = ownStore();
    const init = onTerminal(store, 'strongroom token init --label typed');
    await answer(init, [
      [/New SO PIN \(4 to 255 bytes\): $/, 'officer-secret\r'],
      [/New SO PIN \(4 to 255 bytes\), once more: $/, 'officer-secret\r'],
      [/New user PIN \(4 to 255 bytes\): $/, 'user-sekret\x7f\x7f\x7f\x7fcret\r'],
      [/New user PIN \(4 to 255 bytes\), once more: $/, 'wrong start\x15user-secret\r'],
    ]);
    expect(await ended(init), init.output()).toBe(true);
    expect(init.output()).toMatch(/Token “typed” is ready in slot 0\.\r\n$/);
    expect(init.child.exitCode).toBe(0);
    expect(init.output()).not.toMatch(/secret|sekret|wrong/);

    const list = onTerminal(store, 'strongroom key list --login');
    await answer(list, [[/User PIN of “typed”: $/, 'user-secret\r']]);
    expect(await ended(list), list.output()).toBe(true);
    expect(list.output()).toContain('(slot 0): no keys');
    expect(list.child.exitCode).toBe(0);
  });

  it('are asked for again when the two differ', async () => {
    const init = onTerminal(ownStore(), 'strongroom token init --label typed --so-pin env:SO', {
      SO: 'officer-secret',
    });
    await answer(init, [
      [/bytes\): $/, 'one-pin\r'],
      [/once more: $/, 'another\r'],
      [/The two differ\.\r\nNew user PIN \(4 to 255 bytes\): $/, 'user-secret\r'],
      [/once more: $/, 'user-secret\r'],
    ]);
    expect(await ended(init), init.output()).toBe(true);
    expect(init.child.exitCode).toBe(0);
  });

  it('can be refused with Ctrl-C, which leaves the terminal as it was and no token', async () => {
    const store = ownStore();
    const init = onTerminal(
      store,
      'strongroom token init --label x; echo "code $?"; stty -a | grep -o " -\\?echo "',
    );
    await answer(init, [[/New SO PIN \(4 to 255 bytes\): $/, 'half\x03']]);
    expect(await ended(init), init.output()).toBe(true);
    expect(init.output()).toContain('strongroom:');
    expect(init.output()).toContain('interrupted; nothing was done\r\n');
    expect(init.output()).toMatch(/code 130\r\n echo/);
    const list = await run(STRONGROOM, ['token', 'list', '--json'], { env: typist(store) });
    expect(list.stdout).toBe('[]\n');
  });

  it('go to the terminal though all streams lead elsewhere', async () => {
    const store = ownStore();
    const init = onTerminal(
      store,
      'strongroom token init --label away --so-pin env:SO </dev/null >out 2>err; cat out err',
      { SO: 'officer-secret' },
    );
    await answer(init, [
      [/bytes\): $/, 'user-secret\r'],
      [/once more: $/, 'user-secret\r'],
    ]);
    expect(await ended(init), init.output()).toBe(true);
    expect(init.output()).toMatch(/Token “away” is ready in slot 0\.\r\n$/);
  });
});

describe.skipIf(profile.name !== 'strongroom')('colour', { timeout: 30_000 }, () => {
  const colourCode = '\x1b[';

  it('is on a terminal only, and nowhere with NO_COLOR or on a dumb terminal', async () => {
    const store = ownStore();
    for (const [env, colour] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
      [{ TERM: 'dumb' }, false],
    ] as const) {
      const doctor = onTerminal(store, 'strongroom doctor', env);
      expect(await ended(doctor), doctor.output()).toBe(true);
      expect(doctor.output()).toContain('Nothing is wrong.');
      expect(doctor.output().includes(colourCode), JSON.stringify(env)).toBe(colour);
    }
    const piped = await run(STRONGROOM, ['doctor'], { env: { ...typist(store), TERM: 'xterm' } });
    expect(piped.output).not.toContain(colourCode);
  });
});
