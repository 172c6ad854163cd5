/**
 * Changes of an object's attributes, by C_SetAttributeValue or on the way of C_CopyObject (PKCS#11 3.2, 4.1.2 and 4.1.3).
 * Protections are only ever tightened: what is sensitive, unextractable, uncopyable or private stays so, also in copies.
 */

import { type AttributeRule, rulesFor } from '../generated/attributes.ts';
import {
  CKA_CERTIFICATE_TYPE,
  CKA_CHECK_VALUE,
  CKA_CLASS,
  CKA_COPYABLE,
  CKA_KEY_TYPE,
  CKA_LABEL,
  CKA_MODIFIABLE,
  CKA_PRIVATE,
  CKA_PUBLIC_KEY_INFO,
  CKA_STRONGROOM_COMPROMISE_TIME,
  CKA_STRONGROOM_FORMER_LABEL,
  CKA_STRONGROOM_ROTATE_EVERY,
  CKA_STRONGROOM_STATE,
  CKA_STRONGROOM_STATE_REASON,
  CKA_TRUSTED,
  CKA_UNIQUE_ID,
  CKO_CERTIFICATE,
  CKO_PRIVATE_KEY,
  CKR_ACTION_PROHIBITED,
  CKR_ATTRIBUTE_READ_ONLY,
  CKR_ATTRIBUTE_VALUE_INVALID,
  CKR_TEMPLATE_INCONSISTENT,
  CKU_SO,
  CKU_USER,
} from '../generated/constants.ts';
import { ANY_MECHANISM } from '../policy/rights.ts';
import { functionNumber } from '../policy/rules/rule.ts';
import type { TemplateEntry } from '../values/arguments.ts';
import { CryptokiError } from '../values/errors.ts';
import { type AttributeSet, boolValue, readUlong } from './attribute-set.ts';
import { sameBytes } from './key-material.ts';
import { settleLife, timesTakenAway } from './lifecycle/change.ts';
import { isOfLife } from './lifecycle/life.ts';
import { newRotation, settleRotations, successorAttributes } from './lifecycle/succession.ts';
import type { Viewer } from './object.ts';
import { checkMayMake } from './policy/named.ts';
import { type Parted, parted } from './private-value.ts';
import { newObjectId, uniqueIdValue } from './unique-id.ts';
import { checkedEntries, storedValue, templateError } from './values.ts';

/**
 * The attributes as C_SetAttributeValue is to leave them.
 * @throws CryptokiError CKR_ACTION_PROHIBITED for objects that may not be modified, CKR_ATTRIBUTE_READ_ONLY for attributes
 *   that may not, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT
 * @param now seconds since 1970, for the states of keys
 */
export function changedAttributes(
  session: Viewer,
  attributes: AttributeSet,
  template: readonly TemplateEntry[],
  now: number,
): AttributeSet {
  if (attributes.bool(CKA_MODIFIABLE) === false) throw prohibited('the object may not be modified');
  const changes = changesOf(session, attributes, template, 'modifiable');
  settleLife(setterIn(session), attributes, changes, now);
  settleRotations(attributes, changes, now);
  if (session.rights.limited && changes.has(CKA_STRONGROOM_ROTATE_EVERY))
    checkMaySucceed(session, attributes, now);
  const isTrustedCertificate =
    attributes.ulong(CKA_CLASS) === CKO_CERTIFICATE && attributes.bool(CKA_TRUSTED) === true;
  if (isTrustedCertificate && !onlyWithdrawsTrust(session, changes)) {
    throw prohibited('a trusted certificate may not be modified');
  }
  return changes.size === 0 ? attributes : changed(attributes, changes);
}

/**
 * The attributes of a copy, and its value if that has to go into the enclave and is not there yet. Its CKA_LOCAL,
 * CKA_KEY_GEN_MECHANISM, CKA_ALWAYS_SENSITIVE and CKA_NEVER_EXTRACTABLE are the original's, and so are its state, times and reasons: no copy is
 * of another state. Trust is not copied but by the SO: the copy may differ from what was trusted.
 * @throws CryptokiError as {@link changedAttributes}; CKR_ACTION_PROHIBITED for objects that may not be copied
 */
export function copiedAttributes(
  session: Viewer,
  attributes: AttributeSet,
  template: readonly TemplateEntry[],
  now: number,
): Parted {
  if (attributes.bool(CKA_COPYABLE) === false) throw prohibited('the object may not be copied');
  const changes = changesOf(session, attributes, template, 'copyable');
  checkLifeOfCopy(attributes, changes);
  settleLife(setterIn(session), attributes, changes, now);
  settleRotations(attributes, changes, now);
  if (attributes.bool(CKA_PRIVATE) === true && changes.get(CKA_PRIVATE)?.[0] === 0) {
    throw templateError(CKR_TEMPLATE_INCONSISTENT, CKA_PRIVATE, 'a private object has no public copy');
  }
  if (attributes.bool(CKA_TRUSTED) === true && session.login !== 'so') {
    changes.set(CKA_TRUSTED, boolValue(false));
  }
  changes.set(CKA_UNIQUE_ID, uniqueIdValue(newObjectId()));
  // The copy of a public object can be private. Values themselves can be changed in no object that has one in the enclave.
  return parted(changed(attributes, changes));
}

/** A key that was rotated goes by its former label until somebody gives it another one: that is its name then, to the rules as well. */
function changed(attributes: AttributeSet, changes: Map<number, Uint8Array>): AttributeSet {
  const gone = timesTakenAway(changes);
  if (changes.has(CKA_LABEL)) gone.push(CKA_STRONGROOM_FORMER_LABEL);
  return attributes.with(changes, gone);
}

/** As whom a session changes keys. */
function setterIn(session: Viewer): typeof CKU_SO | typeof CKU_USER {
  return session.login === 'so' ? CKU_SO : CKU_USER;
}

/** A copy has its original's state, whoever makes it; and times that could not be changed in the original are the same in it. */
function checkLifeOfCopy(attributes: AttributeSet, changes: ReadonlyMap<number, Uint8Array>): void {
  const isFixed = attributes.bool(CKA_MODIFIABLE) === false;
  for (const type of changes.keys()) {
    const isState =
      type === CKA_STRONGROOM_STATE ||
      type === CKA_STRONGROOM_STATE_REASON ||
      type === CKA_STRONGROOM_COMPROMISE_TIME;
    if (isState || (isFixed && isOfLife(type))) throw readOnly(type, 'the copy has that of the original');
  }
}

/** Whoever has the engine make successors could have made them himself. @throws CryptokiError as {@link checkMayMake} */
function checkMaySucceed({ rights }: Viewer, attributes: AttributeSet, now: number): void {
  const isPair = attributes.ulong(CKA_CLASS) === CKO_PRIVATE_KEY;
  const fn = functionNumber(isPair ? 'C_GenerateKeyPair' : 'C_GenerateKey');
  const successor = successorAttributes(attributes, newRotation(attributes, now, 0, ANY_MECHANISM));
  checkMayMake(rights, successor, { fn, mechanism: ANY_MECHANISM });
}

function prohibited(message: string): CryptokiError {
  return new CryptokiError(CKR_ACTION_PROHIBITED, 'objects.modify', message);
}

/** Only the SO, and only CKA_TRUSTED (PKCS#11 3.2, 4.6: "Trusted certificates cannot be modified"). */
function onlyWithdrawsTrust(session: Viewer, changes: ReadonlyMap<number, Uint8Array>): boolean {
  if (session.login !== 'so') return false;
  return changes.size === 1 && changes.has(CKA_TRUSTED);
}

function changesOf(
  session: Viewer,
  attributes: AttributeSet,
  template: readonly TemplateEntry[],
  permission: 'modifiable' | 'copyable',
): Map<number, Uint8Array> {
  const type = attributes.ulong(CKA_KEY_TYPE) ?? attributes.ulong(CKA_CERTIFICATE_TYPE);
  const rules = rulesFor(attributes.ulong(CKA_CLASS) ?? -1, type);
  const changes = new Map<number, Uint8Array>();
  for (const entry of checkedEntries(template).values()) {
    const rule = rules?.get(entry.type);
    if (rule === undefined) {
      throw templateError(CKR_TEMPLATE_INCONSISTENT, entry.type, 'the object has no such attribute');
    }
    if (entry.type === CKA_CHECK_VALUE || entry.type === CKA_PUBLIC_KEY_INFO) {
      checkComputed(attributes, entry, rule, changes);
      continue;
    }
    if (!rule[permission] || rule.sensitive) throw readOnly(entry.type, 'may not be changed');
    const value = storedValue(entry);
    checkSticky(session, attributes, rule, value);
    changes.set(entry.type, value);
  }
  return changes;
}

function readOnly(type: number, message: string): CryptokiError {
  return templateError(CKR_ATTRIBUTE_READ_ONLY, type, message);
}

/** Footnotes 10, 11 and 12: who may make an attribute true, and which value is final. */
function checkSticky(
  session: Viewer,
  attributes: AttributeSet,
  rule: AttributeRule,
  value: Uint8Array,
): void {
  const before = attributes.bool(rule.attribute);
  const after = value[0] === 1;
  if (rule.sticky === 'once-true' && before === true && !after) {
    throw readOnly(rule.attribute, 'stays true');
  }
  // An absent value counts as the final one: nothing is loosened that was not known to be loose.
  if (rule.sticky === 'once-false' && before !== true && after) {
    throw readOnly(rule.attribute, 'stays false');
  }
  if (rule.sticky === 'lowers' && isMore(value, attributes.bytes(rule.attribute))) {
    throw readOnly(rule.attribute, 'only becomes smaller');
  }
  if (rule.soOnlyTrue && after && session.login !== 'so') {
    throw readOnly(rule.attribute, 'only the SO makes it true');
  }
}

/** Whether a number is greater than the present one; without a present one, none is. All ones stand for no number, which is more than any. */
function isMore(value: Uint8Array, present: Uint8Array | undefined): boolean {
  if (present === undefined) return false;
  const [after, before] = [value, present].map((bytes) => readUlong(bytes, 0)) as [number, number];
  if (before === -1) return false;
  return after === -1 || after > before;
}

/**
 * What the token works out may be given again as it is, which changes nothing. A check value may also be done away with by
 * an empty one (PKCS#11 3.2, 4.10).
 */
function checkComputed(
  attributes: AttributeSet,
  entry: TemplateEntry,
  rule: AttributeRule,
  changes: Map<number, Uint8Array>,
): void {
  const value = storedValue(entry);
  const present = attributes.bytes(entry.type);
  if (present !== undefined && sameBytes(present, value)) return;
  const isKey = attributes.has(CKA_KEY_TYPE);
  if (entry.type === CKA_CHECK_VALUE && isKey) {
    if (value.length !== 0) {
      throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, entry.type, 'not the value of this key');
    }
    changes.set(entry.type, value);
    return;
  }
  if (!rule.modifiable) throw readOnly(entry.type, 'may not be changed');
  throw templateError(CKR_ATTRIBUTE_VALUE_INVALID, entry.type, 'not the value of this key');
}
