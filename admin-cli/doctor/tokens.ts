/** The tokens: the state of their PINs, and keys that want looking after. All of it can be known without a PIN. */
import { type EngineStatus, keyNotes } from '../engine-status.ts';
import { type PinStatus, ruleWords } from '../pin/policy.ts';
import { pinNames, type Whose } from '../pins.ts';
import type { PinState, Token } from '../tokens.ts';
import { type Finding, fine, remarkable, type Section, wrong } from './finding.ts';
import type { PinFacts, Seen } from './library.ts';
import { troubleOfToken } from './troubles.ts';

/** So long before a PIN is too old, it is spoken of. */
const SOON_MS = 14 * 86_400_000;

export function checkTokens({ tokens, pins, status, finding }: Seen): Section {
  if (finding !== undefined) return { title: 'Tokens', findings: [finding] };
  if (tokens === undefined || tokens.length === 0)
    return { title: 'Tokens', findings: [fine('tokens', 'none yet; strongroom token init makes one')] };
  return {
    title: 'Tokens',
    findings: tokens.flatMap((token) => checkToken(token, pins?.get(token.slot), status)),
  };
}

function checkToken(token: Token, facts: PinFacts | undefined, status: EngineStatus | undefined): Finding[] {
  const trouble = troubleOfToken(status, token.slot, token.label);
  if (trouble !== undefined) return [trouble];
  const found = [
    ...checkPin(token, 'so', token.soPin, facts),
    ...checkPin(token, 'user', token.userPin, facts),
    ...checkKeys(token, status),
  ];
  return found.length > 0 ? found : [fine(`slot ${token.slot}`, `“${token.label}”: PINs are set`)];
}

function* checkPin(
  token: Token,
  whose: Whose,
  state: PinState,
  facts: PinFacts | undefined,
): Generator<Finding> {
  const what = `slot ${token.slot}`;
  const name = `“${token.label}”: the ${pinNames[whose]}`;
  if (state === 'locked') {
    yield wrong(what, `${name} is locked`, unlocking(token, whose, facts));
    return;
  }
  if (state === 'not set') {
    const mend = `the security officer sets one: strongroom pin reset --token '${token.label}'`;
    yield remarkable(what, `“${token.label}”: no user PIN yet`, mend);
    return;
  }
  const pin = facts?.[whose];
  const tries = triesText(state, pin);
  if (tries !== undefined)
    yield remarkable(
      what,
      `${name} ${tries}`,
      'a right one ends that; strongroom audit show tells who tried',
    );
  const set = `strongroom pin set --token '${token.label}'${whose === 'so' ? ' --so' : ''}`;
  const age = ageText(pin);
  if (age !== undefined) yield remarkable(what, `${name} ${age}`, set);
  const rules = pin === undefined ? [] : ruleWords(pin.policy, pin.stricterNow ?? []);
  if (rules.length > 0)
    yield remarkable(
      what,
      `${name} was last tried when less was asked of one than now (${rules.join(', ')}), and stays as it is`,
      `one by the new rules: ${set}`,
    );
}

/** What is left to do about a PIN that is locked. */
function unlocking({ label, soPin, userPin }: Token, whose: Whose, facts: PinFacts | undefined): string {
  if (whose === 'user' && soPin !== 'locked')
    return `the security officer sets a new one: strongroom pin reset --token '${label}'`;
  if (facts?.hasRecovery === true)
    return `with the recovery words: strongroom pin recover --${whose} --token '${label}'`;
  return userPin === 'locked'
    ? 'nobody sets a PIN any more, so its private keys are lost; strongroom token init makes another token'
    : 'no new user PIN can be set any more: make a new token and move to it while the user PIN is known';
}

function triesText(state: PinState, pin: PinStatus | undefined): string | undefined {
  if (state === 'last try') return 'is locked by the next wrong one';
  if (state !== 'wrong tries') return undefined;
  const { triesLeft, triesMost } = pin ?? {};
  return triesLeft === undefined
    ? 'was tried with wrong ones'
    : `was tried with wrong ones: ${triesLeft} of ${triesMost} tries are left`;
}

function ageText(pin: PinStatus | undefined): string | undefined {
  if (pin?.mustChange === 'reset')
    return 'was set by the security officer, and opens nothing until it is changed';
  if (pin?.mustChange === 'age') return 'is too old, and opens nothing until it is changed';
  const expiresAt = pin?.expiresAt;
  if (typeof expiresAt !== 'number' || expiresAt > Date.now() + SOON_MS) return undefined;
  return `must be changed by ${new Date(expiresAt).toISOString().slice(0, 10)}`;
}

/** Those that the engine has in memory: private ones are, while somebody uses the token. */
function checkKeys({ slot, label }: Token, status: EngineStatus | undefined): Finding[] {
  const note = status?.tokenNotes?.find((each) => each.slot === slot);
  const said = note === undefined ? [] : keyNotes(note);
  if (said.length === 0) return [];
  const mend = `strongroom key due --token '${label}' --login`;
  return [remarkable(`slot ${slot}`, `“${label}”: ${said.join(', ')}`, mend)];
}
