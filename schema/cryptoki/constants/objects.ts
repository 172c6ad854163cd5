/**
 * Kinds of objects, and the values their attributes may take (PKCS#11 3.2).
 */

import type { Constant } from './shape.ts';

/** CKA_CLASS. */
export const objectClasses: readonly Constant[] = [
  { name: 'CKO_DATA', value: 0 },
  { name: 'CKO_CERTIFICATE', value: 1 },
  { name: 'CKO_PUBLIC_KEY', value: 2 },
  { name: 'CKO_PRIVATE_KEY', value: 3 },
  { name: 'CKO_SECRET_KEY', value: 4 },
  { name: 'CKO_HW_FEATURE', value: 5 },
  { name: 'CKO_DOMAIN_PARAMETERS', value: 6 },
  { name: 'CKO_MECHANISM', value: 7 },
  { name: 'CKO_OTP_KEY', value: 8 },
  { name: 'CKO_PROFILE', value: 9 },
  { name: 'CKO_VALIDATION', value: 0xa },
  { name: 'CKO_TRUST', value: 0xb },
  { name: 'CKO_VENDOR_DEFINED', value: 0x80000000 },
];

/** CKA_KEY_TYPE. */
export const keyTypes: readonly Constant[] = [
  { name: 'CKK_RSA', value: 0 },
  { name: 'CKK_DSA', value: 1 },
  { name: 'CKK_DH', value: 2 },
  { name: 'CKK_EC', value: 3 },
  { name: 'CKK_ECDSA', value: 3, alias: 'CKK_EC', status: 'deprecated' },
  { name: 'CKK_X9_42_DH', value: 4 },
  { name: 'CKK_KEA', value: 5, status: 'historical' },
  { name: 'CKK_GENERIC_SECRET', value: 0x10 },
  { name: 'CKK_RC2', value: 0x11, status: 'historical' },
  { name: 'CKK_RC4', value: 0x12, status: 'historical' },
  { name: 'CKK_DES', value: 0x13, status: 'historical' },
  { name: 'CKK_DES2', value: 0x14 },
  { name: 'CKK_DES3', value: 0x15 },
  { name: 'CKK_CAST', value: 0x16, status: 'historical' },
  { name: 'CKK_CAST3', value: 0x17, status: 'historical' },
  { name: 'CKK_CAST128', value: 0x18, status: 'historical' },
  { name: 'CKK_CAST5', value: 0x18, alias: 'CKK_CAST128', status: 'deprecated' },
  { name: 'CKK_RC5', value: 0x19, status: 'historical' },
  { name: 'CKK_IDEA', value: 0x1a, status: 'historical' },
  { name: 'CKK_SKIPJACK', value: 0x1b, status: 'historical' },
  { name: 'CKK_BATON', value: 0x1c, status: 'historical' },
  { name: 'CKK_JUNIPER', value: 0x1d, status: 'historical' },
  { name: 'CKK_CDMF', value: 0x1e, status: 'historical' },
  { name: 'CKK_AES', value: 0x1f },
  { name: 'CKK_BLOWFISH', value: 0x20 },
  { name: 'CKK_TWOFISH', value: 0x21 },
  { name: 'CKK_SECURID', value: 0x22 },
  { name: 'CKK_HOTP', value: 0x23, status: 'historical' },
  { name: 'CKK_ACTI', value: 0x24, status: 'historical' },
  { name: 'CKK_CAMELLIA', value: 0x25 },
  { name: 'CKK_ARIA', value: 0x26 },
  { name: 'CKK_MD5_HMAC', value: 0x27, status: 'historical' },
  { name: 'CKK_SHA_1_HMAC', value: 0x28 },
  { name: 'CKK_RIPEMD128_HMAC', value: 0x29, status: 'historical' },
  { name: 'CKK_RIPEMD160_HMAC', value: 0x2a, status: 'historical' },
  { name: 'CKK_SHA256_HMAC', value: 0x2b },
  { name: 'CKK_SHA384_HMAC', value: 0x2c },
  { name: 'CKK_SHA512_HMAC', value: 0x2d },
  { name: 'CKK_SHA224_HMAC', value: 0x2e },
  { name: 'CKK_SEED', value: 0x2f },
  { name: 'CKK_GOSTR3410', value: 0x30 },
  { name: 'CKK_GOSTR3411', value: 0x31 },
  { name: 'CKK_GOST28147', value: 0x32 },
  { name: 'CKK_CHACHA20', value: 0x33 },
  { name: 'CKK_POLY1305', value: 0x34 },
  { name: 'CKK_AES_XTS', value: 0x35 },
  { name: 'CKK_SHA3_224_HMAC', value: 0x36 },
  { name: 'CKK_SHA3_256_HMAC', value: 0x37 },
  { name: 'CKK_SHA3_384_HMAC', value: 0x38 },
  { name: 'CKK_SHA3_512_HMAC', value: 0x39 },
  { name: 'CKK_BLAKE2B_160_HMAC', value: 0x3a },
  { name: 'CKK_BLAKE2B_256_HMAC', value: 0x3b },
  { name: 'CKK_BLAKE2B_384_HMAC', value: 0x3c },
  { name: 'CKK_BLAKE2B_512_HMAC', value: 0x3d },
  { name: 'CKK_SALSA20', value: 0x3e },
  { name: 'CKK_X2RATCHET', value: 0x3f },
  { name: 'CKK_EC_EDWARDS', value: 0x40 },
  { name: 'CKK_EC_MONTGOMERY', value: 0x41 },
  { name: 'CKK_HKDF', value: 0x42 },
  { name: 'CKK_SHA512_224_HMAC', value: 0x43 },
  { name: 'CKK_SHA512_256_HMAC', value: 0x44 },
  { name: 'CKK_SHA512_T_HMAC', value: 0x45 },
  { name: 'CKK_HSS', value: 0x46 },
  { name: 'CKK_XMSS', value: 0x47 },
  { name: 'CKK_XMSSMT', value: 0x48 },
  { name: 'CKK_ML_KEM', value: 0x49 },
  { name: 'CKK_ML_DSA', value: 0x4a },
  { name: 'CKK_SLH_DSA', value: 0x4b },
  { name: 'CKK_VENDOR_DEFINED', value: 0x80000000 },
];

/** CKA_CERTIFICATE_TYPE. */
export const certificateTypes: readonly Constant[] = [
  { name: 'CKC_X_509', value: 0 },
  { name: 'CKC_X_509_ATTR_CERT', value: 1 },
  { name: 'CKC_WTLS', value: 2 },
  { name: 'CKC_VENDOR_DEFINED', value: 0x80000000 },
];

/** CKA_CERTIFICATE_CATEGORY. */
export const certificateCategories: readonly Constant[] = [
  { name: 'CK_CERTIFICATE_CATEGORY_UNSPECIFIED', value: 0 },
  { name: 'CK_CERTIFICATE_CATEGORY_TOKEN_USER', value: 1 },
  { name: 'CK_CERTIFICATE_CATEGORY_AUTHORITY', value: 2 },
  { name: 'CK_CERTIFICATE_CATEGORY_OTHER_ENTITY', value: 3 },
];

/** CKA_JAVA_MIDP_SECURITY_DOMAIN. */
export const securityDomains: readonly Constant[] = [
  { name: 'CK_SECURITY_DOMAIN_UNSPECIFIED', value: 0 },
  { name: 'CK_SECURITY_DOMAIN_MANUFACTURER', value: 1 },
  { name: 'CK_SECURITY_DOMAIN_OPERATOR', value: 2 },
  { name: 'CK_SECURITY_DOMAIN_THIRD_PARTY', value: 3 },
];

/** CKA_HW_FEATURE_TYPE. */
export const hardwareFeatures: readonly Constant[] = [
  { name: 'CKH_MONOTONIC_COUNTER', value: 1 },
  { name: 'CKH_CLOCK', value: 2 },
  { name: 'CKH_USER_INTERFACE', value: 3 },
  { name: 'CKH_VENDOR_DEFINED', value: 0x80000000 },
];

/** CKA_PROFILE_ID. */
export const profileIds: readonly Constant[] = [
  { name: 'CKP_INVALID_ID', value: 0 },
  { name: 'CKP_BASELINE_PROVIDER', value: 1 },
  { name: 'CKP_EXTENDED_PROVIDER', value: 2 },
  { name: 'CKP_AUTHENTICATION_TOKEN', value: 3 },
  { name: 'CKP_PUBLIC_CERTIFICATES_TOKEN', value: 4 },
  { name: 'CKP_COMPLETE_PROVIDER', value: 5 },
  { name: 'CKP_HKDF_TLS_TOKEN', value: 6 },
  { name: 'CKP_VENDOR_DEFINED', value: 0x80000000 },
];

/** CKA_PARAMETER_SET of a CKK_ML_DSA key (FIPS 204). */
export const mlDsaParameterSets: readonly Constant[] = [
  { name: 'CKP_ML_DSA_44', value: 1 },
  { name: 'CKP_ML_DSA_65', value: 2 },
  { name: 'CKP_ML_DSA_87', value: 3 },
];

/** CKA_PARAMETER_SET of a CKK_SLH_DSA key (FIPS 205). */
export const slhDsaParameterSets: readonly Constant[] = [
  { name: 'CKP_SLH_DSA_SHA2_128S', value: 1 },
  { name: 'CKP_SLH_DSA_SHAKE_128S', value: 2 },
  { name: 'CKP_SLH_DSA_SHA2_128F', value: 3 },
  { name: 'CKP_SLH_DSA_SHAKE_128F', value: 4 },
  { name: 'CKP_SLH_DSA_SHA2_192S', value: 5 },
  { name: 'CKP_SLH_DSA_SHAKE_192S', value: 6 },
  { name: 'CKP_SLH_DSA_SHA2_192F', value: 7 },
  { name: 'CKP_SLH_DSA_SHAKE_192F', value: 8 },
  { name: 'CKP_SLH_DSA_SHA2_256S', value: 9 },
  { name: 'CKP_SLH_DSA_SHAKE_256S', value: 0xa },
  { name: 'CKP_SLH_DSA_SHA2_256F', value: 0xb },
  { name: 'CKP_SLH_DSA_SHAKE_256F', value: 0xc },
];

/** CKA_PARAMETER_SET of a CKK_ML_KEM key (FIPS 203). */
export const mlKemParameterSets: readonly Constant[] = [
  { name: 'CKP_ML_KEM_512', value: 1 },
  { name: 'CKP_ML_KEM_768', value: 2 },
  { name: 'CKP_ML_KEM_1024', value: 3 },
];

/** The CKA_TRUST_... attributes of a trust object. */
export const trustValues: readonly Constant[] = [
  { name: 'CKT_TRUST_UNKNOWN', value: 0 },
  { name: 'CKT_TRUSTED', value: 1 },
  { name: 'CKT_TRUST_ANCHOR', value: 2 },
  { name: 'CKT_NOT_TRUSTED', value: 3 },
  { name: 'CKT_TRUST_MUST_VERIFY_TRUST', value: 4 },
];

/** CKA_VALIDATION_TYPE. */
export const validationTypes: readonly Constant[] = [
  { name: 'CKV_TYPE_UNSPECIFIED', value: 0 },
  { name: 'CKV_TYPE_SOFTWARE', value: 1 },
  { name: 'CKV_TYPE_HARDWARE', value: 2 },
  { name: 'CKV_TYPE_FIRMWARE', value: 3 },
  { name: 'CKV_TYPE_HYBRID', value: 4 },
];

/** CKA_VALIDATION_AUTHORITY_TYPE. */
export const validationAuthorities: readonly Constant[] = [
  { name: 'CKV_AUTHORITY_TYPE_UNSPECIFIED', value: 0 },
  { name: 'CKV_AUTHORITY_TYPE_NIST_CMVP', value: 1 },
  { name: 'CKV_AUTHORITY_TYPE_COMMON_CRITERIA', value: 2 },
];

/** CKA_OTP_FORMAT. */
export const otpFormats: readonly Constant[] = [
  { name: 'CK_OTP_FORMAT_DECIMAL', value: 0 },
  { name: 'CK_OTP_FORMAT_HEXADECIMAL', value: 1 },
  { name: 'CK_OTP_FORMAT_ALPHANUMERIC', value: 2 },
  { name: 'CK_OTP_FORMAT_BINARY', value: 3 },
];

/** CKA_OTP_..._REQUIREMENT. */
export const otpRequirements: readonly Constant[] = [
  { name: 'CK_OTP_PARAM_IGNORED', value: 0 },
  { name: 'CK_OTP_PARAM_OPTIONAL', value: 1 },
  { name: 'CK_OTP_PARAM_MANDATORY', value: 2 },
];
