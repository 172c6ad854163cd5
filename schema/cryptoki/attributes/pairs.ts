/**
 * Attributes of public and private keys by type (PKCS#11 3.2, the sections of their mechanisms).
 *
 * Uses that a type has are true by default, save wrapping and unwrapping: a key that also decrypts would let out
 * whatever it wraps, so whoever wants a wrapping key says so.
 */

import { common, privateKey, publicKey, storage } from './common.ts';
import type { Rule, RuleSet } from './shape.ts';

const publicBase: readonly Rule[] = [...common, ...storage, ...publicKey];
const privateBase: readonly Rule[] = [...common, ...storage, ...privateKey];

const verifies: Rule = { attribute: 'CKA_VERIFY', notes: [8, 9], default: true };
const signs: Rule = { attribute: 'CKA_SIGN', notes: [8, 9], default: true };

const ecPublic: readonly Rule[] = [
  { attribute: 'CKA_EC_PARAMS', notes: [1, 3] },
  { attribute: 'CKA_EC_POINT', notes: [1, 4] },
];
const ecPrivate: readonly Rule[] = [
  { attribute: 'CKA_EC_PARAMS', notes: [1, 4, 6] },
  { attribute: 'CKA_VALUE', notes: [1, 4, 6, 7] },
];

const parameterSetPublic: readonly Rule[] = [
  { attribute: 'CKA_PARAMETER_SET', notes: [1, 3] },
  { attribute: 'CKA_VALUE', notes: [1, 4] },
];
const parameterSetPrivate: readonly Rule[] = [
  { attribute: 'CKA_PARAMETER_SET', notes: [1, 4, 6] },
  { attribute: 'CKA_VALUE', notes: [1, 4, 6, 7] },
];
const seed: Rule = { attribute: 'CKA_SEED', notes: [4, 6, 7] };

/** The numbers that both halves of a discrete-logarithm pair carry. */
function group(names: readonly `CKA_${string}`[], notes: Rule['notes'] & {}): readonly Rule[] {
  return names.map((attribute) => ({ attribute, notes }));
}
const prime = ['CKA_PRIME', 'CKA_BASE'] as const;
const primeAndSubprime = ['CKA_PRIME', 'CKA_SUBPRIME', 'CKA_BASE'] as const;
const discretePublic: Rule = { attribute: 'CKA_VALUE', notes: [1, 4] };
const discretePrivate: Rule = { attribute: 'CKA_VALUE', notes: [1, 4, 6, 7] };

/** Public keys. */
const publicKeys: readonly RuleSet[] = [
  {
    class: 'CKO_PUBLIC_KEY',
    type: 'CKK_RSA',
    rules: [
      ...publicBase,
      { attribute: 'CKA_ENCRYPT', notes: [8, 9], default: true },
      verifies,
      { attribute: 'CKA_VERIFY_RECOVER', notes: [8, 9], default: true },
      { attribute: 'CKA_MODULUS', notes: [1, 4] },
      { attribute: 'CKA_MODULUS_BITS', notes: [2, 3] },
      {
        attribute: 'CKA_PUBLIC_EXPONENT',
        notes: [1],
        remark: 'Generation takes 65537 when it is not given.',
      },
    ],
  },
  { class: 'CKO_PUBLIC_KEY', type: 'CKK_EC', rules: [...publicBase, verifies, ...ecPublic] },
  { class: 'CKO_PUBLIC_KEY', type: 'CKK_EC_EDWARDS', rules: [...publicBase, verifies, ...ecPublic] },
  { class: 'CKO_PUBLIC_KEY', type: 'CKK_EC_MONTGOMERY', rules: [...publicBase, ...ecPublic] },
  {
    class: 'CKO_PUBLIC_KEY',
    type: 'CKK_DSA',
    rules: [...publicBase, verifies, ...group(primeAndSubprime, [1, 3]), discretePublic],
  },
  {
    class: 'CKO_PUBLIC_KEY',
    type: 'CKK_DH',
    rules: [...publicBase, ...group(prime, [1, 3]), discretePublic],
  },
  {
    class: 'CKO_PUBLIC_KEY',
    type: 'CKK_X9_42_DH',
    rules: [...publicBase, ...group(primeAndSubprime, [1, 3]), discretePublic],
  },
  {
    class: 'CKO_PUBLIC_KEY',
    type: 'CKK_ML_KEM',
    rules: [
      ...publicBase,
      { attribute: 'CKA_ENCAPSULATE', notes: [8, 9], default: true },
      ...parameterSetPublic,
    ],
  },
  { class: 'CKO_PUBLIC_KEY', type: 'CKK_ML_DSA', rules: [...publicBase, verifies, ...parameterSetPublic] },
  { class: 'CKO_PUBLIC_KEY', type: 'CKK_SLH_DSA', rules: [...publicBase, verifies, ...parameterSetPublic] },
];

/** Private keys. */
const privateKeys: readonly RuleSet[] = [
  {
    class: 'CKO_PRIVATE_KEY',
    type: 'CKK_RSA',
    rules: [
      ...privateBase,
      { attribute: 'CKA_DECRYPT', notes: [8, 9], default: true },
      signs,
      { attribute: 'CKA_SIGN_RECOVER', notes: [8, 9], default: true },
      { attribute: 'CKA_MODULUS', notes: [1, 4, 6] },
      { attribute: 'CKA_PUBLIC_EXPONENT', notes: [1, 4, 6] },
      { attribute: 'CKA_PRIVATE_EXPONENT', notes: [1, 4, 6, 7] },
      { attribute: 'CKA_PRIME_1', notes: [4, 6, 7] },
      { attribute: 'CKA_PRIME_2', notes: [4, 6, 7] },
      { attribute: 'CKA_EXPONENT_1', notes: [4, 6, 7] },
      { attribute: 'CKA_EXPONENT_2', notes: [4, 6, 7] },
      { attribute: 'CKA_COEFFICIENT', notes: [4, 6, 7] },
    ],
  },
  { class: 'CKO_PRIVATE_KEY', type: 'CKK_EC', rules: [...privateBase, signs, ...ecPrivate] },
  { class: 'CKO_PRIVATE_KEY', type: 'CKK_EC_EDWARDS', rules: [...privateBase, signs, ...ecPrivate] },
  { class: 'CKO_PRIVATE_KEY', type: 'CKK_EC_MONTGOMERY', rules: [...privateBase, ...ecPrivate] },
  {
    class: 'CKO_PRIVATE_KEY',
    type: 'CKK_DSA',
    rules: [...privateBase, signs, ...group(primeAndSubprime, [1, 4, 6]), discretePrivate],
  },
  {
    class: 'CKO_PRIVATE_KEY',
    type: 'CKK_DH',
    rules: [
      ...privateBase,
      ...group(prime, [1, 4, 6]),
      discretePrivate,
      { attribute: 'CKA_VALUE_BITS', notes: [2] },
    ],
  },
  {
    class: 'CKO_PRIVATE_KEY',
    type: 'CKK_X9_42_DH',
    rules: [...privateBase, ...group(primeAndSubprime, [1, 4, 6]), discretePrivate],
  },
  {
    class: 'CKO_PRIVATE_KEY',
    type: 'CKK_ML_KEM',
    rules: [
      ...privateBase,
      { attribute: 'CKA_DECAPSULATE', notes: [8, 9], default: true },
      ...parameterSetPrivate,
      seed,
    ],
  },
  {
    class: 'CKO_PRIVATE_KEY',
    type: 'CKK_ML_DSA',
    rules: [...privateBase, signs, ...parameterSetPrivate, seed],
  },
  { class: 'CKO_PRIVATE_KEY', type: 'CKK_SLH_DSA', rules: [...privateBase, signs, ...parameterSetPrivate] },
];

/** Public and private keys of every type that has rules. */
export const pairRules: readonly RuleSet[] = [...publicKeys, ...privateKeys];
