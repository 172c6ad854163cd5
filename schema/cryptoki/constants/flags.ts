/**
 * Bits of the CK_FLAGS members and arguments (PKCS#11 3.2). One number means different things in different places,
 * so each group says where its bits belong.
 */

import type { Constant } from './shape.ts';

/** CK_SLOT_INFO.flags. */
export const slotFlags: readonly Constant[] = [
  { name: 'CKF_TOKEN_PRESENT', value: 1 },
  { name: 'CKF_REMOVABLE_DEVICE', value: 2 },
  { name: 'CKF_HW_SLOT', value: 4 },
];

/** CK_TOKEN_INFO.flags. */
export const tokenFlags: readonly Constant[] = [
  { name: 'CKF_RNG', value: 1 },
  { name: 'CKF_WRITE_PROTECTED', value: 2 },
  { name: 'CKF_LOGIN_REQUIRED', value: 4 },
  { name: 'CKF_USER_PIN_INITIALIZED', value: 8 },
  { name: 'CKF_RESTORE_KEY_NOT_NEEDED', value: 0x20 },
  { name: 'CKF_CLOCK_ON_TOKEN', value: 0x40 },
  { name: 'CKF_PROTECTED_AUTHENTICATION_PATH', value: 0x100 },
  { name: 'CKF_DUAL_CRYPTO_OPERATIONS', value: 0x200 },
  { name: 'CKF_TOKEN_INITIALIZED', value: 0x400 },
  { name: 'CKF_SECONDARY_AUTHENTICATION', value: 0x800, status: 'deprecated' },
  { name: 'CKF_USER_PIN_COUNT_LOW', value: 0x10000 },
  { name: 'CKF_USER_PIN_FINAL_TRY', value: 0x20000 },
  { name: 'CKF_USER_PIN_LOCKED', value: 0x40000 },
  { name: 'CKF_USER_PIN_TO_BE_CHANGED', value: 0x80000 },
  { name: 'CKF_SO_PIN_COUNT_LOW', value: 0x100000 },
  { name: 'CKF_SO_PIN_FINAL_TRY', value: 0x200000 },
  { name: 'CKF_SO_PIN_LOCKED', value: 0x400000 },
  { name: 'CKF_SO_PIN_TO_BE_CHANGED', value: 0x800000 },
  { name: 'CKF_ERROR_STATE', value: 0x1000000 },
  { name: 'CKF_SEED_RANDOM_REQUIRED', value: 0x2000000 },
  { name: 'CKF_ASYNC_SESSION_SUPPORTED', value: 0x4000000 },
];

/** CK_SESSION_INFO.flags and the flags of C_OpenSession. */
export const sessionFlags: readonly Constant[] = [
  { name: 'CKF_RW_SESSION', value: 2 },
  { name: 'CKF_SERIAL_SESSION', value: 4 },
  { name: 'CKF_ASYNC_SESSION', value: 8 },
];

/** CK_MECHANISM_INFO.flags; C_SessionCancel takes the operation bits among them. */
export const mechanismFlags: readonly Constant[] = [
  { name: 'CKF_HW', value: 1 },
  { name: 'CKF_MESSAGE_ENCRYPT', value: 2 },
  { name: 'CKF_MESSAGE_DECRYPT', value: 4 },
  { name: 'CKF_MESSAGE_SIGN', value: 8 },
  { name: 'CKF_MESSAGE_VERIFY', value: 0x10 },
  { name: 'CKF_MULTI_MESSAGE', value: 0x20 },
  { name: 'CKF_MULTI_MESSGE', value: 0x20, alias: 'CKF_MULTI_MESSAGE', status: 'deprecated' },
  { name: 'CKF_FIND_OBJECTS', value: 0x40 },
  { name: 'CKF_ENCRYPT', value: 0x100 },
  { name: 'CKF_DECRYPT', value: 0x200 },
  { name: 'CKF_DIGEST', value: 0x400 },
  { name: 'CKF_SIGN', value: 0x800 },
  { name: 'CKF_SIGN_RECOVER', value: 0x1000 },
  { name: 'CKF_VERIFY', value: 0x2000 },
  { name: 'CKF_VERIFY_RECOVER', value: 0x4000 },
  { name: 'CKF_GENERATE', value: 0x8000 },
  { name: 'CKF_GENERATE_KEY_PAIR', value: 0x10000 },
  { name: 'CKF_WRAP', value: 0x20000 },
  { name: 'CKF_UNWRAP', value: 0x40000 },
  { name: 'CKF_DERIVE', value: 0x80000 },
  { name: 'CKF_EC_F_P', value: 0x100000 },
  { name: 'CKF_EC_F_2M', value: 0x200000 },
  { name: 'CKF_EC_ECPARAMETERS', value: 0x400000 },
  { name: 'CKF_EC_OID', value: 0x800000 },
  { name: 'CKF_EC_NAMEDCURVE', value: 0x800000, alias: 'CKF_EC_OID', status: 'deprecated' },
  { name: 'CKF_EC_UNCOMPRESS', value: 0x1000000 },
  { name: 'CKF_EC_COMPRESS', value: 0x2000000 },
  { name: 'CKF_EC_CURVENAME', value: 0x4000000 },
  { name: 'CKF_ENCAPSULATE', value: 0x10000000 },
  { name: 'CKF_DECAPSULATE', value: 0x20000000 },
  { name: 'CKF_EXTENSION', value: 0x80000000 },
];

/** The bit in an attribute type that says: the value is an array. */
export const attributeFlags: readonly Constant[] = [{ name: 'CKF_ARRAY_ATTRIBUTE', value: 0x40000000 }];

/** CK_C_INITIALIZE_ARGS.flags. */
export const initializeFlags: readonly Constant[] = [
  { name: 'CKF_LIBRARY_CANT_CREATE_OS_THREADS', value: 1 },
  { name: 'CKF_OS_LOCKING_OK', value: 2 },
];

/** CK_INTERFACE.flags and the flags of C_GetInterface. */
export const interfaceFlags: readonly Constant[] = [{ name: 'CKF_INTERFACE_FORK_SAFE', value: 1 }];

/** The flags of C_EncryptMessageNext and C_DecryptMessageNext. */
export const messageFlags: readonly Constant[] = [{ name: 'CKF_END_OF_MESSAGE', value: 1 }];

/** The flags of C_WaitForSlotEvent. */
export const slotEventFlags: readonly Constant[] = [{ name: 'CKF_DONT_BLOCK', value: 1 }];

/** CK_OTP_FLAGS parameter of the one-time-password mechanisms. */
export const otpFlags: readonly Constant[] = [
  { name: 'CKF_NEXT_OTP', value: 1 },
  { name: 'CKF_EXCLUDE_TIME', value: 2 },
  { name: 'CKF_EXCLUDE_COUNTER', value: 4 },
  { name: 'CKF_EXCLUDE_CHALLENGE', value: 8 },
  { name: 'CKF_EXCLUDE_PIN', value: 0x10 },
  { name: 'CKF_USER_FRIENDLY_OTP', value: 0x20 },
];

/** CK_HKDF_PARAMS.ulSaltType. */
export const hkdfSaltFlags: readonly Constant[] = [
  { name: 'CKF_HKDF_SALT_NULL', value: 1 },
  { name: 'CKF_HKDF_SALT_DATA', value: 2 },
  { name: 'CKF_HKDF_SALT_KEY', value: 4 },
];
