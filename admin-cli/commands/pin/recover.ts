/** `strongroom pin recover`: a new PIN by the recovery words, when the old one is lost or locked. */
import { Command } from 'commander';
import {
  type Given,
  pinFrom,
  pinNames,
  pinOptions,
  readNewPin,
  settingPin,
  userTypes,
  type Whose,
  withOptions,
} from '../../pins.ts';
import { Problem, usage } from '../../problem.ts';
import { readSheets, sheetOptions, sheetSources } from '../../recovery/sheets.ts';
import { withStore } from '../../store.ts';
import { plain, say } from '../../terminal.ts';
import { recoveryOf } from '../../token-access.ts';
import { chosenToken, readSlots } from '../../tokens.ts';

export function pinRecoverCommand(): Command {
  const command = new Command('recover')
    .description('set a PIN that is lost or locked anew, by the token’s recovery words')
    .option('--user', 'the user’s PIN')
    .option('--so', 'the security officer’s PIN')
    .option('--token <label>', 'of this token; needed when there are several');
  return withOptions(command, sheetOptions(), pinOptions('new-pin', 'the new PIN'))
    .addHelpText(
      'after',
      '\nThe words stand in one line, large or small; the first four letters of each are enough. What is mistyped is told by\n' +
        'the places of the words, and counts as no try. Where the words are on several sheets all are needed, in any order: give\n' +
        'the options once for each, and what is not given is asked for. Keys stay as they are, and a lock is lifted.',
    )
    .action(recover);
}

interface Recovering extends Given {
  readonly token?: string;
  readonly user?: true;
  readonly so?: true;
}

function recover(given: Recovering): void {
  if ((given.user === true) === (given.so === true))
    throw usage('whose PIN is lost?', 'Give --user or --so.');
  const whose: Whose = given.so === true ? 'so' : 'user';
  const sources = sheetSources(given);
  const newSource = pinFrom(given, 'new-pin');
  withStore((module) => {
    const slots = readSlots(module);
    const token = chosenToken(slots.tokens, given.token);
    const name = `“${plain(token.label)}”`;
    const way = recoveryOf(module, token.slot);
    if (way === undefined)
      throw new Problem(
        `${name} has no recovery words`,
        whose === 'user'
          ? 'The security officer sets a user PIN: strongroom pin reset.'
          : 'Without them nobody can set an SO PIN anew.',
      );
    const words = readSheets(sources, token.label, way);
    try {
      const fresh = { whose, label: token.label, slot: token.slot };
      const newPin = readNewPin(module, newSource, fresh);
      settingPin(module, fresh, () => module.recover(token.slot, words, userTypes[whose], newPin));
    } finally {
      words.fill(0);
    }
    say(`The ${pinNames[whose]} of ${name} is set, and not locked.`);
  });
}
