/** `strongroom token wipe`: everything in a token destroyed, by its security officer. */
import { Command } from 'commander';
import { type Given, pinFrom, pinOptions, readPin, withOptions, withPin } from '../pins.ts';
import { Problem } from '../problem.ts';
import { confirmed } from '../prompt.ts';
import { withStore } from '../store.ts';
import { plain, say } from '../terminal.ts';
import { chosenToken, readSlots } from '../tokens.ts';

export function tokenWipeCommand(): Command {
  const command = new Command('wipe')
    .description('destroy everything in a token; needs the security officer’s PIN')
    .option('--token <label>', 'this token; needed when there are several')
    .option('--yes', 'do not ask whether it is meant');
  return withOptions(command, pinOptions('so-pin', 'the security officer’s PIN'))
    .addHelpText(
      'after',
      '\nAll keys and objects and the user’s PIN are gone for good. Slot, label and the security officer’s PIN\n' +
        'stay. Refused while any program has the token open.',
    )
    .action(wipe);
}

function wipe(given: Given & { readonly token?: string; readonly yes?: true }): void {
  const source = pinFrom(given, 'so-pin');
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    const name = `“${plain(token.label)}”`;
    if (given.yes !== true && !confirmed(`Destroy every key and object in ${name} for good?`, '--yes')) {
      throw new Problem('nothing was done');
    }
    const pin = readPin(source, token, 'so');
    withPin(module, token, 'so', () => module.initToken(token.slot, pin, Buffer.from(token.label)));
    say(`Token ${name} is empty, and has no user PIN: strongroom pin reset sets one.`);
  });
}
