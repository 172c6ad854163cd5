/**
 * Parameters of mechanisms that only old tokens know (PKCS#11 2.40 and its history).
 */

import type { Structure } from './shape.ts';

/** Kept so that the header is complete. */
export const historicalStructures: readonly Structure[] = [
  {
    name: 'CK_KEA_DERIVE_PARAMS',
    fields: [
      { name: 'isSender', type: 'CK_BBOOL' },
      { name: 'ulRandomLen', type: 'CK_ULONG' },
      { name: 'pRandomA', type: 'CK_BYTE_PTR' },
      { name: 'pRandomB', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_RC2_CBC_PARAMS',
    fields: [
      { name: 'ulEffectiveBits', type: 'CK_ULONG' },
      { name: 'iv', type: 'CK_BYTE', count: 8 },
    ],
  },
  {
    name: 'CK_RC2_MAC_GENERAL_PARAMS',
    fields: [
      { name: 'ulEffectiveBits', type: 'CK_ULONG' },
      { name: 'ulMacLength', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_RC5_PARAMS',
    fields: [
      { name: 'ulWordsize', type: 'CK_ULONG' },
      { name: 'ulRounds', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_RC5_CBC_PARAMS',
    fields: [
      { name: 'ulWordsize', type: 'CK_ULONG' },
      { name: 'ulRounds', type: 'CK_ULONG' },
      { name: 'pIv', type: 'CK_BYTE_PTR' },
      { name: 'ulIvLen', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_RC5_MAC_GENERAL_PARAMS',
    fields: [
      { name: 'ulWordsize', type: 'CK_ULONG' },
      { name: 'ulRounds', type: 'CK_ULONG' },
      { name: 'ulMacLength', type: 'CK_ULONG' },
    ],
  },
  {
    name: 'CK_SKIPJACK_PRIVATE_WRAP_PARAMS',
    fields: [
      { name: 'ulPasswordLen', type: 'CK_ULONG' },
      { name: 'pPassword', type: 'CK_BYTE_PTR' },
      { name: 'ulPublicDataLen', type: 'CK_ULONG' },
      { name: 'pPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulPAndGLen', type: 'CK_ULONG' },
      { name: 'ulQLen', type: 'CK_ULONG' },
      { name: 'ulRandomLen', type: 'CK_ULONG' },
      { name: 'pRandomA', type: 'CK_BYTE_PTR' },
      { name: 'pPrimeP', type: 'CK_BYTE_PTR' },
      { name: 'pBaseG', type: 'CK_BYTE_PTR' },
      { name: 'pSubprimeQ', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_SKIPJACK_RELAYX_PARAMS',
    fields: [
      { name: 'ulOldWrappedXLen', type: 'CK_ULONG' },
      { name: 'pOldWrappedX', type: 'CK_BYTE_PTR' },
      { name: 'ulOldPasswordLen', type: 'CK_ULONG' },
      { name: 'pOldPassword', type: 'CK_BYTE_PTR' },
      { name: 'ulOldPublicDataLen', type: 'CK_ULONG' },
      { name: 'pOldPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulOldRandomLen', type: 'CK_ULONG' },
      { name: 'pOldRandomA', type: 'CK_BYTE_PTR' },
      { name: 'ulNewPasswordLen', type: 'CK_ULONG' },
      { name: 'pNewPassword', type: 'CK_BYTE_PTR' },
      { name: 'ulNewPublicDataLen', type: 'CK_ULONG' },
      { name: 'pNewPublicData', type: 'CK_BYTE_PTR' },
      { name: 'ulNewRandomLen', type: 'CK_ULONG' },
      { name: 'pNewRandomA', type: 'CK_BYTE_PTR' },
    ],
  },
  {
    name: 'CK_KEY_WRAP_SET_OAEP_PARAMS',
    fields: [
      { name: 'bBC', type: 'CK_BYTE' },
      { name: 'pX', type: 'CK_BYTE_PTR' },
      { name: 'ulXLen', type: 'CK_ULONG' },
    ],
  },
];
