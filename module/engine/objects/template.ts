/**
 * Templates of new objects: what the standard asks of them, made into complete attributes (PKCS#11 3.2, 4.1.1 and the
 * attribute tables, which reach us as the generated rules).
 *
 * Where the standard leaves the code open: an attribute that the kind of object does not have is CKR_TEMPLATE_INCONSISTENT,
 * one that the operation or the token alone sets is CKR_ATTRIBUTE_READ_ONLY, and a class or key type that the engine
 * does not hold is CKR_ATTRIBUTE_VALUE_INVALID.
 */

import { type ComponentRanges, KeyKind } from '../../enclave/enclave.ts';
import { type AttributeRule, rulesFor } from '../generated/attributes.ts';
import {
  CK_UNAVAILABLE_INFORMATION,
  CKA_ALWAYS_AUTHENTICATE,
  CKA_ALWAYS_SENSITIVE,
  CKA_CERTIFICATE_TYPE,
  CKA_CLASS,
  CKA_EXTRACTABLE,
  CKA_HASH_OF_ISSUER_PUBLIC_KEY,
  CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
  CKA_KEY_GEN_MECHANISM,
  CKA_KEY_TYPE,
  CKA_LOCAL,
  CKA_NEVER_EXTRACTABLE,
  CKA_PRIVATE,
  CKA_SENSITIVE,
  CKA_SUBJECT,
  CKA_TOKEN,
  CKA_UNIQUE_ID,
  CKA_URL,
  CKA_VALUE,
  CKC_WTLS,
  CKK_AES,
  CKK_EC,
  CKK_EC_EDWARDS,
  CKK_EC_MONTGOMERY,
  CKK_GENERIC_SECRET,
  CKK_RSA,
  CKK_SHA_1_HMAC,
  CKK_SHA3_224_HMAC,
  CKK_SHA3_256_HMAC,
  CKK_SHA3_384_HMAC,
  CKK_SHA3_512_HMAC,
  CKK_SHA224_HMAC,
  CKK_SHA256_HMAC,
  CKK_SHA384_HMAC,
  CKK_SHA512_224_HMAC,
  CKK_SHA512_256_HMAC,
  CKK_SHA512_HMAC,
  CKO_CERTIFICATE,
  CKO_DATA,
  CKO_PRIVATE_KEY,
  CKO_PUBLIC_KEY,
  CKO_SECRET_KEY,
  CKR_ATTRIBUTE_READ_ONLY,
  CKR_ATTRIBUTE_VALUE_INVALID,
  CKR_TEMPLATE_INCOMPLETE,
  CKR_TEMPLATE_INCONSISTENT,
} from '../generated/constants.ts';
import type { Span, TemplateEntry } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import { AttributeSet, boolValue, readUlong, ulongValue } from './attribute-set.ts';
import { checkMayWrite } from './draft.ts';
import { componentRanges, keyKindOf, sameBytes } from './key-material.ts';
import { beginLife } from './lifecycle/change.ts';
import type { Viewer } from './object.ts';
import { valueAt } from './private-value.ts';
import { newObjectId, uniqueIdValue } from './unique-id.ts';
import { checkedEntries, storedValue, templateError } from './values.ts';

/** How a new object comes about. Copies are made in modify.ts: they start from an object and not from a template. */
export type Origin = 'create' | 'generate' | 'unwrap' | 'derive';

export interface NewObjectTemplate {
  readonly session: Viewer;
  readonly origin: Origin;
  readonly template: readonly TemplateEntry[];
  /**
   * What the mechanism contributes, in stored form (`ulongValue`, `boolValue`, bytes). A template may repeat it and may not
   * contradict it. For `derive` the base key's CKA_ALWAYS_SENSITIVE and CKA_NEVER_EXTRACTABLE belong here: the new
   * key can have them only if the base has.
   */
  readonly implied: ReadonlyMap<number, Uint8Array>;
  /** The generating mechanism, for CKA_KEY_GEN_MECHANISM. */
  readonly mechanism?: number;
}

export interface CompletedTemplate {
  /** For `TokenObjects.add`, which puts in what only the value tells (CKA_CHECK_VALUE, CKA_PUBLIC_KEY_INFO...). */
  readonly attributes: AttributeSet;
  /** Origin `create`: where in the request the enclave finds the components of a key, or a private value. */
  readonly components?: ComponentRanges;
  /** The kind of key that the object is to hold, Data for a private value; absent for objects that have neither. */
  readonly keyKind?: KeyKind;
}

/** For operations that contribute nothing (C_CreateObject). */
export const NOTHING_IMPLIED: ReadonlyMap<number, Uint8Array> = new Map();

/** Secret key types that the engine holds. */
const SECRET_TYPES: ReadonlySet<number> = new Set([
  CKK_AES,
  CKK_GENERIC_SECRET,
  CKK_SHA_1_HMAC,
  CKK_SHA224_HMAC,
  CKK_SHA256_HMAC,
  CKK_SHA384_HMAC,
  CKK_SHA512_HMAC,
  CKK_SHA512_224_HMAC,
  CKK_SHA512_256_HMAC,
  CKK_SHA3_224_HMAC,
  CKK_SHA3_256_HMAC,
  CKK_SHA3_384_HMAC,
  CKK_SHA3_512_HMAC,
]);
const PAIR_TYPES: ReadonlySet<number> = new Set([CKK_RSA, CKK_EC, CKK_EC_EDWARDS, CKK_EC_MONTGOMERY]);

/** What kind of object a template describes. */
interface Kind {
  readonly objectClass: number;
  /** CKA_KEY_TYPE or CKA_CERTIFICATE_TYPE; undefined for data. */
  readonly type: number | undefined;
  readonly rules: ReadonlyMap<number, AttributeRule>;
  readonly isKey: boolean;
}

/**
 * Completes and checks a template: defaults, what the mechanism implies, and what the token alone sets. Checks also that
 * the session may make such an object, so that nothing is generated in vain.
 *
 * @throws CryptokiError CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_ATTRIBUTE_READ_ONLY,
 *   CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT, CKR_SESSION_READ_ONLY, CKR_USER_NOT_LOGGED_IN
 */
export function completeTemplate(input: NewObjectTemplate): CompletedTemplate {
  const { session, origin, implied } = input;
  const entries = checkedEntries(input.template);
  const kind = kindOf(entries, implied);
  const values = new Map<number, Uint8Array>();
  for (const rule of kind.rules.values()) {
    const value = defaultValue(rule);
    if (value !== undefined) values.set(rule.attribute, value);
  }
  for (const [type, value] of implied) {
    checkTrust(ruleOf(kind, type), value, session);
    values.set(type, value);
  }
  for (const entry of entries.values()) take(entry, kind, origin, session, implied, values);
  if (!entries.has(CKA_PRIVATE) && !implied.has(CKA_PRIVATE)) setPrivacy(session, values);
  const secret = kind.isKey ? undefined : placeValue(entries.get(CKA_VALUE), values);
  for (const rule of kind.rules.values()) {
    const isGiven = entries.has(rule.attribute) || implied.has(rule.attribute);
    if (rule[origin] === 'required' && !isGiven) {
      throw templateError(CKR_TEMPLATE_INCOMPLETE, rule.attribute, 'missing');
    }
  }
  values.set(CKA_UNIQUE_ID, uniqueIdValue(newObjectId()));
  if (kind.isKey) {
    setHistory(input, kind, values);
    beginLife(values);
  }
  const attributes = AttributeSet.from(values);
  checkConsistency(attributes, kind, entries);
  checkMayWrite(session, attributes.bool(CKA_TOKEN) === true, attributes.bool(CKA_PRIVATE) === true);
  if (secret !== undefined) {
    const components = valueAt(secret.buffer, secret.offset, secret.length);
    return { attributes, keyKind: KeyKind.Data, components };
  }
  return withKey(attributes, kind, origin, entries);
}

function kindOf(entries: ReadonlyMap<number, TemplateEntry>, implied: ReadonlyMap<number, Uint8Array>): Kind {
  const objectClass = ulongOf(CKA_CLASS, entries, implied);
  if (objectClass === undefined) throw templateError(CKR_TEMPLATE_INCOMPLETE, CKA_CLASS, 'missing');
  switch (objectClass) {
    case CKO_DATA:
      return { objectClass, type: undefined, rules: rulesOf(objectClass, undefined), isKey: false };
    case CKO_CERTIFICATE: {
      const type = ulongOf(CKA_CERTIFICATE_TYPE, entries, implied);
      if (type === undefined) throw templateError(CKR_TEMPLATE_INCOMPLETE, CKA_CERTIFICATE_TYPE, 'missing');
      if (rulesFor(objectClass, type) === undefined) {
        throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, CKA_CERTIFICATE_TYPE, 'not supported');
      }
      return { objectClass, type, rules: rulesOf(objectClass, type), isKey: false };
    }
    case CKO_PUBLIC_KEY:
    case CKO_PRIVATE_KEY:
    case CKO_SECRET_KEY: {
      const type = ulongOf(CKA_KEY_TYPE, entries, implied);
      if (type === undefined) throw templateError(CKR_TEMPLATE_INCOMPLETE, CKA_KEY_TYPE, 'missing');
      const isSecret = objectClass === CKO_SECRET_KEY;
      if (!(isSecret ? SECRET_TYPES : PAIR_TYPES).has(type)) {
        const belongsElsewhere = (isSecret ? PAIR_TYPES : SECRET_TYPES).has(type);
        const rv = belongsElsewhere ? CKR_TEMPLATE_INCONSISTENT : CKR_ATTRIBUTE_VALUE_INVALID;
        throw templateError(rv, CKA_KEY_TYPE, 'no such keys of that class here');
      }
      return { objectClass, type, rules: rulesOf(objectClass, type), isKey: true };
    }
    default:
      throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, CKA_CLASS, 'objects of that class cannot be made');
  }
}

function rulesOf(objectClass: number, type: number | undefined): ReadonlyMap<number, AttributeRule> {
  const rules = rulesFor(objectClass, type);
  if (rules === undefined) throw new TypeError(`no rules for class ${objectClass}, type ${type}`);
  return rules;
}

/** A CK_ULONG that the template or the mechanism gives. */
function ulongOf(
  type: number,
  entries: ReadonlyMap<number, TemplateEntry>,
  implied: ReadonlyMap<number, Uint8Array>,
): number | undefined {
  const span = entries.get(type)?.value;
  if (span !== undefined && span !== null) return readUlong(span.buffer, span.offset);
  const value = implied.get(type);
  return value === undefined ? undefined : readUlong(value, 0);
}

function defaultValue(rule: AttributeRule): Uint8Array | undefined {
  const value = rule.default;
  if (value === undefined) return undefined;
  if (value === 'empty') return new Uint8Array(0);
  return typeof value === 'boolean' ? boolValue(value) : ulongValue(value);
}

/**
 * "The default value is token-specific" (4.5): a session object that nobody logged in makes is no secret of the token's user, so it is
 * public. Whoever makes a session's ephemeral keys leaves CKA_PRIVATE out and expects that. The SO is nobody here.
 */
function setPrivacy(session: Viewer, values: Map<number, Uint8Array>): void {
  const isToken = values.get(CKA_TOKEN)?.[0] === 1;
  if (isToken || session.login === 'user') return;
  values.set(CKA_PRIVATE, boolValue(false));
}

/** Checks one entry of the template against its rule and takes its value over. */
function take(
  entry: TemplateEntry,
  kind: Kind,
  origin: Origin,
  session: Viewer,
  implied: ReadonlyMap<number, Uint8Array>,
  values: Map<number, Uint8Array>,
): void {
  const { type } = entry;
  const rule = ruleOf(kind, type);
  if (rule.readOnly) throw templateError(CKR_ATTRIBUTE_READ_ONLY, type, 'set by the token alone');
  const known = implied.get(type);
  if (known !== undefined) {
    if (!sameBytes(storedValue(entry), known)) {
      throw templateError(CKR_TEMPLATE_INCONSISTENT, type, 'contradicts the mechanism');
    }
    return;
  }
  if (rule[origin] === 'forbidden') {
    throw templateError(CKR_ATTRIBUTE_READ_ONLY, type, `not to be given (${origin})`);
  }
  // The secret parts of a key stay where they are: the enclave reads them there. Of other values that is found out later.
  if (rule.sensitive || (type === CKA_VALUE && !kind.isKey)) return;
  const value = storedValue(entry);
  checkTrust(rule, value, session);
  values.set(type, value);
}

/** The value of an object that is no key becomes an attribute, or is the enclave's to read where it lies: then this gives its place. */
function placeValue(entry: TemplateEntry | undefined, values: Map<number, Uint8Array>): Span | undefined {
  if (entry === undefined) return undefined;
  if (values.get(CKA_PRIVATE)?.[0] === 1 && entry.value !== null && entry.value.length > 0) {
    values.delete(CKA_VALUE);
    return entry.value;
  }
  values.set(CKA_VALUE, storedValue(entry));
  return undefined;
}

function ruleOf(kind: Kind, type: number): AttributeRule {
  const rule = kind.rules.get(type);
  if (rule === undefined) {
    throw templateError(CKR_TEMPLATE_INCONSISTENT, type, 'objects of this kind have no such attribute');
  }
  return rule;
}

/** Footnote 10. It holds for what a key's CKA_UNWRAP_TEMPLATE brings in as well, or users could make trusted keys with it. */
function checkTrust(rule: AttributeRule, value: Uint8Array, session: Viewer): void {
  if (rule.soOnlyTrue && value[0] === 1 && session.login !== 'so') {
    throw templateError(CKR_ATTRIBUTE_READ_ONLY, rule.attribute, 'only the SO makes it true');
  }
}

/** What a key's past says of it (PKCS#11 3.2, 4.7, 4.9, 4.10): only the token knows, whatever the template thinks. */
function setHistory(input: NewObjectTemplate, kind: Kind, values: Map<number, Uint8Array>): void {
  const isGenerated = input.origin === 'generate';
  const mechanism = isGenerated
    ? (input.mechanism ?? CK_UNAVAILABLE_INFORMATION)
    : CK_UNAVAILABLE_INFORMATION;
  values.set(CKA_LOCAL, boolValue(isGenerated));
  values.set(CKA_KEY_GEN_MECHANISM, ulongValue(mechanism));
  if (!kind.rules.has(CKA_ALWAYS_SENSITIVE)) return;
  const baseHad = (type: number): boolean => {
    if (input.origin === 'derive') return input.implied.get(type)?.[0] === 1;
    return isGenerated;
  };
  const isSensitive = values.get(CKA_SENSITIVE)?.[0] === 1;
  const isExtractable = values.get(CKA_EXTRACTABLE)?.[0] === 1;
  values.set(CKA_ALWAYS_SENSITIVE, boolValue(isSensitive && baseHad(CKA_ALWAYS_SENSITIVE)));
  values.set(CKA_NEVER_EXTRACTABLE, boolValue(!isExtractable && baseHad(CKA_NEVER_EXTRACTABLE)));
}

function checkConsistency(
  attributes: AttributeSet,
  kind: Kind,
  entries: ReadonlyMap<number, TemplateEntry>,
): void {
  if (attributes.bool(CKA_ALWAYS_AUTHENTICATE) === true && attributes.bool(CKA_PRIVATE) !== true) {
    throw templateError(CKR_TEMPLATE_INCONSISTENT, CKA_ALWAYS_AUTHENTICATE, 'only private objects have it');
  }
  if (kind.objectClass === CKO_CERTIFICATE) checkCertificate(attributes, kind, entries);
  if (kind.type === CKK_AES && kind.isKey) {
    const length = entries.get(CKA_VALUE)?.value?.length;
    if (length !== undefined && length !== 16 && length !== 24 && length !== 32) {
      throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, CKA_VALUE, 'no length of an AES key');
    }
  }
}

/** A certificate is given by value, or by URL and hashes (PKCS#11 3.2, 4.6.3 and 4.6.4, notes 1 to 4). */
function checkCertificate(
  attributes: AttributeSet,
  kind: Kind,
  entries: ReadonlyMap<number, TemplateEntry>,
): void {
  const hasValue = (entries.get(CKA_VALUE)?.value?.length ?? 0) > 0;
  const isEmpty = (type: number): boolean => (attributes.bytes(type)?.length ?? 0) === 0;
  const hasUrl = kind.rules.has(CKA_URL) && !isEmpty(CKA_URL);
  if (!hasValue && !hasUrl) throw templateError(CKR_TEMPLATE_INCOMPLETE, CKA_VALUE, 'empty, and no URL');
  if (hasUrl && (isEmpty(CKA_HASH_OF_SUBJECT_PUBLIC_KEY) || isEmpty(CKA_HASH_OF_ISSUER_PUBLIC_KEY))) {
    throw templateError(CKR_TEMPLATE_INCOMPLETE, CKA_HASH_OF_SUBJECT_PUBLIC_KEY, 'needed beside a URL');
  }
  if (kind.type === CKC_WTLS && isEmpty(CKA_SUBJECT) && hasValue) {
    throw templateError(CKR_TEMPLATE_INCOMPLETE, CKA_SUBJECT, 'empty');
  }
}

function withKey(
  attributes: AttributeSet,
  kind: Kind,
  origin: Origin,
  entries: ReadonlyMap<number, TemplateEntry>,
): CompletedTemplate {
  if (!kind.isKey || kind.type === undefined) return { attributes };
  const keyKind = keyKindOf(kind.objectClass, kind.type);
  if (keyKind === 0) throw new CryptokiError(CKR_TEMPLATE_INCONSISTENT, 'objects.template', 'no such keys');
  if (origin !== 'create') return { attributes, keyKind };
  return { attributes, keyKind, components: componentRanges(keyKind, kind.type, entries) };
}
