/** `strongroom key list`: the keys of one token, or of all. */
import { Command } from 'commander';
import { type Module, withModule } from '../cryptoki.ts';
import { type Key, readKeys } from '../keys.ts';
import { type PinSource, pinSource } from '../pin-source.ts';
import { Problem, usage } from '../problem.ts';
import { count, paint, plain, remark, say, sayJson, table } from '../terminal.ts';
import { readSlots, type Token, tokenNamed } from '../tokens.ts';

const user = 1;

interface Options {
  readonly token?: string;
  readonly login?: true;
  readonly pin?: string;
  readonly pinFile?: string;
  readonly pinFd?: string;
  readonly json?: true;
}

export function keyCommand(): Command {
  return new Command('key').description('list keys').addCommand(
    new Command('list')
      .description('list keys; private ones need the user’s PIN')
      .option('--token <label>', 'of this token only')
      .option('--login', 'ask for the user’s PIN on the terminal')
      .option('--pin-file <file>', 'the user’s PIN: the first line of a file')
      .option('--pin-fd <number>', '… the next line of an open descriptor')
      .option('--pin <env:NAME>', '… a variable of the environment')
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
  const source = pinSource({
    option: 'pin',
    value: options.pin,
    file: options.pinFile,
    fd: options.pinFd,
  });
  if (options.login && !source.asks) throw usage('--login asks for the PIN, so no other source may be given');
  const withPin = options.login === true || !source.asks;
  const found = withModule((module) => {
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
  if (source !== undefined && token.userPin === 'locked') {
    throw new Problem(
      `the user PIN of “${plain(token.label)}” is locked after too many wrong ones`,
      'The security officer unlocks it by setting a new one.',
    );
  }
  const pin = source?.read(`User PIN of “${plain(token.label)}”`, false);
  const session = module.openSession(token.slot, false);
  if (pin !== undefined) module.login(session, user, pin);
  const keys = readKeys(module, session);
  if (pin !== undefined) module.logout(session);
  module.closeSession(session);
  return keys;
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
