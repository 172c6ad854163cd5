/** What is asked for of a new key, as templates. */
import { type KeySpec, KeyUsage } from '../../module/wire/generated/strongroom/v1/keys.ts';
import type { Attribute } from '../cryptoki-client/arguments.ts';
import * as C from '../cryptoki-client/generated/constants.ts';
import { wrong } from '../errors/problem.ts';
import { usageAttributes } from './describe.ts';
import { type Kind, kindOf } from './kinds.ts';
import { flag, number, text } from './values.ts';

/** What the engine takes at most for CKA_LABEL and CKA_ID. */
const LABEL_MOST = 255;
const ID_MOST = 255;
const SECRET_MOST = 1024;

/** Which usages are the public half's. */
const publicUsages: readonly KeyUsage[] = [
  KeyUsage.KEY_USAGE_VERIFY,
  KeyUsage.KEY_USAGE_ENCRYPT,
  KeyUsage.KEY_USAGE_WRAP,
];

/** A spec whose fields have been looked at. */
export interface Wanted {
  readonly spec: KeySpec;
  readonly kind: Kind;
  readonly usages: ReadonlySet<number>;
}

export function specOf(spec: KeySpec | undefined): KeySpec {
  if (spec === undefined) throw wrong('spec', 'it is missing');
  if (text(spec.label).length > LABEL_MOST)
    throw wrong('spec.label', `it is longer than ${LABEL_MOST} bytes`);
  if (spec.id.length > ID_MOST) throw wrong('spec.id', `it is longer than ${ID_MOST} bytes`);
  return spec;
}

/** @param kind where what is brought in says it; it must be what the spec says, if that says anything */
export function wanted(given: KeySpec | undefined, kind?: Kind): Wanted {
  const spec = specOf(given);
  if (kind !== undefined && spec.algorithm !== 0 && spec.algorithm !== kind.algorithm)
    throw wrong('spec.algorithm', 'it is another than that of the key which is brought in');
  const known = kind ?? kindOf(spec.algorithm, 'spec.algorithm');
  if (spec.bits !== 0 && known.usualLength === undefined)
    throw wrong('spec.bits', 'the algorithm says how long the key is');
  if (spec.bits % 8 !== 0 || spec.bits > SECRET_MOST * 8)
    throw wrong('spec.bits', `it is a multiple of 8, and at most ${SECRET_MOST * 8}`);
  for (const usage of spec.usages)
    if (!known.usual.includes(usage) && !known.also.includes(usage))
      throw wrong('spec.usages', 'one of them is none that a key of this kind has');
  return { spec, kind: known, usages: new Set(spec.usages.length > 0 ? spec.usages : known.usual) };
}

/** The length of a secret in bytes. */
export function lengthOf({ spec, kind }: Wanted): number {
  return kind.length ?? (spec.bits === 0 ? (kind.usualLength ?? 0) : spec.bits / 8);
}

function usagesOf({ kind, usages }: Wanted, mine: (usage: KeyUsage) => boolean): Attribute[] {
  const possible = [...kind.usual, ...kind.also].filter(mine);
  return usageAttributes
    .filter(([usage]) => possible.includes(usage))
    .map(([usage, type]) => ({ type, value: flag(usages.has(usage)) }));
}

function common({ spec, kind }: Wanted, objectClass: number): Attribute[] {
  return [
    { type: C.CKA_CLASS, value: number(objectClass) },
    { type: C.CKA_KEY_TYPE, value: number(kind.keyType) },
    { type: C.CKA_TOKEN, value: flag(!spec.temporary) },
    { type: C.CKA_LABEL, value: text(spec.label) },
    { type: C.CKA_ID, value: spec.id },
  ];
}

function guarded({ spec }: Wanted): Attribute[] {
  return [
    { type: C.CKA_PRIVATE, value: flag(true) },
    { type: C.CKA_SENSITIVE, value: flag(true) },
    { type: C.CKA_EXTRACTABLE, value: flag(spec.extractable) },
  ];
}

export const secretTemplate = (key: Wanted): Attribute[] => [
  ...common(key, C.CKO_SECRET_KEY),
  ...guarded(key),
  ...usagesOf(key, () => true),
];

export const privateTemplate = (key: Wanted): Attribute[] => [
  ...common(key, C.CKO_PRIVATE_KEY),
  ...guarded(key),
  ...usagesOf(key, (usage) => !publicUsages.includes(usage)),
];

export const publicTemplate = (key: Wanted): Attribute[] => [
  ...common(key, C.CKO_PUBLIC_KEY),
  { type: C.CKA_PRIVATE, value: flag(false) },
  ...usagesOf(key, (usage) => publicUsages.includes(usage)),
];
