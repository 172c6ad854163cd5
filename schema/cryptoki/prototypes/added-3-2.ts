/**
 * Functions that the 3.2 list adds after those of 3.0.
 */

import type { Prototype } from './shape.ts';

/** In the order of the function list. */
export const added32: readonly Prototype[] = [
  {
    name: 'C_EncapsulateKey',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hPublicKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulAttributeCount', ctype: 'CK_ULONG' },
      { name: 'pCiphertext', ctype: 'CK_BYTE_PTR' },
      { name: 'pulCiphertextLen', ctype: 'CK_ULONG_PTR' },
      { name: 'phKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_DecapsulateKey',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hPrivateKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulAttributeCount', ctype: 'CK_ULONG' },
      { name: 'pCiphertext', ctype: 'CK_BYTE_PTR' },
      { name: 'ulCiphertextLen', ctype: 'CK_ULONG' },
      { name: 'phKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_VerifySignatureInit',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSignatureLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifySignature',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifySignatureUpdate',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPartLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifySignatureFinal',
    since: '3.2',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_GetSessionValidationFlags',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'type', ctype: 'CK_SESSION_VALIDATION_FLAGS_TYPE' },
      { name: 'pFlags', ctype: 'CK_FLAGS_PTR' },
    ],
  },
  {
    name: 'C_AsyncComplete',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pFunctionName', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'pResult', ctype: 'CK_ASYNC_DATA_PTR' },
    ],
  },
  {
    name: 'C_AsyncGetID',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pFunctionName', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'pulID', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_AsyncJoin',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pFunctionName', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulID', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulData', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_WrapKeyAuthenticated',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hWrappingKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pAssociatedData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulAssociatedDataLen', ctype: 'CK_ULONG' },
      { name: 'pWrappedKey', ctype: 'CK_BYTE_PTR' },
      { name: 'pulWrappedKeyLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_UnwrapKeyAuthenticated',
    since: '3.2',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hUnwrappingKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pWrappedKey', ctype: 'CK_BYTE_PTR' },
      { name: 'ulWrappedKeyLen', ctype: 'CK_ULONG' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulAttributeCount', ctype: 'CK_ULONG' },
      { name: 'pAssociatedData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulAssociatedDataLen', ctype: 'CK_ULONG' },
      { name: 'phKey', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
];
