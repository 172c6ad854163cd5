/**
 * Parameters of the mechanisms that version 3.0 and later brought: SP 800-108, EdDSA, ChaCha20 and Salsa20, HKDF, and signatures that
 * are hash-based or post-quantum (PKCS#11 3.2).
 */

import type { Structure } from './shape.ts';

/** In an order in which each is complete before another contains it. */
export const addedParameterStructures: readonly Structure[] = [
  {
    name: 'CK_PRF_DATA_PARAM',
    fields: [
      { name: 'type', type: 'CK_PRF_DATA_TYPE' },
      { name: 'pValue', type: 'CK_VOID_PTR' },
      { name: 'ulValueLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_SP800_108_COUNTER_FORMAT',
    fields: [
      { name: 'bLittleEndian', type: 'CK_BBOOL' },
      { name: 'ulWidthInBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_SP800_108_DKM_LENGTH_FORMAT',
    fields: [
      { name: 'dkmLengthMethod', type: 'CK_SP800_108_DKM_LENGTH_METHOD' },
      { name: 'bLittleEndian', type: 'CK_BBOOL' },
      { name: 'ulWidthInBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_DERIVED_KEY',
    fields: [
      { name: 'pTemplate', type: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulAttributeCount', type: 'CK_ULONG' },
      { name: 'phKey', type: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'CK_SP800_108_KDF_PARAMS',
    fields: [
      { name: 'prfType', type: 'CK_SP800_108_PRF_TYPE' },
      { name: 'ulNumberOfDataParams', type: 'CK_ULONG' },
      { name: 'pDataParams', type: 'CK_PRF_DATA_PARAM_PTR' },
      { name: 'ulAdditionalDerivedKeys', type: 'CK_ULONG' },
      { name: 'pAdditionalDerivedKeys', type: 'CK_DERIVED_KEY_PTR' },
    ],
  },
  {
    name: 'CK_SP800_108_FEEDBACK_KDF_PARAMS',
    fields: [
      { name: 'prfType', type: 'CK_SP800_108_PRF_TYPE' },
      { name: 'ulNumberOfDataParams', type: 'CK_ULONG' },
      { name: 'pDataParams', type: 'CK_PRF_DATA_PARAM_PTR' },
      { name: 'ulIVLen', type: 'CK_ULONG' },
      { name: 'pIV', type: 'CK_BYTE_PTR' },
      { name: 'ulAdditionalDerivedKeys', type: 'CK_ULONG' },
      { name: 'pAdditionalDerivedKeys', type: 'CK_DERIVED_KEY_PTR' },
    ],
  },
  {
    name: 'CK_EDDSA_PARAMS',
    fields: [
      { name: 'phFlag', type: 'CK_BBOOL' },
      { name: 'ulContextDataLen', type: 'CK_ULONG' },
      { name: 'pContextData', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_CHACHA20_PARAMS',
    fields: [
      { name: 'pBlockCounter', type: 'CK_BYTE_PTR' },
      { name: 'blockCounterBits', type: 'CK_ULONG' },
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_SALSA20_PARAMS',
    fields: [
      { name: 'pBlockCounter', type: 'CK_BYTE_PTR' },
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_SALSA20_CHACHA20_POLY1305_PARAMS',
    fields: [
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceLen', type: 'CK_ULONG' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_SALSA20_CHACHA20_POLY1305_MSG_PARAMS',
    fields: [
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceLen', type: 'CK_ULONG' },
      { name: 'pTag', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_XEDDSA_PARAMS',
    fields: [{ name: 'hash', type: 'CK_XEDDSA_HASH_TYPE' }],
  },
  {
    name: 'CK_HKDF_PARAMS',
    fields: [
      { name: 'bExtract', type: 'CK_BBOOL' },
      { name: 'bExpand', type: 'CK_BBOOL' },
      { name: 'prfHashMechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'ulSaltType', type: 'CK_ULONG' },
      { name: 'pSalt', type: 'CK_BYTE_PTR' },
      { name: 'ulSaltLen', type: 'CK_ULONG' },
      { name: 'hSaltKey', type: 'CK_OBJECT_HANDLE' },
      { name: 'pInfo', type: 'CK_BYTE_PTR' },
      { name: 'ulInfoLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'specifiedParams',
    fields: [
      { name: 'levels', type: 'CK_HSS_LEVELS' },
      { name: 'lm_type', type: 'CK_LMS_TYPE', count: 8 },
      { name: 'lm_ots_type', type: 'CK_LMOTS_TYPE', count: 8 },
    ],
  },
  {
    name: 'CK_SIGN_ADDITIONAL_CONTEXT',
    fields: [
      { name: 'hedgeVariant', type: 'CK_HEDGE_TYPE' },
      { name: 'pContext', type: 'CK_BYTE_PTR' },
      { name: 'ulContextLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_HASH_SIGN_ADDITIONAL_CONTEXT',
    fields: [
      { name: 'hedgeVariant', type: 'CK_HEDGE_TYPE' },
      { name: 'pContext', type: 'CK_BYTE_PTR' },
      { name: 'ulContextLen', type: 'CK_ULONG' },
      { name: 'hash', type: 'CK_MECHANISM_TYPE' },
    ],
  },
];
