/** What the tests of the certificate authority share: a store with a token, its PIN in the environment, and the command line. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { quickStore } from '../fault/support.ts';
import { NODE } from '../support/profile.ts';
import { run } from '../support/programs.ts';
import type { Store } from '../support/store.ts';
import { STRONGROOM } from './transcript.ts';

export const PATIENCE = { timeout: 600_000 };
export const PIN = 'user-pin-1';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A store with a token, and the command line on it. */
export interface Desk {
  readonly store: Store;
  /** Where the authority's files go. */
  readonly folder: string;
  file(name: string): string;
  /** `strongroom pki …`, whose PIN comes from the environment. */
  pki(...words: readonly string[]): Said;
  /** The same where nothing may go wrong; what it wrote to standard output. */
  fine(...words: readonly string[]): string;
  openssl(...words: readonly string[]): Promise<string>;
  /** All keys of the token. */
  keys(): readonly {
    readonly kind: string;
    readonly label: string;
    readonly readBy: string;
    readonly wrappable?: boolean;
    readonly uses: readonly string[];
  }[];
}

/** @param lines for the configuration */
export function makeDesk(lines: readonly string[] = []): Desk {
  const store = quickStore(lines);
  const env = { ...store.env, PIN };
  const strongroom = (...words: readonly string[]): Said => {
    const { status, stdout, stderr } = spawnSync(STRONGROOM, words, {
      env,
      encoding: 'utf8',
      cwd: store.folder,
    });
    return { code: status, stdout, stderr };
  };
  const pki = (...words: readonly string[]) => strongroom('pki', ...words, '--pin', 'env:PIN');
  const folder = store.path('tls');
  const fine = (...words: readonly string[]) => {
    const said = pki(...words);
    if (said.code !== 0) throw new Error(`pki ${words.join(' ')}: ${said.stderr}`);
    return said.stdout;
  };
  const made = strongroom('token', 'init', '--label', 'ca', '--so-pin', 'env:PIN', '--pin', 'env:PIN');
  if (made.code !== 0) throw new Error(made.stderr);
  return {
    store,
    folder,
    file: (name) => path.join(folder, name),
    pki,
    fine,
    keys: () => JSON.parse(strongroom('key', 'list', '--json', '--pin', 'env:PIN').stdout).keys,
    openssl: async (...words) => (await run('openssl', words, { env: store.env, cwd: store.folder })).stdout,
  };
}

export interface Listed {
  readonly authority: { readonly name: string; readonly until: string; readonly list: number };
  readonly certificates: readonly {
    readonly serial: string;
    readonly for: string;
    readonly names: readonly string[];
    readonly state: string;
    readonly reason?: string;
  }[];
}

export function listed(desk: Desk, ...words: readonly string[]): Listed {
  return JSON.parse(desk.fine('list', '--json', ...words)) as Listed;
}

/** Has the same done by the sources in a process of its own, which may be cut off or tricked; see pki-child.ts. */
export function inChild(
  desk: Desk,
  errand: Errand,
): { signal: string | null; stderr: string; code: number | null } {
  const script = path.join(import.meta.dirname, 'pki-child.ts');
  const { signal, stderr, status } = spawnSync(NODE, [script, JSON.stringify(errand)], {
    env: { ...desk.store.env, PIN, MODULE: desk.store.module },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { signal, stderr, code: status };
}

export type Errand = (
  | {
      readonly do: 'init';
      readonly name: string;
      readonly folder: string;
      readonly from?: string;
      readonly until: string;
    }
  | { readonly do: 'issue'; readonly base: string; readonly force?: boolean }
  | { readonly do: 'revoke'; readonly serial: string; readonly folder: string }
  | { readonly do: 'forge'; readonly folder: string }
) & {
  /** The authority that is meant. */
  readonly ca?: string;
  /** Before which step the process is killed; a step is each thing that changes the token or a file. */
  readonly cut?: number;
  /** Before which step the disk is full: from there on files can't be written. */
  readonly full?: number;
};
