/**
 * Values of members of mechanism parameters (PKCS#11 3.2).
 */

import type { Constant } from './shape.ts';

/** CK_RSA_PKCS_MGF_TYPE. */
export const maskGenerators: readonly Constant[] = [
  { name: 'CKG_MGF1_SHA1', value: 1 },
  { name: 'CKG_MGF1_SHA256', value: 2 },
  { name: 'CKG_MGF1_SHA384', value: 3 },
  { name: 'CKG_MGF1_SHA512', value: 4 },
  { name: 'CKG_MGF1_SHA224', value: 5 },
  { name: 'CKG_MGF1_SHA3_224', value: 6 },
  { name: 'CKG_MGF1_SHA3_256', value: 7 },
  { name: 'CKG_MGF1_SHA3_384', value: 8 },
  { name: 'CKG_MGF1_SHA3_512', value: 9 },
];

/** CK_GENERATOR_FUNCTION: who makes the nonce of a message. */
export const generatorFunctions: readonly Constant[] = [
  { name: 'CKG_NO_GENERATE', value: 0 },
  { name: 'CKG_GENERATE', value: 1 },
  { name: 'CKG_GENERATE_COUNTER', value: 2 },
  { name: 'CKG_GENERATE_RANDOM', value: 3 },
  { name: 'CKG_GENERATE_COUNTER_XOR', value: 4 },
];

/** CK_RSA_PKCS_OAEP_SOURCE_TYPE. */
export const oaepSources: readonly Constant[] = [{ name: 'CKZ_DATA_SPECIFIED', value: 1 }];

/** CK_EC_KDF_TYPE, CK_X9_42_DH_KDF_TYPE and their kin. */
export const keyDerivations: readonly Constant[] = [
  { name: 'CKD_NULL', value: 1 },
  { name: 'CKD_SHA1_KDF', value: 2 },
  { name: 'CKD_SHA1_KDF_ASN1', value: 3 },
  { name: 'CKD_SHA1_KDF_CONCATENATE', value: 4 },
  { name: 'CKD_SHA224_KDF', value: 5 },
  { name: 'CKD_SHA256_KDF', value: 6 },
  { name: 'CKD_SHA384_KDF', value: 7 },
  { name: 'CKD_SHA512_KDF', value: 8 },
  { name: 'CKD_CPDIVERSIFY_KDF', value: 9 },
  { name: 'CKD_SHA3_224_KDF', value: 0xa },
  { name: 'CKD_SHA3_256_KDF', value: 0xb },
  { name: 'CKD_SHA3_384_KDF', value: 0xc },
  { name: 'CKD_SHA3_512_KDF', value: 0xd },
  { name: 'CKD_SHA1_KDF_SP800', value: 0xe },
  { name: 'CKD_SHA224_KDF_SP800', value: 0xf },
  { name: 'CKD_SHA256_KDF_SP800', value: 0x10 },
  { name: 'CKD_SHA384_KDF_SP800', value: 0x11 },
  { name: 'CKD_SHA512_KDF_SP800', value: 0x12 },
  { name: 'CKD_SHA3_224_KDF_SP800', value: 0x13 },
  { name: 'CKD_SHA3_256_KDF_SP800', value: 0x14 },
  { name: 'CKD_SHA3_384_KDF_SP800', value: 0x15 },
  { name: 'CKD_SHA3_512_KDF_SP800', value: 0x16 },
  { name: 'CKD_BLAKE2B_160_KDF', value: 0x17 },
  { name: 'CKD_BLAKE2B_256_KDF', value: 0x18 },
  { name: 'CKD_BLAKE2B_384_KDF', value: 0x19 },
  { name: 'CKD_BLAKE2B_512_KDF', value: 0x1a },
];

/** CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE. */
export const pbkdf2Prfs: readonly Constant[] = [
  { name: 'CKP_PKCS5_PBKD2_HMAC_SHA1', value: 1 },
  { name: 'CKP_PKCS5_PBKD2_HMAC_GOSTR3411', value: 2 },
  { name: 'CKP_PKCS5_PBKD2_HMAC_SHA224', value: 3 },
  { name: 'CKP_PKCS5_PBKD2_HMAC_SHA256', value: 4 },
  { name: 'CKP_PKCS5_PBKD2_HMAC_SHA384', value: 5 },
  { name: 'CKP_PKCS5_PBKD2_HMAC_SHA512', value: 6 },
  { name: 'CKP_PKCS5_PBKD2_HMAC_SHA512_224', value: 7 },
  { name: 'CKP_PKCS5_PBKD2_HMAC_SHA512_256', value: 8 },
];

/** CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE. */
export const pbkdf2SaltSources: readonly Constant[] = [{ name: 'CKZ_SALT_SPECIFIED', value: 1 }];

/** CK_HEDGE_TYPE: how much randomness a post-quantum signature takes. */
export const hedgeVariants: readonly Constant[] = [
  { name: 'CKH_HEDGE_PREFERRED', value: 0 },
  { name: 'CKH_HEDGE_REQUIRED', value: 1 },
  { name: 'CKH_DETERMINISTIC_REQUIRED', value: 2 },
];

/** CK_OTP_PARAM_TYPE. */
export const otpParameters: readonly Constant[] = [
  { name: 'CK_OTP_VALUE', value: 0 },
  { name: 'CK_OTP_PIN', value: 1 },
  { name: 'CK_OTP_CHALLENGE', value: 2 },
  { name: 'CK_OTP_TIME', value: 3 },
  { name: 'CK_OTP_COUNTER', value: 4 },
  { name: 'CK_OTP_FLAGS', value: 5 },
  { name: 'CK_OTP_OUTPUT_LENGTH', value: 6 },
  { name: 'CK_OTP_OUTPUT_FORMAT', value: 7 },
];

/** CK_PRF_DATA_TYPE (SP 800-108). */
export const sp800108Fields: readonly Constant[] = [
  { name: 'CK_SP800_108_ITERATION_VARIABLE', value: 1 },
  { name: 'CK_SP800_108_OPTIONAL_COUNTER', value: 2 },
  { name: 'CK_SP800_108_COUNTER', value: 2, alias: 'CK_SP800_108_OPTIONAL_COUNTER' },
  { name: 'CK_SP800_108_DKM_LENGTH', value: 3 },
  { name: 'CK_SP800_108_BYTE_ARRAY', value: 4 },
  { name: 'CK_SP800_108_KEY_HANDLE', value: 5 },
];

/** CK_SP800_108_DKM_LENGTH_METHOD (SP 800-108). */
export const sp800108LengthMethods: readonly Constant[] = [
  { name: 'CK_SP800_108_DKM_LENGTH_SUM_OF_KEYS', value: 1 },
  { name: 'CK_SP800_108_DKM_LENGTH_SUM_OF_SEGMENTS', value: 2 },
];
