/** Programs for whom rules hold (ruled.c), and what they hear. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { compile } from '../fault/support.ts';
import type { User } from '../support/service.ts';

/** Where a program finds the library, and by which environment the library finds its keys. */
interface Place {
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
}

const visitors: Visitor[] = [];

/** All that are there go home. */
export async function allLeave(): Promise<void> {
  await Promise.all(visitors.splice(0).map((visitor) => visitor.leave()));
}

/** A process of a user's that does what it is told. */
export class Visitor {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #waiting: ((line: string) => void)[] = [];
  readonly #gone: Promise<unknown>;

  constructor(at: Place, { uid, gid }: User) {
    this.#child = spawn(compile('ruled', [], import.meta.dirname), [at.module], {
      uid,
      gid,
      env: at.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface(this.#child.stdout);
    this.#lines.on('line', (line) => this.#waiting.shift()?.(line));
    this.#gone = new Promise((resolve) => this.#child.once('close', resolve));
    this.#gone.then(() => {
      for (const hear of this.#waiting.splice(0)) hear('gone');
    });
    visitors.push(this);
  }

  /** What becomes of a wish: the CK_RV, and a number where there is one. */
  async wish(words: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.push(resolve);
    this.#child.stdin.write(`${words}\n`);
    return (await promise).replace(/ 0$/, '');
  }

  async wishes(...list: readonly string[]): Promise<string[]> {
    const answers: string[] = [];
    for (const words of list) answers.push(await this.wish(words));
    return answers;
  }

  async leave(): Promise<void> {
    this.#child.stdin.end();
    await this.#gone;
  }
}
