/**
 * The mechanisms of this token. Generated from schema/cryptoki/mechanisms.ts: change it there.
 */

/** Names of parameter layouts, from schema/cryptoki/parameter-shapes.ts. */
export type ParameterShapeName = 'none' | 'iv16' | 'optionalIv8' | 'optionalIv4' | 'CK_MAC_GENERAL_PARAMS' | 'CK_RSA_PKCS_PSS_PARAMS' | 'CK_RSA_PKCS_OAEP_PARAMS' | 'CK_ECDH1_DERIVE_PARAMS' | 'CK_AES_CTR_PARAMS' | 'CK_GCM_PARAMS' | 'CK_EDDSA_PARAMS';

/** What C_GetMechanismInfo tells of a mechanism, and what the engine checks before it uses it. */
export interface MechanismInfo {
  readonly type: number;
  readonly name: string;
  /** ulMinKeySize and ulMaxKeySize, in the unit that the standard gives for the mechanism. */
  readonly min: number;
  readonly max: number;
  /** CKF_ bits. */
  readonly flags: number;
  readonly parameter: ParameterShapeName;
  /** CKK_ values; empty for digests. */
  readonly keyTypes: readonly number[];
  readonly approved: boolean;
}

const rows: readonly MechanismInfo[] = [
  { type: 0, name: 'CKM_RSA_PKCS_KEY_PAIR_GEN', min: 2048, max: 8192, flags: 0x10000, parameter: 'none', keyTypes: [0], approved: true },
  { type: 1, name: 'CKM_RSA_PKCS', min: 1024, max: 8192, flags: 0x67b00, parameter: 'none', keyTypes: [0], approved: false },
  { type: 3, name: 'CKM_RSA_X_509', min: 1024, max: 8192, flags: 0x7b00, parameter: 'none', keyTypes: [0], approved: false },
  { type: 9, name: 'CKM_RSA_PKCS_OAEP', min: 1024, max: 8192, flags: 0x60300, parameter: 'CK_RSA_PKCS_OAEP_PARAMS', keyTypes: [0], approved: true },
  { type: 6, name: 'CKM_SHA1_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: false },
  { type: 0x46, name: 'CKM_SHA224_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0x40, name: 'CKM_SHA256_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0x41, name: 'CKM_SHA384_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0x42, name: 'CKM_SHA512_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0x66, name: 'CKM_SHA3_224_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0x60, name: 'CKM_SHA3_256_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0x61, name: 'CKM_SHA3_384_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0x62, name: 'CKM_SHA3_512_RSA_PKCS', min: 1024, max: 8192, flags: 0x2800, parameter: 'none', keyTypes: [0], approved: true },
  { type: 0xd, name: 'CKM_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: false },
  { type: 0xe, name: 'CKM_SHA1_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: false },
  { type: 0x47, name: 'CKM_SHA224_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x43, name: 'CKM_SHA256_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x44, name: 'CKM_SHA384_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x45, name: 'CKM_SHA512_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x67, name: 'CKM_SHA3_224_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x63, name: 'CKM_SHA3_256_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x64, name: 'CKM_SHA3_384_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x65, name: 'CKM_SHA3_512_RSA_PKCS_PSS', min: 1024, max: 8192, flags: 0x2800, parameter: 'CK_RSA_PKCS_PSS_PARAMS', keyTypes: [0], approved: true },
  { type: 0x1040, name: 'CKM_EC_KEY_PAIR_GEN', min: 224, max: 521, flags: 0x1910000, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1041, name: 'CKM_ECDSA', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: false },
  { type: 0x1042, name: 'CKM_ECDSA_SHA1', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: false },
  { type: 0x1043, name: 'CKM_ECDSA_SHA224', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1044, name: 'CKM_ECDSA_SHA256', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1045, name: 'CKM_ECDSA_SHA384', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1046, name: 'CKM_ECDSA_SHA512', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1047, name: 'CKM_ECDSA_SHA3_224', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1048, name: 'CKM_ECDSA_SHA3_256', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1049, name: 'CKM_ECDSA_SHA3_384', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x104a, name: 'CKM_ECDSA_SHA3_512', min: 224, max: 521, flags: 0x1902800, parameter: 'none', keyTypes: [3], approved: true },
  { type: 0x1050, name: 'CKM_ECDH1_DERIVE', min: 224, max: 521, flags: 0x1980000, parameter: 'CK_ECDH1_DERIVE_PARAMS', keyTypes: [3, 0x41], approved: true },
  { type: 0x1051, name: 'CKM_ECDH1_COFACTOR_DERIVE', min: 224, max: 521, flags: 0x1980000, parameter: 'CK_ECDH1_DERIVE_PARAMS', keyTypes: [3], approved: true },
  { type: 0x1055, name: 'CKM_EC_EDWARDS_KEY_PAIR_GEN', min: 255, max: 255, flags: 0x4910000, parameter: 'none', keyTypes: [0x40], approved: true },
  { type: 0x1057, name: 'CKM_EDDSA', min: 255, max: 255, flags: 0x4902800, parameter: 'CK_EDDSA_PARAMS', keyTypes: [0x40], approved: true },
  { type: 0x1056, name: 'CKM_EC_MONTGOMERY_KEY_PAIR_GEN', min: 255, max: 255, flags: 0x4910000, parameter: 'none', keyTypes: [0x41], approved: false },
  { type: 0x1080, name: 'CKM_AES_KEY_GEN', min: 16, max: 32, flags: 0x8000, parameter: 'none', keyTypes: [0x1f], approved: true },
  { type: 0x1081, name: 'CKM_AES_ECB', min: 16, max: 32, flags: 0x60300, parameter: 'none', keyTypes: [0x1f], approved: true },
  { type: 0x1082, name: 'CKM_AES_CBC', min: 16, max: 32, flags: 0x60300, parameter: 'iv16', keyTypes: [0x1f], approved: true },
  { type: 0x1085, name: 'CKM_AES_CBC_PAD', min: 16, max: 32, flags: 0x60300, parameter: 'iv16', keyTypes: [0x1f], approved: true },
  { type: 0x1086, name: 'CKM_AES_CTR', min: 16, max: 32, flags: 0x300, parameter: 'CK_AES_CTR_PARAMS', keyTypes: [0x1f], approved: true },
  { type: 0x1087, name: 'CKM_AES_GCM', min: 16, max: 32, flags: 0x60326, parameter: 'CK_GCM_PARAMS', keyTypes: [0x1f], approved: true },
  { type: 0x2109, name: 'CKM_AES_KEY_WRAP', min: 16, max: 32, flags: 0x60300, parameter: 'optionalIv8', keyTypes: [0x1f], approved: true },
  { type: 0x210b, name: 'CKM_AES_KEY_WRAP_KWP', min: 16, max: 32, flags: 0x60300, parameter: 'optionalIv4', keyTypes: [0x1f], approved: true },
  { type: 0x350, name: 'CKM_GENERIC_SECRET_KEY_GEN', min: 8, max: 8192, flags: 0x8000, parameter: 'none', keyTypes: [0x10], approved: true },
  { type: 0x4003, name: 'CKM_SHA_1_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x28], approved: true },
  { type: 0x221, name: 'CKM_SHA_1_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x28], approved: true },
  { type: 0x222, name: 'CKM_SHA_1_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x28], approved: true },
  { type: 0x4004, name: 'CKM_SHA224_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x2e], approved: true },
  { type: 0x256, name: 'CKM_SHA224_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x2e], approved: true },
  { type: 0x257, name: 'CKM_SHA224_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x2e], approved: true },
  { type: 0x4005, name: 'CKM_SHA256_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x2b], approved: true },
  { type: 0x251, name: 'CKM_SHA256_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x2b], approved: true },
  { type: 0x252, name: 'CKM_SHA256_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x2b], approved: true },
  { type: 0x4006, name: 'CKM_SHA384_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x2c], approved: true },
  { type: 0x261, name: 'CKM_SHA384_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x2c], approved: true },
  { type: 0x262, name: 'CKM_SHA384_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x2c], approved: true },
  { type: 0x4007, name: 'CKM_SHA512_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x2d], approved: true },
  { type: 0x271, name: 'CKM_SHA512_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x2d], approved: true },
  { type: 0x272, name: 'CKM_SHA512_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x2d], approved: true },
  { type: 0x4008, name: 'CKM_SHA512_224_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x43], approved: true },
  { type: 0x49, name: 'CKM_SHA512_224_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x43], approved: true },
  { type: 0x4a, name: 'CKM_SHA512_224_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x43], approved: true },
  { type: 0x4009, name: 'CKM_SHA512_256_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x44], approved: true },
  { type: 0x4d, name: 'CKM_SHA512_256_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x44], approved: true },
  { type: 0x4e, name: 'CKM_SHA512_256_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x44], approved: true },
  { type: 0x2b8, name: 'CKM_SHA3_224_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x36], approved: true },
  { type: 0x2b6, name: 'CKM_SHA3_224_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x36], approved: true },
  { type: 0x2b7, name: 'CKM_SHA3_224_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x36], approved: true },
  { type: 0x2b3, name: 'CKM_SHA3_256_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x37], approved: true },
  { type: 0x2b1, name: 'CKM_SHA3_256_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x37], approved: true },
  { type: 0x2b2, name: 'CKM_SHA3_256_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x37], approved: true },
  { type: 0x2c3, name: 'CKM_SHA3_384_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x38], approved: true },
  { type: 0x2c1, name: 'CKM_SHA3_384_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x38], approved: true },
  { type: 0x2c2, name: 'CKM_SHA3_384_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x38], approved: true },
  { type: 0x2d3, name: 'CKM_SHA3_512_KEY_GEN', min: 1, max: 1024, flags: 0x8000, parameter: 'none', keyTypes: [0x39], approved: true },
  { type: 0x2d1, name: 'CKM_SHA3_512_HMAC', min: 1, max: 1024, flags: 0x2800, parameter: 'none', keyTypes: [0x10, 0x39], approved: true },
  { type: 0x2d2, name: 'CKM_SHA3_512_HMAC_GENERAL', min: 1, max: 1024, flags: 0x2800, parameter: 'CK_MAC_GENERAL_PARAMS', keyTypes: [0x10, 0x39], approved: true },
  { type: 0x220, name: 'CKM_SHA_1', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x255, name: 'CKM_SHA224', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x250, name: 'CKM_SHA256', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x260, name: 'CKM_SHA384', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x270, name: 'CKM_SHA512', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x48, name: 'CKM_SHA512_224', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x4c, name: 'CKM_SHA512_256', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x2b5, name: 'CKM_SHA3_224', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x2b0, name: 'CKM_SHA3_256', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x2c0, name: 'CKM_SHA3_384', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
  { type: 0x2d0, name: 'CKM_SHA3_512', min: 0, max: 0, flags: 0x400, parameter: 'none', keyTypes: [], approved: true },
];

/** Every mechanism by its CKM_ number, in the order of C_GetMechanismList. */
export const mechanisms: ReadonlyMap<number, MechanismInfo> = new Map(rows.map((row) => [row.type, Object.freeze(row)]));
