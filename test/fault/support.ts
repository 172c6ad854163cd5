/** What the fault tests share: compiled clients, a configuration with quick PINs, and conversations with a client line by line. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../support/profile.ts';
import { makeStore, quickPins, type Store } from '../support/store.ts';

const clients = path.join(import.meta.dirname, 'clients');

/** Compiles a client (of `folder`, if another is given) unless it is there already, newer than its sources. */
export function compile(name: string, extra: readonly string[] = [], folder = clients): string {
  const out = path.join(ROOT, 'out/test/fault');
  const program = path.join(out, name);
  const sources = [
    path.join(folder, `${name}.c`),
    path.join(clients, 'client.h'),
    path.join(ROOT, 'module/lane/lane.h'),
    path.join(ROOT, 'module/generated/strongroom.h'),
  ];
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  const built = statSync(program, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs > newest) return program;
  mkdirSync(out, { recursive: true });
  // Several test files may compile the same client at once: each writes its own and renames it.
  const fresh = `${program}.${process.pid}`;
  const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', '-g', '-pthread'];
  execFileSync('cc', [...flags, ...extra, '-o', fresh, path.join(folder, `${name}.c`), '-ldl'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  renameSync(fresh, program);
  return program;
}

/** An empty store whose PINs are derived in a millisecond. `lines` go into its configuration. */
export function quickStore(lines: readonly string[] = []): Store {
  const store = makeStore();
  const config = store.path('strongroom.toml');
  writeFileSync(config, [...lines, ...quickPins].join('\n'));
  (store.env as Record<string, string>).STRONGROOM_CONFIG = config;
  return store;
}

/** The store's own folder. */
export function homeOf(store: Store): string {
  const home = store.env.STRONGROOM_HOME;
  if (home === undefined) throw new Error('this module has no store of ours');
  return home;
}

/** What the engine has written to its log. */
export function engineLog(store: Store): string {
  try {
    return readFileSync(path.join(homeOf(store), 'engine.log'), 'utf8');
  } catch {
    return '';
  }
}

/** A client that answers lines with lines. */
export class Talk {
  readonly child: ChildProcess;
  /** Everything it has said and nobody has taken. */
  readonly #lines: string[] = [];
  #errors = '';
  #ended = false;
  #wake: (() => void) | undefined;
  readonly exit: Promise<number | NodeJS.Signals>;

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.child;
    if (stdin === null || stdout === null || stderr === null) throw new Error('no pipes');
    stdin.on('error', () => undefined);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    createInterface(stdout).on('line', (line) => {
      this.#lines.push(line);
      this.#wake?.();
    });
    this.exit = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        this.#ended = true;
        this.#wake?.();
        resolve(signal ?? code ?? -1);
      });
    });
  }

  get errors(): string {
    return this.#errors;
  }

  get ended(): boolean {
    return this.#ended;
  }

  send(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** The next line; throws when the client ends or `milliseconds` pass before one comes. */
  async line(milliseconds = 120_000): Promise<string> {
    const until = performance.now() + milliseconds;
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      if (this.#ended) throw new Error(`the client has ended: ${await this.exit}\n${this.#errors}`);
      const left = until - performance.now();
      if (left <= 0) throw new Error(`no answer within ${milliseconds} ms\n${this.#errors}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Sends a line and waits for one that begins with `expected`; the lines before it are returned with it. */
  async ask(question: string, expected: string, milliseconds?: number): Promise<string[]> {
    this.send(question);
    const heard: string[] = [];
    for (;;) {
      const line = await this.line(milliseconds);
      heard.push(line);
      if (line.startsWith(expected)) return heard;
    }
  }

  /** Closes its input and waits until it has gone. */
  async end(): Promise<number | NodeJS.Signals> {
    this.child.stdin?.end();
    const hardly = setTimeout(() => this.child.kill('SIGKILL'), 120_000);
    const code = await this.exit;
    clearTimeout(hardly);
    return code;
  }
}

/** The outcome of one step of `tool steps`. */
export interface Step {
  readonly rv: number;
  readonly milliseconds: number;
}

/** A client that takes one step after the other. */
export class Steps {
  readonly talk: Talk;

  constructor(
    store: Pick<Store, 'module' | 'env'>,
    module = store.module,
    env: Readonly<Record<string, string>> = store.env,
  ) {
    this.talk = new Talk(compile('tool'), [module, 'steps'], env);
  }

  async step(line: string, milliseconds?: number): Promise<Step> {
    const name = line.split(' ', 1)[0] ?? '';
    const answer = (await this.talk.ask(line, `${name} `, milliseconds)).at(-1) ?? '';
    const [, rv, took] = answer.split(' ');
    return { rv: Number(rv), milliseconds: Number(took) };
  }

  end(): Promise<number | NodeJS.Signals> {
    return this.talk.end();
  }
}

/** Makes a token with PINs, `many` data objects and `many` keys. */
export function setUp(store: Pick<Store, 'module' | 'env'>, many = 0): void {
  execFileSync(compile('tool'), [store.module, 'setup', String(many)], { env: store.env, timeout: 60_000 });
}
