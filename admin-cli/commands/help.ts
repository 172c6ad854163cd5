/** `strongroom help`, `strongroom help token init`: the same as `--help` behind the words. */
import { Command } from 'commander';
import { usage } from '../problem.ts';
import { plain } from '../terminal.ts';

export function helpCommand(program: Command): Command {
  return new Command('help')
    .description('say what there is, or how a command is used')
    .argument('[command...]', 'the words of the command')
    .action((words: readonly string[]) => {
      let found = program;
      for (const word of words) {
        const next = found.commands.find((command) => command.name() === word);
        if (next === undefined) {
          const names = found.commands.map((command) => command.name()).join(', ');
          throw usage(
            `unknown command '${plain(words.join(' '))}'`,
            names === '' ? undefined : `There is ${names}.`,
          );
        }
        found = next;
      }
      found.outputHelp();
    });
}
