import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { currentProfile } from '../support/profile.ts';
import { eventually, run, type Service, start } from '../support/programs.ts';
import { makeStore, type Store, stragglers } from '../support/store.ts';
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

/** How often the command line's process has `text` in memory that it can write, also as a string of two bytes a letter. */
function timesInMemory(store: Store, text: string): number {
  const process = stragglers(store.folder).find(({ command }) => command.includes('cli.cjs'));
  if (process === undefined) throw new Error('the command line does not run');
  const needles = [Buffer.from(text), Buffer.from(text, 'utf16le')];
  const memory = openSync(`/proc/${process.pid}/mem`, 'r');
  try {
    let found = 0;
    for (const line of readFileSync(`/proc/${process.pid}/maps`, 'utf8').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (from === undefined || to === undefined) continue;
      const bytes = readMemory(memory, Number.parseInt(from, 16), Number.parseInt(to, 16));
      for (const needle of needles) {
        for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) found++;
      }
    }
    return found;
  } finally {
    closeSync(memory);
  }
}

/** The bytes of one mapping; those that the kernel does not give (guard pages, devices) count as empty. */
function readMemory(memory: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  try {
    for (let at = 0; at < bytes.length; ) {
      const got = readSync(memory, bytes, at, bytes.length - at, from + at);
      if (got === 0) break;
      at += got;
    }
  } catch {
    return bytes;
  }
  return bytes;
}

function ended(service: Service): Promise<boolean> {
  return eventually(() => service.child.exitCode !== null, 120_000);
}

describe.skipIf(profile.name !== 'strongroom')('PINs at the terminal', () => {
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

  it('are refused before they are typed again when they do not fit', async () => {
    const init = onTerminal(ownStore(), 'strongroom token init --label typed --so-pin env:SO', {
      SO: 'officer-secret',
    });
    await answer(init, [
      [/bytes\): $/, 'abc\r'],
      [/A PIN has 4 to 255 bytes\.\r\nNew user PIN \(4 to 255 bytes\): $/, 'user-secret\r'],
      [/once more: $/, 'user-secret\r'],
    ]);
    expect(await ended(init), init.output()).toBe(true);
    expect(init.child.exitCode).toBe(0);
    expect(init.output().match(/once more/g)).toHaveLength(1);
  });

  it('are not asked for again after Ctrl-D', async () => {
    const store = ownStore();
    const init = onTerminal(
      store,
      'strongroom token init --label x; echo "code $?"; stty -a | grep -o " -\\?echo "',
    );
    await answer(init, [[/New SO PIN \(4 to 255 bytes\): $/, '\x04']]);
    expect(await ended(init), init.output()).toBe(true);
    expect(init.output()).toContain('no PIN was entered; nothing was done\r\n');
    expect(init.output()).toMatch(/code 1\r\n echo/);
    expect(init.output().match(/New SO PIN/g)).toHaveLength(1);
  });

  it('come after the question whether everything is to be destroyed', async () => {
    const store = ownStore();
    const env = { P: 'user-secret' };
    const init = onTerminal(store, 'strongroom token init --label typed --so-pin env:P --pin env:P', env);
    expect(await ended(init), init.output()).toBe(true);
    const question = /Destroy every key and object in “typed” for good\? \[yes\/no\]: $/;
    const no = onTerminal(store, 'strongroom token wipe');
    await answer(no, [[question, 'y\r']]);
    expect(await ended(no), no.output()).toBe(true);
    expect(no.output()).toContain('nothing was done');
    expect(no.child.exitCode).toBe(1);
    const yes = onTerminal(store, 'strongroom token wipe');
    await answer(yes, [
      [question, 'yes\r'],
      [/SO PIN of “typed”: $/, 'user-secret\r'],
    ]);
    expect(await ended(yes), yes.output()).toBe(true);
    expect(yes.output()).toContain('Token “typed” is empty');
    expect(yes.child.exitCode).toBe(0);
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

  it('are in memory once, as bytes, and only for as long as they are needed', async () => {
    const store = ownStore();
    const init = onTerminal(store, 'strongroom token init --label typed');
    await answer(init, [[/New SO PIN \(4 to 255 bytes\): $/, 'officer-secret\r']]);
    await init.ready(/once more: $/);
    // The first of the two is held for comparison: this shows that the search finds what is there.
    expect(timesInMemory(store, 'officer-secret')).toBe(1);
    await answer(init, [
      [/once more: $/, 'officer-secret\r'],
      [/New user PIN \(4 to 255 bytes\): $/, 'user-secret\r'],
    ]);
    await init.ready(/New user PIN \(4 to 255 bytes\), once more: $/);
    expect(timesInMemory(store, 'officer-secret')).toBe(1);
    expect(timesInMemory(store, 'user-secret')).toBe(1);
    init.child.stdin?.write('user-secret\r');
    expect(await ended(init), init.output()).toBe(true);
    expect(init.child.exitCode).toBe(0);
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

describe.skipIf(profile.name !== 'strongroom')('recovery words at the terminal', () => {
  const pins = { SO: 'officer-secret', PIN: 'user-secret' };
  const make = 'strongroom token init --label kept --recovery --so-pin env:SO --pin env:PIN';

  /** The words on the screen, in their order. */
  async function shownWords(service: Service, sheet = 1): Promise<string[]> {
    await service.ready(new RegExp(`(?:Press Enter when they are written down: [^]*){${sheet}}$`));
    const screen = service.output().split('\x1b[?1049h')[sheet] ?? '';
    const cells = [...screen.matchAll(/(\d+)\. ([a-z]+)/g)];
    expect(cells.map(([, number]) => Number(number))).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    return cells.map(([, , word = '']) => word);
  }

  /** Answers as many questions as come. */
  async function typeWords(
    service: Service,
    words: (place: number) => string,
    times = 3,
    from = 0,
  ): Promise<void> {
    for (let i = from; i < times; i++) {
      await service.ready(new RegExp(`(?:Word \\d+: [^]*){${i + 1}}$`));
      const place = Number(/Word (\d+): $/.exec(service.output())?.[1]);
      service.child.stdin?.write(`${words(place)}\r`);
    }
  }

  it('are shown once, on a screen of their own, and count when three of them are typed', async () => {
    const store = ownStore();
    const init = onTerminal(store, make, pins);
    const words = await shownWords(init);
    init.child.stdin?.write('\r');
    await typeWords(init, (place) => words[place - 1] ?? '');
    expect(await ended(init), init.output()).toBe(true);
    expect(init.child.exitCode, init.output()).toBe(0);
    // What leaves the screen that they were on comes before the questions, which do not show what is typed.
    const [before = '', after = ''] = init.output().split('\x1b[?1049l');
    expect(before).toContain('\x1b[?1049h');
    for (const word of words) expect(after.split(/\W/)).not.toContain(word);
    expect(after).toContain('It has 24 recovery words.');

    // And they are typed where nobody reads along.
    // What cannot be right is told by its places, and there is another go.
    const recover = onTerminal(store, 'strongroom pin recover --user', pins);
    const swapped = [words[1], words[0], ...words.slice(2)];
    await answer(recover, [
      [/Recovery words of “kept”: $/, `${words.with(6, 'nowhere').with(20, 'xyzzy').join(' ')}\r`],
      [
        /Words 7 and 21 are not in the list\.\r\nRecovery words of “kept”: $/,
        `${words.slice(1).join(' ')}\r`,
      ],
      [/There are 23 words, where 24 are wanted\.\r\nRecovery words of “kept”: $/, `${words.join(' ')}\r`],
    ]);
    await recover.ready(/New user PIN \(4 to 255 bytes\): $/);
    // What was typed last is held, as bytes; what was typed before is nowhere.
    expect(timesInMemory(store, words.slice(0, 7).join(' '))).toBe(1);
    expect(timesInMemory(store, words.slice(4, 6).concat('nowhere').join(' '))).toBe(0);
    await answer(recover, [
      [/bytes\): $/, 'another-secret\r'],
      [/once more: $/, 'another-secret\r'],
    ]);
    expect(await ended(recover), recover.output()).toBe(true);
    expect(recover.output()).toContain('The user PIN of “kept” is set, and not locked.');
    expect(recover.output()).not.toContain(words.slice(0, 2).join(' '));

    // One checksum in 256 is right by chance.
    if (!validateMnemonic(swapped.join(' '), wordlist)) {
      const again = onTerminal(store, 'strongroom pin recover --user --new-pin env:PIN', pins);
      await answer(again, [
        [/Recovery words of “kept”: $/, `${swapped.join(' ')}\r`],
        [/The checksum is wrong: [a-z, ]+\.\r\nRecovery words of “kept”: $/, '\x04'],
      ]);
      expect(await ended(again), again.output()).toBe(true);
      expect(again.output()).toContain('no recovery words were entered; nothing was done');
    }
    const show = await run(STRONGROOM, ['token', 'show'], { env: typist(store) });
    expect(show.output).toMatch(/Recovery words +24, made .*, 100 tries left/);
  });

  it('of two people are shown to each alone, and open nothing before both have confirmed theirs', async () => {
    const store = ownStore();
    const init = onTerminal(store, make.replace('--recovery', '--recovery --recovery-people 2'), pins);
    const alone = (sheet: number) =>
      new RegExp(`Sheet ${sheet} of 2: press Enter when nobody looks but the one who is to keep it: $`);
    const sheets: string[][] = [];
    for (const number of [1, 2]) {
      await answer(init, [[alone(number), '\r']]);
      const words = await shownWords(init, number);
      sheets.push(words);
      // The other's words are on no screen of this one's, and in memory no longer.
      if (number === 2) expect(timesInMemory(store, (sheets[0] ?? []).slice(0, 5).join(' '))).toBe(0);
      const access = await run(STRONGROOM, ['token', 'show'], { env: typist(store) });
      expect(access.output).toContain('Recovery words  none');
      init.child.stdin?.write('\r');
      await typeWords(init, (place) => words[place - 1] ?? '', number * 3, (number - 1) * 3);
    }
    expect(await ended(init), init.output()).toBe(true);
    expect(init.output()).toContain('It has 2 sheets of 24 recovery words, and needs all of them.');
    const [first = [], second = []] = sheets;
    expect(first).not.toEqual(second);

    const recover = onTerminal(store, 'strongroom pin recover --user --new-pin env:PIN', pins);
    await answer(recover, [
      [/Recovery words of “kept”, sheet 1 of 2: $/, `${second.join(' ')}\r`],
      [/Recovery words of “kept”, sheet 2 of 2: $/, `${second.join(' ').toUpperCase()}\r`],
      [
        /These are the words of a sheet that was read before\.\r\n.*, sheet 2 of 2: $/,
        `${first.join(' ')}\r`,
      ],
    ]);
    expect(await ended(recover), recover.output()).toBe(true);
    expect(recover.output()).toContain('The user PIN of “kept” is set, and not locked.');
  });

  it('of two people leave those of before when one of the two has not written theirs down', async () => {
    const store = ownStore();
    const env = { ...typist(store), ...pins };
    const made = make.replace(
      '--recovery',
      '--recovery --recovery-people 2 --recovery-file a --recovery-file b',
    );
    await run('bash', ['-c', made], { env, cwd: store.folder });
    const again = onTerminal(store, 'strongroom token recovery add --people 2 --so-pin env:SO', pins);
    await answer(again, [[/to keep it: $/, '\r']]);
    const words = await shownWords(again);
    again.child.stdin?.write('\r');
    await typeWords(again, (place) => words[place - 1] ?? '');
    await answer(again, [[/Sheet 2 of 2: .*to keep it: $/, '\x04']]);
    expect(await ended(again), again.output()).toBe(true);
    expect(again.child.exitCode).toBe(1);
    const recover = await run(
      STRONGROOM,
      ['pin', 'recover', '--user', '--words-file', 'b', '--words-file', 'a', '--new-pin', 'env:PIN'],
      { env, cwd: store.folder },
    );
    expect(recover.output).toContain('is set, and not locked');
  });

  it('that nobody has written down open nothing', async () => {
    const store = ownStore();
    const init = onTerminal(store, make, pins);
    await shownWords(init);
    init.child.stdin?.write('\r');
    await typeWords(init, () => 'letmein');
    expect(await ended(init), init.output()).toBe(true);
    expect(init.child.exitCode).toBe(1);
    expect(init.output()).toContain(
      'has no recovery words: the words were not written down; they open nothing',
    );
    const show = await run(STRONGROOM, ['token', 'show'], { env: typist(store) });
    expect(show.output).toContain('Recovery words  none');
    expect(show.output).toMatch(/User PIN +set, 10 tries left/);
  });

  it('leave no copy but the one that is shown, in no string either', async () => {
    const store = ownStore();
    const init = onTerminal(store, make, pins);
    const words = await shownWords(init);
    // Those of the list, and those of the screen, which has no two beside each other as they stand in the list.
    expect(timesInMemory(store, words.slice(0, 5).join(' '))).toBe(1);
    init.child.stdin?.write('\r');
    await init.ready(/Word \d+: $/);
    expect(timesInMemory(store, ` 2. ${words[1]} `)).toBeLessThanOrEqual(1);
    init.child.stdin?.write('\x04');
    expect(await ended(init), init.output()).toBe(true);
    expect(init.child.exitCode).toBe(1);
  });

  it('are gone with a process that is killed before they were confirmed, and the old ones go on', async () => {
    const store = ownStore();
    const env = { ...typist(store), ...pins };
    const made = make.replace('--recovery', '--recovery --recovery-file words.txt');
    await run('bash', ['-c', made], { env, cwd: store.folder });
    const again = onTerminal(store, 'strongroom token recovery add --so-pin env:SO', pins);
    const words = await shownWords(again);
    const process = stragglers(store.folder).find(({ command }) => command.includes('cli.cjs'));
    globalThis.process.kill(process?.pid ?? 0, 'SIGKILL');
    expect(await ended(again), again.output()).toBe(true);
    const recover = (from: string) =>
      run(
        'bash',
        ['-c', `umask 077; ${from} | strongroom pin recover --user --words-fd 0 --new-pin env:PIN`],
        {
          env: { ...env, WORDS: words.join(' ') },
          cwd: store.folder,
          expect: 'any',
        },
      );
    expect((await recover('echo "$WORDS"')).output).toContain('not the recovery words of the token');
    expect((await recover('cat words.txt')).output).toContain('is set, and not locked');
  });
});

describe.skipIf(profile.name !== 'strongroom')('colour', () => {
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
