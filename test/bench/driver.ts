/** Starts the C measuring programs and talks to them line by line. */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Figure } from './table.ts';

const here = import.meta.dirname;

/** Compiles the two programs into `folder`.
 * @returns their paths; @throws when the compiler fails (its output is on stderr) */
export function compile(folder: string): { client: string; openssl: string } {
  const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-pthread'];
  const build = (name: string, sources: readonly string[], libraries: readonly string[]): string => {
    const out = join(folder, name);
    execFileSync('cc', [...flags, '-o', out, ...sources.map((s) => join(here, s)), ...libraries], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return out;
  };
  return {
    client: build('client', ['bench.c', 'rows.c', 'measure.c', 'orphans.c'], ['-ldl']),
    openssl: build('openssl', ['openssl.c', 'measure.c'], ['-lcrypto']),
  };
}

/** Makes a folder for one candidate's store and the environment that leads its module there. */
export function storeEnvironment(folder: string): NodeJS.ProcessEnv {
  mkdirSync(join(folder, 'tokens'), { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, 'home'), { mode: 0o700 });
  const conf = join(folder, 'softhsm2.conf');
  writeFileSync(
    conf,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  return { ...process.env, SOFTHSM2_CONF: conf, STRONGROOM_HOME: join(folder, 'home') };
}

/** One measuring program. Commands are answered in order; see bench.c for them. */
export class Driver {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #figures: Figure[] = [];
  #gone = false;

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#lines.on('line', (line) => {
      if (line.startsWith('{')) this.#figures.push(JSON.parse(line) as Figure);
      else this.#waiting.shift()?.(line);
    });
    this.#lines.on('close', () => {
      this.#gone = true;
      for (const answer of this.#waiting.splice(0)) answer(undefined);
    });
  }

  /** Sends one command. @returns undefined when it succeeded, else what went wrong */
  async command(line: string): Promise<string | undefined> {
    if (this.#gone) return 'the program has ended';
    const answer = await new Promise<string | undefined>((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`${line}\n`);
    });
    return answer === 'ok' ? undefined : (answer ?? 'the program ended');
  }

  /** @returns every figure measured so far */
  async report(): Promise<Figure[]> {
    this.#figures = [];
    await this.command('report');
    return this.#figures;
  }

  /** Ends the program, which ends the engine that it started, and waits for it. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exited;
  }
}
