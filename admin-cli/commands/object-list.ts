/** `strongroom object list`: everything that a token holds, certificates and data too. */
import { Command } from 'commander';
import { type Listing, type ListOptions, listObjects, listOptions, remarkOn } from '../listing.ts';
import { readObjects, type StoredObject } from '../objects.ts';
import { withOptions } from '../pins.ts';
import { count, paint, plain, say, sayJson, table } from '../terminal.ts';

export function objectListCommand(): Command {
  return withOptions(new Command('list'), listOptions())
    .description('list keys, certificates and data; private ones need the user’s PIN')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nSEEN BY, READ BY and DELETED BY: “user” is whoever has given the user’s PIN, “anyone” whoever can load the\n' +
        'library on this store, without a PIN.',
    )
    .action(list);
}

function list(options: ListOptions & { readonly json?: true }): void {
  const found = listObjects(options, readObjects);
  if (options.json === true) {
    const flat = found.listings.flatMap(({ token, found: objects }) =>
      objects.map((object) => ({ token: token.label, slot: token.slot, ...object })),
    );
    sayJson({ complete: found.complete, objects: flat });
  } else {
    found.listings.forEach(show);
  }
  remarkOn(found);
}

function show({ token, found: objects }: Listing<StoredObject>, at: number): void {
  if (at > 0) say();
  const many = objects.length === 0 ? 'nothing' : count(objects.length, 'object');
  say(`${paint('bold', plain(token.label))} (slot ${token.slot}): ${many}`);
  if (objects.length === 0) return;
  table(
    ['CLASS', 'ABOUT', 'LABEL', 'ID', 'SEEN BY', 'READ BY', 'DELETED BY'],
    objects.map((object) => [
      object.class,
      plain(object.about) || '-',
      plain(object.label) || '-',
      object.id || '-',
      object.seenBy,
      object.readBy,
      object.deletedBy,
    ]),
  );
}
