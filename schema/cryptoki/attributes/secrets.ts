/**
 * Attributes of secret keys by type (PKCS#11 3.2, the sections of their mechanisms).
 */

import { common, countedGcm, secretKey, storage } from './common.ts';
import type { Rule, RuleSet } from './shape.ts';

const base: readonly Rule[] = [...common, ...storage, ...secretKey];
const value: Rule = { attribute: 'CKA_VALUE', notes: [1, 4, 6, 7] };
const length: Rule = { attribute: 'CKA_VALUE_LEN', notes: [2, 3] };

/** Encryption is what the type is for, so both directions are allowed by default. */
const ciphers: readonly Rule[] = [
  { attribute: 'CKA_ENCRYPT', notes: [8, 9], default: true },
  { attribute: 'CKA_DECRYPT', notes: [8, 9], default: true },
];
/** Message authentication is what the type is for, so both directions are allowed by default. */
const authenticates: readonly Rule[] = [
  { attribute: 'CKA_SIGN', notes: [8, 9], default: true },
  { attribute: 'CKA_VERIFY', notes: [8, 9], default: true },
];

const macKeyTypes = [
  'CKK_GENERIC_SECRET',
  'CKK_SHA_1_HMAC',
  'CKK_SHA224_HMAC',
  'CKK_SHA256_HMAC',
  'CKK_SHA384_HMAC',
  'CKK_SHA512_HMAC',
  'CKK_SHA512_224_HMAC',
  'CKK_SHA512_256_HMAC',
  'CKK_SHA3_224_HMAC',
  'CKK_SHA3_256_HMAC',
  'CKK_SHA3_384_HMAC',
  'CKK_SHA3_512_HMAC',
  'CKK_POLY1305',
] as const;

/** Secret keys of every type that has rules. */
export const secretRules: readonly RuleSet[] = [
  ...macKeyTypes.map(
    (type): RuleSet => ({ class: 'CKO_SECRET_KEY', type, rules: [...base, ...authenticates, value, length] }),
  ),
  { class: 'CKO_SECRET_KEY', type: 'CKK_AES', rules: [...base, ...countedGcm, ...ciphers, value, length] },
  { class: 'CKO_SECRET_KEY', type: 'CKK_CHACHA20', rules: [...base, ...ciphers, value, length] },
  { class: 'CKO_SECRET_KEY', type: 'CKK_DES2', rules: [...base, ...ciphers, value] },
  { class: 'CKO_SECRET_KEY', type: 'CKK_DES3', rules: [...base, ...ciphers, value] },
  { class: 'CKO_SECRET_KEY', type: 'CKK_HKDF', rules: [...base, value, length] },
];
