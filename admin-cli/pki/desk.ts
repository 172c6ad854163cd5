/** What the commands of the authority share: which token and authority, who logs in, and numbers of days. */
import { Option } from 'commander';
import { type Given, logIn, pinFrom, pinOptions, readPin, withSession } from '../pins.ts';
import { Problem, usage } from '../problem.ts';
import { withStore } from '../store.ts';
import { plain } from '../terminal.ts';
import { chosenToken, readSlots } from '../tokens.ts';
import { type Authority, chosenAuthority, type Place } from './authority.ts';
import type { Validity } from './make.ts';

/** Somebody's clock may be behind ours. */
const BACKDATED_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** A certificate's days are at most a century. */
const MOST_DAYS = 36_500;

export type TokenGiven = Given & { readonly token?: string };
export type AuthorityGiven = TokenGiven & { readonly ca?: string };

export function tokenOptions(): Option[] {
  return [
    new Option('--token <label>', 'the authority’s token; needed when there are several'),
    ...pinOptions('pin', 'the user’s PIN'),
  ];
}

export function authorityOptions(): Option[] {
  return [
    ...tokenOptions(),
    new Option('--ca <name>', 'the authority’s name; needed when the token has several'),
  ];
}

/** Logs in to the token that is meant, and out again; a session that ends early takes the login with it. */
export function withToken<T>(given: TokenGiven, readWrite: boolean, use: (place: Place) => T): T {
  const source = pinFrom(given, 'pin');
  return withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    const pin = readPin(source, token, 'user');
    return withSession(module, token, readWrite, (session) => {
      logIn(module, token, session, 'user', pin);
      const result = use({ module, session, token });
      module.logout(session);
      return result;
    });
  });
}

export function withAuthority<T>(
  given: AuthorityGiven,
  readWrite: boolean,
  use: (authority: Authority) => T,
): T {
  return withToken(given, readWrite, (place) => use(chosenAuthority(place, given.ca)));
}

export function daysOption(standard: number, what: string): Option {
  return new Option('--days <number>', what).argParser((text) => daysFrom('--days', text)).default(standard);
}

export function daysFrom(option: string, text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= MOST_DAYS) return days;
  throw usage(`${option} takes a number from 1 to ${MOST_DAYS}, not “${plain(text)}”`);
}

/** From a little ago, so many days. */
export function validFor(days: number): Validity {
  const now = Date.now();
  return { notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + days * DAY_MS) };
}

/** The same, but never longer than the authority itself. @throws Problem when that is no longer, or not yet, what it was */
export function validUnder({ authority, name }: Authority, days: number): Validity {
  const { notBefore, notAfter } = validFor(days);
  const now = Date.now();
  if (authority.notAfter.getTime() <= now)
    throw new Problem(
      `the certificate of the authority “${plain(name)}” ended on ${day(authority.notAfter)}: nobody would believe what it signs`,
      'Make another, and give its certificate to everybody: strongroom pki init --another --name NAME --out DIR.',
    );
  if (authority.notBefore.getTime() > now)
    throw new Problem(
      `the certificate of the authority “${plain(name)}” begins on ${day(authority.notBefore)}, which is still to come`,
      'Is the clock of this machine right?',
    );
  return {
    notBefore: new Date(Math.max(notBefore.getTime(), authority.notBefore.getTime())),
    notAfter: new Date(Math.min(notAfter.getTime(), authority.notAfter.getTime())),
  };
}

export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
