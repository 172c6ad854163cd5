import { afterAll, beforeAll } from 'vitest';
import { currentProfile, type Profile } from '../support/profile.ts';
import { lacking, needProgram, type Outcome, type RunOptions, run } from '../support/programs.ts';
import { makeStore, type Store } from '../support/store.ts';

/** PINs of tokens that live for some seconds in a temporary folder; other programs want them as arguments. */
export const PIN = '481216';
export const SO_PIN = '93751842';
export const LABEL = 'interop';

/** A store with one token in it, made with pkcs11-tool as any newcomer would make it. */
export interface Bench {
  readonly profile: Profile;
  readonly store: Store;
  /** Why the suite has to be passed over, to stand behind its name; '' when all that it needs is to be had. */
  readonly lacking: string;
  /** Runs a program in the store's folder and environment. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs pkcs11-tool on the token, logged in as its user. */
  tool(args: readonly string[], options?: RunOptions): Promise<Outcome>;
}

/** Registers hooks that make a store with a token before the suite's tests and remove all of it afterwards. */
export function useBench(programs: readonly string[], packages: readonly string[] = []): Bench {
  let store: Store | undefined;
  const get = () => {
    if (store === undefined) throw new Error('the store is made by a hook: use it inside tests only');
    return store;
  };
  beforeAll(async () => {
    for (const program of programs) needProgram(program);
    store = makeStore();
    await makeToken(store, LABEL);
  });
  afterAll(async () => {
    await store?.close();
  });
  return benchOf(get, lacking(programs, packages));
}

/** The same helpers over a store that the caller looks after. */
export function benchOf(get: () => Store, lacks = ''): Bench {
  const bench: Bench = {
    profile: currentProfile(),
    lacking: lacks,
    get store() {
      return get();
    },
    run: (program, args, options) =>
      run(program, args, { cwd: get().folder, ...options, env: { ...get().env, ...options?.env } }),
    tool: (args, options) =>
      bench.run(
        'pkcs11-tool',
        ['--module', get().module, '--token-label', LABEL, '--login', '--pin', PIN, ...args],
        options,
      ),
  };
  return bench;
}

/** Makes a token with both PINs on the first free slot, which is how an empty store gets its first one. */
export async function makeToken(store: Store, label: string): Promise<void> {
  const options = { env: store.env, cwd: store.folder };
  const module = ['--module', store.module];
  await run('pkcs11-tool', [...module, '--init-token', '--label', label, '--so-pin', SO_PIN], options);
  const asOfficer = ['--login', '--login-type', 'so', '--so-pin', SO_PIN];
  await run(
    'pkcs11-tool',
    [...module, '--token-label', label, ...asOfficer, '--init-pin', '--new-pin', PIN],
    options,
  );
}

/** Lines in which a program complains, whatever exit code it left with. */
export function complaints(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /\berr(or|ors)?\b|\bfail(ed|ure|ures)?\b|CKR_(?!OK\b)\w+|mismatch/i.test(line))
    .filter((line) => !/^\s*no errors\s*$/i.test(line));
}
