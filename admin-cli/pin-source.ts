/** Where a PIN comes from: the terminal, a file, a descriptor or a variable. It is bytes all the way. */
import fs from 'node:fs';
import { Problem, usage } from './problem.ts';
import { askPin, type PinWish } from './prompt.ts';
import { secretCopy } from './secret.ts';
import { plain } from './terminal.ts';

/** Longer than any PIN that a token takes; a file beyond this is a mistake. */
const longest = 1024;
/** Linux gives a quarter of the stack's limit to arguments and environment, and 6 MiB at most (execve(2)). */
const largestEnvironment = 6 * 1024 * 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What a PIN's options are called: the user's, the security officer's, and one that takes the place of either; and the recovery words'. */
export type PinName = 'pin' | 'so-pin' | 'new-pin' | 'words';

/** The three options of one PIN, as the command line gave them; at most one may be there. */
export interface PinOptions {
  readonly option: PinName;
  /** `env:NAME`. */
  readonly value: string | undefined;
  readonly file: string | undefined;
  readonly fd: string | undefined;
}

/** A PIN that can be fetched later, when everything else has been found in order. */
export interface PinSource {
  /** Whether somebody has to be asked. */
  readonly asks: boolean;
  /** Fetches the bytes; whoever gets them overwrites them. */
  read(question: string, wish: PinWish): Uint8Array;
}

/** Judges the options without reading anything. Throws a usage {@link Problem}. */
export function pinSource(options: PinOptions): PinSource {
  const { option, value, file, fd } = options;
  const all = `--${option}-file FILE, --${option}-fd N or --${option} env:NAME`;
  if ([value, file, fd].filter((given) => given !== undefined).length > 1) {
    throw usage(`more than one source is given for the same PIN`, `Give one of ${all}.`);
  }
  if (value !== undefined) {
    const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(value)?.[1];
    if (name === undefined) throw bareValue(option, value.startsWith('env:'));
    return given(() => fromEnvironment(name), `the variable ${name}`);
  }
  if (file !== undefined) {
    return given(() => fromFile(option, file), plain(file));
  }
  if (fd !== undefined) {
    const number = Number(fd);
    if (!/^\d+$/.test(fd) || number > 1_000_000) {
      throw usage(`--${option}-fd takes the number of an open descriptor, not “${plain(fd)}”`);
    }
    return given(() => fromDescriptor(number), `descriptor ${number}`);
  }
  return { asks: true, read: (question, wish) => askPin(question, wish, all) };
}

/** Never repeats the value: it may well be the PIN. */
function bareValue(option: string, misnamed: boolean): Problem {
  if (misnamed) return usage(`--${option} env:NAME: NAME must be the name of a variable`);
  return usage(
    `--${option} does not take the PIN itself`,
    [
      'What stands on a command line can be read by every user of this machine (ps), and your shell keeps it.',
      `Leave --${option} out to be asked, or give --${option}-file FILE, --${option}-fd N or --${option} env:NAME.`,
      'If that was a PIN in use, change it.',
    ].join('\n'),
  );
}

/** A source that needs nobody. */
function given(fetch: () => Uint8Array, where: string): PinSource {
  return {
    asks: false,
    read: (_question, { what, misfit }) => {
      const pin = fetch();
      if (pin.length === 0) {
        const nothing = what === undefined ? 'is no PIN' : `are no ${what}`;
        throw new Problem(`there ${nothing} in ${where}: its first line is empty`);
      }
      const wrong = misfit?.(pin);
      if (wrong === undefined) return pin;
      pin.fill(0);
      throw new Problem(`${wrong}; nothing was done`);
    },
  };
}

/** `process.env` would make a string of it, which nobody can erase; the kernel gives the same bytes. */
function fromEnvironment(name: string): Uint8Array {
  const buffer = Buffer.from(new ArrayBuffer(largestEnvironment));
  let length = 0;
  try {
    const fd = fs.openSync('/proc/self/environ', 'r');
    try {
      for (let got = -1; got !== 0; length += got)
        got = fs.readSync(fd, buffer, length, buffer.length - length, null);
    } finally {
      fs.closeSync(fd);
    }
    const wanted = Buffer.from(`${name}=`);
    for (let at = 0; at < length; ) {
      const zero = buffer.indexOf(0, at);
      const end = zero < 0 || zero > length ? length : zero;
      if (buffer.subarray(at, at + wanted.length).equals(wanted)) {
        return firstLine(buffer.subarray(at + wanted.length, end), `the variable ${name}`);
      }
      at = end + 1;
    }
  } finally {
    buffer.fill(0, 0, length);
  }
  throw new Problem(`the variable ${name} is not set`, 'It must be exported to reach this program.');
}

function fromFile(option: string, file: string): Uint8Array {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch (error) {
    throw new Problem(`the PIN file ${plain(file)} can't be read (${errorCode(error)})`);
  }
  try {
    const { mode } = fs.fstatSync(fd);
    if ((mode & fs.constants.S_IFMT) === fs.constants.S_IFREG && (mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, '0');
      throw new Problem(
        `others can read the PIN file ${plain(file)} (mode ${shown})`,
        `chmod 600 ${plain(file)}\nWhere its mode can't be changed, pass it as a descriptor: --${option}-fd 3 3< ${plain(file)}`,
      );
    }
    return fromDescriptor(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** One line, byte by byte, so that a second PIN can follow on the next line of the same descriptor. */
function fromDescriptor(fd: number): Uint8Array {
  const buffer = new Uint8Array(new ArrayBuffer(longest + 1));
  try {
    let length = 0;
    while (length < buffer.length && readByte(fd, buffer, length) && buffer[length] !== lineFeed) length++;
    return firstLine(buffer.subarray(0, length), `descriptor ${fd}`);
  } finally {
    buffer.fill(0);
  }
}

function readByte(fd: number, buffer: Uint8Array, at: number): boolean {
  for (;;) {
    try {
      return fs.readSync(fd, buffer, at, 1, null) === 1;
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') {
        throw new Problem(`descriptor ${fd} can't be read (${errorCode(error)})`);
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** A copy of the bytes before the first line end. */
function firstLine(bytes: Uint8Array, where: string): Uint8Array {
  const feed = bytes.indexOf(lineFeed);
  let end = feed < 0 ? bytes.length : feed;
  if (end > 0 && bytes[end - 1] === carriageReturn) end--;
  if (end > longest) throw new Problem(`what stands in ${where} is too long for a PIN`);
  return secretCopy(bytes.subarray(0, end));
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
