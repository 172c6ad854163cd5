/**
 * The contract of the command line.
 *
 * - Standard output carries what was asked for and nothing else, so that it can be piped: tables, verdicts, JSON, help
 *   that was asked for.
 * - Standard error carries what people should know besides: errors as `strongroom: what is wrong`, then `  what to do`
 *   on a line of its own; remarks as `note: …`.
 * - The terminal (/dev/tty), and neither of the two, carries questions for PINs and takes the answers, so that
 *   redirections never swallow a question and a PIN never comes from a pipe by accident.
 * - Colour and bold appear only on a terminal, and not with NO_COLOR set or TERM=dumb. No meaning hangs on them.
 * - With --json, standard output is one JSON document. From the first release on, names in it are only ever added.
 * - What tokens and files are called is printed with control characters replaced, so that no name can steer a terminal.
 * - Exit codes: 0 fine; 1 something is wrong or was refused; 2 the command line makes no sense; 130 Ctrl-C at a question.
 */
import process from 'node:process';

type Paint = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const codes: Readonly<Record<Paint, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

function coloured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** Text for standard output, painted when that is a terminal that wants it. */
export function paint(style: Paint, text: string): string {
  const [on, off] = codes[style];
  return coloured(process.stdout) ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}

/** Writes one line to standard output. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a value to standard output as JSON that people can read as well. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes a remark to standard error. */
export function remark(text: string): void {
  process.stderr.write(`note: ${text}\n`);
}

/** Writes what went wrong, and what helps, to standard error. */
export function complain(message: string, hint?: string): void {
  const name = coloured(process.stderr) ? '\x1b[31mstrongroom:\x1b[39m' : 'strongroom:';
  process.stderr.write(`${name} ${message}\n`);
  for (const line of hint?.split('\n') ?? []) process.stderr.write(`  ${line}\n`);
}

/** Somebody else's words made safe to print: control characters, and those that reorder a line, become `?`. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

/** Writes rows under a heading, in columns as wide as they need to be. Nothing is cut off. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)))
      .join('  ')
      .trimEnd();
  say(paint('dim', line(heading)));
  for (const row of rows) say(line(row));
}

/** `1 key`, `3 keys`, `1,204 records`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** `12 s`, `3 min 4 s`, `5 h 6 min`, `64 days 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const hours = Math.floor(whole / 3600);
  if (hours < 48) return `${hours} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
