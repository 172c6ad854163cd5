/** `strongroom version`: which release this is. */
import { Command } from 'commander';
import { version } from '../../schema/product.ts';
import { say } from '../terminal.ts';

export function versionCommand(): Command {
  return new Command('version').description('print the version').action(() => say(version));
}
