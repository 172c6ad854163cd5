/**
 * Whether a value fits its attribute (PKCS#11 3.2, 4.1.1): size and form by type, ranges where the standard lists the
 * values. Byte strings pass as they are: what a label's bytes mean is the application's own.
 */

import { type AttributeType, attributeMost, attributeType } from '../generated/attributes.ts';
import {
  CK_CERTIFICATE_CATEGORY_OTHER_ENTITY,
  CK_SECURITY_DOMAIN_THIRD_PARTY,
  CKA_ALWAYS_SENSITIVE,
  CKA_CERTIFICATE_CATEGORY,
  CKA_COEFFICIENT,
  CKA_ENCAPSULATE_TEMPLATE,
  CKA_EXPONENT_1,
  CKA_EXPONENT_2,
  CKA_JAVA_MIDP_SECURITY_DOMAIN,
  CKA_KEY_GEN_MECHANISM,
  CKA_LOCAL,
  CKA_NEVER_EXTRACTABLE,
  CKA_OBJECT_VALIDATION_FLAGS,
  CKA_PRIME_1,
  CKA_PRIME_2,
  CKA_PRIVATE_EXPONENT,
  CKA_STRONGROOM_COMPROMISE_TIME,
  CKA_STRONGROOM_FORMER_LABEL,
  CKA_STRONGROOM_ROTATE_EVERY,
  CKA_STRONGROOM_ROTATE_TIME,
  CKA_STRONGROOM_ROTATION_DUE,
  CKA_STRONGROOM_STATE_REASON,
  CKA_STRONGROOM_STATE_SET,
  CKA_STRONGROOM_STATE_SET_TIME,
  CKA_STRONGROOM_STATE_SETTER,
  CKA_STRONGROOM_STATE_TIME,
  CKA_UNIQUE_ID,
  CKA_VALUE,
  CKA_WRAP_TEMPLATE,
  CKR_ATTRIBUTE_TYPE_INVALID,
  CKR_ATTRIBUTE_VALUE_INVALID,
  CKR_TEMPLATE_INCONSISTENT,
} from '../generated/constants.ts';
import type { Span, TemplateEntry } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import { AttributeSet, readUlong } from './attribute-set.ts';
import { sameBytes } from './key-material.ts';

const EMPTY = new Uint8Array(0);

/** An error about a template; the message never carries a value. */
export function templateError(rv: number, type: number, message: string): CryptokiError {
  return new CryptokiError(rv, 'objects.template', `attribute 0x${type.toString(16)}: ${message}`);
}

/**
 * The template by attribute, after a check that every attribute is known and has a value of its form. One that is named twice
 * counts once, as "library developers are encouraged" to see it (4.1.1), if its values are the same.
 * @throws CryptokiError CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT
 */
export function checkedEntries(template: readonly TemplateEntry[]): Map<number, TemplateEntry> {
  const entries = new Map<number, TemplateEntry>();
  for (const entry of template) {
    const type = attributeType(entry.type);
    if (type === undefined) throw templateError(CKR_ATTRIBUTE_TYPE_INVALID, entry.type, 'unknown');
    const before = entries.get(entry.type);
    if (before !== undefined) {
      if (sameValue(before, entry)) continue;
      throw templateError(CKR_TEMPLATE_INCONSISTENT, entry.type, 'given two values');
    }
    if (type !== 'attributes' && !fits(type, entry)) {
      throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, entry.type, `not a value of type ${type}`);
    }
    if ((entry.value?.length ?? 0) > attributeMost(entry.type)) {
      throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, entry.type, 'too long');
    }
    entries.set(entry.type, entry);
  }
  return entries;
}

/** Whether two entries give the same value, read where it stands: it may be a key's. Arrays are the same entry by entry. */
function sameValue(one: TemplateEntry, other: TemplateEntry): boolean {
  if (one.nested !== undefined || other.nested !== undefined) {
    const { nested } = other;
    if (one.nested?.length !== nested?.length) return false;
    return one.nested?.every((entry, i) => sameEntry(entry, nested?.[i])) ?? false;
  }
  const length = one.value?.length ?? 0;
  if (length !== (other.value?.length ?? 0)) return false;
  if (one.value === null || other.value === null) return true;
  const a = one.value.buffer.subarray(one.value.offset, one.value.offset + length);
  return sameBytes(a, other.value.buffer.subarray(other.value.offset, other.value.offset + length));
}

function sameEntry(one: TemplateEntry, other: TemplateEntry | undefined): boolean {
  return other !== undefined && one.type === other.type && sameValue(one, other);
}

function fits(type: AttributeType, entry: TemplateEntry): boolean {
  const span = entry.value;
  const length = span === null ? 0 : span.length;
  switch (type) {
    case 'bool':
      return span !== null && length === 1 && (span.buffer[span.offset] as number) <= 1;
    case 'ulong':
      return span !== null && length === 8 && isInRange(entry.type, readUlong(span.buffer, span.offset));
    case 'ulongs':
      return length % 8 === 0;
    case 'date':
      return length === 0 || (span !== null && isDate(span));
    default:
      return true;
  }
}

function isInRange(type: number, value: number): boolean {
  switch (type) {
    case CKA_CERTIFICATE_CATEGORY:
      return value >= 0 && value <= CK_CERTIFICATE_CATEGORY_OTHER_ENTITY;
    case CKA_JAVA_MIDP_SECURITY_DOMAIN:
      return value >= 0 && value <= CK_SECURITY_DOMAIN_THIRD_PARTY;
    default:
      return true;
  }
}

/** CK_DATE: four digits of the year, two of the month, two of the day. */
function isDate(span: Span): boolean {
  if (span.length !== 8) return false;
  let value = 0;
  for (let at = span.offset; at < span.offset + 8; at++) {
    const digit = (span.buffer[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return false;
    value = value * 10 + digit;
  }
  const month = Math.floor(value / 100) % 100;
  const day = value % 100;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** The stored form of a checked entry: a copy of its bytes, or for an attribute array a packed set (empty for none). */
export function storedValue(entry: TemplateEntry): Uint8Array {
  if (attributeType(entry.type) === 'attributes') return packedTemplate(entry);
  const span = entry.value;
  return span === null ? EMPTY : span.buffer.slice(span.offset, span.offset + span.length);
}

/**
 * An attribute array, deeply copied (PKCS#11 3.2, 4.7, "Template Attributes"). What may recur inside it, or would be a
 * key's secret part kept among attributes, is refused.
 */
function packedTemplate(entry: TemplateEntry): Uint8Array {
  if (entry.nested === undefined) {
    if (entry.value === null || entry.value.length === 0) return EMPTY;
    throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, entry.type, 'not an attribute array');
  }
  if (entry.nested.length === 0) return EMPTY;
  const inner = checkedEntries(entry.nested);
  const values = new Map<number, Uint8Array>();
  for (const [type, each] of inner) {
    const isApplied = entry.type !== CKA_WRAP_TEMPLATE && entry.type !== CKA_ENCAPSULATE_TEMPLATE;
    const isMisplaced = isSecretPart(type) || (isApplied && isOfTheToken(type));
    if (attributeType(type) === 'attributes' || isMisplaced) {
      throw templateError(CKR_TEMPLATE_INCONSISTENT, type, 'has no place in an attribute array');
    }
    values.set(type, storedValue(each));
  }
  return AttributeSet.from(values).packed;
}

/** What the token alone says of a key. A key to be wrapped can be asked for it; a new key cannot be given it. */
function isOfTheToken(type: number): boolean {
  switch (type) {
    case CKA_UNIQUE_ID:
    case CKA_LOCAL:
    case CKA_KEY_GEN_MECHANISM:
    case CKA_ALWAYS_SENSITIVE:
    case CKA_NEVER_EXTRACTABLE:
    case CKA_OBJECT_VALIDATION_FLAGS:
    case CKA_STRONGROOM_COMPROMISE_TIME:
    case CKA_STRONGROOM_STATE_REASON:
    case CKA_STRONGROOM_STATE_TIME:
    case CKA_STRONGROOM_STATE_SET:
    case CKA_STRONGROOM_STATE_SETTER:
    case CKA_STRONGROOM_STATE_SET_TIME:
    case CKA_STRONGROOM_ROTATE_EVERY:
    case CKA_STRONGROOM_ROTATE_TIME:
    case CKA_STRONGROOM_FORMER_LABEL:
    case CKA_STRONGROOM_ROTATION_DUE:
      return true;
    default:
      return false;
  }
}

function isSecretPart(type: number): boolean {
  switch (type) {
    case CKA_VALUE:
    case CKA_PRIVATE_EXPONENT:
    case CKA_PRIME_1:
    case CKA_PRIME_2:
    case CKA_EXPONENT_1:
    case CKA_EXPONENT_2:
    case CKA_COEFFICIENT:
      return true;
    default:
      return false;
  }
}
