/**
 * Functions of the 2.40 list that work with keys and data.
 */

import type { Prototype } from './shape.ts';

/** In the order of the function list. */
export const cryptographic: readonly Prototype[] = [
  {
    name: 'C_EncryptInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_Encrypt',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pEncryptedData', ctype: 'CK_BYTE_PTR' },
      { name: 'pulEncryptedDataLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_EncryptUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPartLen', ctype: 'CK_ULONG' },
      { name: 'pEncryptedPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulEncryptedPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_EncryptFinal',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pLastEncryptedPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulLastEncryptedPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DecryptInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_Decrypt',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pEncryptedData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulEncryptedDataLen', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'pulDataLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DecryptUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pEncryptedPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulEncryptedPartLen', ctype: 'CK_ULONG' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DecryptFinal',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pLastPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulLastPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DigestInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
    ],
  },
  {
    name: 'C_Digest',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pDigest', ctype: 'CK_BYTE_PTR' },
      { name: 'pulDigestLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DigestUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPartLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_DigestKey',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_DigestFinal',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pDigest', ctype: 'CK_BYTE_PTR' },
      { name: 'pulDigestLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_SignInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_Sign',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'pulSignatureLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_SignUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPartLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_SignFinal',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'pulSignatureLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_SignRecoverInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_SignRecover',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'pulSignatureLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_VerifyInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_Verify',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSignatureLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifyUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPartLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifyFinal',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSignatureLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifyRecoverInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_VerifyRecover',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSignatureLen', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'pulDataLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DigestEncryptUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPartLen', ctype: 'CK_ULONG' },
      { name: 'pEncryptedPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulEncryptedPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DecryptDigestUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pEncryptedPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulEncryptedPartLen', ctype: 'CK_ULONG' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_SignEncryptUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPartLen', ctype: 'CK_ULONG' },
      { name: 'pEncryptedPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulEncryptedPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DecryptVerifyUpdate',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pEncryptedPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulEncryptedPartLen', ctype: 'CK_ULONG' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulPartLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_GenerateKey',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulCount', ctype: 'CK_ULONG' },
      { name: 'phKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_GenerateKeyPair',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'pPublicKeyTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulPublicKeyAttributeCount', ctype: 'CK_ULONG' },
      { name: 'pPrivateKeyTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulPrivateKeyAttributeCount', ctype: 'CK_ULONG' },
      { name: 'phPublicKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
      { name: 'phPrivateKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_WrapKey',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hWrappingKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pWrappedKey', ctype: 'CK_BYTE_PTR' },
      { name: 'pulWrappedKeyLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_UnwrapKey',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hUnwrappingKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pWrappedKey', ctype: 'CK_BYTE_PTR' },
      { name: 'ulWrappedKeyLen', ctype: 'CK_ULONG' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulAttributeCount', ctype: 'CK_ULONG' },
      { name: 'phKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_DeriveKey',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hBaseKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulAttributeCount', ctype: 'CK_ULONG' },
      { name: 'phKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_SeedRandom',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pSeed', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSeedLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_GenerateRandom',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'RandomData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulRandomLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_GetFunctionStatus',
    since: '2.40',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_CancelFunction',
    since: '2.40',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_WaitForSlotEvent',
    since: '2.40',
    params: [
      { name: 'flags', ctype: 'CK_FLAGS' },
      { name: 'pSlot', ctype: 'CK_SLOT_ID_PTR' },
      { name: 'pReserved', ctype: 'CK_VOID_PTR' },
    ],
  },
];
