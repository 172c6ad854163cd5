/** `strongroom key due`: the keys that are to be rotated, and when. */
import { Command } from 'commander';
import { type ListOptions, listObjects, listOptions, remarkOn } from '../../listing.ts';
import { withOptions } from '../../pins.ts';
import { plain, say, sayJson, table } from '../../terminal.ts';
import { everyText, rotatableKeys } from './rotations.ts';

export function keyDueCommand(): Command {
  return withOptions(new Command('due'), listOptions())
    .description('list the keys that are rotated every so often, those that are due first')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nstrongroom key rotate --due rotates those that are due: let a timer call it.')
    .action(due);
}

function due(options: ListOptions & { readonly json?: true }): void {
  const found = listObjects(options, (module, session) => rotatableKeys(module, session));
  const rows = found.listings.flatMap(({ token, found: keys }) =>
    keys.flatMap(({ key, schedule }) =>
      schedule === undefined
        ? []
        : [
            {
              token: token.label,
              slot: token.slot,
              label: key.label,
              type: key.type,
              uniqueId: key.uniqueId,
              ...schedule,
              next: new Date(schedule.next * 1000),
            },
          ],
    ),
  );
  rows.sort((one, other) => one.next.getTime() - other.next.getTime());
  if (options.json === true) sayJson({ complete: found.complete, keys: rows });
  else if (rows.length === 0) say('No key has a time to be rotated.');
  else
    table(
      ['TOKEN', 'LABEL', 'TYPE', 'EVERY', 'NEXT', ''],
      rows.map((row) => [
        plain(row.token),
        plain(row.label) || '-',
        row.type,
        everyText(row.every),
        row.next.toISOString().slice(0, 16).replace('T', ' '),
        row.due ? 'due' : '',
      ]),
    );
  remarkOn(found);
}
