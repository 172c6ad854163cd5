/** `strongroom token list`: the tokens and the state of their PINs. */
import { Command } from 'commander';
import { withModule } from '../cryptoki.ts';
import { plain, remark, sayJson, table } from '../terminal.ts';
import { type PinState, readSlots } from '../tokens.ts';

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

async function list(json: boolean): Promise<void> {
  const { tokens } = await withModule(readSlots);
  if (json) return sayJson(tokens);
  if (tokens.length === 0) return remark('there is no token yet; strongroom token init makes one');
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
