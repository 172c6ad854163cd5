/** `strongroom settings set`: settings that hold for the store, whatever the configuration of whoever starts its engine says. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import { Command } from 'commander';
import { type Given, pinOptions, withOptions } from '../pins.ts';
import { installed } from '../places.ts';
import { Problem } from '../problem.ts';
import { changeSettings, sayWhenItHolds } from '../settings.ts';
import { withStore } from '../store.ts';
import { plain, say } from '../terminal.ts';

/** What the engine takes (module/engine/policy/config.ts). */
const LARGEST = 16_384;

export function settingsSetCommand(): Command {
  const command = new Command('set')
    .description('give the store settings of its own; needs the security officer’s PIN of every token')
    .argument('<file>', 'lines as in strongroom.toml; keys that are not there are left to the configuration');
  return withOptions(command, pinOptions('so-pin', 'the security officer’s PIN'))
    .addHelpText(
      'after',
      '\nThey are sealed in the store and go before the configuration of whoever starts the engine. They take the place of those\n' +
        'that were there. With several tokens each PIN is asked for in turn; a file’s or variable’s is taken for all of them.',
    )
    .action(set);
}

function set(file: string, given: Given): void {
  const text = checkedText(file);
  withStore((module) => changeSettings(module, given, text));
  say(`The store carries the settings of ${plain(file)} now.`);
  sayWhenItHolds();
}

/** The file's bytes, when the engine will understand them. */
function checkedText(file: string): Uint8Array {
  const text = contents(file);
  if (text.length > LARGEST) throw new Problem(`${plain(file)} is too long: ${LARGEST} bytes at the most`);
  const checker = spawnSync(process.execPath, [installed.configChecker, fs.realpathSync(file)], {
    env: {},
    encoding: 'utf8',
  });
  if (checker.status !== 0) {
    const [first = 'it could not be checked'] = checker.stdout.split('\n');
    throw new Problem(plain(first), 'docs/strongroom.toml lists every key. Nothing was changed.');
  }
  if (Buffer.from(text).toString('utf8').trim() === '')
    throw new Problem(
      `${plain(file)} is empty`,
      'strongroom settings clear takes the store’s settings away.',
    );
  return text;
}

function contents(file: string): Uint8Array {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new Problem(`${plain(file)} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
