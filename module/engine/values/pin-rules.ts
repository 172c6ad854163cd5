/**
 * What is asked of PINs, rule by rule: where the configuration has it, and which of two is the stricter. Rules only ever get stricter, so whoever
 * has two sets of them goes by the strictest of each ({@link strictest}). How a token keeps them is the store's (store/pin-rules.ts).
 */
import type { pinRuleKeys } from '../../../schema/config/pin-rules.ts';
import { PIN_LEAST, PIN_MOST } from '../../../schema/pins.ts';

/** One for each role that has a PIN, at its KeyslotKind's index. */
export type ByRole<T> = [so: T, user: T];

/** What is asked of PINs. */
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

type Key = (typeof pinRuleKeys)[number];
type Valued<Type> = Type extends 'boolean' ? boolean : Type extends 'text' ? string : number;
/** The keys' values, by their names. */
type Values = { readonly [K in Key as K['name']]: Valued<K['type']> };

interface Rule<T> {
  /** What holds where nothing was asked for yet. */
  readonly none: T;
  readonly configured: (values: Values) => T;
  readonly stricter: (one: T, other: T) => T;
}

/** As much is kept of refused PINs, in bytes: the manifest is written with every change. */
const REFUSED_MOST = 4096;

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

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

const either = (one: boolean, other: boolean): boolean => one || other;

const table: { readonly [Name in keyof PinRules]: Rule<PinRules[Name]> } = {
  minLength: {
    none: [PIN_LEAST, PIN_LEAST],
    configured: (values) => [values['pin.so_min_length'], values['pin.min_length']],
    stricter: (one, other) => [Math.max(one[0], other[0]), Math.max(one[1], other[1])],
  },
  maxLength: { none: PIN_MOST, configured: (values) => values['pin.max_length'], stricter: Math.min },
  classes: { none: 1, configured: (values) => values['pin.classes'], stricter: Math.max },
  history: { none: 0, configured: (values) => values['pin.history'], stricter: Math.max },
  maxAgeDays: { none: 0, configured: (values) => values['pin.max_age_days'], stricter: shorter },
  mustChangeAfterReset: {
    none: false,
    configured: (values) => values['pin.must_change_after_reset'],
    stricter: either,
  },
  refuseTrivial: { none: false, configured: (values) => values['pin.refuse_trivial'], stricter: either },
  refused: { none: [], configured: (values) => wordsOf(values['pin.refused']), stricter: together },
  slowAfter: { none: 0xffff_ffff, configured: (values) => values['pin.slow_after'], stricter: Math.min },
  slowFirstMs: { none: 0, configured: (values) => values['pin.slow_first_ms'], stricter: Math.max },
  slowMostMs: { none: 0, configured: (values) => values['pin.slow_most_ms'], stricter: Math.max },
};

type Names = keyof PinRules;

/** All the rules, each by its row. */
function each(of: <Name extends Names>(name: Name, rule: Rule<PinRules[Name]>) => PinRules[Name]): PinRules {
  const made = <Name extends Names>(name: Name) => [name, of(name, table[name])] as const;
  return Object.fromEntries((Object.keys(table) as Names[]).map(made)) as unknown as PinRules;
}

/** Nothing was asked for yet. */
export const noRules: PinRules = each((_, { none }) => none);

/** What a configuration asks for. */
export function rulesIn(values: Values): PinRules {
  return each((_, { configured }) => configured(values));
}

/** Of each the strictest: what a token has been sealed with, and what is configured. */
export function strictest(one: PinRules, other: PinRules): PinRules {
  return each((name, { stricter }) => stricter(one[name], other[name]));
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
