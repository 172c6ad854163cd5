/**
 * Every attribute with its type, and for each kind of object the rules about its attributes (PKCS#11 3.2).
 */

import { otherRules } from './attributes/others.ts';
import { pairRules } from './attributes/pairs.ts';
import { secretRules } from './attributes/secrets.ts';
import type {
  AttributeRow,
  AttributeType,
  DefaultValue,
  Footnote,
  Rule,
  RuleSet,
} from './attributes/shape.ts';
import { attributeRows, mostBytes } from './attributes/types.ts';

export type { AttributeRow, AttributeType, DefaultValue, Footnote, Rule, RuleSet };
export { attributeRows };

/** Bytes that a value of the attribute may have at most; undefined where its type says it all. */
export function mostOf(row: AttributeRow): number | undefined {
  return row.most ?? mostBytes[row.type];
}

/** The rules of every kind of object, one set for each class and type. */
export const ruleSets: readonly RuleSet[] = [...pairRules, ...secretRules, ...otherRules];
