/**
 * Whether the store's files still lie where the engine opened them. A file that somebody has removed goes on taking what is written to it, and
 * nobody will ever read it again; so what was written is only stored if its file is still there.
 */
import fs from 'node:fs';
import path from 'node:path';
import { StoreError } from './errors.ts';

interface Place {
  readonly file: string;
  readonly device: number;
  readonly inode: number;
}

export class Whereabouts {
  readonly #folder: string;
  readonly #places: Place[] = [];
  /** Files that may be written anew, under the same name. */
  readonly #names: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.#remember(folder);
  }

  /** From now on the file of this name in the folder must be the one that it is now, if it is there at all. */
  keep(name: string): void {
    this.#remember(path.join(this.#folder, name));
  }

  /** From now on there must be a file of this name in the folder. */
  expect(name: string): void {
    this.#names.push(path.join(this.#folder, name));
  }

  #remember(file: string): void {
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (found !== undefined) this.#places.push({ file, device: found.dev, inode: found.ino });
  }

  /** The first thing that is not where it was, or undefined. A few microseconds. */
  missing(): StoreError | undefined {
    for (const { file, device, inode } of this.#places) {
      const found = look(file);
      if (found === 'unseen') continue;
      if (found === undefined) return lost(file, 'is no longer there');
      if (found.dev !== device || found.ino !== inode) return lost(file, 'has been replaced by another');
    }
    const name = this.#names.find((file) => look(file) === undefined);
    return name === undefined ? undefined : lost(name, 'is no longer there');
  }
}

/** What cannot be looked at, since somebody has shut a folder above, is not taken for lost. */
function look(file: string): fs.Stats | undefined | 'unseen' {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false });
  } catch {
    return 'unseen';
  }
}

function lost(file: string, what: string): StoreError {
  return new StoreError(
    'io',
    `${file} ${what}: what this engine writes would be lost, so it stores nothing more, and leaves`,
  );
}
