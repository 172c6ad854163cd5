/**
 * Functions that the 3.0 list adds after those of 2.40.
 */

import type { Prototype } from './shape.ts';

/** In the order of the function list. */
export const added30: readonly Prototype[] = [
  {
    name: 'C_GetInterfaceList',
    since: '3.0',
    params: [
      { name: 'pInterfacesList', ctype: 'CK_INTERFACE_PTR' },
      { name: 'pulCount', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_GetInterface',
    since: '3.0',
    params: [
      { name: 'pInterfaceName', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'pVersion', ctype: 'CK_VERSION_PTR' },
      { name: 'ppInterface', ctype: 'CK_INTERFACE_PTR_PTR' },
      { name: 'flags', ctype: 'CK_FLAGS' },
    ],
  },
  {
    name: 'C_LoginUser',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'userType', ctype: 'CK_USER_TYPE' },
      { name: 'pPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPinLen', ctype: 'CK_ULONG' },
      { name: 'pUsername', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulUsernameLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_SessionCancel',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'flags', ctype: 'CK_FLAGS' },
    ],
  },
  {
    name: 'C_MessageEncryptInit',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_EncryptMessage',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pAssociatedData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulAssociatedDataLen', ctype: 'CK_ULONG' },
      { name: 'pPlaintext', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPlaintextLen', ctype: 'CK_ULONG' },
      { name: 'pCiphertext', ctype: 'CK_BYTE_PTR' },
      { name: 'pulCiphertextLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_EncryptMessageBegin',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pAssociatedData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulAssociatedDataLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_EncryptMessageNext',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pPlaintextPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulPlaintextPartLen', ctype: 'CK_ULONG' },
      { name: 'pCiphertextPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulCiphertextPartLen', ctype: 'CK_ULONG_PTR' },
      { name: 'flags', ctype: 'CK_FLAGS' },
    ],
  },
  {
    name: 'C_MessageEncryptFinal',
    since: '3.0',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_MessageDecryptInit',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_DecryptMessage',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pAssociatedData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulAssociatedDataLen', ctype: 'CK_ULONG' },
      { name: 'pCiphertext', ctype: 'CK_BYTE_PTR' },
      { name: 'ulCiphertextLen', ctype: 'CK_ULONG' },
      { name: 'pPlaintext', ctype: 'CK_BYTE_PTR' },
      { name: 'pulPlaintextLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_DecryptMessageBegin',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pAssociatedData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulAssociatedDataLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_DecryptMessageNext',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pCiphertextPart', ctype: 'CK_BYTE_PTR' },
      { name: 'ulCiphertextPartLen', ctype: 'CK_ULONG' },
      { name: 'pPlaintextPart', ctype: 'CK_BYTE_PTR' },
      { name: 'pulPlaintextPartLen', ctype: 'CK_ULONG_PTR' },
      { name: 'flags', ctype: 'CK_FLAGS' },
    ],
  },
  {
    name: 'C_MessageDecryptFinal',
    since: '3.0',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_MessageSignInit',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_SignMessage',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'pulSignatureLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_SignMessageBegin',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_SignMessageNext',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'pulSignatureLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_MessageSignFinal',
    since: '3.0',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_MessageVerifyInit',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pMechanism', ctype: 'CK_MECHANISM_PTR' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_VerifyMessage',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSignatureLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifyMessageBegin',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_VerifyMessageNext',
    since: '3.0',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pParameter', ctype: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'ulDataLen', ctype: 'CK_ULONG' },
      { name: 'pSignature', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSignatureLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_MessageVerifyFinal',
    since: '3.0',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
];
