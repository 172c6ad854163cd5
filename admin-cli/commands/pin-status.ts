/** `strongroom pin status`: whether PINs are set, and how many wrong ones each still takes. */
import { Command } from 'commander';
import type { PinAttempts } from '../cryptoki.ts';
import { pinAttempts, type Whose } from '../pins.ts';
import { withStore } from '../store.ts';
import { plain, remark, sayJson, table } from '../terminal.ts';
import { chosenToken, type PinState, pinWords, readSlots, type Token } from '../tokens.ts';

interface Row {
  readonly token: Token;
  readonly pin: Whose;
  readonly state: PinState;
  readonly attempts: PinAttempts | undefined;
}

export function pinStatusCommand(): Command {
  return new Command('status')
    .description('say which PINs are set and how many tries are left')
    .option('--token <label>', 'of this token only')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nNeeds no PIN, and counts as no try.')
    .action(status);
}

function status(options: { readonly token?: string; readonly json?: true }): void {
  const rows = withStore((module) => {
    const { tokens } = readSlots(module);
    const chosen = options.token === undefined ? tokens : [chosenToken(tokens, options.token)];
    return chosen.flatMap((token): Row[] =>
      (['user', 'so'] as const).map((pin) => ({
        token,
        pin,
        state: pin === 'user' ? token.userPin : token.soPin,
        attempts: pinAttempts(module, token.slot, pin),
      })),
    );
  });
  if (options.json === true) {
    sayJson(
      rows.map(({ token, pin, state, attempts }) => ({
        token: token.label,
        slot: token.slot,
        pin,
        state,
        triesLeft: attempts?.left ?? null,
        triesMost: attempts?.most ?? null,
      })),
    );
  } else if (rows.length === 0) {
    remark('there is no token yet; strongroom token init makes one');
  } else {
    table(
      ['TOKEN', 'PIN', 'STATE', 'TRIES LEFT'],
      rows.map(({ token, pin, state, attempts }) => [
        plain(token.label),
        pin === 'so' ? 'SO' : pin,
        pinWords[state],
        attempts === undefined ? '-' : `${attempts.left} of ${attempts.most}`,
      ]),
    );
  }
  if (rows.some(({ pin, state }) => pin === 'user' && (state === 'locked' || state === 'not set')))
    remark('the security officer sets a user PIN: strongroom pin reset');
}
