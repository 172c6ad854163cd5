/** Twenty processes that guess at once, and kill the engine between: no more guesses are answered than the token allows. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { STRONGROOM } from '../cli/transcript.ts';
import { eventually } from '../support/programs.ts';
import { makeStore, type Store } from '../support/store.ts';
import { configText } from './support.ts';

const CROWD = 20;
const MOST = 30;
const so = 'officer-pin-31';
const pin = 'user-pin-27';

let made: Store | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

interface Guesser {
  readonly pid: number | undefined;
  readonly answer: Promise<string>;
}

const QUICK = [`max_attempts = ${MOST}`, 'slow_after = 3', 'slow_first_ms = 5', 'slow_most_ms = 20'];

function begin(lines: readonly string[] = QUICK): {
  store: Store;
  tool: (...args: string[]) => string;
  guess: (value: string) => Guesser;
} {
  const store = makeStore();
  made = store;
  const config = store.path('own.toml');
  writeFileSync(config, configText(lines));
  const env = { ...store.env, STRONGROOM_CONFIG: config };
  const tool = (...args: string[]): string => {
    const run = spawnSync('pkcs11-tool', ['--module', store.module, ...args], { env, encoding: 'utf8' });
    return run.status === 0 ? 'ok' : `${run.stdout}${run.stderr}`;
  };
  const guess = (value: string): Guesser => {
    const args = ['--module', store.module, '--login', '--pin', value, '-O'];
    const child = spawn('pkcs11-tool', args, { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        output += data.toString();
      });
    const answer = new Promise<string>((resolve) => {
      child.on('close', (status) => resolve(status === 0 ? 'in' : output));
    });
    return { pid: child.pid, answer };
  };
  expect(tool('--init-token', '--label', 'crowd', '--so-pin', so)).toBe('ok');
  expect(tool('--login', '--login-type', 'so', '--so-pin', so, '--init-pin', '--pin', pin)).toBe('ok');
  return { store, tool, guess };
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}

/** A crowd of wrong PINs, of whom each `wanted`-th answer has the engine and a guesser killed. @returns their answers */
async function crowd(
  store: Store,
  guess: (value: string) => Guesser,
  round: number,
  kills: number,
): Promise<string[]> {
  const guessers = Array.from({ length: CROWD }, (_, i) => guess(`wrong-${round}-${i}`));
  let answered = 0;
  for (const { answer } of guessers)
    void answer.then(() => {
      if (++answered > kills) return;
      kill(store.enginePid());
      kill(guessers.at(-answered)?.pid);
    });
  return Promise.all(guessers.map(({ answer }) => answer));
}

const told = (answers: readonly string[]) =>
  answers.filter((answer) => answer.includes('CKR_PIN_INCORRECT')).length;

test('a crowd with kills is answered no more guesses than there may be, and locks the PIN', async () => {
  const { store, tool, guess } = begin();
  const answers: string[] = [];
  for (let round = 0; round < 12 && !answers.some((one) => one.includes('CKR_PIN_LOCKED')); round++)
    answers.push(...(await crowd(store, guess, round, 2)));
  expect(answers.filter((answer) => answer === 'in')).toEqual([]);
  expect(told(answers)).toBeLessThan(MOST);
  expect(answers.filter((answer) => answer.includes('CKR_PIN_LOCKED')).length).toBeGreaterThan(0);
  expect(tool('--login', '--pin', pin, '-O')).toContain('CKR_PIN_LOCKED');
  expect(tool('--login', '--login-type', 'so', '--so-pin', so, '--init-pin', '--pin', pin)).toBe('ok');
  expect(tool('--login', '--pin', pin, '-O')).toBe('ok');
});

test('the right PIN still works after a wait', async () => {
  const { store, tool, guess } = begin();
  // One crowd is not enough to lock it, whatever a kill makes of each of its guesses.
  const answers = await crowd(store, guess, 0, 2);
  kill(store.enginePid());
  expect(told(answers)).toBeLessThanOrEqual(CROWD);
  expect(tool('--login', '--pin', pin, '-O')).toBe('ok');
  expect(tool('--login', '--pin', 'wrong-again', '-O')).toContain('CKR_PIN_INCORRECT');
});

test('who waits for an answer holds up neither others nor the engine’s end, and goes when he is killed', async () => {
  const { store, tool, guess } = begin(['slow_after = 0', 'slow_first_ms = 60000', 'slow_most_ms = 300000']);
  const tries = () => {
    const run = spawnSync(STRONGROOM, ['pin', 'status', '--json'], { env: store.env, encoding: 'utf8' });
    const [user] = JSON.parse(run.stdout) as { triesLeft: number; waitSeconds: number }[];
    return user;
  };
  const [waits, queued] = [guess('wrong-1'), guess('wrong-2')];
  const isFound = () => (tries()?.waitSeconds ?? 0) > 0;
  expect(await eventually(isFound, 60_000)).toBe(true);
  // Everybody else is served, the officer at the same token too.
  expect(tool('--list-objects')).toBe('ok');
  expect(tool('--login', '--login-type', 'so', '--so-pin', so, '--session-rw', '--list-objects')).toBe('ok');
  kill(waits.pid);
  kill(queued.pid);
  await Promise.all([waits.answer, queued.answer]);
  const third = guess('wrong-3');
  expect(tries()).toMatchObject({ triesLeft: 9 });
  await store.stopEngine();
  expect(await third.answer).not.toBe('in');
  // The next engine owes the same.
  expect(tries()).toMatchObject({ triesLeft: 9 });
  expect(isFound()).toBe(true);
});
