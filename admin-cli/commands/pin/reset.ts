/** `strongroom pin reset`: a new user PIN, by the security officer. */
import { Command } from 'commander';
import { pinStatus } from '../../pin/policy.ts';
import {
  type Given,
  logIn,
  mustChangeFirst,
  pinFrom,
  pinOptions,
  readNewPin,
  readPin,
  settingPin,
  withOptions,
  withSession,
} from '../../pins.ts';
import { withStore } from '../../store.ts';
import { plain, remark, say } from '../../terminal.ts';
import { chosenToken, readSlots } from '../../tokens.ts';

export function pinResetCommand(): Command {
  const command = new Command('reset')
    .description('set a new user PIN when it is lost, locked or not there yet; needs the security officer’s')
    .option('--token <label>', 'of this token; needed when there are several');
  return withOptions(
    command,
    pinOptions('so-pin', 'the security officer’s PIN'),
    pinOptions('new-pin', 'the new user PIN'),
  )
    .addHelpText(
      'after',
      '\nWhat is not given is asked for on the terminal. Keys stay as they are, and a lock is lifted.',
    )
    .action(reset);
}

function reset(given: Given & { readonly token?: string }): void {
  const soSource = pinFrom(given, 'so-pin');
  const newSource = pinFrom(given, 'new-pin');
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    const soPin = readPin(soSource, token, 'so');
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'so', soPin);
      const fresh = { whose: 'user', label: token.label, slot: token.slot } as const;
      const pin = readNewPin(module, newSource, fresh);
      settingPin(module, fresh, () => module.initPin(session, pin));
      module.logout(session);
    });
    say(`The user PIN of “${plain(token.label)}” is set, and not locked.`);
    if (pinStatus(module, token.slot, 'user')?.mustChange === 'reset') remark(mustChangeFirst);
  });
}
