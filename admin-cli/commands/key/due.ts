/** `strongroom key due`: the keys that are to be rotated, and when; and those that are near their end, or near a limit. */
import { Command } from 'commander';
import {
  countList,
  type Due,
  dueOf,
  lifeOf,
  percentOf,
  usualAhead,
  usualPercent,
} from '../../../schema/lifecycle/told.ts';
import { moment } from '../../keys/life.ts';
import { type ListOptions, listObjects, listOptions, remarkOn } from '../../listing.ts';
import { withOptions } from '../../pins.ts';
import { plain, say, sayJson, table } from '../../terminal.ts';
import type { Token } from '../../tokens.ts';
import { everyText, type RotatableKey, rotatableKeys } from './rotations.ts';

export function keyDueCommand(): Command {
  return withOptions(new Command('due'), listOptions())
    .description('list the keys that are rotated every so often, and those near their end or a limit')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nNear: the end comes within thirty days, or half of a limit is used up. Keys that have a successor are left out.\n' +
        'strongroom key rotate --due rotates those that are due: let a timer call it.',
    )
    .action(due);
}

interface Row {
  readonly token: Token;
  readonly held: RotatableKey;
}

function due(options: ListOptions & { readonly json?: true }): void {
  const found = listObjects(options, (module, session) => rotatableKeys(module, session));
  const all = found.listings.flatMap(({ token, found: keys }) => keys.map((held) => ({ token, held })));
  const rotated = all
    .flatMap((row) => (row.held.schedule === undefined ? [] : [{ ...row, schedule: row.held.schedule }]))
    .sort((one, other) => one.schedule.next - other.schedule.next);
  const near = all.flatMap((row) => {
    const why = reasonsOf(row.held);
    return why.length === 0 ? [] : [{ ...row, why }];
  });
  if (options.json === true) {
    sayJson({
      complete: found.complete,
      keys: rotated.map(({ schedule, ...row }) => ({
        ...named(row),
        ...schedule,
        next: new Date(schedule.next * 1000),
      })),
      near: near.map(({ why, ...row }) => ({ ...named(row), why, ...factsOf(row.held) })),
    });
  } else {
    if (rotated.length === 0) say('No key has a time to be rotated.');
    else
      table(
        ['TOKEN', 'LABEL', 'TYPE', 'EVERY', 'NEXT', ''],
        rotated.map(({ token, held: { key }, schedule }) => [
          plain(token.label),
          plain(key.label) || '-',
          key.type,
          everyText(schedule.every),
          new Date(schedule.next * 1000).toISOString().slice(0, 16).replace('T', ' '),
          schedule.due ? 'due' : '',
        ]),
      );
    for (const { token, held, why } of near) {
      const name = plain(held.key.label) || held.key.uniqueId;
      say(`“${name}” (${held.key.type}) of “${plain(token.label)}” ${wordsOf(held, why)}.`);
    }
  }
  remarkOn(found);
}

const named = ({ token, held: { key } }: Row) => ({
  token: token.label,
  slot: token.slot,
  label: key.label,
  type: key.type,
  uniqueId: key.uniqueId,
});

/** Beside its rotations. */
function reasonsOf({ attributes }: RotatableKey): Due[] {
  const until = Math.floor(Date.now() / 1000) + usualAhead;
  return dueOf(attributes, until, usualPercent).filter((why) => why !== 'rotation');
}

function factsOf({ attributes, key }: RotatableKey): object {
  return { until: lifeOf(attributes).until ?? null, counts: key.counts };
}

function wordsOf({ attributes, key }: RotatableKey, why: readonly Due[]): string {
  const { until } = lifeOf(attributes);
  const percent = Math.max(...countList(key.counts).map(percentOf));
  return [
    ...(why.includes('end') && until !== undefined ? [`ends at ${moment(until)}`] : []),
    ...(why.includes('limit') ? [`has used up ${percent} % of a limit`] : []),
  ].join(', and ');
}
