/** `strongroom key rotate`: a successor takes the place of a key, of all that are due, or of one again and again. */
import process from 'node:process';
import { Command } from 'commander';
import type { Module } from '../../cryptoki.ts';
import { moment } from '../../keys/life.ts';
import { type Given, logIn, pinFrom, pinOptions, readPin, withOptions, withSession } from '../../pins.ts';
import { exit, Problem, usage } from '../../problem.ts';
import { withStore } from '../../store.ts';
import { complain, plain, remark, say, sayJson } from '../../terminal.ts';
import { chosenToken, readSlots } from '../../tokens.ts';
import {
  chosenKey,
  everyFrom,
  everyText,
  type RotatableKey,
  type Rotated,
  rotatableKeys,
  rotate,
  setSchedule,
} from './rotations.ts';

const GRACE_MOST = 31_536_000;

type Options = Given & {
  readonly token?: string;
  readonly due?: true;
  readonly every?: string;
  readonly grace?: string;
  readonly reason?: string;
  readonly json?: true;
};

export function keyRotateCommand(): Command {
  const command = new Command('rotate')
    .argument('[key]', 'the key’s label, or its unique id')
    .description('give a key a successor, which its label means from then on; needs the user’s PIN')
    .option('--token <label>', 'of this token; needed when there are several')
    .option('--due', 'rotate all keys that are due')
    .option('--every <time>', 'rotate nothing now, but every so often (90d, 12h, 4w); never ends it')
    .option('--grace <seconds>', 'how long the old key still signs (default: keys.rotation_grace_seconds)')
    .option('--reason <text>', 'why, for the audit log')
    .option('--json', 'print JSON');
  return withOptions(command, pinOptions('pin', 'the user’s PIN'))
    .addHelpText(
      'after',
      '\nThe successor has the same template, the label, and an id of its own: a certificate with the old id belongs to the\n' +
        'old key. That one verifies and decrypts only when its time of grace is over. docs/rotation.md says more.',
    )
    .action(run);
}

function graceFrom(text: string | undefined): number {
  if (text === undefined) return -1;
  if (/^\d{1,8}$/.test(text) && Number(text) <= GRACE_MOST) return Number(text);
  throw usage(`--grace takes a number of seconds from 0 to ${GRACE_MOST}, not “${plain(text)}”`);
}

function run(name: string | undefined, options: Options): void {
  if ((name === undefined) === (options.due === undefined))
    throw usage('which key?', 'Give its label, or --due for all that are due.');
  if (options.every !== undefined && (options.due === true || options.grace !== undefined))
    throw usage('--every rotates nothing now, and goes without --due and --grace');
  const every = options.every === undefined ? undefined : everyFrom(options.every);
  const grace = graceFrom(options.grace);
  const source = pinFrom(options, 'pin');
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, options.token);
    const pin = readPin(source, token, 'user');
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'user', pin);
      const keys = rotatableKeys(module, session);
      if (every === undefined) rotateAll(module, session, meant(keys, name), grace, options);
      else schedule(module, session, chosenKey(keys, name ?? ''), every);
      module.logout(session);
    });
  });
}

function meant(keys: readonly RotatableKey[], name: string | undefined): RotatableKey[] {
  return name === undefined ? keys.filter(({ schedule: at }) => at?.due === true) : [chosenKey(keys, name)];
}

function schedule(module: Module, session: number, key: RotatableKey, every: number): void {
  setSchedule(module, session, key, every);
  const label = plain(key.key.label);
  if (every < 0) {
    say(`“${label}” is not rotated by itself any more.`);
    return;
  }
  const next = rotatableKeys(module, session).find(({ object }) => object === key.object)?.schedule?.next;
  say(
    `“${label}” is due every ${everyText(every)}, next on ${next === undefined ? 'a day unknown' : moment(next)}.`,
  );
}

function rotateAll(
  module: Module,
  session: number,
  keys: readonly RotatableKey[],
  grace: number,
  { reason, due, json }: Options,
): void {
  const done: Rotated[] = [];
  for (const key of keys)
    try {
      done.push(rotate(module, session, key, grace, reason ?? (due === true ? 'it was due' : '')));
    } catch (error) {
      // Of several that are due, one that cannot be rotated holds up none of the others.
      if (!(error instanceof Problem) || due !== true) throw error;
      complain(`“${plain(key.key.label)}”: ${error.message}`, error.hint);
      process.exitCode = exit.refused;
    }
  if (json === true) sayJson({ rotated: done });
  else done.forEach(show);
  if (json !== true && keys.length === 0) say('No key is due.');
}

function show({ label, type, old, successor, certificate }: Rotated): void {
  const name = plain(label) || 'without a label';
  say(`Rotated: “${name}” (${type}), ${old.uniqueId} → ${successor.uniqueId}`);
  if (label !== '') say(`  the label means the new key; the old one is called “${plain(old.label)}”`);
  if (successor.id !== '') say(`  the new key’s id is ${successor.id}; ${old.id} stays the old one’s`);
  if (old.until !== undefined)
    say(`  the old key signs until ${moment(old.until.getTime() / 1000)}, then verifies and decrypts only`);
  if (certificate)
    remark(`the certificate with the id ${old.id} is the old key’s: the new one needs another`);
}
