/**
 * Structures that the functions themselves take or fill (PKCS#11 3.2).
 */

import type { Structure } from './shape.ts';

/** In an order in which each is complete before another contains it. */
export const coreStructures: readonly Structure[] = [
  {
    name: 'CK_VERSION',
    fields: [
      { name: 'major', type: 'CK_BYTE' },
      { name: 'minor', type: 'CK_BYTE' },
    ],
  },
  {
    name: 'CK_INFO',
    fields: [
      { name: 'cryptokiVersion', type: 'CK_VERSION' },
      { name: 'manufacturerID', type: 'CK_UTF8CHAR', count: 32 },
      { name: 'flags', type: 'CK_FLAGS' },
      { name: 'libraryDescription', type: 'CK_UTF8CHAR', count: 32 },
      { name: 'libraryVersion', type: 'CK_VERSION' },
    ],
  },
  {
    name: 'CK_SLOT_INFO',
    fields: [
      { name: 'slotDescription', type: 'CK_UTF8CHAR', count: 64 },
      { name: 'manufacturerID', type: 'CK_UTF8CHAR', count: 32 },
      { name: 'flags', type: 'CK_FLAGS' },
      { name: 'hardwareVersion', type: 'CK_VERSION' },
      { name: 'firmwareVersion', type: 'CK_VERSION' },
    ],
  },
  {
    name: 'CK_TOKEN_INFO',
    fields: [
      { name: 'label', type: 'CK_UTF8CHAR', count: 32 },
      { name: 'manufacturerID', type: 'CK_UTF8CHAR', count: 32 },
      { name: 'model', type: 'CK_UTF8CHAR', count: 16 },
      { name: 'serialNumber', type: 'CK_CHAR', count: 16 },
      { name: 'flags', type: 'CK_FLAGS' },
      { name: 'ulMaxSessionCount', type: 'CK_ULONG' },
      { name: 'ulSessionCount', type: 'CK_ULONG' },
      { name: 'ulMaxRwSessionCount', type: 'CK_ULONG' },
      { name: 'ulRwSessionCount', type: 'CK_ULONG' },
      { name: 'ulMaxPinLen', type: 'CK_ULONG' },
      { name: 'ulMinPinLen', type: 'CK_ULONG' },
      { name: 'ulTotalPublicMemory', type: 'CK_ULONG' },
      { name: 'ulFreePublicMemory', type: 'CK_ULONG' },
      { name: 'ulTotalPrivateMemory', type: 'CK_ULONG' },
      { name: 'ulFreePrivateMemory', type: 'CK_ULONG' },
      { name: 'hardwareVersion', type: 'CK_VERSION' },
      { name: 'firmwareVersion', type: 'CK_VERSION' },
      { name: 'utcTime', type: 'CK_CHAR', count: 16 },
    ],
  },
  {
    name: 'CK_SESSION_INFO',
    fields: [
      { name: 'slotID', type: 'CK_SLOT_ID' },
      { name: 'state', type: 'CK_STATE' },
      { name: 'flags', type: 'CK_FLAGS' },
      { name: 'ulDeviceError', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_ATTRIBUTE',
    fields: [
      { name: 'type', type: 'CK_ATTRIBUTE_TYPE' },
      { name: 'pValue', type: 'CK_VOID_PTR' },
      { name: 'ulValueLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_DATE',
    fields: [
      { name: 'year', type: 'CK_CHAR', count: 4 },
      { name: 'month', type: 'CK_CHAR', count: 2 },
      { name: 'day', type: 'CK_CHAR', count: 2 },
    ],
  },
  {
    name: 'CK_MECHANISM',
    fields: [
      { name: 'mechanism', type: 'CK_MECHANISM_TYPE' },
      { name: 'pParameter', type: 'CK_VOID_PTR' },
      { name: 'ulParameterLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_MECHANISM_INFO',
    fields: [
      { name: 'ulMinKeySize', type: 'CK_ULONG' },
      { name: 'ulMaxKeySize', type: 'CK_ULONG' },
      { name: 'flags', type: 'CK_FLAGS' },
    ],
  },
  {
    name: 'CK_INTERFACE',
    fields: [
      { name: 'pInterfaceName', type: 'CK_UTF8CHAR_PTR' },
      { name: 'pFunctionList', type: 'CK_VOID_PTR' },
      { name: 'flags', type: 'CK_FLAGS' },
    ],
  },
  {
    name: 'CK_C_INITIALIZE_ARGS',
    fields: [
      { name: 'CreateMutex', type: 'CK_CREATEMUTEX' },
      { name: 'DestroyMutex', type: 'CK_DESTROYMUTEX' },
      { name: 'LockMutex', type: 'CK_LOCKMUTEX' },
      { name: 'UnlockMutex', type: 'CK_UNLOCKMUTEX' },
      { name: 'flags', type: 'CK_FLAGS' },
      { name: 'pReserved', type: 'CK_VOID_PTR' },
    ],
  },
  {
    name: 'CK_ASYNC_DATA',
    fields: [
      { name: 'ulVersion', type: 'CK_ULONG' },
      { name: 'pValue', type: 'CK_BYTE_PTR' },
      { name: 'ulValue', type: 'CK_ULONG' },
      { name: 'hObject', type: 'CK_OBJECT_HANDLE' },
      { name: 'hAdditionalObject', type: 'CK_OBJECT_HANDLE' },
    ],
  },
];
