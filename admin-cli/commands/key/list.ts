/** `strongroom key list`: the keys of one token, or of all. */
import { Command } from 'commander';
import { type Key, readKeys } from '../../keys/keys.ts';
import { type Listing, type ListOptions, listObjects, listOptions, remarkOn } from '../../listing.ts';
import { withOptions } from '../../pins.ts';
import { count, paint, plain, say, sayJson, table } from '../../terminal.ts';

export function keyListCommand(): Command {
  return withOptions(new Command('list'), listOptions())
    .description('list keys; private ones need the user’s PIN')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nUSED BY, READ BY and DELETED BY: “user” is whoever has given the user’s PIN, “anyone” whoever can load the\n' +
        'library on this store, without a PIN. “only wrapped”: by nobody, but the key may leave encrypted by another one.\n' +
        'STATE appears when some key is not in ordinary use; strongroom key show says more of each.',
    )
    .action(list);
}

function list(options: ListOptions & { readonly json?: true }): void {
  const found = listObjects(options, readKeys);
  if (options.json === true) {
    const flat = found.listings.flatMap(({ token, found: keys }) =>
      keys.map((key) => ({ token: token.label, slot: token.slot, ...key })),
    );
    sayJson({ complete: found.complete, keys: flat });
  } else {
    found.listings.forEach(show);
  }
  remarkOn(found);
}

function show({ token, found: keys }: Listing<Key>, at: number): void {
  if (at > 0) say();
  say(
    `${paint('bold', plain(token.label))} (slot ${token.slot}): ${keys.length === 0 ? 'no keys' : count(keys.length, 'key')}`,
  );
  if (keys.length === 0) return;
  // Who knows nothing of states need not read of them.
  const hasStates = keys.some(({ state }) => state !== 'active');
  table(
    [
      'KIND',
      'TYPE',
      'LABEL',
      'ID',
      ...(hasStates ? ['STATE'] : []),
      'USED BY',
      'READ BY',
      'DELETED BY',
      'USES',
    ],
    keys.map((key) => [
      key.kind,
      key.type,
      plain(key.label) || '-',
      key.id || '-',
      ...(hasStates ? [key.state] : []),
      key.asksEachTime ? `${key.usedBy}, each time` : key.usedBy,
      key.wrappable === true && key.readBy === 'nobody' ? 'only wrapped' : key.readBy,
      key.deletedBy,
      key.uses.join(' ') || '-',
    ]),
  );
}
