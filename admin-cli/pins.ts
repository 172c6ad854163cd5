/** PINs at work: logging in with one, choosing a new one, and how many wrong ones a token still takes. */
import { type Command, Option } from 'commander';
import { CryptokiFailure, type Module, type PinAttempts } from './cryptoki.ts';
import { pinNames, userTypes, type Whose } from './pin/names.ts';
import { misfit, pinStatus, wantedWords, warnOfWeak } from './pin/policy.ts';
import { type PinName, type PinSource, pinSource } from './pin-source.ts';
import { Problem } from './problem.ts';
import { count, plain } from './terminal.ts';
import type { PinState, Token } from './tokens.ts';

export { pinNames, userTypes, type Whose };

/** The three options of one PIN: `--pin-file`, `--pin-fd` and `--pin env:NAME`. */
export function pinOptions(option: PinName, what: string): Option[] {
  return [
    new Option(`--${option}-file <file>`, `${what}: the first line of a file`),
    new Option(`--${option}-fd <number>`, '… the next line of an open descriptor'),
    new Option(`--${option} <env:NAME>`, '… a variable of the environment'),
  ];
}

/** Adds options to a command. */
export function withOptions(command: Command, ...options: readonly (readonly Option[])[]): Command {
  for (const option of options.flat()) command.addOption(option);
  return command;
}

/** What commander made of the command line: `--so-pin-file` stands under `soPinFile`. */
export type Given = Readonly<Record<string, unknown>>;

/** The source that the options name, the terminal when they name none. Throws a usage {@link Problem}. */
export function pinFrom(given: Given, option: PinName): PinSource {
  const name = option.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const text = (key: string) => {
    const value = given[key];
    return typeof value === 'string' ? value : undefined;
  };
  return pinSource({ option, value: text(name), file: text(`${name}File`), fd: text(`${name}Fd`) });
}

/** Whether the command line names a source for this PIN. */
export function pinGiven(given: Given, option: PinName): boolean {
  return !pinFrom(given, option).asks;
}

/** For whom a new PIN is. */
export interface NewPinFor {
  readonly whose: Whose;
  /** Of the token. */
  readonly label: string;
  /** Where it is, or is to be. */
  readonly slot: number;
}

/**
 * Fetches a PIN that is to be set. On the terminal one that the token’s policy does not take is refused as soon as it has been typed. A weak one is
 * remarked on.
 */
export function readNewPin(module: Module, source: PinSource, { whose, label, slot }: NewPinFor): Uint8Array {
  const policy = pinStatus(module, slot, whose)?.policy;
  const range = policy === undefined ? undefined : `${policy.minLength} to ${policy.maxLength} bytes`;
  const unfit = (pin: Uint8Array) => (policy === undefined ? undefined : misfit(pin, policy, label));
  const name = `New ${pinNames[whose]}`;
  const pin = source.read(range === undefined ? name : `${name} (${range})`, {
    confirm: true,
    misfit: unfit,
  });
  warnOfWeak(pin, whose, label);
  return pin;
}

/** What the token wants of whose PIN was refused, to be read below what happened. */
function wanted(module: Module, { whose, slot }: NewPinFor): string | undefined {
  const policy = pinStatus(module, slot, whose)?.policy;
  return policy === undefined ? undefined : `It wants ${wantedWords(policy).join(', ')}.`;
}

/** Runs a call that sets a PIN; when the token's rules do not take it, says what they are. */
export function settingPin<T>(module: Module, fresh: NewPinFor, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CryptokiFailure) || !refusals.has(error.rvName)) throw error;
    throw new Problem(error.message, wanted(module, fresh));
  }
}

/** Said to the officer, who is to pass it on. */
export const mustChangeFirst =
  'the user must change it before it opens anything: strongroom pin set, or C_SetPIN after the login';

const refusals: ReadonlySet<string> = new Set(['CKR_PIN_INVALID', 'CKR_PIN_LEN_RANGE']);

/** Why a PIN cannot even be tried, or undefined. A try that cannot succeed is not made. */
function obstacle(token: Token, whose: Whose): Problem | undefined {
  const state: PinState = whose === 'user' ? token.userPin : token.soPin;
  const name = `the ${pinNames[whose]} of “${plain(token.label)}”`;
  if (state === 'locked') {
    return new Problem(
      `${name} is locked after too many wrong ones`,
      whose === 'user'
        ? 'The security officer unlocks it by setting a new one: strongroom pin reset.'
        : 'Recovery words set a new one, where the token has them (strongroom pin recover --so). Without them no new user PIN can be set\n' +
            'any more: make a new token and move to it while the user PIN is known.',
    );
  }
  if (state !== 'not set') return undefined;
  return new Problem(
    `“${plain(token.label)}” has no ${pinNames[whose]} yet`,
    'The security officer sets one: strongroom pin reset.',
  );
}

/** Fetches the PIN, unless it is known beforehand that the token will not look at it. */
export function readPin(source: PinSource, token: Token, whose: Whose): Uint8Array {
  const problem = obstacle(token, whose);
  if (problem !== undefined) throw problem;
  return source.read(`${whose === 'so' ? 'SO' : 'User'} PIN of “${plain(token.label)}”`, {});
}

/** Tries that are left, or undefined where the engine cannot say. */
export function pinAttempts(module: Module, slot: number, whose: Whose): PinAttempts | undefined {
  try {
    return module.pinAttempts(slot, userTypes[whose]);
  } catch (error) {
    if (error instanceof CryptokiFailure) return undefined;
    throw error;
  }
}

/** Runs a call that checks a PIN; after a wrong one, says how many tries are left. */
export function withPin<T>(module: Module, token: Token, whose: Whose, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CryptokiFailure) || error.rvName !== 'CKR_PIN_INCORRECT') throw error;
    const left = pinAttempts(module, token.slot, whose)?.left;
    const name = pinNames[whose];
    if (left === undefined) throw error;
    throw new Problem(
      `the ${name} of “${plain(token.label)}” is wrong (${error.call}: ${error.rvName})`,
      left === 1
        ? `One try is left: the next wrong ${name} locks it.`
        : `${count(left, 'try', 'tries')} are left before it locks; a right one sets the count back.`,
    );
  }
}

/** Logs in; the PIN's bytes are overwritten. */
export function logIn(module: Module, token: Token, session: number, whose: Whose, pin: Uint8Array): void {
  withPin(module, token, whose, () => module.login(session, userTypes[whose], pin));
}

/** Opens a session for `use`, and closes it whatever happens. */
export function withSession<T>(
  module: Module,
  token: Token,
  readWrite: boolean,
  use: (session: number) => T,
): T {
  const session = module.openSession(token.slot, readWrite);
  try {
    return use(session);
  } finally {
    module.closeSession(session);
  }
}
