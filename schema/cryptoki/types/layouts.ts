/**
 * Structures that are in use but no longer, or never were, in the standard's header.
 */

import type { Structure } from './shape.ts';

/** Older layouts of mechanism parameters. */
export const layoutStructures: readonly Structure[] = [
  {
    name: 'CK_GCM_PARAMS_WITHOUT_IV_BITS',
    fields: [
      { name: 'pIv', type: 'CK_BYTE_PTR' },
      { name: 'ulIvLen', type: 'CK_ULONG' },
      { name: 'pAAD', type: 'CK_BYTE_PTR' },
      { name: 'ulAADLen', type: 'CK_ULONG' },
      { name: 'ulTagBits', type: 'CK_ULONG' },
    ],
  },
];
