/** Recovery words on their way in: a sheet for each of the people who keep them, from the terminal or from where a script has them. */
import type { Option } from 'commander';
import { type PinSource, pinSource } from '../pin-source.ts';
import { type Given, pinOptions } from '../pins.ts';
import { usage } from '../problem.ts';
import { count, plain } from '../terminal.ts';
import type { Way } from '../token-access.ts';
import { misreading, placesOf } from './words.ts';

const lineFeed = 0x0a;

/** Of an option that may be given several times. */
export function collected(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

export const sheetOptions = (): Option[] =>
  pinOptions('words', 'a sheet of recovery words').map((option) => option.argParser(collected));

/** Every source that the options name. Throws a usage {@link Problem}. */
export function sheetSources(given: Given): PinSource[] {
  const texts = (name: string): string[] => {
    const value = given[name];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  };
  const none = { option: 'words', value: undefined, file: undefined, fd: undefined } as const;
  return [
    ...texts('wordsFile').map((file) => pinSource({ ...none, file })),
    ...texts('wordsFd').map((fd) => pinSource({ ...none, fd })),
    ...texts('words').map((value) => pinSource({ ...none, value })),
  ];
}

/**
 * All the sheets that a token needs, a line each; those that no source brings are asked for. One that cannot be right is said to be so before
 * anything else happens, by the places of its words. Whoever gets the bytes overwrites them.
 */
export function readSheets(
  given: readonly PinSource[],
  label: string,
  { lists = 1, words }: Way,
): Uint8Array {
  if (given.length > lists)
    throw usage(
      `${count(given.length, 'sheet')} of words are given, and “${plain(label)}” needs ${lists}`,
      'Give --words-file, --words-fd and --words once for each sheet.',
    );
  const asking = pinSource({ option: 'words', value: undefined, file: undefined, fd: undefined });
  const sheets: Uint8Array[] = [];
  const read: Int16Array[] = [];
  try {
    for (let number = 1; number <= lists; number++) {
      const source = given[number - 1] ?? asking;
      const sheet = lists === 1 ? '' : `, sheet ${number} of ${lists}`;
      const misfit = (text: Uint8Array): string | undefined => {
        const places = placesOf(text);
        const again = read.findIndex((before) => Buffer.compare(bytesOf(before), bytesOf(places)) === 0);
        const problem =
          again < 0 ? misreading(places, words) : 'these are the words of a sheet that was read before';
        if (problem === undefined) read.push(places);
        else places.fill(0);
        return problem === undefined || source.asks ? problem : `recovery words${sheet}: ${problem}`;
      };
      sheets.push(
        source.read(`Recovery words of “${plain(label)}”${sheet}`, { what: 'recovery words', misfit }),
      );
    }
    return inLines(sheets);
  } finally {
    for (const places of read) places.fill(0);
    for (const sheet of sheets) sheet.fill(0);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function inLines(sheets: readonly Uint8Array[]): Uint8Array {
  const size = sheets.reduce((sum, { length }) => sum + length + 1, 0);
  const all = new Uint8Array(new ArrayBuffer(size));
  let at = 0;
  for (const sheet of sheets) {
    all.set(sheet, at);
    at += sheet.length;
    all[at++] = lineFeed;
  }
  return all;
}
