/**
 * Our own functions, which the standard has none for. An application gets at them by the interface "Strongroom" (C_GetInterface);
 * they are no symbols of the library's.
 */

import type { Prototype } from './shape.ts';

/** In the order of the interface's function list. */
export const own: readonly Prototype[] = [
  {
    name: 'SR_RenameToken',
    since: 'strongroom',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pLabel', ctype: 'CK_UTF8CHAR_PTR' },
    ],
  },
  {
    name: 'SR_GetPinAttempts',
    since: 'strongroom',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'userType', ctype: 'CK_USER_TYPE' },
      { name: 'pulLeft', ctype: 'CK_ULONG_PTR' },
      { name: 'pulMost', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_GetEngineStatus',
    since: 'strongroom',
    params: [
      { name: 'pStatus', ctype: 'CK_BYTE_PTR' },
      { name: 'pulStatusLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_StopEngine',
    since: 'strongroom',
    params: [{ name: 'force', ctype: 'CK_BBOOL' }],
  },
  {
    name: 'SR_GetSettings',
    since: 'strongroom',
    params: [
      { name: 'pSettings', ctype: 'CK_BYTE_PTR' },
      { name: 'pulSettingsLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_SetSettings',
    since: 'strongroom',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pSettings', ctype: 'CK_BYTE_PTR' },
      { name: 'ulSettingsLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'SR_AcceptStore',
    since: 'strongroom',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPinLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'SR_UnlockToken',
    since: 'strongroom',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulPinLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'SR_LockToken',
    since: 'strongroom',
    params: [{ name: 'slotID', ctype: 'CK_SLOT_ID' }],
  },
  {
    name: 'SR_ReadAuditLog',
    since: 'strongroom',
    params: [
      { name: 'file', ctype: 'CK_ULONG' },
      { name: 'ulOffset', ctype: 'CK_ULONG' },
      { name: 'pData', ctype: 'CK_BYTE_PTR' },
      { name: 'pulDataLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_GetMetrics',
    since: 'strongroom',
    params: [
      { name: 'pMetrics', ctype: 'CK_BYTE_PTR' },
      { name: 'pulMetricsLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_SetKeyState',
    since: 'strongroom',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'pUniqueId', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulUniqueIdLen', ctype: 'CK_ULONG' },
      { name: 'ulState', ctype: 'CK_ULONG' },
      { name: 'pReason', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulReasonLen', ctype: 'CK_ULONG' },
      { name: 'ulSince', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'SR_AddRecovery',
    since: 'strongroom',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'ulWords', ctype: 'CK_ULONG' },
      { name: 'ulLists', ctype: 'CK_ULONG' },
      { name: 'pWords', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'pulWordsLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_ConfirmRecovery',
    since: 'strongroom',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'SR_RemoveRecovery',
    since: 'strongroom',
    params: [{ name: 'hSession', ctype: 'CK_SESSION_HANDLE' }],
  },
  {
    name: 'SR_Recover',
    since: 'strongroom',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pWords', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulWordsLen', ctype: 'CK_ULONG' },
      { name: 'userType', ctype: 'CK_USER_TYPE' },
      { name: 'pNewPin', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulNewPinLen', ctype: 'CK_ULONG' },
    ],
  },
  {
    name: 'SR_GetTokenAccess',
    since: 'strongroom',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'pAccess', ctype: 'CK_BYTE_PTR' },
      { name: 'pulAccessLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_GetPinStatus',
    since: 'strongroom',
    params: [
      { name: 'slotID', ctype: 'CK_SLOT_ID' },
      { name: 'userType', ctype: 'CK_USER_TYPE' },
      { name: 'pStatus', ctype: 'CK_BYTE_PTR' },
      { name: 'pulStatusLen', ctype: 'CK_ULONG_PTR' },
    ],
  },
  {
    name: 'SR_RotateKey',
    since: 'strongroom',
    params: [
      { name: 'hSession', ctype: 'CK_SESSION_HANDLE' },
      { name: 'hKey', ctype: 'CK_OBJECT_HANDLE' },
      { name: 'ulGrace', ctype: 'CK_ULONG' },
      { name: 'pReason', ctype: 'CK_UTF8CHAR_PTR' },
      { name: 'ulReasonLen', ctype: 'CK_ULONG' },
      { name: 'phSuccessor', ctype: 'CK_OBJECT_HANDLE_PTR' },
    ],
  },
];
