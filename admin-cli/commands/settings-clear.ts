/** `strongroom settings clear`: the store has no settings of its own any more. */
import { Command } from 'commander';
import { type Given, pinOptions, withOptions } from '../pins.ts';
import { changeSettings, sayWhenItHolds } from '../settings.ts';
import { withStore } from '../store.ts';
import { say } from '../terminal.ts';

export function settingsClearCommand(): Command {
  const command = new Command('clear').description(
    'take the store’s settings away; needs the security officer’s PIN of every token',
  );
  return withOptions(command, pinOptions('so-pin', 'the security officer’s PIN')).action((given: Given) => {
    withStore((module) => changeSettings(module, given, new Uint8Array(0)));
    say('The store has no settings of its own now.');
    sayWhenItHolds();
  });
}
