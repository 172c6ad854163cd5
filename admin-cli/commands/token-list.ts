/** `strongroom token list`: the tokens and the state of their PINs. A row in {@link fields} is all that one more field needs here. */
import { Command } from 'commander';
import { remoteAddress, serviceSocket } from '../places.ts';
import { withStore } from '../store.ts';
import { plain, remark, sayJson, table } from '../terminal.ts';
import { pinWords, readSlots, type Token } from '../tokens.ts';

interface Field {
  /** In JSON. */
  readonly name: keyof Token;
  /** In the table; without it the field is in JSON alone. */
  readonly heading?: string;
  /** What the table says in place of the value. */
  readonly words?: (token: Token) => string;
}

const fields: readonly Field[] = [
  { name: 'slot', heading: 'SLOT' },
  { name: 'label', heading: 'LABEL' },
  { name: 'serial', heading: 'SERIAL' },
  { name: 'model' },
  { name: 'manufacturer' },
  { name: 'userPin', heading: 'USER PIN', words: (token) => pinWords[token.userPin] },
  { name: 'soPin', heading: 'SO PIN', words: (token) => pinWords[token.soPin] },
];

export function tokenListCommand(): Command {
  return new Command('list')
    .description('list the tokens')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => list(options.json === true));
}

function list(json: boolean): void {
  const { tokens } = withStore(readSlots);
  if (json) sayJson(asJson(tokens));
  else if (tokens.length === 0) remark(none());
  else show(tokens);
}

/** Why there may be none to show. */
function none(): string {
  return serviceSocket() === undefined && remoteAddress() === undefined
    ? 'there is no token yet; strongroom token init makes one'
    : 'the service shows us no token: there is none yet, or its policy gives us none';
}

export function asJson(tokens: readonly Token[]): unknown {
  return tokens.map((token) => Object.fromEntries(fields.map(({ name }) => [name, token[name]])));
}

export function show(tokens: readonly Token[]): void {
  const shown = fields.filter(({ heading }) => heading !== undefined);
  table(
    shown.map(({ heading = '' }) => heading),
    tokens.map((token) => shown.map(({ name, words }) => words?.(token) ?? plain(String(token[name])))),
  );
}
