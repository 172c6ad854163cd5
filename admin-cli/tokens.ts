/** Tokens as the commands see them: what a slot holds, and in what state its PINs are. */
import type { Module, TokenInfo } from './cryptoki.ts';
import { Problem, usage } from './problem.ts';
import { count, plain } from './terminal.ts';

/** Flags of CK_TOKEN_INFO and CK_SLOT_INFO (PKCS#11 3.2, 3.2 and table 8). */
const flag = {
  tokenPresent: 0x1,
  userPinInitialized: 0x8,
  tokenInitialized: 0x400,
  userPinCountLow: 0x10000,
  userPinFinalTry: 0x20000,
  userPinLocked: 0x40000,
  soPinCountLow: 0x100000,
  soPinFinalTry: 0x200000,
  soPinLocked: 0x400000,
} as const;

const longestLabel = 32;

export type PinState = 'set' | 'not set' | 'wrong tries' | 'last try' | 'locked';

/** The same for people. */
export const pinWords: Readonly<Record<PinState, string>> = {
  set: 'set',
  'not set': 'not set',
  'wrong tries': 'set; wrong ones were tried',
  'last try': 'set; the next wrong one locks',
  locked: 'locked',
};

/** What C_GetTokenInfo says, and what follows from it. Texts are as the token gives them, not fit for a terminal without `plain`. */
export interface Token extends TokenInfo {
  readonly slot: number;
  readonly userPin: PinState;
  readonly soPin: PinState;
}

/** What is in all slots: the tokens in order of their slots, and the first slot that waits for one. */
export interface Slots {
  readonly tokens: readonly Token[];
  /** The lowest slot whose token is not initialised, if one is listed. */
  readonly blank: number | undefined;
  /** The id behind the highest that is listed: the engine makes a token there although the slot is not listed yet. */
  readonly next: number;
}

/** Reads all slots. */
export function readSlots(module: Module): Slots {
  const ids = module.slots().sort((one, other) => one - other);
  const present = ids
    .filter((id) => (module.slotInfo(id).flags & flag.tokenPresent) !== 0)
    .map((slot) => ({ slot, info: module.tokenInfo(slot) }));
  const isToken = ({ info }: { info: TokenInfo }) => (info.flags & flag.tokenInitialized) !== 0;
  return {
    tokens: present.filter(isToken).map(({ slot, info }) => asToken(slot, info)),
    blank: present.find((one) => !isToken(one))?.slot,
    next: (ids.at(-1) ?? -1) + 1,
  };
}

function asToken(slot: number, info: TokenInfo): Token {
  const { flags } = info;
  const state = (locked: number, final: number, low: number): PinState => {
    if ((flags & locked) !== 0) return 'locked';
    if ((flags & final) !== 0) return 'last try';
    return (flags & low) !== 0 ? 'wrong tries' : 'set';
  };
  const userPin =
    (flags & flag.userPinInitialized) === 0
      ? 'not set'
      : state(flag.userPinLocked, flag.userPinFinalTry, flag.userPinCountLow);
  const soPin = state(flag.soPinLocked, flag.soPinFinalTry, flag.soPinCountLow);
  return { ...info, slot, userPin, soPin };
}

/** The one token with this label. Throws a {@link Problem} that names those there are. */
export function tokenNamed(tokens: readonly Token[], label: string): Token {
  const [found, another] = tokens.filter((token) => token.label === label);
  if (found === undefined) {
    const names = tokens.map((token) => `“${plain(token.label)}”`).join(', ');
    const hint =
      names === '' ? 'There is no token at all: strongroom token init makes one.' : `There is ${names}.`;
    throw new Problem(`there is no token “${plain(label)}”`, hint);
  }
  if (another !== undefined) {
    const many = count(tokens.filter((token) => token.label === label).length, 'token');
    throw new Problem(`${many} are called “${plain(label)}”`, 'strongroom token list shows their slots.');
  }
  return found;
}

/** The token that is meant: the one with this label, or the only one there is. */
export function chosenToken(tokens: readonly Token[], label: string | undefined): Token {
  if (label !== undefined) return tokenNamed(tokens, label);
  const [only, another] = tokens;
  if (only === undefined) throw new Problem('there is no token yet', 'strongroom token init makes one.');
  if (another !== undefined) {
    const names = tokens.map((token) => `“${plain(token.label)}”`).join(', ');
    throw usage('there are several tokens', `Name the one you mean: --token LABEL. There is ${names}.`);
  }
  return only;
}

/** A label for a token, as bytes of UTF-8. Throws a usage {@link Problem} for one that programs would not show or find. */
export function labelFor(text: string): Uint8Array {
  const label = Buffer.from(text.normalize('NFC'));
  if (label.length === 0) throw usage('--label is empty: a token needs a name');
  if (label.length > longestLabel) {
    throw usage(`the label has ${label.length} bytes in UTF-8, and a token’s label at most ${longestLabel}`);
  }
  if (plain(text) !== text || text.trim() !== text) {
    throw usage('the label holds control characters, or blanks at an end, which no program would show');
  }
  return label;
}

/** Programs find tokens by their labels, so no two may have the same. */
export function labelMustBeFree(tokens: readonly Token[], label: Uint8Array): void {
  const taken = tokens.find((token) => token.label === Buffer.from(label).toString());
  if (taken === undefined) return;
  throw new Problem(
    `there is a token “${plain(taken.label)}” already, in slot ${taken.slot}`,
    'Programs find tokens by their labels: choose another one.',
  );
}
