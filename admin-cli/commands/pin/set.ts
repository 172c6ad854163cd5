/** `strongroom pin set`: one's own PIN changed, by whoever knows it. */
import { Command } from 'commander';
import {
  type Given,
  logIn,
  pinFrom,
  pinGiven,
  pinNames,
  pinOptions,
  readNewPin,
  readPin,
  settingPin,
  type Whose,
  withOptions,
  withPin,
  withSession,
} from '../../pins.ts';
import { usage } from '../../problem.ts';
import { secretCopy } from '../../secret.ts';
import { withStore } from '../../store.ts';
import { plain, say } from '../../terminal.ts';
import { chosenToken, readSlots } from '../../tokens.ts';

export function pinSetCommand(): Command {
  const command = new Command('set')
    .description('change the user’s PIN, or with --so the security officer’s')
    .option('--token <label>', 'of this token; needed when there are several')
    .option('--so', 'change the security officer’s PIN');
  return withOptions(
    command,
    pinOptions('pin', 'the user’s PIN as it is'),
    pinOptions('so-pin', 'with --so, the security officer’s PIN as it is'),
    pinOptions('new-pin', 'the new PIN'),
  )
    .addHelpText(
      'after',
      '\nWhat is not given is asked for on the terminal. No key is touched: the PIN only opens them.\n' +
        'A user PIN that is lost or locked: strongroom pin reset.',
    )
    .action(set);
}

function set(given: Given & { readonly token?: string; readonly so?: true }): void {
  const whose: Whose = given.so === true ? 'so' : 'user';
  const [own, other] = whose === 'so' ? (['so-pin', 'pin'] as const) : (['pin', 'so-pin'] as const);
  const oldSource = pinFrom(given, own);
  const newSource = pinFrom(given, 'new-pin');
  if (pinGiven(given, other)) {
    const right =
      whose === 'so' ? 'With --so it is the security officer’s PIN' : 'Without --so it is the user’s PIN';
    throw usage(`--${other} names a PIN that is not wanted`, `${right} that is changed: --${own}….`);
  }
  withStore((module) => {
    const token = chosenToken(readSlots(module).tokens, given.token);
    const oldPin = readPin(oldSource, token, whose);
    try {
      withSession(module, token, true, (session) => {
        // Tried before a new one is asked for, so that nobody makes one up in vain.
        logIn(module, token, session, whose, secretCopy(oldPin));
        const fresh = { whose, label: token.label, slot: token.slot };
        const newPin = readNewPin(module, newSource, fresh);
        settingPin(module, fresh, () =>
          withPin(module, token, whose, () => module.setPin(session, oldPin, newPin)),
        );
        module.logout(session);
      });
    } finally {
      oldPin.fill(0);
    }
    say(`The ${pinNames[whose]} of “${plain(token.label)}” is changed.`);
  });
}
