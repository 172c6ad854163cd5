/** `strongroom settings show`: the settings that the store carries. */
import { Command } from 'commander';
import { ownSettings } from '../settings.ts';
import { withStore } from '../store.ts';
import { plain, remark, say } from '../terminal.ts';

export function settingsShowCommand(): Command {
  return new Command('show')
    .description('print the settings that the store carries, as they were given')
    .addHelpText(
      'after',
      '\nNeeds no PIN. The configuration of whoever starts the engine is another thing: strongroom doctor.',
    )
    .action(show);
}

function show(): void {
  const text = withStore(ownSettings);
  if (text === '') remark('the store has no settings of its own; strongroom settings set gives it some');
  else for (const line of text.trimEnd().split('\n')) say(plain(line));
}
