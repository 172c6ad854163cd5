/** What the commands share that list a token's objects: which tokens, and whether somebody logs in. */
import { Option } from 'commander';
import type { Module } from './cryptoki.ts';
import type { PinSource } from './pin-source.ts';
import { type Given, logIn, pinFrom, pinOptions, readPin, withSession } from './pins.ts';
import { usage } from './problem.ts';
import { withStore } from './store.ts';
import { remark } from './terminal.ts';
import { readSlots, type Token, tokenNamed } from './tokens.ts';

export interface Listing<T> {
  readonly token: Token;
  readonly found: readonly T[];
}

export interface Listings<T> {
  readonly listings: readonly Listing<T>[];
  /** Whether private objects are among them. */
  readonly complete: boolean;
}

export type ListOptions = Given & { readonly token?: string; readonly login?: true };

/** The options that {@link listObjects} understands. */
export function listOptions(): Option[] {
  return [
    new Option('--token <label>', 'of this token only'),
    new Option('--login', 'ask for the user’s PIN on the terminal'),
    ...pinOptions('pin', 'the user’s PIN'),
  ];
}

/** Whether the command line wants somebody to log in. Throws a usage Problem for two ways at once. */
export function logsIn(options: ListOptions): boolean {
  const { asks } = pinFrom(options, 'pin');
  if (options.login && !asks) throw usage('--login asks for the PIN, so no other source may be given');
  return options.login === true || !asks;
}

/** Reads from the tokens that are meant, as the user where a PIN is given. */
export function listObjects<T>(
  options: ListOptions,
  read: (module: Module, session: number) => T[],
): Listings<T> {
  const complete = logsIn(options);
  const source = pinFrom(options, 'pin');
  const listings = withStore((module) => {
    const { tokens } = readSlots(module);
    const chosen = options.token === undefined ? tokens : [tokenNamed(tokens, options.token)];
    if (complete && chosen.length > 1) {
      throw usage('a PIN belongs to one token, and there are several', 'Name it: --token LABEL.');
    }
    return chosen.map((token) => ({
      token,
      found: readFrom(module, token, complete ? source : undefined, read),
    }));
  });
  return { listings, complete };
}

function readFrom<T>(
  module: Module,
  token: Token,
  source: PinSource | undefined,
  read: (module: Module, session: number) => T[],
): T[] {
  const pin = source === undefined ? undefined : readPin(source, token, 'user');
  return withSession(module, token, false, (session) => {
    if (pin !== undefined) logIn(module, token, session, 'user', pin);
    const found = read(module, session);
    if (pin !== undefined) module.logout(session);
    return found;
  });
}

/** Says what a list cannot show. */
export function remarkOn({ listings, complete }: Listings<unknown>): void {
  if (listings.length === 0) remark('there is no token yet; strongroom token init makes one');
  else if (!complete) remark('without the user’s PIN only public objects show; --login asks for it');
}
