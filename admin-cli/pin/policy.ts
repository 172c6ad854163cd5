/** What a token asks of PINs, how they are at this moment, and what is weak about a new one. */
import { classesOf, triviality } from '../../schema/pins.ts';
import { CryptokiFailure, type Module } from '../cryptoki.ts';
import { count, plain, remark } from '../terminal.ts';
import { pinNames, userTypes, type Whose } from './names.ts';

/** The rules for one role's PINs (module/engine/calls/own/pin-status.ts). */
export interface PinPolicy {
  readonly minLength: number;
  readonly maxLength: number;
  readonly classes: number;
  readonly history: number;
  /** 0 for no end. */
  readonly maxAgeDays: number;
  readonly mustChangeAfterReset: boolean;
  readonly refuseTrivial: boolean;
  /** How many stand on the list of refused ones. */
  readonly refused: number;
  readonly slowAfter: number;
  readonly slowFirstMs: number;
  readonly slowMostMs: number;
}

/** How a PIN is. */
export interface PinStatus {
  readonly set: boolean;
  readonly triesLeft?: number;
  readonly triesMost?: number;
  /** Until the next one is looked at. */
  readonly waitMs?: number;
  /** Why it opens nothing until it is changed. */
  readonly mustChange?: 'reset' | 'age' | null;
  /** Names of rules in the policy that ask more of a PIN than when one was tried or set the last time. Absent in older engines. */
  readonly stricterNow?: readonly string[];
  /** Milliseconds since 1970. */
  readonly setAt?: number | null;
  readonly expiresAt?: number | null;
  readonly policy: PinPolicy;
}

/** Undefined where the engine cannot say, being of an earlier release. */
export function pinStatus(module: Module, slot: number, whose: Whose): PinStatus | undefined {
  try {
    return JSON.parse(Buffer.from(module.pinStatus(slot, userTypes[whose])).toString('utf8')) as PinStatus;
  } catch (error) {
    if (error instanceof CryptokiFailure) return undefined;
    throw error;
  }
}

/** What a new PIN must be, for people: a list of words that go on after “it wants”. */
export function wantedWords(policy: PinPolicy): string[] {
  return [
    `${policy.minLength} to ${policy.maxLength} bytes`,
    ...(policy.classes > 1 ? [`at least ${policy.classes} kinds of characters`] : []),
    ...(policy.refuseTrivial ? ['none that everybody tries first'] : []),
    ...(policy.refused > 0 ? [`none of a list of ${count(policy.refused, 'PIN')}`] : []),
    ...(policy.history > 0 ? [`none of the last ${policy.history}`] : []),
  ];
}

/** Some of the rules for what a PIN looks like, by their names in the policy, for people. */
export function ruleWords(policy: PinPolicy, names: readonly string[]): string[] {
  const words: Readonly<Record<string, string>> = {
    minLength: `${policy.minLength} bytes at least`,
    classes: `${policy.classes} kinds of characters`,
    refuseTrivial: 'none that everybody tries first',
    refused: `none of a list of ${count(policy.refused, 'PIN')}`,
  };
  return names.flatMap((name) => words[name] ?? []);
}

/** The whole policy, a line each. */
export function policyWords(policy: PinPolicy, whose: Whose): string[] {
  const reset = whose === 'user' && policy.mustChangeAfterReset;
  return [
    ...wantedWords(policy),
    ...(policy.maxAgeDays > 0 ? [`must be changed after ${count(policy.maxAgeDays, 'day')}`] : []),
    ...(reset ? ['must be changed by the user when the security officer has set it'] : []),
    slowWords(policy),
  ];
}

/** Why a policy does not take a new PIN, as far as can be known without the token; undefined when nothing speaks against it. */
export function misfit(pin: Uint8Array, policy: PinPolicy, label: string): string | undefined {
  if (pin.length < policy.minLength || pin.length > policy.maxLength)
    return `a PIN has ${policy.minLength} to ${policy.maxLength} bytes`;
  if (classesOf(pin) < policy.classes)
    return `a PIN has at least ${policy.classes} of four kinds of characters: small letters, capital letters, digits, others`;
  const trivial = policy.refuseTrivial ? triviality(pin, [label]) : undefined;
  return trivial === undefined ? undefined : `this PIN is ${trivial}`;
}

/** How wrong ones are slowed, in a sentence without its full stop. */
function slowWords({ slowAfter, slowFirstMs, slowMostMs }: PinPolicy): string {
  if (slowFirstMs === 0 || slowMostMs === 0) return 'wrong ones are answered at once';
  const [first, most] = [slowFirstMs, slowMostMs].map((milliseconds) => `${milliseconds / 1000} s`);
  return `${slowAfter} wrong ones in a row are answered at once, the next after ${first}, and so on to ${most}`;
}

/** From here on a PIN is no short one; of digits alone it takes more of them. */
const LONG_ENOUGH = 8;
const DIGITS_ENOUGH = 10;

/** What is weak about a PIN that is to be set, in words that go on after “it is”; undefined when nothing is. */
export function weakness(pin: Uint8Array, label: string): string | undefined {
  const trivial = triviality(pin, [label]);
  if (trivial !== undefined) return trivial;
  if (pin.length < LONG_ENOUGH) return `shorter than ${LONG_ENOUGH} bytes`;
  const digits = pin.every((byte) => byte >= 0x30 && byte <= 0x39);
  return digits && pin.length < DIGITS_ENOUGH ? `of fewer than ${DIGITS_ENOUGH} digits` : undefined;
}

/** Says so before a weak PIN is set; it is set all the same, where the token's policy lets it. */
export function warnOfWeak(pin: Uint8Array, whose: Whose, label: string): void {
  const why = weakness(pin, label);
  if (why !== undefined) remark(`the new ${pinNames[whose]} of “${plain(label)}” is weak: it is ${why}`);
}

/** A time that is left, in words. */
export function waitWords(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1000)} s`;
}
