/** `strongroom token rename`: another label for a token, by its security officer. */
import { Command } from 'commander';
import { type Given, logIn, pinFrom, pinOptions, readPin, withOptions, withSession } from '../pins.ts';
import { withStore } from '../store.ts';
import { plain, say } from '../terminal.ts';
import { chosenToken, labelFor, labelMustBeFree, readSlots } from '../tokens.ts';

export function tokenRenameCommand(): Command {
  const command = new Command('rename')
    .description('give a token another label; needs the security officer’s PIN')
    .option('--token <label>', 'this token; needed when there are several')
    .requiredOption('--label <label>', 'what it is to be called (at most 32 bytes of UTF-8)');
  return withOptions(command, pinOptions('so-pin', 'the security officer’s PIN'))
    .addHelpText(
      'after',
      '\nKeys, PINs and the serial number stay. Programs that find the token by its label must learn the new one.',
    )
    .action(rename);
}

function rename(given: Given & { readonly token?: string; readonly label: string }): void {
  const label = labelFor(given.label);
  const source = pinFrom(given, 'so-pin');
  withStore((module) => {
    const { tokens } = readSlots(module);
    const token = chosenToken(tokens, given.token);
    labelMustBeFree(tokens, label);
    const pin = readPin(source, token, 'so');
    withSession(module, token, true, (session) => {
      logIn(module, token, session, 'so', pin);
      module.renameToken(session, label);
      module.logout(session);
    });
    say(`Token “${plain(token.label)}” is called “${Buffer.from(label).toString()}” now.`);
  });
}
