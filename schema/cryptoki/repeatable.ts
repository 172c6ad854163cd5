/**
 * Functions that change nothing, neither in a token nor in a session, so that a call whose answer got lost on a network may be made once more. Every
 * other is made at most once.
 */
import type { functions } from './functions.ts';

type Name = (typeof functions)[number]['name'];

export const repeatable: readonly Name[] = [
  'C_GetInfo',
  'C_GetSlotList',
  'C_GetSlotInfo',
  'C_GetTokenInfo',
  'C_GetMechanismList',
  'C_GetMechanismInfo',
  'C_GetSessionInfo',
  'C_GetSessionValidationFlags',
  'C_GetObjectSize',
  'C_GetAttributeValue',
  'C_SeedRandom',
  'C_GenerateRandom',
  'SR_GetPinAttempts',
  'SR_GetEngineStatus',
  'SR_GetSettings',
  'SR_ReadAuditLog',
  'SR_GetMetrics',
  'SR_GetTokenAccess',
];
