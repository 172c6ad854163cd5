/**
 * Recovery words at the command line. They are bytes in memory of their own, overwritten when they have been shown; no string ever holds one,
 * since nobody can erase those.
 */
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import type { Module } from './cryptoki.ts';
import { exit, Problem, usage } from './problem.ts';
import { hasTerminal, shownOnce } from './prompt.ts';
import { plain } from './terminal.ts';

const counts: readonly string[] = ['12', '15', '18', '21', '24'];
const MOST = 24;
const longestWord = 8;
const asked = 3;
const columns = 4;
const space = 0x20;
const lineFeed = 0x0a;

export const recoveryFileOption = (): Option =>
  new Option(
    '--recovery-file <file>',
    'write the words to this new file, for its owner alone, and show none',
  );

/** How many words, as the command line has it. */
export function wordCount(text: string): number {
  if (counts.includes(text)) return Number(text);
  throw new InvalidArgumentError(`It is one of ${counts.join(', ')}.`);
}

/** Before anything is made. @throws Problem where nobody could see the words */
export function requireWayToShow(file: string | undefined): void {
  if (file === undefined) {
    if (hasTerminal()) return;
    throw usage('there is no terminal to show the recovery words on', 'Give --recovery-file FILE.');
  }
  if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    throw new Problem(`${plain(file)} is there already; nothing was done`);
}

/** Makes words in a session of the security officer's, has them written down, and only then has them count. */
export function makeRecovery(module: Module, session: number, count: number, file: string | undefined): void {
  const words = new Uint8Array(new ArrayBuffer(MOST * (longestWord + 1)));
  try {
    const length = module.addRecovery(session, count, words);
    const made = words.subarray(0, length);
    if (file === undefined) haveWrittenDown(made, count);
    else writeNew(file, made);
    module.confirmRecovery(session);
  } finally {
    words.fill(0);
  }
}

/** Where each word begins, and where it ends. */
function places(words: Uint8Array): [from: number, to: number][] {
  const found: [number, number][] = [];
  let from = 0;
  for (let at = 0; at <= words.length; at++)
    if (at === words.length || words[at] === space) {
      found.push([from, at]);
      from = at + 1;
    }
  return found;
}

function haveWrittenDown(words: Uint8Array, count: number): void {
  const list = places(words);
  const screen = laidOut(words, list);
  const chosen = new Set<number>();
  while (chosen.size < asked) chosen.add(randomInt(count));
  const questions = [...chosen].sort((a, b) => a - b);
  try {
    const right = (question: number, answer: Uint8Array): boolean => {
      const [from = 0, to = 0] = list[questions[question] ?? 0] ?? [];
      return sameWord(words.subarray(from, to), answer);
    };
    const texts = questions.map((place) => `Word ${place + 1}`);
    if (shownOnce(screen, texts, right, '--recovery-file FILE')) return;
  } finally {
    screen.fill(0);
  }
  throw new Problem(
    'the words were not written down; they open nothing',
    'strongroom token recovery add makes others.',
    exit.refused,
  );
}

/** The words with their numbers, four in a line. */
function laidOut(words: Uint8Array, list: readonly (readonly [number, number])[]): Uint8Array {
  const heading = Buffer.from(
    'These words lead to the keys when both PINs are lost. They are shown once:\nwrite them down, in this order, and keep them where nobody else looks.\n\n',
  );
  const cell = 4 + longestWord + 2;
  const screen = new Uint8Array(new ArrayBuffer(heading.length + list.length * cell + list.length + 2));
  screen.set(heading);
  let at = heading.length;
  for (const [i, [from, to]] of list.entries()) {
    screen.set(Buffer.from(`${String(i + 1).padStart(2)}. `), at);
    screen.fill(space, at + 4, at + cell);
    screen.set(words.subarray(from, to), at + 4);
    at += cell;
    if (i % columns === columns - 1 || i === list.length - 1) screen[at++] = lineFeed;
  }
  screen[at++] = lineFeed;
  return screen.subarray(0, at);
}

/** The same letters, small or large, or the first four of them. */
function sameWord(word: Uint8Array, answer: Uint8Array): boolean {
  const enough = answer.length === word.length || (answer.length >= 4 && answer.length < word.length);
  return enough && answer.every((byte, i) => (byte | 0x20) === word[i]);
}

/** A file that was not there, on the disk when this returns. */
function writeNew(file: string, words: Uint8Array): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  let fd: number;
  try {
    fd = fs.openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Problem(`the words can't be written to ${plain(file)} (${code}); they open nothing`);
  }
  try {
    fs.writeSync(fd, words);
    fs.writeSync(fd, Uint8Array.of(lineFeed));
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
