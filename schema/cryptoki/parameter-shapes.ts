/**
 * How the parameters of mechanisms lie in memory, so that the library can flatten them and the engine read them back.
 *
 * Fields are in wire order. A `ulong` or `bool` travels as a number, `bytes` and `inline` travel as a byte string.
 */

/** One field of a flattened parameter. `name` is what the engine calls it; the others are members of the C structure. */
export type ParameterField =
  | { readonly kind: 'ulong'; readonly name: string; readonly member: string }
  | { readonly kind: 'bool'; readonly name: string; readonly member: string }
  /** A pointer and its length in bytes; NULL is told from empty. */
  | { readonly kind: 'bytes'; readonly name: string; readonly pointer: string; readonly length: string }
  /** An array of `size` bytes inside the structure. */
  | { readonly kind: 'inline'; readonly name: string; readonly member: string; readonly size: number };

/** One layout that callers use for a structure: it is recognised by `sizeof(ctype)` being ulParameterLen. */
export interface ParameterLayout {
  readonly ctype: string;
  /** The members that this layout has. A field of the shape whose name is missing here travels as 0. */
  readonly has: readonly string[];
}

/** The shapes by kind. */
export type ParameterShape =
  /** pParameter is NULL and ulParameterLen is 0. */
  | { readonly kind: 'none' }
  /** pParameter points at bytes, whose number is one of `lengths` (0 among them: the parameter may be absent). */
  | { readonly kind: 'bytes'; readonly lengths: readonly number[] }
  /** pParameter points at one CK_ULONG, which the engine calls `name`. */
  | { readonly kind: 'ulong'; readonly ctype: string; readonly name: string }
  /** pParameter points at a structure. With `optional`, NULL and 0 are also right, and mean the mechanism's default. */
  | {
      readonly kind: 'struct';
      readonly optional: boolean;
      readonly fields: readonly ParameterField[];
      readonly layouts: readonly ParameterLayout[];
    };

/** Every shape that a mechanism of this token takes, by the name that the mechanism's row gives. */
export const parameterShapes = {
  none: { kind: 'none' },
  /** The initialisation vector of AES in CBC mode. */
  iv16: { kind: 'bytes', lengths: [16] },
  /** The initial value of AES Key Wrap (RFC 3394); the standard's default when absent. */
  optionalIv8: { kind: 'bytes', lengths: [0, 8] },
  /** The initial value of AES Key Wrap with Padding (RFC 5649); the standard's default when absent. */
  optionalIv4: { kind: 'bytes', lengths: [0, 4] },
  /** The number of bytes of a truncated MAC. */
  CK_MAC_GENERAL_PARAMS: { kind: 'ulong', ctype: 'CK_MAC_GENERAL_PARAMS', name: 'macLength' },
  CK_RSA_PKCS_PSS_PARAMS: {
    kind: 'struct',
    optional: false,
    fields: [
      { kind: 'ulong', name: 'hashAlg', member: 'hashAlg' },
      { kind: 'ulong', name: 'mgf', member: 'mgf' },
      { kind: 'ulong', name: 'sLen', member: 'sLen' },
    ],
    layouts: [{ ctype: 'CK_RSA_PKCS_PSS_PARAMS', has: ['hashAlg', 'mgf', 'sLen'] }],
  },
  CK_RSA_PKCS_OAEP_PARAMS: {
    kind: 'struct',
    optional: false,
    fields: [
      { kind: 'ulong', name: 'hashAlg', member: 'hashAlg' },
      { kind: 'ulong', name: 'mgf', member: 'mgf' },
      { kind: 'ulong', name: 'source', member: 'source' },
      { kind: 'bytes', name: 'sourceData', pointer: 'pSourceData', length: 'ulSourceDataLen' },
    ],
    layouts: [{ ctype: 'CK_RSA_PKCS_OAEP_PARAMS', has: ['hashAlg', 'mgf', 'source', 'sourceData'] }],
  },
  CK_ECDH1_DERIVE_PARAMS: {
    kind: 'struct',
    optional: false,
    fields: [
      { kind: 'ulong', name: 'kdf', member: 'kdf' },
      { kind: 'bytes', name: 'sharedData', pointer: 'pSharedData', length: 'ulSharedDataLen' },
      { kind: 'bytes', name: 'publicData', pointer: 'pPublicData', length: 'ulPublicDataLen' },
    ],
    layouts: [{ ctype: 'CK_ECDH1_DERIVE_PARAMS', has: ['kdf', 'sharedData', 'publicData'] }],
  },
  CK_AES_CTR_PARAMS: {
    kind: 'struct',
    optional: false,
    fields: [
      { kind: 'ulong', name: 'counterBits', member: 'ulCounterBits' },
      { kind: 'inline', name: 'cb', member: 'cb', size: 16 },
    ],
    layouts: [{ ctype: 'CK_AES_CTR_PARAMS', has: ['counterBits', 'cb'] }],
  },
  /**
   * Two layouts are in use: that of 2.40 and later headers with ulIvBits, and an earlier one without. ulIvBits repeats
   * what ulIvLen says (many callers leave it 0), so the engine goes by the vector's length.
   */
  CK_GCM_PARAMS: {
    kind: 'struct',
    optional: false,
    fields: [
      { kind: 'bytes', name: 'iv', pointer: 'pIv', length: 'ulIvLen' },
      { kind: 'ulong', name: 'ivBits', member: 'ulIvBits' },
      { kind: 'bytes', name: 'aad', pointer: 'pAAD', length: 'ulAADLen' },
      { kind: 'ulong', name: 'tagBits', member: 'ulTagBits' },
    ],
    layouts: [
      { ctype: 'CK_GCM_PARAMS', has: ['iv', 'ivBits', 'aad', 'tagBits'] },
      { ctype: 'CK_GCM_PARAMS_WITHOUT_IV_BITS', has: ['iv', 'aad', 'tagBits'] },
    ],
  },
  CK_EDDSA_PARAMS: {
    kind: 'struct',
    optional: true,
    fields: [
      { kind: 'bool', name: 'phFlag', member: 'phFlag' },
      { kind: 'bytes', name: 'contextData', pointer: 'pContextData', length: 'ulContextDataLen' },
    ],
    layouts: [{ ctype: 'CK_EDDSA_PARAMS', has: ['phFlag', 'contextData'] }],
  },
} as const satisfies Readonly<Record<string, ParameterShape>>;

/** The name of a shape. */
export type ParameterShapeName = keyof typeof parameterShapes;
