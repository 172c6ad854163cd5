/** `strongroom token show`: a token for somebody who has never seen one: what it is, who can get in and how, and what that costs a thief. */
import { Command } from 'commander';
import { withStore } from '../store.ts';
import { count, plain, say, sayJson } from '../terminal.ts';
import { type TokenAccess, tokenAccess, type Way } from '../token-access.ts';
import { chosenToken, readSlots, type Token } from '../tokens.ts';

export function tokenShowCommand(): Command {
  return new Command('show')
    .description('say what a token is, who can get in and how, and what protects it')
    .option('--token <label>', 'this token; needed when there are several')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nNeeds no PIN.')
    .action(show);
}

function show(options: { readonly token?: string; readonly json?: true }): void {
  const { token, access } = withStore((module) => {
    const chosen = chosenToken(readSlots(module).tokens, options.token);
    return { token: chosen, access: tokenAccess(module, chosen.slot) };
  });
  if (options.json === true) {
    const { slot, label, serial } = token;
    sayJson({ slot, label, serial, ...access });
  } else inWords(token, access);
}

const day = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** What each way is for. */
const uses: Readonly<Record<Way['way'], string>> = {
  'user PIN': 'works with the keys',
  'SO PIN': 'the security officer’s: sets a new user PIN, and works with no key',
  'recovery words': 'set a new user PIN or SO PIN when they are lost or locked',
};

const titles: Readonly<Record<Way['way'], string>> = {
  'user PIN': 'User PIN',
  'SO PIN': 'SO PIN',
  'recovery words': 'Recovery words',
};

function inWords(token: Token, { created, ways }: TokenAccess): void {
  say(`Token “${plain(token.label)}” in slot ${token.slot}`);
  say(`  serial number   ${plain(token.serial)}`);
  if (created !== null) say(`  made            ${day(created)}`);
  say();
  say('Who can get in, and how');
  for (const way of ways) {
    say(`  ${titles[way.way].padEnd(14)}  ${stateOf(way)}`);
    if (way.set) say(`  ${''.padEnd(14)}  ${uses[way.way]}`);
  }
  say();
  say('What protects it');
  for (const way of ways)
    if (way.set && way.way !== 'recovery words') say(`  a guess at the ${way.way} takes ${priceOf(way)}`);
  const { words, lists = 1 } = ways.find(({ way }) => way === 'recovery words') ?? {};
  if (words !== undefined)
    say(
      `  ${words} words stand for ${(words * 32) / 3} random bits, which nobody guesses${lists === 1 ? '' : '; a sheet opens nothing without the others'}`,
    );
  say('  keys are sealed under a key of the token’s own, which each of these ways opens');
}

function stateOf({ way, set, left = 0, words, lists = 1, made }: Way): string {
  if (!set) return way === 'recovery words' ? 'none; strongroom token recovery add makes them' : 'not set';
  const sheets = lists === 1 ? words : `${lists} sheets of ${words}, all needed`;
  const what = words === undefined ? 'set' : `${sheets}, made ${day(made ?? 0)}`;
  return left === 0
    ? `${what}, locked after too many wrong ones`
    : `${what}, ${count(left, 'try', 'tries')} left`;
}

/** The work of one guess, for whoever has the store and its key. */
function priceOf({ iterations = 0, argon2 }: Way): string {
  return argon2 === undefined || argon2.memoryKib === 0
    ? `${count(iterations, 'round')} of PBKDF2`
    : `${(argon2.memoryKib / 1024).toLocaleString('en-US')} MiB of memory and ${count(argon2.passes, 'pass', 'passes')} over it (Argon2id)`;
}
