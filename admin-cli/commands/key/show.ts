/** `strongroom key show`: what a key is, what it may do now, and why. */
import { Command } from 'commander';
import { countLines } from '../../counts.ts';
import type { Module } from '../../cryptoki.ts';
import { handleOf, keysNamed } from '../../keys/choice.ts';
import type { Key } from '../../keys/keys.ts';
import { meaningOf, moment, readLife, type Told, usesNow } from '../../keys/life.ts';
import { type ListOptions, listObjects, listOptions, remarkOn } from '../../listing.ts';
import { withOptions } from '../../pins.ts';
import { Problem } from '../../problem.ts';
import { duration, paint, plain, say, sayJson } from '../../terminal.ts';
import { everyText } from './rotations.ts';

interface Shown extends Told {
  readonly key: Key;
}

export function keyShowCommand(): Command {
  return withOptions(new Command('show'), listOptions())
    .description('show one key: what it is, what it may do now, and why')
    .argument('<key>', 'its label, its id in hex, or its unique id')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nKeys have a life: they begin, may be stopped for a while, come to an end, or become known to others. What a key may\n' +
        'do follows from where it is in it, besides from what it was made for. docs/lifecycle.md has the whole of it.',
    )
    .action(show);
}

function show(name: string, options: ListOptions & { readonly json?: true }): void {
  const found = listObjects(options, (module, session) => shownIn(module, session, name, options));
  const all = found.listings.flatMap(({ token, found: keys }) => keys.map((each) => ({ token, ...each })));
  if (found.listings.length > 0 && all.length === 0) {
    throw new Problem(
      `there is no key “${plain(name)}”, as far as can be seen`,
      'strongroom key list shows what there is; private keys show to whoever gives the user’s PIN.',
    );
  }
  if (options.json === true) {
    sayJson({
      keys: all.map(({ token, key, life, rotation }) => ({
        token: token.label,
        slot: token.slot,
        ...key,
        life,
        ...(rotation === undefined
          ? {}
          : { rotation: { ...rotation, next: new Date(rotation.next * 1000) } }),
      })),
    });
    return;
  }
  all.forEach(({ token, ...shown }, at) => {
    if (at > 0) say();
    tell(token.label, shown);
  });
  remarkOn(found);
}

/** Of several tokens most have no such key; of one that was named it is missed. */
function shownIn(module: Module, session: number, name: string, { token }: ListOptions): Shown[] {
  let keys: Key[];
  try {
    keys = keysNamed(module, session, name);
  } catch (error) {
    if (token !== undefined || !(error instanceof Problem) || error.message.startsWith('several'))
      throw error;
    return [];
  }
  return keys.flatMap((key) => {
    const object = handleOf(module, session, key);
    const told = object === undefined ? undefined : readLife(module, session, object);
    return told === undefined ? [] : [{ key, ...told }];
  });
}

function tell(token: string, shown: Shown): void {
  const { key } = shown;
  const name = plain(key.label) || key.id || key.uniqueId;
  say(`${paint('bold', name)}: ${key.type}, ${key.kind} key, on token “${plain(token)}”`);
  for (const [what, text] of linesOf(shown)) say(`  ${what.padEnd(11)} ${text}`);
}

/** A moment, and how long it is until then. */
function fromNow(time: number, now: number): string {
  return `${moment(time)}${time > now ? ` (in ${duration(Math.round(time - now))})` : ''}`;
}

function* linesOf({ key, life, rotation }: Shown): Generator<readonly [string, string]> {
  const now = Date.now() / 1000;
  const { state } = life;
  yield ['state', `${paint(state === 'active' ? 'green' : 'yellow', state)}: ${meaningOf(state)}`];
  const told = [
    life.since === undefined ? '' : `since ${moment(life.since)}`,
    life.by === undefined ? '' : `by the ${life.by}`,
  ].filter(Boolean);
  if (told.length > 0 || life.reason !== '')
    yield [
      '',
      `${told.join(', ')}${life.reason === '' ? '' : `${told.length > 0 ? ': ' : ''}“${plain(life.reason)}”`}`,
    ];
  if (state === 'compromised' && life.compromised !== undefined)
    yield ['known', `to others since ${moment(life.compromised)}, as far as anybody knows`];
  if (life.from !== undefined) yield [life.from > now ? 'begins' : 'began', fromNow(life.from, now)];
  if (life.until !== undefined) yield [life.until > now ? 'ends' : 'ended', fromNow(life.until, now)];
  const { may, mayNot } = usesNow(key, state);
  yield ['may', may.join(', ') || 'nothing'];
  if (mayNot.length > 0) yield ['may not', `${mayNot.join(', ')}: it was made for that, and is ${state}`];
  yield ['used by', key.asksEachTime ? `${key.usedBy}, each time` : key.usedBy];
  if (key.counts !== undefined) yield* countLines(key.counts);
  if (rotation !== undefined)
    yield [
      'rotated',
      `every ${everyText(rotation.every)}, ${rotation.due ? 'due since' : 'next on'} ${moment(rotation.next)}`,
    ];
  if (life.successor !== '') yield ['followed by', life.successor];
  if (life.predecessor !== '') yield ['follows', life.predecessor];
  if (key.id !== '') yield ['id', key.id];
  yield ['unique id', key.uniqueId];
}
