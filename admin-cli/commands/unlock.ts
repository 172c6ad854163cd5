/** `strongroom unlock` and `strongroom lock`: whether keys of a token can be used without a login, by those whose rules in the policy say so. */
import { Command } from 'commander';
import { type Given, pinFrom, pinOptions, readPin, withOptions, withPin } from '../pins.ts';
import { withStore } from '../store.ts';
import { plain, say } from '../terminal.ts';
import { chosenToken, readSlots } from '../tokens.ts';

export function unlockCommand(): Command {
  const command = new Command('unlock')
    .description('let those use a token’s keys without a PIN whose rules say so; needs the user PIN')
    .option('--token <label>', 'the token, when there are several');
  return withOptions(command, pinOptions('pin', 'the user PIN'))
    .addHelpText(
      'after',
      '\nFor strongroomd: a rule of its policy with pinless = true says who needs no login, for which keys. The token stays\n' +
        'unlocked until “strongroom lock”, or the service ends. It can be unlocked at each start by a credential of the\n' +
        'service’s (docs/operations.md). Unlocking is in the audit log, and every use of a key without a login.',
    )
    .action(unlock);
}

export function lockCommand(): Command {
  return new Command('lock')
    .description('end that: nobody uses a token’s keys without a login any more')
    .option('--token <label>', 'the token, when there are several')
    .action(lock);
}

function unlock(given: Given & { readonly token?: string }): void {
  const source = pinFrom(given, 'pin');
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    const pin = readPin(source, token, 'user');
    withPin(module, token, 'user', () => module.unlockToken(token.slot, pin));
    say(`Token “${plain(token.label)}” is unlocked.`);
  });
}

function lock(given: { readonly token?: string }): void {
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    module.lockToken(token.slot);
    say(`Token “${plain(token.label)}” is locked; whoever has logged in stays so.`);
  });
}
