import type { Outcome } from '../../test/support/programs.ts';

/** What a step found; `held` is false when the story must end here. */
export class StoryBroke extends Error {
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.name = 'StoryBroke';
    this.output = output;
  }
}

interface Look {
  readonly colour: boolean;
  readonly unicode: boolean;
}

function lookOf(stream: NodeJS.WriteStream): Look {
  const locale = process.env.LC_ALL ?? process.env.LC_CTYPE ?? process.env.LANG ?? '';
  const tty = stream.isTTY === true;
  return {
    colour: tty && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb',
    unicode: tty && /utf-?8/i.test(locale),
  };
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 } as const;

/** Prints the demonstration: numbered steps, the commands as they were run, what came out, and the time. */
export class Story {
  #out: NodeJS.WriteStream;
  #look: Look;
  #number = 0;
  #over = false;
  #began = performance.now();
  #times: { title: string; seconds: number }[] = [];

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#look = lookOf(out);
  }

  #paint(style: keyof typeof CODES, text: string): string {
    return this.#look.colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  }

  line(text = ''): void {
    if (!this.#over) this.#out.write(`${text}\n`);
  }

  title(text: string): void {
    const rule = (this.#look.unicode ? '─' : '-').repeat(text.length);
    this.line(`\n${this.#paint('bold', text)}\n${this.#paint('dim', rule)}`);
  }

  /** Tells one step; its time is printed when it has ended. */
  async step(title: string, tell: () => Promise<void>): Promise<void> {
    this.#number += 1;
    this.line(`\n${this.#paint('bold', `${this.#number}. ${title}`)}`);
    const began = performance.now();
    await tell();
    const seconds = (performance.now() - began) / 1000;
    this.#times.push({ title, seconds });
    this.line(this.#paint('dim', `   step ${this.#number} took ${seconds.toFixed(2)} s`));
  }

  /** A sentence or two of explanation; each argument is a line. */
  say(...lines: readonly string[]): void {
    for (const line of lines) this.line(`   ${line}`);
  }

  /** The command as a reader can paste it. */
  command(text: string): void {
    const [first = '', ...more] = text.split('\n');
    this.line(`   ${this.#paint('cyan', `$ ${first}`)}`);
    for (const line of more) this.line(`     ${this.#paint('cyan', line)}`);
  }

  /** The lines of the output that match, each cut at the window's edge, with the time that the command took. */
  output(outcome: Outcome, show: RegExp): void {
    const lines = outcome.output.split('\n').filter((line) => line.trim() !== '' && show.test(line));
    for (const line of lines) this.line(`     ${cut(line.trimEnd(), 112)}`);
    this.line(this.#paint('dim', `     (${outcome.milliseconds} ms)`));
  }

  /** A checked fact: this is what the step was for. */
  fact(text: string): void {
    this.line(`   ${this.#paint('green', this.#look.unicode ? '✔' : '[ok]')} ${text}`);
  }

  /** The end of a story that went wrong. */
  broke(error: unknown): void {
    const mark = this.#paint('red', this.#look.unicode ? '✘' : '[failed]');
    this.line(`\n${mark} step ${this.#number}: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof StoryBroke && error.output !== '') this.line(error.output.trimEnd());
    // What still runs while everything is put away has no more to tell.
    this.#over = true;
  }

  /** The table of times. */
  end(text: string): void {
    this.title('How long it took');
    for (const [index, { title, seconds }] of this.#times.entries()) {
      this.line(
        `   ${String(index + 1).padStart(2)}. ${title.padEnd(58)} ${seconds.toFixed(2).padStart(6)} s`,
      );
    }
    const total = (performance.now() - this.#began) / 1000;
    this.line(`       ${'in all'.padEnd(57)} ${total.toFixed(2).padStart(6)} s`);
    this.line(`\n${this.#paint('bold', text)}`);
  }
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 3)}...`;
}
