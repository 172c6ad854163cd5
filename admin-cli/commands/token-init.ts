/** `strongroom token init`: a new token, with its security officer's PIN and its user's. */
import { Command, Option } from 'commander';
import { type Module, withModule } from '../cryptoki.ts';
import { pinStatus } from '../pin/policy.ts';
import {
  type Given,
  logIn,
  mustChangeFirst,
  pinFrom,
  pinOptions,
  readNewPin,
  settingPin,
  withOptions,
  withSession,
} from '../pins.ts';
import { exit, Problem, usage } from '../problem.ts';
import {
  inWords,
  makeRecovery,
  type NewWords,
  peopleOption,
  recoveryFileOption,
  requireWayToShow,
  wordCount,
} from '../recovery/making.ts';
import { secretCopy } from '../secret.ts';
import { remark, say } from '../terminal.ts';
import { chosenToken, labelFor, labelMustBeFree, readSlots } from '../tokens.ts';

export function tokenInitCommand(): Command {
  const command = new Command('init')
    .description('make a new token')
    .requiredOption('--label <label>', 'what the token is called (at most 32 bytes of UTF-8)')
    .addOption(
      new Option('--recovery [words]', 'make recovery words too: 12, 15, 18, 21 or 24')
        .argParser(wordCount)
        .preset('24'),
    );
  return withOptions(
    command,
    [peopleOption('recovery-people'), recoveryFileOption()],
    pinOptions('so-pin', 'the security officer’s PIN'),
    pinOptions('pin', 'the user’s PIN'),
  )
    .addHelpText(
      'after',
      '\nWhat is not given is asked for on the terminal. The security officer can set a new user PIN\n' +
        'when it is lost or locked (strongroom pin reset); the user works with the keys. Recovery words, kept on\n' +
        'paper, set either PIN anew (strongroom pin recover).',
    )
    .action(init);
}

interface Making extends Given {
  readonly label: string;
  readonly recovery?: number;
  readonly recoveryPeople: number;
  readonly recoveryFile?: readonly string[];
}

/** The words that are to be made too, if any. */
function wordsFor({ recovery, recoveryPeople, recoveryFile }: Making): NewWords | undefined {
  if (recovery !== undefined) return { words: recovery, people: recoveryPeople, files: recoveryFile ?? [] };
  if (recoveryFile === undefined && recoveryPeople === 1) return undefined;
  const option = recoveryFile === undefined ? '--recovery-people' : '--recovery-file';
  throw usage(`${option} is for words, and none are made`, 'Give --recovery too.');
}

function init(given: Making): void {
  const label = labelFor(given.label);
  const words = wordsFor(given);
  if (words !== undefined) requireWayToShow(words);
  const soSource = pinFrom(given, 'so-pin');
  const userSource = pinFrom(given, 'pin');
  withModule((module) => {
    const slots = readSlots(module);
    labelMustBeFree(slots.tokens, label);
    const pins: Uint8Array[] = [];
    try {
      const slot = slots.blank ?? slots.next;
      const name = Buffer.from(label).toString();
      const soPin = readNewPin(module, soSource, { whose: 'so', label: name, slot });
      pins.push(soPin);
      const userPin = readNewPin(module, userSource, { whose: 'user', label: name, slot });
      pins.push(userPin);
      make(module, slot, label, soPin, userPin, (session) => {
        if (words !== undefined) makeRecovery(module, session, words);
      });
      const more = words === undefined ? '' : ` It has ${inWords(words)}.`;
      say(`Token “${name}” is ready in slot ${slot}.${more}`);
      if (pinStatus(module, slot, 'user')?.mustChange === 'reset') remark(mustChangeFirst);
    } finally {
      for (const pin of pins) pin.fill(0);
    }
  });
}

/** Everything that can be known beforehand has been checked: from here on there is a token. `last` is what else its officer does. */
function make(
  module: Module,
  slot: number,
  label: Uint8Array,
  soPin: Uint8Array,
  userPin: Uint8Array,
  last: (session: number) => void,
): void {
  const name = Buffer.from(label).toString();
  // The addon overwrites what it is given, and the SO's PIN is needed twice.
  settingPin(module, { whose: 'so', label: name, slot }, () =>
    module.initToken(slot, secretCopy(soPin), label),
  );
  let hasUser = false;
  try {
    const token = chosenToken(readSlots(module).tokens, name);
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'so', soPin);
      settingPin(module, { whose: 'user', label: name, slot }, () => module.initPin(session, userPin));
      hasUser = true;
      last(session);
      module.logout(session);
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw hasUser ? withoutWords(error, slot, name) : withoutUser(error, slot, name);
  }
}

function withoutUser(error: Problem, slot: number, name: string): Problem {
  return new Problem(
    `the token was made in slot ${slot}, but its user PIN could not be set: ${error.message}`,
    `The security officer can set it: strongroom pin reset --token '${name}'.`,
    exit.refused,
  );
}

function withoutWords(error: Problem, slot: number, name: string): Problem {
  return new Problem(
    `the token was made in slot ${slot}, and has no recovery words: ${error.message}`,
    `The security officer can make them: strongroom token recovery add --token '${name}'.`,
    exit.refused,
  );
}
