/**
 * Asking for a PIN on the terminal. The keys are read raw, as bytes, with echo off: a line that the kernel or Node edits
 * would become a string on the way.
 */
import fs from 'node:fs';
import process from 'node:process';
import tty from 'node:tty';
import { exit, Problem, usage } from './problem.ts';

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

/**
 * Asks for a PIN, twice with `confirm`, until the two agree. `otherwise` names the options to use without a terminal.
 * Throws a {@link Problem} when there is no terminal, and after Ctrl-C.
 */
export async function askPin(question: string, confirm: boolean, otherwise: string): Promise<Uint8Array> {
  const terminal = openTerminal(otherwise);
  try {
    for (let tries = 0; tries < 3; tries++) {
      const pin = await readSecret(terminal, `${question}: `);
      if (pin.length === 0) {
        terminal.write('Nothing was entered.\n');
        continue;
      }
      if (!confirm) return pin;
      const again = await readSecret(terminal, `${question}, once more: `);
      const same = Buffer.compare(pin, again) === 0;
      again.fill(0);
      if (same) return pin;
      pin.fill(0);
      terminal.write('The two differ.\n');
    }
  } finally {
    terminal.close();
  }
  throw new Problem('no PIN was entered; nothing was done');
}

interface Terminal {
  readonly keys: tty.ReadStream;
  write(text: string): void;
  close(): void;
}

function openTerminal(otherwise: string): Terminal {
  let fd: number;
  try {
    fd = fs.openSync('/dev/tty', fs.constants.O_RDWR | fs.constants.O_NOCTTY);
  } catch {
    throw usage('there is no terminal to ask for the PIN on', `Give ${otherwise}.`);
  }
  const keys = new tty.ReadStream(fd);
  return {
    keys,
    write: (text) => fs.writeSync(fd, text),
    close: () => {
      keys.setRawMode(false);
      keys.destroy();
    },
  };
}

/** Reads keys until Enter. The bytes of each chunk are overwritten once they have been taken over. */
function readSecret(terminal: Terminal, question: string): Promise<Uint8Array> {
  const line = Buffer.alloc(longest);
  let length = 0;
  terminal.keys.setRawMode(true);
  terminal.write(question);
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      terminal.keys.off('data', onKeys).off('error', onError).pause();
      terminal.keys.setRawMode(false);
      terminal.write('\n');
      settle();
      line.fill(0);
    };
    const onError = (error: Error) => finish(() => reject(error));
    const onKeys = (chunk: Buffer) => {
      for (const byte of chunk) {
        if (byte === key.enter || byte === key.lineFeed || byte === key.end) {
          finish(() => resolve(Uint8Array.from(line.subarray(0, length))));
          break;
        }
        if (byte === key.interrupt) {
          finish(() => reject(new Problem('interrupted; nothing was done', undefined, exit.interrupted)));
          break;
        }
        if (byte === key.backspace || byte === key.delete) length = before(line, length);
        else if (byte === key.killLine) length = 0;
        else if (byte === key.suspend) suspend(terminal, question);
        else if (length < longest) line[length++] = byte;
        else terminal.write('\x07');
      }
      chunk.fill(0);
    };
    terminal.keys.on('data', onKeys).on('error', onError).resume();
  });
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
  terminal.keys.setRawMode(false);
  terminal.write('\n');
  process.kill(process.pid, 'SIGTSTP');
  terminal.keys.setRawMode(true);
  terminal.write(question);
}
