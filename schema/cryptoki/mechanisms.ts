/**
 * The mechanisms that this token offers, a row each. Whatever has no row answers CKR_MECHANISM_INVALID.
 *
 * Their numbers are in constants/mechanisms.ts, the layouts of their parameters in parameter-shapes.ts.
 */

import { type ParameterShapeName, parameterShapes } from './parameter-shapes.ts';

export { type ParameterShapeName, parameterShapes };

/** What a mechanism can be used for; each is the CKF_ constant of the same name in CK_MECHANISM_INFO.flags. */
export type MechanismFlag =
  | 'encrypt'
  | 'decrypt'
  | 'digest'
  | 'sign'
  | 'sign_recover'
  | 'verify'
  | 'verify_recover'
  | 'generate'
  | 'generate_key_pair'
  | 'wrap'
  | 'unwrap'
  | 'derive'
  | 'ec_f_p'
  | 'ec_oid'
  | 'ec_curvename'
  | 'ec_uncompress'
  | 'message_encrypt'
  | 'message_decrypt'
  | 'multi_message';

/** One mechanism. */
export interface Mechanism {
  readonly name: `CKM_${string}`;
  /** The types of key that it works with or makes; none for digests. */
  readonly keyTypes: readonly `CKK_${string}`[];
  /** Key sizes in the unit that the standard prescribes for the mechanism; 0 for digests. */
  readonly min: number;
  readonly max: number;
  readonly flags: readonly MechanismFlag[];
  readonly parameter: ParameterShapeName;
  /**
   * Whether the mechanism itself is approved (FIPS 140-3, SP 800-131A Rev. 2, FIPS 186-5). Signing what the caller has
   * digested is not, since the module cannot tell what digested it; nor is anything that signs with SHA-1, or encrypts
   * with PKCS #1 v1.5. Sizes, curves and who makes a GCM vector are further conditions, which fips/ adds.
   */
  readonly approved: boolean;
}

/**
 * Verifying old signatures needs 1024 bits, making keys does not (SP 800-131A Rev. 2, section 3).
 */
const rsa = { keyTypes: ['CKK_RSA'], min: 1024, max: 8192 } as const;
const rsaGeneration = { keyTypes: ['CKK_RSA'], min: 2048, max: 8192, flags: ['generate_key_pair'] } as const;
const rsaSignature = { ...rsa, flags: ['sign', 'verify'] } as const;
const rsaEncryption = { ...rsa, flags: ['encrypt', 'decrypt', 'wrap', 'unwrap'] } as const;
const rsaAnything = {
  ...rsa,
  flags: ['encrypt', 'decrypt', 'sign', 'verify', 'sign_recover', 'verify_recover', 'wrap', 'unwrap'],
} as const;
/** Without wrapping: unpadded RSA of a short key gives the key away. */
const rsaRaw = {
  ...rsa,
  flags: ['encrypt', 'decrypt', 'sign', 'verify', 'sign_recover', 'verify_recover'],
} as const;

const primeField = { min: 224, max: 521 } as const;
const ecGeneration = {
  ...primeField,
  keyTypes: ['CKK_EC'],
  flags: ['generate_key_pair', 'ec_f_p', 'ec_oid', 'ec_uncompress'],
} as const;
const ecSignature = {
  ...primeField,
  keyTypes: ['CKK_EC'],
  flags: ['sign', 'verify', 'ec_f_p', 'ec_oid', 'ec_uncompress'],
} as const;
const ecAgreement = {
  ...primeField,
  keyTypes: ['CKK_EC', 'CKK_EC_MONTGOMERY'],
  flags: ['derive', 'ec_f_p', 'ec_oid', 'ec_uncompress'],
} as const;
/** Edwards25519 and Curve25519: the field's prime is 2^255 - 19. */
const field25519 = { min: 255, max: 255 } as const;
const edwardsGeneration = {
  ...field25519,
  keyTypes: ['CKK_EC_EDWARDS'],
  flags: ['generate_key_pair', 'ec_f_p', 'ec_oid', 'ec_curvename'],
} as const;
const edwardsSignature = {
  ...field25519,
  keyTypes: ['CKK_EC_EDWARDS'],
  flags: ['sign', 'verify', 'ec_f_p', 'ec_oid', 'ec_curvename'],
} as const;
const montgomeryGeneration = {
  ...field25519,
  keyTypes: ['CKK_EC_MONTGOMERY'],
  flags: ['generate_key_pair', 'ec_f_p', 'ec_oid', 'ec_curvename'],
} as const;

const aes = { keyTypes: ['CKK_AES'], min: 16, max: 32 } as const;
const aesGeneration = { ...aes, flags: ['generate'] } as const;
const aesCipher = { ...aes, flags: ['encrypt', 'decrypt', 'wrap', 'unwrap'] } as const;

const aesMessages = {
  ...aes,
  flags: ['encrypt', 'decrypt', 'wrap', 'unwrap', 'message_encrypt', 'message_decrypt', 'multi_message'],
} as const;

const macGeneration = { min: 1, max: 1024, flags: ['generate'] } as const;
const mac = { min: 1, max: 1024, flags: ['sign', 'verify'] } as const;
const digest = { keyTypes: [], min: 0, max: 0, flags: ['digest'] } as const;

/** Every mechanism, in the order in which C_GetMechanismList tells them. */
export const mechanisms: readonly Mechanism[] = [
  // RSA: sizes in bits of the modulus
  { name: 'CKM_RSA_PKCS_KEY_PAIR_GEN', ...rsaGeneration, parameter: 'none', approved: true },
  { name: 'CKM_RSA_PKCS', ...rsaAnything, parameter: 'none', approved: false },
  { name: 'CKM_RSA_X_509', ...rsaRaw, parameter: 'none', approved: false },
  { name: 'CKM_RSA_PKCS_OAEP', ...rsaEncryption, parameter: 'CK_RSA_PKCS_OAEP_PARAMS', approved: true },
  { name: 'CKM_SHA1_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: false },
  { name: 'CKM_SHA224_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_SHA256_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_SHA384_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_SHA512_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_224_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_256_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_384_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_512_RSA_PKCS', ...rsaSignature, parameter: 'none', approved: true },
  { name: 'CKM_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: false },
  { name: 'CKM_SHA1_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: false },
  { name: 'CKM_SHA224_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },
  { name: 'CKM_SHA256_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },
  { name: 'CKM_SHA384_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },
  { name: 'CKM_SHA512_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },
  { name: 'CKM_SHA3_224_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },
  { name: 'CKM_SHA3_256_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },
  { name: 'CKM_SHA3_384_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },
  { name: 'CKM_SHA3_512_RSA_PKCS_PSS', ...rsaSignature, parameter: 'CK_RSA_PKCS_PSS_PARAMS', approved: true },

  // Elliptic curves: sizes in bits of the field
  { name: 'CKM_EC_KEY_PAIR_GEN', ...ecGeneration, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA', ...ecSignature, parameter: 'none', approved: false },
  { name: 'CKM_ECDSA_SHA1', ...ecSignature, parameter: 'none', approved: false },
  { name: 'CKM_ECDSA_SHA224', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA_SHA256', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA_SHA384', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA_SHA512', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA_SHA3_224', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA_SHA3_256', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA_SHA3_384', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDSA_SHA3_512', ...ecSignature, parameter: 'none', approved: true },
  { name: 'CKM_ECDH1_DERIVE', ...ecAgreement, parameter: 'CK_ECDH1_DERIVE_PARAMS', approved: true },
  {
    name: 'CKM_ECDH1_COFACTOR_DERIVE',
    ...ecAgreement,
    keyTypes: ['CKK_EC'],
    parameter: 'CK_ECDH1_DERIVE_PARAMS',
    approved: true,
  },
  { name: 'CKM_EC_EDWARDS_KEY_PAIR_GEN', ...edwardsGeneration, parameter: 'none', approved: true },
  { name: 'CKM_EDDSA', ...edwardsSignature, parameter: 'CK_EDDSA_PARAMS', approved: true },
  { name: 'CKM_EC_MONTGOMERY_KEY_PAIR_GEN', ...montgomeryGeneration, parameter: 'none', approved: false },

  // AES: sizes in bytes
  { name: 'CKM_AES_KEY_GEN', ...aesGeneration, parameter: 'none', approved: true },
  { name: 'CKM_AES_ECB', ...aesCipher, parameter: 'none', approved: true },
  { name: 'CKM_AES_CBC', ...aesCipher, parameter: 'iv16', approved: true },
  { name: 'CKM_AES_CBC_PAD', ...aesCipher, parameter: 'iv16', approved: true },
  // A stream cipher takes the first byte of a wrapped key for a wrapped key of one byte, so it wraps none here.
  {
    name: 'CKM_AES_CTR',
    ...aes,
    flags: ['encrypt', 'decrypt'],
    parameter: 'CK_AES_CTR_PARAMS',
    approved: true,
  },
  { name: 'CKM_AES_GCM', ...aesMessages, parameter: 'CK_GCM_PARAMS', approved: true },
  { name: 'CKM_AES_KEY_WRAP', ...aesCipher, parameter: 'optionalIv8', approved: true },
  { name: 'CKM_AES_KEY_WRAP_KWP', ...aesCipher, parameter: 'optionalIv4', approved: true },

  // Secrets and message authentication: sizes in bits for the first, in bytes for the others
  {
    name: 'CKM_GENERIC_SECRET_KEY_GEN',
    keyTypes: ['CKK_GENERIC_SECRET'],
    min: 8,
    max: 8192,
    flags: ['generate'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA_1_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA_1_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA_1_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA_1_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA_1_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA_1_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA224_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA224_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA224_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA224_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA224_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA224_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA256_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA256_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA256_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA256_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA256_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA256_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA384_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA384_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA384_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA384_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA384_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA384_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA512_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA512_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA512_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA512_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA512_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA512_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA512_224_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA512_224_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA512_224_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA512_224_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA512_224_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA512_224_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA512_256_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA512_256_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA512_256_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA512_256_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA512_256_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA512_256_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA3_224_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA3_224_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_224_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_224_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_224_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_224_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA3_256_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA3_256_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_256_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_256_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_256_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_256_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA3_384_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA3_384_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_384_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_384_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_384_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_384_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },
  {
    name: 'CKM_SHA3_512_KEY_GEN',
    ...macGeneration,
    keyTypes: ['CKK_SHA3_512_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_512_HMAC',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_512_HMAC'],
    parameter: 'none',
    approved: true,
  },
  {
    name: 'CKM_SHA3_512_HMAC_GENERAL',
    ...mac,
    keyTypes: ['CKK_GENERIC_SECRET', 'CKK_SHA3_512_HMAC'],
    parameter: 'CK_MAC_GENERAL_PARAMS',
    approved: true,
  },

  // Digests
  { name: 'CKM_SHA_1', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA224', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA256', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA384', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA512', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA512_224', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA512_256', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_224', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_256', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_384', ...digest, parameter: 'none', approved: true },
  { name: 'CKM_SHA3_512', ...digest, parameter: 'none', approved: true },
];
