/** `strongroom token list`: the tokens and the state of their PINs. */
import { Command } from 'commander';
import { withStore } from '../store.ts';
import { plain, remark, sayJson, table } from '../terminal.ts';
import { pinWords, readSlots, type Token } from '../tokens.ts';

export function tokenListCommand(): Command {
  return new Command('list')
    .description('list the tokens')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => list(options.json === true));
}

function list(json: boolean): void {
  const { tokens } = withStore(readSlots);
  if (json) sayJson(tokens);
  else if (tokens.length === 0) remark('there is no token yet; strongroom token init makes one');
  else show(tokens);
}

function show(tokens: readonly Token[]): void {
  table(
    ['SLOT', 'LABEL', 'SERIAL', 'USER PIN', 'SO PIN'],
    tokens.map((token) => [
      String(token.slot),
      plain(token.label),
      plain(token.serial),
      pinWords[token.userPin],
      pinWords[token.soPin],
    ]),
  );
}
