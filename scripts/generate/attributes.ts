/**
 * Writes the engine's tables of attributes and their rules: module/engine/generated/attributes.ts.
 */

import {
  attributeRows,
  type Footnote,
  mostOf,
  type Rule,
  ruleSets,
} from '../../schema/cryptoki/attributes.ts';
import { constants } from '../../schema/cryptoki/constants.ts';
import { numeral } from './constants.ts';

const values = new Map(constants.map((row) => [row.name, row.value]));
const types = new Map(attributeRows.map((row) => [row.name, row.type]));

/** A rule with its footnotes spelt out. The names are those of the generated AttributeRule. */
export interface PlainRule {
  readonly attribute: string;
  readonly create: Presence;
  readonly generate: Presence;
  readonly unwrap: Presence;
  readonly derive: Presence;
  readonly sensitive: boolean;
  readonly modifiable: boolean;
  readonly copyable: boolean;
  readonly sticky: 'once-true' | 'once-false' | 'lowers' | undefined;
  readonly soOnlyTrue: boolean;
  readonly readOnly: boolean;
}

/** Whether a template for an operation names the attribute. */
type Presence = 'required' | 'optional' | 'forbidden';

/** Spells out the footnotes of a rule. */
export function plain(rule: Rule): PlainRule {
  const has = (note: Footnote) => rule.notes?.includes(note) ?? false;
  const presence = (required: Footnote, forbidden: Footnote): Presence =>
    has(required) ? 'required' : has(forbidden) ? 'forbidden' : 'optional';
  const modifiable = has(8) || has(10) || has(11) || has(12);
  const unwrap = presence(5, 6);
  return {
    attribute: rule.attribute,
    create: presence(1, 2),
    generate: presence(3, 4),
    unwrap,
    derive: unwrap === 'forbidden' ? 'forbidden' : 'optional',
    sensitive: has(7),
    modifiable,
    copyable: modifiable || rule.copyable === true,
    sticky: has(11) ? 'once-true' : has(12) ? 'once-false' : rule.lowers === true ? 'lowers' : undefined,
    soOnlyTrue: has(10),
    readOnly: has(2) && has(4) && !modifiable,
  };
}

/** The rules of a set by attribute; of two that name the same one the later holds. */
export function effective(rules: readonly Rule[]): Rule[] {
  return [...new Map(rules.map((rule) => [rule.attribute, rule])).values()];
}

/**
 * @returns the generated file, by path from the project's root.
 * @throws Error when a rule names a constant or an attribute that does not exist
 */
export function generateAttributes(): Map<string, string> {
  const places = new Map<string, number>();
  const sets = ruleSets.map((set) => {
    const indices = effective(set.rules).map((rule) => {
      const text = literal(rule);
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      return place;
    });
    const type = set.type === undefined ? 'untyped' : numeral(numberOf(set.type));
    return `  [${numeral(numberOf(set.class))}, ${type}, [${indices.join(', ')}]], // ${[set.class, set.type].filter(Boolean).join(' ')}`;
  });
  const typeRows = attributeRows.map((row) => `  [${numeral(numberOf(row.name))}, '${row.type}'],`);
  const mostRows = attributeRows
    .map((row) => [row.name, mostOf(row)] as const)
    .filter(([, most]) => most !== undefined)
    .map(([name, most]) => `  [${numeral(numberOf(name))}, ${most}],`);
  const text = `${head}
const types: ReadonlyMap<number, AttributeType> = new Map([
${typeRows.join('\n')}
]);

const most: ReadonlyMap<number, number> = new Map([
${mostRows.join('\n')}
]);

/** Every distinct rule: attribute, letters of create, generate, unwrap and derive, letters of the other marks, default. */
const rows = (): readonly Row[] => [
${[...places.keys()].map((row) => `  ${row},`).join('\n')}
];

/** Class, type, and the rules by their places in the table above. */
const sets: readonly (readonly [number, number, readonly number[]])[] = [
${sets.join('\n')}
];
${tail}`;
  return new Map([['module/engine/generated/attributes.ts', text]]);
}

function literal(rule: Rule): string {
  const spelt = plain(rule);
  const letters = [spelt.create, spelt.generate, spelt.unwrap, spelt.derive].map((each) => each[0]).join('');
  const marks = [
    spelt.sensitive ? 's' : '',
    spelt.modifiable ? 'm' : '',
    spelt.copyable ? 'c' : '',
    spelt.sticky === 'once-true' ? 't' : '',
    spelt.sticky === 'once-false' ? 'f' : '',
    spelt.sticky === 'lowers' ? 'l' : '',
    spelt.soOnlyTrue ? 'o' : '',
    spelt.readOnly ? 'r' : '',
  ].join('');
  if (!types.has(rule.attribute)) {
    throw new Error(`no attribute is called ${rule.attribute}`);
  }
  const given = rule.default;
  const fallback =
    given === undefined
      ? ''
      : `, ${given === 'empty' ? "'empty'" : typeof given === 'string' ? numeral(numberOf(given)) : given}`;
  return `[${numeral(numberOf(rule.attribute))}, '${letters}', '${marks}'${fallback}]`;
}

function numberOf(name: string): number {
  const value = values.get(name);
  if (value === undefined) {
    throw new Error(`no constant is called ${name}`);
  }
  return value;
}

const head = `/**
 * Types of attributes and the rules about them. Generated from schema/cryptoki/attributes.ts: change it there.
 */

/** What an attribute's value is. 'bigint' is unsigned big-endian bytes, 'date' 8 characters or none. */
export type AttributeType = 'ulong' | 'bool' | 'bytes' | 'bigint' | 'utf8' | 'date' | 'ulongs' | 'attributes';

/** Whether a template for an operation must, may or must not name the attribute. */
export type Presence = 'required' | 'optional' | 'forbidden';

/** The rule about one attribute of one kind of object. */
export interface AttributeRule {
  readonly attribute: number;
  readonly type: AttributeType;
  readonly create: Presence;
  readonly generate: Presence;
  readonly unwrap: Presence;
  readonly derive: Presence;
  /** The value by default; undefined: the token works it out, or the object does not have the attribute. */
  readonly default: boolean | number | 'empty' | undefined;
  /** Not revealed while CKA_SENSITIVE is true or CKA_EXTRACTABLE is false. */
  readonly sensitive: boolean;
  /** May be changed by C_SetAttributeValue. */
  readonly modifiable: boolean;
  /** May be changed in C_CopyObject. */
  readonly copyable: boolean;
  /** The value after which the attribute may no longer be changed; 'lowers': a number that only becomes smaller. */
  readonly sticky: 'once-true' | 'once-false' | 'lowers' | undefined;
  /** Only the SO may make it true. */
  readonly soOnlyTrue: boolean;
  /** Set by the token alone: templates that name it are refused with CKR_ATTRIBUTE_READ_ONLY. */
  readonly readOnly: boolean;
}

type Row = readonly [number, string, string, (boolean | number | 'empty')?];

/** Stands for the type of classes that have none; no constant of the standard has this value. */
const untyped = 0xffffffff;
`;

const tail = `
const presences: Readonly<Record<string, Presence>> = { r: 'required', o: 'optional', f: 'forbidden' };

function unpack(row: Row): AttributeRule {
  const [attribute, letters, marks] = row;
  const presence = (place: number): Presence => presences[letters.charAt(place)] ?? 'optional';
  return Object.freeze({
    attribute,
    type: types.get(attribute) ?? 'bytes',
    create: presence(0),
    generate: presence(1),
    unwrap: presence(2),
    derive: presence(3),
    default: row[3],
    sensitive: marks.includes('s'),
    modifiable: marks.includes('m'),
    copyable: marks.includes('c'),
    sticky: marks.includes('t') ? 'once-true' : marks.includes('f') ? 'once-false' : marks.includes('l') ? 'lowers' : undefined,
    soOnlyTrue: marks.includes('o'),
    readOnly: marks.includes('r'),
  });
}

const key = (objectClass: number, type: number): number => objectClass * 0x1_0000_0000 + type;
let unpacked: readonly AttributeRule[] | undefined;
let places: ReadonlyMap<number, readonly number[]> | undefined;
const cache = new Map<number, ReadonlyMap<number, AttributeRule>>();

/** The type of an attribute's value, or undefined when the standard knows no such attribute. */
export function attributeType(attribute: number): AttributeType | undefined {
  return types.get(attribute);
}

/** How many bytes an attribute's value may have, where its type leaves that open. */
export function attributeMost(attribute: number): number {
  return most.get(attribute) ?? Number.MAX_SAFE_INTEGER;
}

/**
 * The rules for one kind of object, by attribute. Built on first use and kept.
 *
 * @param objectClass CKA_CLASS
 * @param type CKA_KEY_TYPE, CKA_CERTIFICATE_TYPE or CKA_HW_FEATURE_TYPE; ignored for classes that have no such attribute
 * @returns undefined when there is no such kind of object
 */
export function rulesFor(objectClass: number, type?: number): ReadonlyMap<number, AttributeRule> | undefined {
  const known = cache.get(key(objectClass, type ?? untyped)) ?? cache.get(key(objectClass, untyped));
  if (known !== undefined) return known;
  places ??= new Map(sets.map((set) => [key(set[0], set[1]), set[2]]));
  const typed = key(objectClass, type ?? untyped);
  const place = places.has(typed) ? typed : key(objectClass, untyped);
  const indices = places.get(place);
  if (indices === undefined) return undefined;
  unpacked ??= rows().map(unpack);
  const rules = new Map<number, AttributeRule>();
  for (const index of indices) {
    const rule = unpacked[index];
    if (rule !== undefined) rules.set(rule.attribute, rule);
  }
  cache.set(place, rules);
  return rules;
}
`;
