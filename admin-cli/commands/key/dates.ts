/** `strongroom key dates`: when a key begins, and when it ends. */
import { Command } from 'commander';
import { privateFirst } from '../../../schema/lifecycle/halves.ts';
import type { Life } from '../../../schema/lifecycle/told.ts';
import { type AttributeValues, templateOf } from '../../attributes.ts';
import type { Module } from '../../cryptoki.ts';
import { handleOf, keysNamed } from '../../keys/choice.ts';
import type { Key } from '../../keys/keys.ts';
import { moment, readLife } from '../../keys/life.ts';
import { type Time, timeFrom } from '../../keys/times.ts';
import { type Given, logIn, pinFrom, pinOptions, readPin, withOptions, withSession } from '../../pins.ts';
import { Problem, usage } from '../../problem.ts';
import { withStore } from '../../store.ts';
import { plain, say } from '../../terminal.ts';
import { chosenToken, readSlots } from '../../tokens.ts';

const DAY = 86_400;
/** CK_UNAVAILABLE_INFORMATION. */
const none = Buffer.alloc(8, 0xff);

type Options = Given & { readonly token?: string; readonly from?: string; readonly until?: string };

export function keyDatesCommand(): Command {
  const command = new Command('dates')
    .description('set when a key begins and when it ends; needs the user’s PIN')
    .argument('<key>', 'its label, its id in hex, or its unique id')
    .option('--token <label>', 'of this token; needed when there are several')
    .option('--from <time>', 'a day (2027-01-31), from its beginning on, or a time (2027-01-31T09:30:00Z)')
    .option('--until <time>', 'a day, to its end, or a time; never takes the end away');
  return withOptions(command, pinOptions('pin', 'the user’s PIN'))
    .addHelpText(
      'after',
      '\nTimes are in UTC where they have no offset (+01:00). Both halves of a pair get the same. A key protects nothing before it\n' +
        'begins and after it has ended; a key that has ended is not brought back by another date. strongroom key show tells\n' +
        'what holds, and docs/lifecycle.md the whole of it.',
    )
    .action(dates);
}

/** What is asked for. */
interface Wanted {
  readonly from: Time | undefined;
  readonly until: Time | 'never' | undefined;
}

function wantedIn(options: Options): Wanted {
  const { from, until } = options;
  if (from === undefined && until === undefined) throw usage('which dates?', 'Give --from, --until or both.');
  const wanted: Wanted = {
    from: from === undefined ? undefined : timeOf('from', from),
    until: until === undefined || until === 'never' ? until : timeOf('until', until),
  };
  const end = endOf(wanted.until);
  if (end !== undefined && end * 1000 <= Date.now())
    throw usage(`--until ${plain(until ?? '')} has passed`, 'strongroom key deactivate ends a key now.');
  if (end !== undefined && wanted.from !== undefined && wanted.from.at >= end)
    throw usage('--until comes before --from: the key would end before it begins');
  return wanted;
}

function timeOf(option: 'from' | 'until', text: string): Time {
  const time = timeFrom(text);
  if (time !== undefined) return time;
  const more = option === 'until' ? ', or never' : '';
  throw usage(
    `--${option} takes a day such as 2027-01-31 or a time such as 2027-01-31T09:30:00Z${more}, not “${plain(text)}”`,
  );
}

/** The second from which the key has ended: of a day the one after its last. */
function endOf(until: Wanted['until']): number | undefined {
  if (until === undefined || until === 'never') return undefined;
  return until.day === undefined ? until.at : until.at + DAY;
}

/** A day goes into the date that every program of PKCS#11 knows, a time into our own attribute; the other of the two goes, for it would say less. */
function attributesFor({ from, until }: Wanted): AttributeValues {
  const date = (day: string | undefined): string => (day ?? '').replaceAll('-', '');
  const time = ({ at, day }: Time): number | Uint8Array => (day === undefined ? at : none);
  const begin =
    from === undefined ? {} : { CKA_START_DATE: date(from.day), CKA_STRONGROOM_ACTIVATION_TIME: time(from) };
  if (until === undefined) return begin;
  if (until === 'never') return { ...begin, CKA_END_DATE: '', CKA_STRONGROOM_DEACTIVATION_TIME: none };
  return { ...begin, CKA_END_DATE: date(until.day), CKA_STRONGROOM_DEACTIVATION_TIME: time(until) };
}

interface Held {
  readonly kind: Key['kind'];
  readonly object: number;
  readonly life: Life;
}

function dates(name: string, options: Options): void {
  const wanted = wantedIn(options);
  const source = pinFrom(options, 'pin');
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, options.token);
    const pin = readPin(source, token, 'user');
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'user', pin);
      const halves = privateFirst(keysNamed(module, session, name)).map((key) =>
        checked(module, session, key, name, wanted),
      );
      for (const half of halves) {
        module.setAttributes(session, half.object, templateOf(attributesFor(wanted)));
        say(told(half, readLife(module, session, half.object)?.life, name, wanted));
      }
      module.logout(session);
    });
  });
}

/** One half, of which nothing is known that would keep it from having the dates: neither is changed when one cannot be. */
function checked(module: Module, session: number, key: Key, name: string, wanted: Wanted): Held {
  const { kind } = key;
  const object = handleOf(module, session, key);
  const life = object === undefined ? undefined : readLife(module, session, object)?.life;
  const called = `the ${kind} key “${plain(name)}”`;
  if (object === undefined || life === undefined) throw new Problem(`${called} has just been destroyed`);
  if (key.changedBy === 'nobody')
    throw new Problem(
      `${called} may not be modified (CKA_MODIFIABLE is false); nothing was done`,
      'strongroom key suspend, deactivate and compromise stop it all the same.',
    );
  if (life.state === 'deactivated' || life.state === 'compromised')
    throw new Problem(
      `${called} is ${life.state}, and no date brings it back; nothing was done`,
      'Another key has to take its place.',
    );
  const begin = wanted.from?.at ?? life.from;
  const end = wanted.until === 'never' ? undefined : (endOf(wanted.until) ?? life.until);
  if (wanted.from !== undefined && life.state !== 'pre-activation' && wanted.from.at * 1000 > Date.now())
    throw new Problem(
      `${called} has begun: it cannot begin at a time to come; nothing was done`,
      'strongroom key suspend stops it for a while.',
    );
  if (begin !== undefined && end !== undefined && begin >= end)
    throw new Problem(
      `${called} would end (${moment(end)}) before it begins (${moment(begin)}); nothing was done`,
      'Give both --from and --until.',
    );
  return { kind, object, life };
}

function told({ kind, life: before }: Held, life: Life | undefined, name: string, wanted: Wanted): string {
  const now = Date.now() / 1000;
  const parts: string[] = [];
  if (wanted.from !== undefined && life?.from !== undefined)
    parts.push(`${life.from > now ? 'begins' : 'began'} at ${moment(life.from)}`);
  if (wanted.until !== undefined)
    parts.push(life?.until === undefined ? 'has no end' : `ends at ${moment(life.until)}`);
  const state = life === undefined || life.state === before.state ? '' : `; it is ${life.state} now`;
  return `The ${kind} key “${plain(name)}” ${parts.join(' and ')}${state}.`;
}
