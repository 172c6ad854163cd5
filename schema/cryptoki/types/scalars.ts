/**
 * The names that Cryptoki gives to C's fundamental types (PKCS#11 3.2, "General data types").
 */

import type { Callback, Scalar } from './shape.ts';

/** In an order in which each base is known before it is used. Every one has a pointer type `<name>_PTR` too. */
export const scalars: readonly Scalar[] = [
  { name: 'CK_BYTE', base: 'unsigned char' },
  { name: 'CK_ULONG', base: 'unsigned long int' },
  { name: 'CK_LONG', base: 'long int' },
  { name: 'CK_CHAR', base: 'CK_BYTE' },
  { name: 'CK_UTF8CHAR', base: 'CK_BYTE' },
  { name: 'CK_BBOOL', base: 'CK_BYTE' },
  { name: 'CK_FLAGS', base: 'CK_ULONG' },
  { name: 'CK_NOTIFICATION', base: 'CK_ULONG' },
  { name: 'CK_SLOT_ID', base: 'CK_ULONG' },
  { name: 'CK_SESSION_HANDLE', base: 'CK_ULONG' },
  { name: 'CK_USER_TYPE', base: 'CK_ULONG' },
  { name: 'CK_STATE', base: 'CK_ULONG' },
  { name: 'CK_OBJECT_HANDLE', base: 'CK_ULONG' },
  { name: 'CK_OBJECT_CLASS', base: 'CK_ULONG' },
  { name: 'CK_HW_FEATURE_TYPE', base: 'CK_ULONG' },
  { name: 'CK_KEY_TYPE', base: 'CK_ULONG' },
  { name: 'CK_CERTIFICATE_TYPE', base: 'CK_ULONG' },
  { name: 'CK_ATTRIBUTE_TYPE', base: 'CK_ULONG' },
  { name: 'CK_MECHANISM_TYPE', base: 'CK_ULONG' },
  { name: 'CK_RV', base: 'CK_ULONG' },
  { name: 'CK_RSA_PKCS_MGF_TYPE', base: 'CK_ULONG' },
  { name: 'CK_RSA_PKCS_OAEP_SOURCE_TYPE', base: 'CK_ULONG' },
  { name: 'CK_EC_KDF_TYPE', base: 'CK_ULONG' },
  { name: 'CK_X9_42_DH_KDF_TYPE', base: 'CK_ULONG' },
  { name: 'CK_RC2_PARAMS', base: 'CK_ULONG' },
  { name: 'CK_MAC_GENERAL_PARAMS', base: 'CK_ULONG' },
  { name: 'CK_EXTRACT_PARAMS', base: 'CK_ULONG' },
  { name: 'CK_PKCS5_PBKD2_PSEUDO_RANDOM_FUNCTION_TYPE', base: 'CK_ULONG' },
  { name: 'CK_PKCS5_PBKDF2_SALT_SOURCE_TYPE', base: 'CK_ULONG' },
  { name: 'CK_OTP_PARAM_TYPE', base: 'CK_ULONG' },
  { name: 'CK_PARAM_TYPE', base: 'CK_OTP_PARAM_TYPE' },
  { name: 'CK_GENERATOR_FUNCTION', base: 'CK_ULONG' },
  { name: 'CK_JAVA_MIDP_SECURITY_DOMAIN', base: 'CK_ULONG' },
  { name: 'CK_CERTIFICATE_CATEGORY', base: 'CK_ULONG' },
  { name: 'CK_PROFILE_ID', base: 'CK_ULONG' },
  { name: 'CK_PRF_DATA_TYPE', base: 'CK_ULONG' },
  { name: 'CK_SP800_108_PRF_TYPE', base: 'CK_MECHANISM_TYPE' },
  { name: 'CK_SP800_108_DKM_LENGTH_METHOD', base: 'CK_ULONG' },
  { name: 'CK_X3DH_KDF_TYPE', base: 'CK_ULONG' },
  { name: 'CK_X2RATCHET_KDF_TYPE', base: 'CK_ULONG' },
  { name: 'CK_XEDDSA_HASH_TYPE', base: 'CK_ULONG' },
  { name: 'CK_HSS_LEVELS', base: 'CK_ULONG' },
  { name: 'CK_LMS_TYPE', base: 'CK_ULONG' },
  { name: 'CK_LMOTS_TYPE', base: 'CK_ULONG' },
  { name: 'CK_SESSION_VALIDATION_FLAGS_TYPE', base: 'CK_ULONG' },
  { name: 'CK_VALIDATION_TYPE', base: 'CK_ULONG' },
  { name: 'CK_VALIDATION_AUTHORITY_TYPE', base: 'CK_ULONG' },
  { name: 'CK_XMSSMT_PARAMETER_SET_TYPE', base: 'CK_ULONG' },
  { name: 'CK_XMSS_PARAMETER_SET_TYPE', base: 'CK_ULONG' },
  { name: 'CK_HEDGE_TYPE', base: 'CK_ULONG' },
  { name: 'CK_ML_DSA_PARAMETER_SET_TYPE', base: 'CK_ULONG' },
  { name: 'CK_SLH_DSA_PARAMETER_SET_TYPE', base: 'CK_ULONG' },
  { name: 'CK_ML_KEM_PARAMETER_SET_TYPE', base: 'CK_ULONG' },
  { name: 'CK_TRUST', base: 'CK_ULONG' },
];

/** Pointers to nothing in particular, which do not follow the rule of the scalars. */
export const voidPointers: readonly Scalar[] = [
  { name: 'CK_VOID_PTR', base: 'void *' },
  { name: 'CK_VOID_PTR_PTR', base: 'CK_VOID_PTR *' },
];

/** What an application may hand to the library to be called back. */
export const callbacks: readonly Callback[] = [
  {
    name: 'CK_NOTIFY',
    params: [
      { name: 'hSession', type: 'CK_SESSION_HANDLE' },
      { name: 'event', type: 'CK_NOTIFICATION' },
      { name: 'pApplication', type: 'CK_VOID_PTR' },
    ],
  },
  { name: 'CK_CREATEMUTEX', params: [{ name: 'ppMutex', type: 'CK_VOID_PTR_PTR' }] },
  { name: 'CK_DESTROYMUTEX', params: [{ name: 'pMutex', type: 'CK_VOID_PTR' }] },
  { name: 'CK_LOCKMUTEX', params: [{ name: 'pMutex', type: 'CK_VOID_PTR' }] },
  { name: 'CK_UNLOCKMUTEX', params: [{ name: 'pMutex', type: 'CK_VOID_PTR' }] },
];
