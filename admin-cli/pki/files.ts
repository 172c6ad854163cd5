/**
 * Files of certificates and keys: written whole under another name and on the disk before they get their own, and never in the place of a file that
 * is there unless that was asked for.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fromPem } from '../../module/certificates/pem.ts';
import { Problem } from '../problem.ts';
import { plain } from '../terminal.ts';

/** Of PEM files that we are told to read; a longer one is none. */
const LONGEST = 1 << 20;

/** A file that is written and has no name of its own yet. */
export interface Staged {
  /** Gives it its name. With `replace`, in the place of what is there. */
  settle(replace: boolean): void;
  /** Takes away what has no name yet. */
  discard(): void;
  /** Takes away its name again, if nothing else had it before. */
  withdraw(): void;
}

/** The folder; it is made with the first file in it. */
export function folderFor(given: string): string {
  const folder = path.resolve(given);
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Problem(`${plain(folder)} is no folder`);
  return folder;
}

/** @throws Problem when one of the files is there and must not be written over */
export function mustBeFree(files: readonly string[], force: boolean): void {
  const there = files.find((file) => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined);
  if (force || there === undefined) return;
  throw new Problem(
    `${plain(there)} is there already; nothing was done`,
    'Name another folder or other files (--out, --as), or have it written over: --force.',
  );
}

export function stage(file: string, contents: string | Uint8Array, mode: number): Staged {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  // Not by the process's number: in a container it is the same every time, and what a crash has left would be in the way.
  const temporary = `${file}.${randomBytes(6).toString('hex')}.new`;
  const fd = fs.openSync(temporary, 'wx', mode);
  try {
    fs.fchmodSync(fd, mode);
    fs.writeFileSync(fd, contents);
    fs.fsyncSync(fd);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
  let ours = false;
  return {
    settle: (replace) => {
      if (replace) fs.renameSync(temporary, file);
      else {
        // Unlike a rename, this fails when somebody else was faster.
        fs.linkSync(temporary, file);
        ours = true;
        fs.rmSync(temporary);
      }
      syncFolder(path.dirname(file));
    },
    discard: () => fs.rmSync(temporary, { force: true }),
    withdraw: () => {
      if (ours) fs.rmSync(file, { force: true });
    },
  };
}

/** Writes a file in one go, in the place of what is there. */
export function replaceFile(file: string, contents: string, mode: number): void {
  const staged = stage(file, contents, mode);
  try {
    staged.settle(true);
  } finally {
    staged.discard();
  }
}

function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** A text of PEM, or undefined where there is no file. */
export function readText(file: string): string | undefined {
  if (fs.statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  const stat = fs.statSync(file);
  if (!stat.isFile() || stat.size > LONGEST) throw new Problem(`${plain(file)} is no file of certificates`);
  return fs.readFileSync(file, 'latin1');
}

/** The first thing of a kind in a PEM file, in DER. */
export function readPem(file: string, ...labels: readonly string[]): Buffer {
  const text = readText(file);
  if (text === undefined) throw new Problem(`${plain(file)} is not there`);
  const [found] = labels.flatMap((label) => fromPem(label, text));
  if (found === undefined)
    throw new Problem(`there is no ${labels[0]?.toLowerCase()} in ${plain(file)}, which should be PEM`);
  return found;
}
