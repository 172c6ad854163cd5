import { randomInt } from 'node:crypto';
import { NODE, ROOT } from '../../test/support/profile.ts';
import {
  commandLine,
  findProgram,
  type Outcome,
  PACKAGE_OF,
  ProgramFailed,
  run,
  type Service,
  start,
} from '../../test/support/programs.ts';
import { makeStore, type Store } from '../../test/support/store.ts';
import { type Story, StoryBroke } from './story.ts';

/** Programs that the demonstration runs; none of them knows anything of us. */
const PROGRAMS = ['pkcs11-tool', 'openssl', 'curl', 'ssh', 'ssh-keygen', 'sshd'];
const ENGINE_FOLDER = '/usr/lib/{arch}-linux-gnu/engines-3/pkcs11.so';

export interface CommandOptions {
  /** Which lines of the output to print; all when left out. */
  readonly show?: RegExp;
  /** What the output must contain for the story to go on. */
  readonly proves?: RegExp;
  /** The exit code that counts as success. Zero unless said otherwise. */
  readonly expect?: number | 'any';
}

/** The place where the story happens: a temporary store, two PINs, and what must be put away afterwards. */
export class World {
  readonly story: Story;
  readonly store: Store;
  readonly env: Readonly<Record<string, string>>;
  #closing = false;
  #undo: (() => Promise<void>)[] = [];

  constructor(story: Story) {
    this.story = story;
    this.store = makeStore(undefined, 'as everybody');
    const digits = () => String(randomInt(100_000_000)).padStart(8, '0');
    this.env = {
      ...this.store.env,
      MODULE: this.store.module,
      STRONGROOM: `${ROOT}/out/bin/strongroom`,
      NODE,
      PIN: digits(),
      SO_PIN: digits(),
    };
  }

  /** The one line that installs what is missing, or undefined when nothing is. */
  static missing(): string | undefined {
    const packages = PROGRAMS.filter((name) => findProgram(name) === undefined).map(
      (name) => PACKAGE_OF[name],
    );
    const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
    if (findProgram(ENGINE_FOLDER.replace('{arch}', arch)) === undefined)
      packages.push('libengine-pkcs11-openssl');
    if (packages.length === 0) return undefined;
    return `apt-get install -y ${[...new Set(packages)].join(' ')}`;
  }

  /** True when the module under demonstration is ours, with an engine, a command line and an audit log. */
  get ours(): boolean {
    return this.store.profile.name === 'strongroom';
  }

  /** Prints a shell command, runs it in the story's folder, prints what came out and how long it took. */
  async command(text: string, options: CommandOptions = {}): Promise<Outcome> {
    if (this.#closing) throw new StoryBroke('the story has ended', '');
    this.story.command(text);
    let outcome: Outcome;
    try {
      outcome = await run('sh', ['-c', text], {
        env: this.env,
        cwd: this.store.folder,
        expect: options.expect ?? 0,
      });
    } catch (error) {
      if (!(error instanceof ProgramFailed)) throw error;
      throw new StoryBroke(`the command ended with exit code ${error.outcome.code}`, error.outcome.output);
    }
    this.story.output(outcome, options.show ?? /./);
    if (options.proves !== undefined && !options.proves.test(outcome.output)) {
      throw new StoryBroke(`the command did not print ${options.proves}`, outcome.output);
    }
    return outcome;
  }

  /** Runs what is no part of the story, whatever becomes of it. */
  async quietly(text: string): Promise<void> {
    await run('sh', ['-c', text], { env: this.env, cwd: this.store.folder, expect: 'any' });
  }

  /** Prints and starts a server; it ends with the story. */
  async serve(
    program: string,
    args: readonly string[],
    ready: RegExp,
    more: Record<string, string>,
  ): Promise<Service> {
    if (this.#closing) throw new StoryBroke('the story has ended', '');
    const settings = Object.entries(more).map(([name, value]) => `${name}=${value} `);
    this.story.command(`${settings.join('')}${commandLine(program, args)} &`);
    const service = start(program, args, { env: { ...this.env, ...more }, cwd: this.store.folder });
    this.afterwards(() => service.stop());
    await service.ready(ready);
    return service;
  }

  /** Remembers something to put away at the end; the last comes first. */
  afterwards(undo: () => Promise<void>): void {
    this.#undo.unshift(undo);
  }

  /** Ends every server and the engine and removes the folder; throws if a process was left behind. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const undo of this.#undo.splice(0)) await undo();
    await this.store.close();
  }
}
