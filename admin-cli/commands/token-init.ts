/** `strongroom token init`: a new token, with its security officer's PIN and its user's. */
import { Command } from 'commander';
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
import { exit, Problem } from '../problem.ts';
import { secretCopy } from '../secret.ts';
import { remark, say } from '../terminal.ts';
import { chosenToken, labelFor, labelMustBeFree, readSlots } from '../tokens.ts';

export function tokenInitCommand(): Command {
  const command = new Command('init')
    .description('make a new token')
    .requiredOption('--label <label>', 'what the token is called (at most 32 bytes of UTF-8)');
  return withOptions(
    command,
    pinOptions('so-pin', 'the security officer’s PIN'),
    pinOptions('pin', 'the user’s PIN'),
  )
    .addHelpText(
      'after',
      '\nWhat is not given is asked for on the terminal. The security officer can set a new user PIN\n' +
        'when it is lost or locked (strongroom pin reset); the user works with the keys.',
    )
    .action(init);
}

function init(given: Given & { readonly label: string }): void {
  const label = labelFor(given.label);
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
      make(module, slot, label, soPin, userPin);
      say(`Token “${name}” is ready in slot ${slot}.`);
      if (pinStatus(module, slot, 'user')?.mustChange === 'reset') remark(mustChangeFirst);
    } finally {
      for (const pin of pins) pin.fill(0);
    }
  });
}

/** Everything that can be known beforehand has been checked: from here on there is a token. */
function make(module: Module, slot: number, label: Uint8Array, soPin: Uint8Array, userPin: Uint8Array): void {
  const name = Buffer.from(label).toString();
  // The addon overwrites what it is given, and the SO's PIN is needed twice.
  settingPin(module, { whose: 'so', label: name, slot }, () =>
    module.initToken(slot, secretCopy(soPin), label),
  );
  try {
    const token = chosenToken(readSlots(module).tokens, name);
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'so', soPin);
      settingPin(module, { whose: 'user', label: name, slot }, () => module.initPin(session, userPin));
      module.logout(session);
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(
      `the token was made in slot ${slot}, but its user PIN could not be set: ${error.message}`,
      `The security officer can set it: strongroom pin reset --token '${name}'.`,
      exit.refused,
    );
  }
}
