/**
 * Functions of the 2.40 list that manage the library, slots, tokens, sessions and objects.
 */

import type { Prototype } from './shape.ts';

/** In the order of the function list. */
export const general: readonly Prototype[] = [
  {
    name: 'C_Initialize',
    since: '2.40',
    params: [{ name: 'pInitArgs', ctype: 'CK_VOID_PTR' }],
  },
  {
    name: 'C_Finalize',
    since: '2.40',
    params: [{ name: 'pReserved', ctype: 'CK_VOID_PTR' }],
  },
  {
    name: 'C_GetInfo',
    since: '2.40',
    params: [{ name: 'pInfo', ctype: 'CK_INFO_PTR' }],
  },
  {
    name: 'C_GetFunctionList',
    since: '2.40',
    params: [{ name: 'ppFunctionList', ctype: 'CK_FUNCTION_LIST_PTR_PTR' }],
  },
  {
    name: 'C_GetSlotList',
    since: '2.40',
    params: [
      { name: 'tokenPresent', ctype: 'CK_BBOOL' },
      { name: 'pSlotList', ctype: 'CK_SLOT_ID_PTR' },
      { name: 'pulCount', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_GetSlotInfo',
    since: '2.40',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pInfo', ctype: 'CK_SLOT_INFO_PTR' },
    ],
  },
  {
    name: 'C_GetTokenInfo',
    since: '2.40',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pInfo', ctype: 'CK_TOKEN_INFO_PTR' },
    ],
  },
  {
    name: 'C_GetMechanismList',
    since: '2.40',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pMechanismList', ctype: 'CK_MECHANISM_TYPE_PTR' },
      { name: 'pulCount', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_GetMechanismInfo',
    since: '2.40',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'type', ctype: 'CK_MECHANISM_TYPE' },
      { name: 'pInfo', ctype: 'CK_MECHANISM_INFO_PTR' },
    ],
  },
  {
    name: 'C_InitToken',
    since: '2.40',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPinLen', ctype: 'CK_ULONG' },
      { name: 'pLabel', ctype: 'CK_UTF8CHAR_PTR' },
    ],
  },
  {
    name: 'C_InitPIN',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPinLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_SetPIN',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pOldPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulOldLen', ctype: 'CK_ULONG' },
      { name: 'pNewPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulNewLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_OpenSession',
    since: '2.40',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'flags', ctype: 'CK_FLAGS' },
      { name: 'pApplication', ctype: 'CK_VOID_PTR' },
      { name: 'Notify', ctype: 'CK_NOTIFY' },
      { name: 'phSession', ctype: 'CK_SESSION_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_CloseSession',
    since: '2.40',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_CloseAllSessions',
    since: '2.40',
    params: [{ name: 'slotID', ctype: 'CK_SLOT_ID' }],
  },
  {
    name: 'C_GetSessionInfo',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pInfo', ctype: 'CK_SESSION_INFO_PTR' },
    ],
  },
  {
    name: 'C_GetOperationState',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pOperationState', ctype: 'CK_BYTE_PTR' },
      { name: 'pulOperationStateLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_SetOperationState',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pOperationState', ctype: 'CK_BYTE_PTR' },
      { name: 'ulOperationStateLen', ctype: 'CK_ULONG' },
      { name: 'hEncryptionKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'hAuthenticationKey', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_Login',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'userType', ctype: 'CK_USER_TYPE' },
      { name: 'pPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPinLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_Logout',
    since: '2.40',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'C_CreateObject',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulCount', ctype: 'CK_ULONG' },
      { name: 'phObject', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_CopyObject',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'hObject', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulCount', ctype: 'CK_ULONG' },
      { name: 'phNewObject', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
  {
    name: 'C_DestroyObject',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'hObject', ctype: 'CK_OBJECT_HANDLE' },
    ],
  },
  {
    name: 'C_GetObjectSize',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'hObject', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pulSize', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_GetAttributeValue',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'hObject', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulCount', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_SetAttributeValue',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'hObject', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulCount', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_FindObjectsInit',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pTemplate', ctype: 'CK_ATTRIBUTE_PTR' },
      { name: 'ulCount', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'C_FindObjects',
    since: '2.40',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'phObject', ctype: 'CK_OBJECT_HANDLE_PTR' },
      { name: 'ulMaxObjectCount', ctype: 'CK_ULONG' },
      { name: 'pulObjectCount', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'C_FindObjectsFinal',
    since: '2.40',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
];
