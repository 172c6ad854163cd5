/**
 * What a token's manifest says of its PINs beside how often they were tried: the rules for new ones and for guesses, which only ever get
 * stricter, and what is remembered of each PIN.
 */
import { type ByRole, noRules, type PinRules } from '../values/pin-rules.ts';
import type { FactorChoice } from './factors/factor.ts';
import type { Packer, Unpacker } from './packing.ts';

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

const noFacts: PinFacts = { setAt: 0, mustChange: false, history: [] };

export function noPins(): PinRecord {
  return { rules: noRules, facts: [noFacts, noFacts], historyKdf: null };
}

export function copyPins(from: PinRecord): PinRecord {
  return { ...from, facts: [...from.facts] };
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
