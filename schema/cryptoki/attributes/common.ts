/**
 * Attributes that many kinds of object share (PKCS#11 3.2, "Common attributes", "Storage objects", "Key objects").
 */

import type { Rule } from './shape.ts';

/** Every object. */
export const common: readonly Rule[] = [
  { attribute: 'CKA_CLASS', notes: [1] },
  { attribute: 'CKA_UNIQUE_ID', notes: [2, 4, 6] },
];

/** Every object that the token makes itself and no application can. */
export const ofTheToken: readonly Rule[] = [
  {
    attribute: 'CKA_CLASS',
    notes: [2, 4, 6],
    remark: 'Applications read objects of this class and cannot make them.',
  },
  { attribute: 'CKA_UNIQUE_ID', notes: [2, 4, 6] },
];

/** Every object that can be stored. The default of CKA_PRIVATE is the token's choice; each class says its own. */
export const storage: readonly Rule[] = [
  { attribute: 'CKA_TOKEN', default: false, copyable: true },
  { attribute: 'CKA_PRIVATE', default: false, copyable: true },
  { attribute: 'CKA_MODIFIABLE', default: true, copyable: true },
  { attribute: 'CKA_LABEL', notes: [8], default: 'empty' },
  {
    attribute: 'CKA_STRONGROOM_TAG',
    notes: [8],
    remark:
      'Ours. What rules of a policy call a group of objects by; objects that were given none do not have it.',
  },
  { attribute: 'CKA_COPYABLE', notes: [12], default: true },
  {
    attribute: 'CKA_DESTROYABLE',
    default: true,
    copyable: true,
    remark: 'A copy may be made indestructible; the object itself stays as it was made.',
  },
];

/**
 * The life of a key; docs/lifecycle.md says what they mean. Times are seconds since 1970 in UTC, with CK_UNAVAILABLE_INFORMATION for none. `CKA_STRONGROOM_STATE`
 * and its time are never stored: they follow from the others and the clock.
 */
const life: readonly Rule[] = [
  {
    attribute: 'CKA_STRONGROOM_STATE',
    notes: [8],
    remark:
      'Ours. Which state the key is in now (`CK_STRONGROOM_STATE_...`); another value takes it there, with a reason beside it where the table of docs/lifecycle.md asks for one. ' +
      'A new key may begin as active or before activation.',
  },
  {
    attribute: 'CKA_STRONGROOM_STATE_REASON',
    notes: [2, 4, 6, 8],
    remark: 'Ours. Why, in words; can be given beside CKA_STRONGROOM_STATE alone.',
  },
  { attribute: 'CKA_STRONGROOM_STATE_TIME', notes: [2, 4, 6], remark: 'Ours. Since when.' },
  {
    attribute: 'CKA_STRONGROOM_STATE_SET',
    notes: [2, 4, 6],
    remark: 'Ours. The state that somebody took the key to; absent while it follows from times alone.',
  },
  {
    attribute: 'CKA_STRONGROOM_STATE_SETTER',
    notes: [2, 4, 6],
    remark: 'Ours. As whom (`CK_USER_TYPE`) he was logged in.',
  },
  { attribute: 'CKA_STRONGROOM_STATE_SET_TIME', notes: [2, 4, 6], remark: 'Ours. When that was.' },
  {
    attribute: 'CKA_STRONGROOM_ACTIVATION_TIME',
    notes: [8],
    remark: 'Ours. From when the key may be used; goes before CKA_START_DATE.',
  },
  {
    attribute: 'CKA_STRONGROOM_DEACTIVATION_TIME',
    notes: [8],
    remark: 'Ours. From when it protects nothing any more; goes before CKA_END_DATE.',
  },
  {
    attribute: 'CKA_STRONGROOM_COMPROMISE_TIME',
    notes: [2, 4, 6, 8],
    remark:
      'Ours. Since when others may know it; can be given beside the state compromised alone, and not in the future.',
  },
  {
    attribute: 'CKA_STRONGROOM_SUCCESSOR',
    notes: [8],
    remark: 'Ours. CKA_UNIQUE_ID of the key that takes its place.',
  },
  {
    attribute: 'CKA_STRONGROOM_PREDECESSOR',
    notes: [8],
    remark: 'Ours. CKA_UNIQUE_ID of the key whose place it takes.',
  },
];

/** What a key has been called while it was the one that its label meant; docs/rotation.md. */
const formerLabel: Rule = {
  attribute: 'CKA_STRONGROOM_FORMER_LABEL',
  notes: [2, 4, 6],
  remark:
    'Ours. The label of a key that was rotated, which its successor has now. Rules of a policy go by it as if it were CKA_LABEL.',
};

/** When keys that protect or process are to have a successor. */
const rotation: readonly Rule[] = [
  {
    attribute: 'CKA_STRONGROOM_ROTATE_EVERY',
    notes: [2, 4, 6, 8],
    remark:
      'Ours. How many seconds after it was set, or after the last rotation, the key is due for another; CK_UNAVAILABLE_INFORMATION ends that. The successor has it too.',
  },
  {
    attribute: 'CKA_STRONGROOM_ROTATE_TIME',
    notes: [2, 4, 6],
    remark: 'Ours. From when the key is due, in seconds since 1970.',
  },
  {
    attribute: 'CKA_STRONGROOM_ROTATION_DUE',
    notes: [2, 4, 6],
    remark: 'Ours. Whether that time has come; never stored, and can be searched for.',
  },
];

/** Every key. */
export const key: readonly Rule[] = [
  { attribute: 'CKA_KEY_TYPE', notes: [1, 5] },
  { attribute: 'CKA_ID', notes: [8], default: 'empty' },
  {
    attribute: 'CKA_START_DATE',
    notes: [8],
    default: 'empty',
    remark: 'The key is active from the beginning of that day on, in UTC.',
  },
  {
    attribute: 'CKA_END_DATE',
    notes: [8],
    default: 'empty',
    remark: 'The key is active to the end of that day, in UTC.',
  },
  { attribute: 'CKA_DERIVE', notes: [8], default: false },
  { attribute: 'CKA_LOCAL', notes: [2, 4, 6], default: false },
  { attribute: 'CKA_KEY_GEN_MECHANISM', notes: [2, 4, 6], default: 'CK_UNAVAILABLE_INFORMATION' },
  { attribute: 'CKA_ALLOWED_MECHANISMS', default: 'empty', remark: 'Empty allows every mechanism.' },
  {
    attribute: 'CKA_OBJECT_VALIDATION_FLAGS',
    notes: [2, 4, 6, 9],
    default: 0,
    remark:
      'An application cannot vouch for a validation, so C_CreateObject refuses it too. No bit is set by default.',
  },
  ...life,
  formerLabel,
];

/** The attribute that links the halves of a pair by a checksum of the public value. */
const checksum: Rule = {
  attribute: 'CKA_PUBLIC_CRC64_VALUE',
  notes: [4, 13],
  remark:
    'Note 1 would turn away every application written before 3.2, so C_CreateObject does not insist on it.',
};

/** Every public key. What a key can be used for by default depends on its type. */
export const publicKey: readonly Rule[] = [
  ...key,
  { attribute: 'CKA_SUBJECT', notes: [8], default: 'empty' },
  { attribute: 'CKA_ENCRYPT', notes: [8, 9], default: false },
  { attribute: 'CKA_VERIFY', notes: [8, 9], default: false },
  { attribute: 'CKA_VERIFY_RECOVER', notes: [8, 9], default: false },
  { attribute: 'CKA_WRAP', notes: [8, 9], default: false },
  { attribute: 'CKA_ENCAPSULATE', notes: [8, 9], default: false },
  { attribute: 'CKA_TRUSTED', notes: [10], default: false },
  { attribute: 'CKA_WRAP_TEMPLATE', default: 'empty', remark: 'Empty matches every key.' },
  { attribute: 'CKA_ENCAPSULATE_TEMPLATE', default: 'empty', remark: 'Empty matches every key.' },
  { attribute: 'CKA_PUBLIC_KEY_INFO' },
  checksum,
];

const NO_LIMIT =
  'Ours. CK_UNAVAILABLE_INFORMATION stands for none, which is the default. A copy of a key that has one cannot be made.';

/** What is counted of the uses of a key that is a secret, and how often it may be used. */
const counted: readonly Rule[] = [
  {
    attribute: 'CKA_STRONGROOM_USES',
    notes: [2, 4, 6],
    remark: 'Ours. Operations that have begun; see docs/nonces.md.',
  },
  { attribute: 'CKA_STRONGROOM_USE_LIMIT', notes: [8], lowers: true, remark: NO_LIMIT },
  {
    attribute: 'CKA_STRONGROOM_BYTES',
    notes: [2, 4, 6],
    remark: 'Ours. Bytes that have been given to operations; see docs/nonces.md.',
  },
  { attribute: 'CKA_STRONGROOM_BYTE_LIMIT', notes: [8], lowers: true, remark: NO_LIMIT },
];

/** What AES-GCM asks of a key beside that. */
export const countedGcm: readonly Rule[] = [
  {
    attribute: 'CKA_STRONGROOM_GCM_INVOCATIONS',
    notes: [2, 4, 6],
    remark: 'Ours. Encryptions with AES-GCM that have begun, over the whole life of the key.',
  },
  {
    attribute: 'CKA_STRONGROOM_GCM_LIMIT',
    notes: [8],
    lowers: true,
    remark:
      'Ours. Where it is greater than keys.gcm_limit, that holds. A copy of a key that has one cannot be made.',
  },
  {
    attribute: 'CKA_STRONGROOM_TOKEN_IV_ONLY',
    notes: [11],
    remark:
      'Ours. The key encrypts with AES-GCM under initialisation vectors that the token makes, and no others.',
  },
  {
    attribute: 'CKA_STRONGROOM_IV_REUSE_CHECK',
    notes: [11],
    remark: 'Ours. Encryption under one of the last 4,096 vectors that came with a call is refused.',
  },
];

/** Every private key. Secret unless the template says otherwise: note 9 leaves it to the token. */
export const privateKey: readonly Rule[] = [
  ...key,
  ...counted,
  ...rotation,
  { attribute: 'CKA_PRIVATE', default: true, copyable: true },
  { attribute: 'CKA_SUBJECT', notes: [8], default: 'empty' },
  { attribute: 'CKA_SENSITIVE', notes: [8, 9, 11], default: true },
  { attribute: 'CKA_DECRYPT', notes: [8, 9], default: false },
  { attribute: 'CKA_SIGN', notes: [8, 9], default: false },
  { attribute: 'CKA_SIGN_RECOVER', notes: [8, 9], default: false },
  { attribute: 'CKA_UNWRAP', notes: [8, 9], default: false },
  { attribute: 'CKA_DECAPSULATE', notes: [8, 9], default: false },
  { attribute: 'CKA_EXTRACTABLE', notes: [8, 9, 12], default: false },
  { attribute: 'CKA_ALWAYS_SENSITIVE', notes: [2, 4, 6], default: false },
  { attribute: 'CKA_NEVER_EXTRACTABLE', notes: [2, 4, 6], default: false },
  { attribute: 'CKA_WRAP_WITH_TRUSTED', notes: [11], default: false },
  { attribute: 'CKA_UNWRAP_TEMPLATE', default: 'empty' },
  { attribute: 'CKA_DECAPSULATE_TEMPLATE', default: 'empty' },
  { attribute: 'CKA_ALWAYS_AUTHENTICATE', default: false },
  {
    attribute: 'CKA_PUBLIC_KEY_INFO',
    notes: [8],
    remark: 'A value that does not belong to the private key is CKR_ATTRIBUTE_VALUE_INVALID.',
  },
  { attribute: 'CKA_DERIVE_TEMPLATE', default: 'empty' },
  checksum,
];

/** Every secret key. Never extractable by default, so its value does not show although it is not sensitive. */
export const secretKey: readonly Rule[] = [
  ...key,
  ...counted,
  ...rotation,
  { attribute: 'CKA_PRIVATE', default: true, copyable: true },
  { attribute: 'CKA_SENSITIVE', notes: [8, 11], default: false },
  { attribute: 'CKA_ENCRYPT', notes: [8, 9], default: false },
  { attribute: 'CKA_DECRYPT', notes: [8, 9], default: false },
  { attribute: 'CKA_SIGN', notes: [8, 9], default: false },
  { attribute: 'CKA_VERIFY', notes: [8, 9], default: false },
  { attribute: 'CKA_WRAP', notes: [8, 9], default: false },
  { attribute: 'CKA_UNWRAP', notes: [8, 9], default: false },
  { attribute: 'CKA_EXTRACTABLE', notes: [8, 9, 12], default: false },
  { attribute: 'CKA_ALWAYS_SENSITIVE', notes: [2, 4, 6], default: false },
  { attribute: 'CKA_NEVER_EXTRACTABLE', notes: [2, 4, 6], default: false },
  {
    attribute: 'CKA_CHECK_VALUE',
    remark:
      'Worked out by the token; a value in a template must be the same, and an empty one suppresses it.',
  },
  { attribute: 'CKA_WRAP_WITH_TRUSTED', notes: [11], default: false },
  { attribute: 'CKA_TRUSTED', notes: [10], default: false },
  { attribute: 'CKA_WRAP_TEMPLATE', default: 'empty', remark: 'Empty matches every key.' },
  { attribute: 'CKA_UNWRAP_TEMPLATE', default: 'empty' },
  { attribute: 'CKA_DERIVE_TEMPLATE', default: 'empty' },
];
