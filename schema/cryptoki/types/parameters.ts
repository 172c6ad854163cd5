/**
 * Parameters of the mechanisms that version 2.40 knew already, for encryption, signatures, agreement and derivation, and what later versions
 * made of them (PKCS#11 3.2).
 */

import type { Structure } from './shape.ts';

/** In an order in which each is complete before another contains it. */
export const parameterStructures: readonly Structure[] = [
  {
    name: 'CK_RSA_PKCS_OAEP_PARAMS',
    fields: [
      { name: 'hashAlg', type: 'CK_MECHANISM_TYPE' },
      { name: 'mgf', type: 'CK_RSA_PKCS_MGF_TYPE' },
      { name: 'source', type: 'CK_RSA_PKCS_OAEP_SOURCE_TYPE' },
      { name: 'pSourceData', type: 'CK_VOID_PTR' },
      { name: 'ulSourceDataLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_RSA_PKCS_PSS_PARAMS',
    fields: [
      { name: 'hashAlg', type: 'CK_MECHANISM_TYPE' },
      { name: 'mgf', type: 'CK_RSA_PKCS_MGF_TYPE' },
      { name: 'sLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_ECDH1_DERIVE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_EC_KDF_TYPE' },
      { name: 'ulSharedDataLen', type: 'CK_ULONG' },
      { name: 'pSharedData', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_ECDH2_DERIVE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_EC_KDF_TYPE' },
      { name: 'ulSharedDataLen', type: 'CK_ULONG' },
      { name: 'pSharedData', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulPrivateDataLen', type: 'CK_ULONG' },
      { name: 'hPrivateData', type: 'CK_OBJECT_HANDLE' },
      { name: 'ulPublicDataLen2', type: 'CK_ULONG' },
      { name: 'pPublicData2', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_ECMQV_DERIVE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_EC_KDF_TYPE' },
      { name: 'ulSharedDataLen', type: 'CK_ULONG' },
      { name: 'pSharedData', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulPrivateDataLen', type: 'CK_ULONG' },
      { name: 'hPrivateData', type: 'CK_OBJECT_HANDLE' },
      { name: 'ulPublicDataLen2', type: 'CK_ULONG' },
      { name: 'pPublicData2', type: 'CK_BYTE_PTR' },
      { name: 'publicKey', type: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'CK_X9_42_DH1_DERIVE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_X9_42_DH_KDF_TYPE' },
      { name: 'ulOtherInfoLen', type: 'CK_ULONG' },
      { name: 'pOtherInfo', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_X9_42_DH2_DERIVE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_X9_42_DH_KDF_TYPE' },
      { name: 'ulOtherInfoLen', type: 'CK_ULONG' },
      { name: 'pOtherInfo', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulPrivateDataLen', type: 'CK_ULONG' },
      { name: 'hPrivateData', type: 'CK_OBJECT_HANDLE' },
      { name: 'ulPublicDataLen2', type: 'CK_ULONG' },
      { name: 'pPublicData2', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_X9_42_MQV_DERIVE_PARAMS',
    fields: [
      { name: 'kdf', type: 'CK_X9_42_DH_KDF_TYPE' },
      { name: 'ulOtherInfoLen', type: 'CK_ULONG' },
      { name: 'pOtherInfo', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulPrivateDataLen', type: 'CK_ULONG' },
      { name: 'hPrivateData', type: 'CK_OBJECT_HANDLE' },
      { name: 'ulPublicDataLen2', type: 'CK_ULONG' },
      { name: 'pPublicData2', type: 'CK_BYTE_PTR' },
      { name: 'publicKey', type: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'CK_DES_CBC_ENCRYPT_DATA_PARAMS',
    fields: [
      { name: 'iv', type: 'CK_BYTE', count: 8 },
      { name: 'pData', type: 'CK_BYTE_PTR' },
      { name: 'length', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_AES_CBC_ENCRYPT_DATA_PARAMS',
    fields: [
      { name: 'iv', type: 'CK_BYTE', count: 16 },
      { name: 'pData', type: 'CK_BYTE_PTR' },
      { name: 'length', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_PBE_PARAMS',
    fields: [
      { name: 'pInitVector', type: 'CK_BYTE_PTR' },
      { name: 'pPassword', type: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPasswordLen', type: 'CK_ULONG' },
      { name: 'pSalt', type: 'CK_BYTE_PTR' },
      { name: 'ulSaltLen', type: 'CK_ULONG' },
      { name: 'ulIteration', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_KEY_DERIVATION_STRING_DATA',
    fields: [
      { name: 'pData', type: 'CK_BYTE_PTR' },
      { name: 'ulLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_PKCS5_PBKD2_PARAMS',
    fields: [
      { name: 'saltSource', type: 'CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE' },
      { name: 'pSaltSourceData', type: 'CK_VOID_PTR' },
      { name: 'ulSaltSourceDataLen', type: 'CK_ULONG' },
      { name: 'iterations', type: 'CK_ULONG' },
      { name: 'prf', type: 'CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE' },
      { name: 'pPrfData', type: 'CK_VOID_PTR' },
      { name: 'ulPrfDataLen', type: 'CK_ULONG' },
      { name: 'pPassword', type: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPasswordLen', type: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'CK_PKCS5_PBKD2_PARAMS2',
    fields: [
      { name: 'saltSource', type: 'CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE' },
      { name: 'pSaltSourceData', type: 'CK_VOID_PTR' },
      { name: 'ulSaltSourceDataLen', type: 'CK_ULONG' },
      { name: 'iterations', type: 'CK_ULONG' },
      { name: 'prf', type: 'CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE' },
      { name: 'pPrfData', type: 'CK_VOID_PTR' },
      { name: 'ulPrfDataLen', type: 'CK_ULONG' },
      { name: 'pPassword', type: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPasswordLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_AES_CTR_PARAMS',
    fields: [
      { name: 'ulCounterBits', type: 'CK_ULONG' },
      { name: 'cb', type: 'CK_BYTE', count: 16 },
    ],
  },
  {
    name: 'CK_GCM_PARAMS',
    fields: [
      { name: 'pIv', type: 'CK_BYTE_PTR' },
      { name: 'ulIvLen', type: 'CK_ULONG' },
      { name: 'ulIvBits', type: 'CK_ULONG' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
      { name: 'ulTagBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_GCM_MESSAGE_PARAMS',
    fields: [
      { name: 'pIv', type: 'CK_BYTE_PTR' },
      { name: 'ulIvLen', type: 'CK_ULONG' },
      { name: 'ulIvFixedBits', type: 'CK_ULONG' },
      { name: 'ivGenerator', type: 'CK_GENERATOR_FUNCTION' },
      { name: 'pTag', type: 'CK_BYTE_PTR' },
      { name: 'ulTagBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_GCM_WRAP_PARAMS',
    fields: [
      { name: 'pIv', type: 'CK_BYTE_PTR' },
      { name: 'ulIvLen', type: 'CK_ULONG' },
      { name: 'ulIvFixedBits', type: 'CK_ULONG' },
      { name: 'ivGenerator', type: 'CK_GENERATOR_FUNCTION' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
      { name: 'ulTagBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_CCM_PARAMS',
    fields: [
      { name: 'ulDataLen', type: 'CK_ULONG' },
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceLen', type: 'CK_ULONG' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
      { name: 'ulMACLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_CCM_MESSAGE_PARAMS',
    fields: [
      { name: 'ulDataLen', type: 'CK_ULONG' },
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceLen', type: 'CK_ULONG' },
      { name: 'ulNonceFixedBits', type: 'CK_ULONG' },
      { name: 'nonceGenerator', type: 'CK_GENERATOR_FUNCTION' },
      { name: 'pMAC', type: 'CK_BYTE_PTR' },
      { name: 'ulMACLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_CCM_WRAP_PARAMS',
    fields: [
      { name: 'ulDataLen', type: 'CK_ULONG' },
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceLen', type: 'CK_ULONG' },
      { name: 'ulNonceFixedBits', type: 'CK_ULONG' },
      { name: 'nonceGenerator', type: 'CK_GENERATOR_FUNCTION' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
      { name: 'ulMACLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_AES_GCM_PARAMS',
    fields: [
      { name: 'pIv', type: 'CK_BYTE_PTR' },
      { name: 'ulIvLen', type: 'CK_ULONG' },
      { name: 'ulIvBits', type: 'CK_ULONG' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
      { name: 'ulTagBits', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_AES_CCM_PARAMS',
    fields: [
      { name: 'ulDataLen', type: 'CK_ULONG' },
      { name: 'pNonce', type: 'CK_BYTE_PTR' },
      { name: 'ulNonceLen', type: 'CK_ULONG' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
      { name: 'ulMACLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_CAMELLIA_CTR_PARAMS',
    fields: [
      { name: 'ulCounterBits', type: 'CK_ULONG' },
      { name: 'cb', type: 'CK_BYTE', count: 16 },
    ],
  },
  {
    name: 'CK_CAMELLIA_CBC_ENCRYPT_DATA_PARAMS',
    fields: [
      { name: 'iv', type: 'CK_BYTE', count: 16 },
      { name: 'pData', type: 'CK_BYTE_PTR' },
      { name: 'length', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_ARIA_CBC_ENCRYPT_DATA_PARAMS',
    fields: [
      { name: 'iv', type: 'CK_BYTE', count: 16 },
      { name: 'pData', type: 'CK_BYTE_PTR' },
      { name: 'length', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_DSA_PARAMETER_GEN_PARAM',
    fields: [
      { name: 'hash', type: 'CK_MECHANISM_TYPE' },
      { name: 'pSeed', type: 'CK_BYTE_PTR' },
      { name: 'ulSeedLen', type: 'CK_ULONG' },
      { name: 'ulIndex', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_ECDH_AES_KEY_WRAP_PARAMS',
    fields: [
      { name: 'ulAESKeyBits', type: 'CK_ULONG' },
      { name: 'kdf', type: 'CK_EC_KDF_TYPE' },
      { name: 'ulSharedDataLen', type: 'CK_ULONG' },
      { name: 'pSharedData', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_RSA_AES_KEY_WRAP_PARAMS',
    fields: [
      { name: 'ulAESKeyBits', type: 'CK_ULONG' },
      { name: 'pOAEPParams', type: 'CK_RSA_PKCS_OAEP_PARAMS_PTR' },
    ],
  },
  {
    name: 'CK_SEED_CBC_ENCRYPT_DATA_PARAMS',
    fields: [
      { name: 'iv', type: 'CK_BYTE', count: 16 },
      { name: 'pData', type: 'CK_BYTE_PTR' },
      { name: 'length', type: 'CK_ULONG' },
    ],
  },
];
