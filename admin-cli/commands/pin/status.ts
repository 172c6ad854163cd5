/** `strongroom pin status`: whether PINs are set, and how many wrong ones each still takes. */
import { Command } from 'commander';
import type { PinAttempts } from '../../cryptoki.ts';
import { type PinStatus, pinStatus, waitWords } from '../../pin/policy.ts';
import { pinAttempts, pinNames, type Whose } from '../../pins.ts';
import { withStore } from '../../store.ts';
import { plain, remark, sayJson, table } from '../../terminal.ts';
import { chosenToken, type PinState, pinWords, readSlots, type Token } from '../../tokens.ts';

interface Row {
  readonly token: Token;
  readonly pin: Whose;
  readonly state: PinState;
  readonly attempts: PinAttempts | undefined;
  readonly status: PinStatus | undefined;
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
        status: pinStatus(module, token.slot, pin),
      })),
    );
  });
  if (options.json === true) {
    sayJson(
      rows.map(({ token, pin, state, attempts, status }) => ({
        token: token.label,
        slot: token.slot,
        pin,
        state,
        triesLeft: attempts?.left ?? null,
        triesMost: attempts?.most ?? null,
        waitSeconds: (status?.waitMs ?? 0) / 1000,
        mustChange: status?.mustChange ?? null,
        setAt: moment(status?.setAt),
        expiresAt: moment(status?.expiresAt),
      })),
    );
  } else if (rows.length === 0) {
    remark('there is no token yet; strongroom token init makes one');
  } else {
    table(
      ['TOKEN', 'PIN', 'STATE', 'TRIES LEFT'],
      rows.map(({ token, pin, state, attempts, status }) => [
        plain(token.label),
        pin === 'so' ? 'SO' : pin,
        status?.mustChange === undefined || status.mustChange === null
          ? pinWords[state]
          : `${pinWords[state]}; must be changed`,
        attempts === undefined ? '-' : `${attempts.left} of ${attempts.most}`,
      ]),
    );
  }
  for (const { token, pin, status } of rows)
    remarkOn(`the ${pinNames[pin]} of “${plain(token.label)}”`, status);
  if (rows.some(({ pin, state }) => pin === 'user' && (state === 'locked' || state === 'not set')))
    remark('the security officer sets a user PIN: strongroom pin reset');
}

function moment(milliseconds: number | null | undefined): string | null {
  return typeof milliseconds === 'number' ? new Date(milliseconds).toISOString() : null;
}

/** What is to be known of a PIN beside its state. */
function remarkOn(name: string, status: PinStatus | undefined): void {
  if (status === undefined) return;
  const { waitMs = 0, mustChange, setAt, expiresAt } = status;
  const day = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10);
  if (waitMs > 0) remark(`${name} is looked at again in ${waitWords(waitMs)}, after wrong ones`);
  if (mustChange === 'reset')
    remark(`${name} was set by the security officer: strongroom pin set changes it`);
  if (typeof setAt !== 'number' || typeof expiresAt !== 'number') return;
  if (mustChange === 'age')
    remark(`${name} was set on ${day(setAt)} and is too old: strongroom pin set changes it`);
  else if (mustChange !== 'reset') remark(`${name} must be changed by ${day(expiresAt)}`);
}
