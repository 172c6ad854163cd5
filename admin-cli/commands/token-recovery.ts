/** `strongroom token recovery`: words that lead to the keys when PINs are lost: made, and taken away. */
import { Command, Option } from 'commander';
import { type Given, logIn, pinFrom, pinOptions, readPin, withOptions, withSession } from '../pins.ts';
import {
  inWords,
  makeRecovery,
  peopleOption,
  recoveryFileOption,
  requireWayToShow,
  wordCount,
} from '../recovery/making.ts';
import { withStore } from '../store.ts';
import { plain, say } from '../terminal.ts';
import { recoveryOf } from '../token-access.ts';
import { chosenToken, readSlots } from '../tokens.ts';

const soPin = () => pinOptions('so-pin', 'the security officer’s PIN');

function recoveryAddCommand(): Command {
  const command = new Command('add')
    .description('make recovery words, in place of any that there are; needs the SO PIN')
    .option('--token <label>', 'of this token; needed when there are several')
    .addOption(new Option('--words <number>', '12, 15, 18, 21 or 24').argParser(wordCount).default(24));
  return withOptions(command, [peopleOption('people'), recoveryFileOption()], soPin())
    .addHelpText(
      'after',
      '\nThe words are shown once, and count when three of them have been typed. Words that there were before go on until\n' +
        'then. Whoever has them has the keys: keep them on paper, apart from the machine. With --people each sheet is shown by\n' +
        'itself, to whoever is to keep it, and is worth nothing without the others.',
    )
    .action(add);
}

interface Adding extends Given {
  readonly token?: string;
  readonly words: number;
  readonly people: number;
  readonly recoveryFile?: readonly string[];
}

function add(given: Adding): void {
  const source = pinFrom(given, 'so-pin');
  const { words, people, recoveryFile: files = [] } = given;
  const wanted = { words, people, files };
  requireWayToShow(wanted);
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    const pin = readPin(source, token, 'so');
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'so', pin);
      makeRecovery(module, session, wanted);
      module.logout(session);
    });
    say(`“${plain(token.label)}” has ${inWords(wanted)}.`);
  });
}

function recoveryRemoveCommand(): Command {
  const command = new Command('remove')
    .description('have a token’s recovery words open nothing any more; needs the SO PIN')
    .option('--token <label>', 'of this token; needed when there are several');
  return withOptions(command, soPin()).action(remove);
}

function remove(given: Given & { readonly token?: string }): void {
  const source = pinFrom(given, 'so-pin');
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    if (recoveryOf(module, token.slot) === undefined)
      return say(`“${plain(token.label)}” has no recovery words.`);
    const pin = readPin(source, token, 'so');
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'so', pin);
      module.removeRecovery(session);
      module.logout(session);
    });
    say(`The recovery words of “${plain(token.label)}” open nothing any more.`);
  });
}

export function tokenRecoveryCommand(): Command {
  return new Command('recovery')
    .description('recovery words: the way to the keys when PINs are lost')
    .addCommand(recoveryAddCommand())
    .addCommand(recoveryRemoveCommand());
}
