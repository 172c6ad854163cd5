/**
 * Users, session states, notifications and the special numbers of CK_ULONG (PKCS#11 3.2).
 */

import { states } from '../../lifecycle/states.ts';
import { ALL_ONES, type Constant } from './shape.ts';

/** The version of the standard that these tables follow. */
export const versionNumbers: readonly Constant[] = [
  { name: 'CRYPTOKI_VERSION_AMENDMENT', value: 0 },
  { name: 'CRYPTOKI_VERSION_MINOR', value: 2 },
  { name: 'CRYPTOKI_VERSION_MAJOR', value: 3 },
];

/** CK_BBOOL. */
export const booleans: readonly Constant[] = [
  { name: 'CK_FALSE', value: 0 },
  { name: 'CK_TRUE', value: 1 },
];

/** A CK_ULONG that counts or measures. */
export const counts: readonly Constant[] = [
  { name: 'CK_EFFECTIVELY_INFINITE', value: 0 },
  { name: 'CK_UNAVAILABLE_INFORMATION', value: ALL_ONES },
];

/** CK_SESSION_HANDLE and CK_OBJECT_HANDLE. */
export const handles: readonly Constant[] = [{ name: 'CK_INVALID_HANDLE', value: 0 }];

/** CK_USER_TYPE. */
export const users: readonly Constant[] = [
  { name: 'CKU_SO', value: 0 },
  { name: 'CKU_USER', value: 1 },
  { name: 'CKU_CONTEXT_SPECIFIC', value: 2 },
];

/** CK_STATE. */
export const sessionStates: readonly Constant[] = [
  { name: 'CKS_RO_PUBLIC_SESSION', value: 0 },
  { name: 'CKS_RO_USER_FUNCTIONS', value: 1 },
  { name: 'CKS_RW_PUBLIC_SESSION', value: 2 },
  { name: 'CKS_RW_USER_FUNCTIONS', value: 3 },
  { name: 'CKS_RW_SO_FUNCTIONS', value: 4 },
];

/** The type argument of C_GetSessionValidationFlags. */
export const sessionValidationFlags: readonly Constant[] = [{ name: 'CKS_LAST_VALIDATION_OK', value: 1 }];

/** CK_NOTIFICATION. */
export const notifications: readonly Constant[] = [
  { name: 'CKN_SURRENDER', value: 0 },
  { name: 'CKN_OTP_CHANGED', value: 1 },
];

/** CKA_STRONGROOM_STATE. */
export const lifeStates: readonly Constant[] = states.map(({ constant, number }) => ({
  name: constant,
  value: number,
}));
