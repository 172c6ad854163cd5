/** The application of secrets.c, and what it knows that must not be found. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { compile, quickStore, Talk } from '../fault/support.ts';
import type { Store } from '../support/store.ts';
import { Search } from './support.ts';

/** In the order of struct secrets. */
const LENGTHS = {
  plain: 64,
  longer: 300_000,
  wrong: 24,
  fresh: 24,
  value: 48,
  session: 48,
  big: 70_000,
  certificate: 512,
  control: 32,
} as const;

export class Secrets {
  readonly store: Store;
  readonly search: Search;

  constructor() {
    this.store = quickStore();
    // PINs are text.
    const values = Object.entries(LENGTHS).map(
      ([name, length]) =>
        [name, length === 24 ? Buffer.from(randomBytes(12).toString('hex')) : randomBytes(length)] as const,
    );
    writeFileSync(this.store.path('secrets'), Buffer.concat(values.map(([, value]) => value)), {
      mode: 0o600,
    });
    this.search = new Search(this.store.path('patterns'), values);
  }

  /** Another application. */
  start(): Talk {
    // Bound at once: the loader's late binding would save the vector registers, with whatever copied last, on the stack.
    const program = compile('secrets', ['-Wl,-z,now'], import.meta.dirname);
    return new Talk(program, [this.store.module, this.store.path('secrets')], this.store.env);
  }

  inEngine() {
    return this.search.in(this.store.enginePid()).findings;
  }
}

/** Says the commands one after the other. */
export async function say(app: Talk, ...commands: readonly string[]): Promise<void> {
  for (const command of commands) await app.ask(command, command);
}
