/**
 * Asking for a PIN on the terminal. Keys are read raw, as bytes, with echo off: a line that the kernel or Node edits would
 * become a string on the way. And they are read with a plain blocking read into a buffer of ours, because a stream of
 * Node's copies what comes in and frees the first copy as it is.
 */
import fs from 'node:fs';
import process from 'node:process';
import tty from 'node:tty';
import { exit, Problem, usage } from './problem.ts';
import { secretCopy } from './secret.ts';

const longest = 255;
const key = {
  interrupt: 3,
  end: 4,
  backspace: 8,
  lineFeed: 10,
  enter: 13,
  killLine: 21,
  suspend: 26,
  delete: 127,
};

/** What is asked of a PIN. */
export interface PinWish {
  /** What it is, where it is no PIN. */
  readonly what?: 'recovery words';
  /** Typed twice, since it is new. */
  readonly confirm?: boolean;
  /** What is wrong with this one, or undefined. */
  readonly misfit?: (pin: Uint8Array) => string | undefined;
}

/**
 * Asks for a PIN, twice with `confirm`, until the two agree; one that does not fit is refused before it is typed again.
 * `otherwise` names the options to use without a terminal.
 * Throws a {@link Problem} when there is no terminal, and after Ctrl-C or Ctrl-D.
 */
export function askPin(question: string, wish: PinWish, otherwise: string): Uint8Array {
  const terminal = openTerminal(otherwise, `there is no terminal to ask for the ${wish.what ?? 'PIN'} on`);
  try {
    for (let tries = 0; tries < 3; tries++) {
      const pin = readSecret(terminal, `${question}: `, wish.what);
      if (pin.length === 0) {
        terminal.write('Nothing was entered.\n');
        continue;
      }
      const wrong = wish.misfit?.(pin);
      if (wrong !== undefined) {
        pin.fill(0);
        terminal.write(`${wrong[0]?.toUpperCase()}${wrong.slice(1)}.\n`);
        continue;
      }
      if (wish.confirm !== true) return pin;
      const again = readSecret(terminal, `${question}, once more: `);
      const same = Buffer.compare(pin, again) === 0;
      again.fill(0);
      if (same) return pin;
      pin.fill(0);
      terminal.write('The two differ.\n');
    }
  } finally {
    terminal.close();
  }
  throw ended(wish.what);
}

interface Terminal {
  raw(on: boolean): void;
  write(text: string): void;
  /** Bytes that no string may hold. */
  show(bytes: Uint8Array): void;
  /** Waits for keys, and answers with how many bytes of them it has put into the buffer; 0 when the terminal has gone. */
  read(buffer: Uint8Array): number;
  close(): void;
}

/** Two descriptors: the one given to Node, for its mode, no longer blocks. */
function openTerminal(otherwise: string, complaint: string): Terminal {
  let fd: number;
  try {
    fd = fs.openSync('/dev/tty', fs.constants.O_RDWR | fs.constants.O_NOCTTY);
  } catch {
    throw usage(complaint, `Give ${otherwise}.`);
  }
  const mode = new tty.ReadStream(fs.openSync('/dev/tty', fs.constants.O_RDWR | fs.constants.O_NOCTTY));
  return {
    raw: (on) => mode.setRawMode(on),
    write: (text) => fs.writeSync(fd, text),
    show: (bytes) => fs.writeSync(fd, bytes),
    read: (buffer) => fs.readSync(fd, buffer, 0, buffer.length, null),
    close: () => {
      mode.setRawMode(false);
      mode.destroy();
      fs.closeSync(fd);
    },
  };
}

/** Reads keys until Enter, and leaves no copy of them but the one that it returns. */
function readSecret(terminal: Terminal, question: string, what?: PinWish['what']): Uint8Array {
  const line = new Uint8Array(new ArrayBuffer(longest));
  const keys = new Uint8Array(new ArrayBuffer(longest));
  let length = 0;
  terminal.raw(true);
  terminal.write(question);
  try {
    for (;;) {
      const got = terminal.read(keys);
      if (got === 0) throw ended(what);
      for (const byte of keys.subarray(0, got)) {
        if (byte === key.enter || byte === key.lineFeed) return secretCopy(line.subarray(0, length));
        if (byte === key.end) throw ended(what);
        if (byte === key.interrupt)
          throw new Problem('interrupted; nothing was done', undefined, exit.interrupted);
        if (byte === key.backspace || byte === key.delete) length = before(line, length);
        else if (byte === key.killLine) length = 0;
        else if (byte === key.suspend) suspend(terminal, question);
        else if (length < longest) line[length++] = byte;
        else terminal.write('\x07');
      }
    }
  } finally {
    line.fill(0);
    keys.fill(0);
    terminal.raw(false);
    terminal.write('\n');
  }
}

/** Asks a question that only the word `yes` answers with yes. `otherwise` says what to do without a terminal. */
export function confirmed(question: string, otherwise: string): boolean {
  const terminal = openTerminal(otherwise, 'there is no terminal to ask on');
  const line = new Uint8Array(longest);
  try {
    terminal.write(`${question} [yes/no]: `);
    const got = terminal.read(line);
    return /^\s*yes\s*$/i.test(Buffer.from(line.subarray(0, got)).toString());
  } finally {
    terminal.close();
  }
}

/** Whether there is a terminal to show something on. */
export function hasTerminal(): boolean {
  try {
    fs.closeSync(fs.openSync('/dev/tty', fs.constants.O_RDWR | fs.constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}

/** What is to be seen once, and asked about. */
export interface Showing {
  readonly text: Uint8Array;
  /** Said before the text is shown, until somebody presses Enter. */
  readonly before?: string | undefined;
  readonly questions: readonly string[];
  readonly right: (question: number, answer: Uint8Array) => boolean;
}

/**
 * Shows bytes on the terminal, on a screen of their own where it has another, until somebody presses Enter; no copy of them stays in its scrolled
 * lines. Then asks `questions`, without echo, each until `right` takes the answer, three times at the most.
 * @returns whether all were answered rightly
 */
export function shownOnce({ text, before, questions, right }: Showing, otherwise: string): boolean {
  const terminal = openTerminal(otherwise, 'there is no terminal to show the words on');
  const hasScreens = process.env.TERM !== undefined && process.env.TERM !== 'dumb';
  const read = (question: string, take: (answer: Uint8Array) => boolean): boolean => {
    const answer = readSecret(terminal, question);
    try {
      return take(answer);
    } finally {
      answer.fill(0);
    }
  };
  try {
    if (before !== undefined) read(before, () => true);
    terminal.write(hasScreens ? '\x1b[?1049h\x1b[H\x1b[2J' : '');
    try {
      terminal.show(text);
      read('Press Enter when they are written down: ', () => true);
    } finally {
      terminal.write(hasScreens ? '\x1b[2J\x1b[?1049l' : '');
    }
    return questions.every((question, i) => {
      for (let tries = 0; tries < 3; tries++) {
        if (read(`${question}: `, (answer) => right(i, answer))) return true;
        terminal.write('That is another word.\n');
      }
      return false;
    });
  } finally {
    terminal.close();
  }
}

/** Ctrl-D, or the terminal has gone: whoever sits there has nothing to say, and asking again would not change that. */
function ended(what?: PinWish['what']): Problem {
  return new Problem(`${what === undefined ? 'no PIN was' : `no ${what} were`} entered; nothing was done`);
}

/** Where the last character of a UTF-8 line begins. */
function before(line: Uint8Array, length: number): number {
  let at = length;
  while (at > 0) {
    at--;
    if (((line[at] ?? 0) & 0xc0) !== 0x80) break;
  }
  return at;
}

/** Ctrl-Z as everywhere else: the terminal is given back before we stop, and the question asked again afterwards. */
function suspend(terminal: Terminal, question: string): void {
  terminal.raw(false);
  terminal.write('\n');
  process.kill(process.pid, 'SIGTSTP');
  terminal.raw(true);
  terminal.write(question);
}
