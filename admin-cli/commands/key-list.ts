/** `strongroom key list`: the keys of one token, or of all. */
import { Command } from 'commander';
import type { Module } from '../cryptoki.ts';
import { type Key, readKeys } from '../keys.ts';
import type { PinSource } from '../pin-source.ts';
import { type Given, logIn, pinFrom, pinOptions, readPin, withOptions, withSession } from '../pins.ts';
import { usage } from '../problem.ts';
import { withStore } from '../store.ts';
import { count, paint, plain, remark, say, sayJson, table } from '../terminal.ts';
import { readSlots, type Token, tokenNamed } from '../tokens.ts';

type Options = Given & { readonly token?: string; readonly login?: true; readonly json?: true };

export function keyCommand(): Command {
  const command = new Command('list')
    .description('list keys; private ones need the user’s PIN')
    .option('--token <label>', 'of this token only')
    .option('--login', 'ask for the user’s PIN on the terminal');
  return new Command('key').description('list keys').addCommand(
    withOptions(command, pinOptions('pin', 'the user’s PIN'))
      .option('--json', 'print JSON')
      .addHelpText(
        'after',
        '\nPROTECTION says whether a key can get out: “sealed” never; “extractable” only wrapped by another\n' +
          'key; “readable” in the clear, for whoever is logged in.',
      )
      .action(list),
  );
}

function list(options: Options): void {
  const source = pinFrom(options, 'pin');
  if (options.login && !source.asks) throw usage('--login asks for the PIN, so no other source may be given');
  const withPin = options.login === true || !source.asks;
  const found = withStore((module) => {
    const { tokens } = readSlots(module);
    const chosen = options.token === undefined ? tokens : [tokenNamed(tokens, options.token)];
    if (withPin && chosen.length > 1) {
      throw usage('a PIN belongs to one token, and there are several', 'Name it: --token LABEL.');
    }
    return chosen.map((token) => ({ token, keys: keysOf(module, token, withPin ? source : undefined) }));
  });
  if (options.json === true) {
    const flat = found.flatMap(({ token, keys }) =>
      keys.map((key) => ({ token: token.label, slot: token.slot, ...key })),
    );
    sayJson({ complete: withPin, keys: flat });
  } else {
    found.forEach(show);
  }
  if (found.length === 0) remark('there is no token yet; strongroom token init makes one');
  else if (!withPin) remark('without the user’s PIN only public objects show; --login asks for it');
}

function keysOf(module: Module, token: Token, source: PinSource | undefined): Key[] {
  const pin = source === undefined ? undefined : readPin(source, token, 'user');
  return withSession(module, token, false, (session) => {
    if (pin !== undefined) logIn(module, token, session, 'user', pin);
    const keys = readKeys(module, session);
    if (pin !== undefined) module.logout(session);
    return keys;
  });
}

function show({ token, keys }: { token: Token; keys: readonly Key[] }, at: number): void {
  if (at > 0) say();
  say(
    `${paint('bold', plain(token.label))} (slot ${token.slot}): ${keys.length === 0 ? 'no keys' : count(keys.length, 'key')}`,
  );
  if (keys.length === 0) return;
  table(
    ['KIND', 'TYPE', 'LABEL', 'ID', 'PROTECTION', 'USES'],
    keys.map((key) => [
      key.kind,
      key.type,
      plain(key.label) || '-',
      key.id || '-',
      key.protection === 'public' ? '-' : key.protection,
      key.uses.join(' ') || '-',
    ]),
  );
}
