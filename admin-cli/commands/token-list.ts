/** `strongroom token list`: the tokens and the state of their PINs. */
import { Command } from 'commander';
import { withModule } from '../cryptoki.ts';
import { plain, remark, sayJson, table } from '../terminal.ts';
import { type PinState, readSlots, type Token } from '../tokens.ts';

const words: Readonly<Record<PinState, string>> = {
  fine: 'set',
  'not set': 'not set',
  'wrong tries': 'set; wrong ones were tried',
  'last try': 'set; the next wrong one locks',
  locked: 'locked',
};

export function tokenListCommand(): Command {
  return new Command('list')
    .description('list the tokens')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => list(options.json === true));
}

function list(json: boolean): void {
  const { tokens } = withModule(readSlots);
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
      words[token.userPin],
      words[token.soPin],
    ]),
  );
}
