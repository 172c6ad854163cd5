/**
 * Recovery words at the command line. They are bytes in memory of their own, overwritten when they have been shown; no string ever holds one,
 * since nobody can erase those.
 */
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import type { Module } from '../cryptoki.ts';
import { exit, Problem, usage } from '../problem.ts';
import { hasTerminal, shownOnce } from '../prompt.ts';
import { count, plain } from '../terminal.ts';
import { collected } from './sheets.ts';
import { spansOf, standsFor } from './words.ts';

const wordCounts: readonly string[] = ['12', '15', '18', '21', '24'];
const WORDS_MOST = 24;
const PEOPLE_MOST = 5;
const longestWord = 8;
const asked = 3;
const columns = 4;
const space = 0x20;
const lineFeed = 0x0a;

/** What words are to be made, and where they go. */
export interface NewWords {
  /** On each sheet. */
  readonly words: number;
  /** Each of whom keeps a sheet; all of them are needed. */
  readonly people: number;
  /** A new file for each sheet, or none: then they are shown. */
  readonly files: readonly string[];
}

export const recoveryFileOption = (): Option =>
  new Option(
    '--recovery-file <file>',
    'write the words to this new file, for its owner alone, and show none; once for each of the people',
  ).argParser(collected);

export const peopleOption = (name: string): Option =>
  new Option(
    `--${name} <number>`,
    'make a sheet of words for each of so many people, who are all needed: 1 to 5',
  )
    .argParser(peopleCount)
    .default(1);

/** How many words, as the command line has it. */
export function wordCount(text: string): number {
  if (wordCounts.includes(text)) return Number(text);
  throw new InvalidArgumentError(`It is one of ${wordCounts.join(', ')}.`);
}

function peopleCount(text: string): number {
  if (/^[1-9]$/.test(text) && Number(text) <= PEOPLE_MOST) return Number(text);
  throw new InvalidArgumentError(`It is a number from 1 to ${PEOPLE_MOST}.`);
}

/** `24 recovery words`, with what is needed of them. */
export function inWords({ words, people }: Pick<NewWords, 'words' | 'people'>): string {
  return people === 1
    ? `${words} recovery words`
    : `${people} sheets of ${words} recovery words, and needs all of them`;
}

/** Before anything is made. @throws Problem where nobody could see the words */
export function requireWayToShow({ people, files }: NewWords): void {
  if (files.length === 0) {
    if (hasTerminal()) return;
    throw usage('there is no terminal to show the recovery words on', wayToFiles(people));
  }
  if (files.length !== people || new Set(files).size !== people)
    throw usage(
      `words for ${count(people, 'person', 'people')} are to go to ${count(new Set(files).size, 'file')}`,
      wayToFiles(people),
    );
  for (const file of files)
    if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined)
      throw new Problem(`${plain(file)} is there already; nothing was done`);
}

function wayToFiles(people: number): string {
  return people === 1
    ? 'Give --recovery-file FILE.'
    : `Give --recovery-file FILE ${people} times, with a file for each.`;
}

/** Makes words in a session of the security officer's, has them written down, and only then has them count. */
export function makeRecovery(module: Module, session: number, wanted: NewWords): void {
  const { words, people, files } = wanted;
  const room = new Uint8Array(new ArrayBuffer(people * WORDS_MOST * (longestWord + 1)));
  try {
    const length = module.addRecovery(session, words, people, room);
    for (const [i, [from, to]] of linesOf(room.subarray(0, length)).entries()) {
      const sheet = room.subarray(from, to);
      const file = files[i];
      if (file === undefined) haveWrittenDown(sheet, i + 1, wanted);
      else writeNew(file, sheet);
      sheet.fill(0);
    }
    module.confirmRecovery(session);
  } finally {
    room.fill(0);
  }
}

/** Where each sheet begins, and where it ends. */
function linesOf(text: Uint8Array): [from: number, to: number][] {
  const ends = [...text.keys()].filter((at) => text[at] === lineFeed);
  return [...ends, text.length].map((to, i) => [i === 0 ? 0 : (ends[i - 1] ?? 0) + 1, to]);
}

/** @param number of the sheet, from 1 on */
function haveWrittenDown(sheet: Uint8Array, number: number, { words, people }: NewWords): void {
  const list = spansOf(sheet);
  const screen = laidOut(sheet, list, headingOf(number, people));
  const chosen = new Set<number>();
  while (chosen.size < asked) chosen.add(randomInt(words));
  const questions = [...chosen].sort((a, b) => a - b);
  try {
    const right = (question: number, answer: Uint8Array): boolean => {
      const [from = 0, to = 0] = list[questions[question] ?? 0] ?? [];
      return standsFor(answer, sheet.subarray(from, to));
    };
    const before =
      people === 1
        ? undefined
        : `Sheet ${number} of ${people}: press Enter when nobody looks but the one who is to keep it: `;
    const texts = questions.map((place) => `Word ${place + 1}`);
    if (shownOnce({ text: screen, before, questions: texts, right }, '--recovery-file FILE')) return;
  } finally {
    screen.fill(0);
  }
  throw new Problem(
    'the words were not written down; they open nothing',
    'strongroom token recovery add makes others.',
    exit.refused,
  );
}

function headingOf(number: number, people: number): string {
  if (people === 1)
    return (
      'These words lead to the keys when both PINs are lost. They are shown once:\n' +
      'write them down, in this order, and keep them where nobody else looks.\n\n'
    );
  return (
    `Sheet ${number} of ${people}. The words of all ${people} sheets together lead to the keys when both PINs are lost.\n` +
    'They are shown once: write them down, in this order, and keep them where nobody else looks.\n\n'
  );
}

/** The words with their numbers, four in a line. */
function laidOut(words: Uint8Array, list: readonly (readonly [number, number])[], title: string): Uint8Array {
  const heading = Buffer.from(title);
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
