/**
 * What a token's manifest says of its PINs beside how often they were tried: the rules for new ones and for guesses, which only ever get
 * stricter, and what is remembered of each PIN.
 */
import { PIN_LEAST, PIN_MOST } from '../../../schema/pins.ts';
import type { FactorChoice } from './factors/factor.ts';
import type { Packer, Unpacker } from './packing.ts';

/** One for each role that has a PIN, at its KeyslotKind's index. */
export type ByRole<T> = [so: T, user: T];

/** What is asked of PINs. Of two the strictest of each holds ({@link strictest}). */
export interface PinRules {
  readonly minLength: Readonly<ByRole<number>>;
  readonly maxLength: number;
  /** Of {@link classesOf}. */
  readonly classes: number;
  /** How many of the last PINs cannot be set again. */
  readonly history: number;
  /** 0 for no end. */
  readonly maxAgeDays: number;
  readonly mustChangeAfterReset: boolean;
  readonly refuseTrivial: boolean;
  /** In UTF-8. */
  readonly refused: readonly string[];
  /** Wrong ones that are answered at once. */
  readonly slowAfter: number;
  readonly slowFirstMs: number;
  readonly slowMostMs: number;
}

/** What is remembered of a PIN. */
export interface PinFacts {
  /** Milliseconds since the epoch; 0 for one from before that was kept. */
  readonly setAt: number;
  /** The security officer has set it, and the user must set another. */
  readonly mustChange: boolean;
  /** What its last ones give under the master key, the newest first; 32 bytes each. */
  readonly history: readonly Uint8Array[];
}

/** How PINs become what the history compares: the same for all of a token's, so that one derivation is held against each. */
export type HistoryKdf = FactorChoice;

export interface PinRecord {
  rules: PinRules;
  facts: ByRole<PinFacts>;
  historyKdf: HistoryKdf | null;
}

/** As much is kept of refused PINs, in bytes: the manifest is written with every change. */
const REFUSED_MOST = 4096;

/** Nothing was asked for yet. */
export const noRules: PinRules = {
  minLength: [PIN_LEAST, PIN_LEAST],
  maxLength: PIN_MOST,
  classes: 1,
  history: 0,
  maxAgeDays: 0,
  mustChangeAfterReset: false,
  refuseTrivial: false,
  refused: [],
  slowAfter: 0xffff_ffff,
  slowFirstMs: 0,
  slowMostMs: 0,
};

const noFacts: PinFacts = { setAt: 0, mustChange: false, history: [] };

export function noPins(): PinRecord {
  return { rules: noRules, facts: [noFacts, noFacts], historyKdf: null };
}

export function copyPins(from: PinRecord): PinRecord {
  return { ...from, facts: [...from.facts] };
}

/** The shorter of two spans, of which 0 is no span at all. */
function shorter(one: number, other: number): number {
  return one === 0 || other === 0 ? Math.max(one, other) : Math.min(one, other);
}

function together(one: readonly string[], other: readonly string[]): readonly string[] {
  const all = [...one];
  let size = Buffer.byteLength(all.join(' '));
  for (const word of other) {
    size += 1 + Buffer.byteLength(word);
    if (!all.includes(word) && size <= REFUSED_MOST) all.push(word);
  }
  return all.length === one.length ? one : all;
}

/** Of each the strictest: what a token has been sealed with, and what is configured. */
export function strictest(one: PinRules, other: PinRules): PinRules {
  return {
    minLength: [
      Math.max(one.minLength[0], other.minLength[0]),
      Math.max(one.minLength[1], other.minLength[1]),
    ],
    maxLength: Math.min(one.maxLength, other.maxLength),
    classes: Math.max(one.classes, other.classes),
    history: Math.max(one.history, other.history),
    maxAgeDays: shorter(one.maxAgeDays, other.maxAgeDays),
    mustChangeAfterReset: one.mustChangeAfterReset || other.mustChangeAfterReset,
    refuseTrivial: one.refuseTrivial || other.refuseTrivial,
    refused: together(one.refused, other.refused),
    slowAfter: Math.min(one.slowAfter, other.slowAfter),
    slowFirstMs: Math.max(one.slowFirstMs, other.slowFirstMs),
    slowMostMs: Math.max(one.slowMostMs, other.slowMostMs),
  };
}

/** In which rules the second asks more of what a PIN looks like than the first: a PIN that was set by that may not do. */
export function stricterIn(one: PinRules, other: PinRules, role: 0 | 1): string[] {
  const both = strictest(one, other);
  const isStricter: Readonly<Record<string, boolean>> = {
    minLength: both.minLength[role] > one.minLength[role],
    classes: both.classes > one.classes,
    refuseTrivial: both.refuseTrivial && !one.refuseTrivial,
    refused: both.refused.length > one.refused.length,
  };
  return Object.keys(isStricter).filter((name) => isStricter[name] === true);
}

/** Whether two ask for the same. */
export function sameRules(one: PinRules, other: PinRules): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The longest PIN that they take: never shorter than the shortest. */
export function longest(rules: PinRules, role: 0 | 1): number {
  return Math.max(rules.maxLength, rules.minLength[role]);
}

/** How long the answer to the last of so many wrong PINs in a row takes, in milliseconds. */
export function slowness({ slowAfter, slowFirstMs, slowMostMs }: PinRules, failures: number): number {
  if (failures <= slowAfter) return 0;
  return Math.min(slowFirstMs * 2 ** Math.min(failures - slowAfter - 1, 30), slowMostMs);
}

function packFacts(packer: Packer, { setAt, mustChange, history }: PinFacts): void {
  packer
    .u64(setAt)
    .u8(mustChange ? 1 : 0)
    .u8(history.length);
  for (const entry of history) packer.raw(entry);
}

function unpackFacts(from: Unpacker): PinFacts {
  const setAt = from.u64();
  const mustChange = from.u8() === 1;
  return { setAt, mustChange, history: Array.from({ length: from.u8() }, () => from.raw(32)) };
}

/** The part of a manifest that is about PINs. What is added comes at its end. */
export function packPins(packer: Packer, { rules, facts, historyKdf }: PinRecord): Packer {
  packer
    .u32(rules.minLength[0])
    .u32(rules.minLength[1])
    .u32(rules.maxLength)
    .u8(rules.classes)
    .u8(rules.history)
    .u32(rules.maxAgeDays)
    .u8((rules.mustChangeAfterReset ? 1 : 0) | (rules.refuseTrivial ? 2 : 0))
    .u32(rules.slowAfter)
    .u32(rules.slowFirstMs)
    .u32(rules.slowMostMs)
    .text(rules.refused.join(' '));
  packFacts(packer, facts[0]);
  packFacts(packer, facts[1]);
  packer.u8(historyKdf === null ? 0 : 1);
  if (historyKdf !== null)
    packer.text(historyKdf.factor).text(historyKdf.kdf).text(historyKdf.parameters).blob(historyKdf.salt);
  return packer;
}

export function unpackPins(from: Unpacker): PinRecord {
  const minLength: ByRole<number> = [from.u32(), from.u32()];
  const numbers = { maxLength: from.u32(), classes: from.u8(), history: from.u8(), maxAgeDays: from.u32() };
  const yes = from.u8();
  const slow = { slowAfter: from.u32(), slowFirstMs: from.u32(), slowMostMs: from.u32() };
  const refused = from.text();
  const rules: PinRules = {
    minLength,
    ...numbers,
    mustChangeAfterReset: (yes & 1) !== 0,
    refuseTrivial: (yes & 2) !== 0,
    refused: refused === '' ? [] : refused.split(' '),
    ...slow,
  };
  const facts: ByRole<PinFacts> = [unpackFacts(from), unpackFacts(from)];
  const kept = from.u8() === 1;
  const historyKdf = kept
    ? { factor: from.text(), kdf: from.text(), parameters: from.text(), salt: from.blob() }
    : null;
  return { rules, facts, historyKdf };
}
