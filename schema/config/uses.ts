/** The keys about what keys of tokens may do: how often, with which vectors (`keys`), and by which time (`clock`). */
import type { ConfigKey } from './shape.ts';

export const useKeys = [
  {
    name: 'keys.gcm_limit',
    type: 'integer',
    default: 2 ** 31,
    least: 0,
    most: 2 ** 32,
    unit: 'encryptions',
    meaning:
      'How often a key may encrypt with AES-GCM in all its life. At 50, 75, 90, 95 and 99 % there is a record in the audit log, and behind ' +
      'the last the key is refused with CKR_KEY_FUNCTION_NOT_PERMITTED. CKA_STRONGROOM_GCM_LIMIT sets less for one key. A new value holds for ' +
      'keys that come into memory from then on.',
    warning:
      'With random vectors of 96 bits, 2^32 encryptions are the most that NIST SP 800-38D (8.3) allows; the default leaves half of them, since ' +
      'a copy of a key counts by itself.',
  },
  {
    name: 'keys.token_iv_only',
    type: 'boolean',
    default: false,
    meaning:
      'Whether AES-GCM encrypts under initialisation vectors that the token makes, and no others: C_EncryptMessage with a generator, not ' +
      'C_Encrypt. When false, that holds for keys with CKA_STRONGROOM_TOKEN_IV_ONLY.',
  },
  {
    name: 'keys.refuse_repeated_ivs',
    type: 'boolean',
    default: false,
    meaning:
      'Whether AES-GCM refuses to encrypt under a vector that a program has used with the same key before, among the last 4,096 of them since ' +
      'the key came into memory. When false, that holds for keys with CKA_STRONGROOM_IV_REUSE_CHECK.',
  },
  {
    name: 'keys.rotation_grace_seconds',
    type: 'integer',
    default: 60,
    unit: 'seconds',
    least: 0,
    most: 31_536_000,
    meaning:
      'How long a key that has been rotated (docs/rotation.md) still does what it did, so that programs that have found it before can finish, and find its ' +
      'successor the next time. After that it verifies and decrypts only.',
  },
  {
    name: 'keys.rotation_check_seconds',
    type: 'integer',
    default: 60,
    unit: 'seconds',
    least: 1,
    most: 86_400,
    meaning:
      'How often the engine looks for keys that are due to be rotated (CKA_STRONGROOM_ROTATE_EVERY), in tokens that are open: a user is logged in, or the token is ' +
      'unlocked. In others they stay due, and `strongroom key due` shows them.',
  },
  {
    name: 'clock.monotonic',
    type: 'boolean',
    default: true,
    meaning:
      'Whether the time that keys go by (docs/lifecycle.md) never goes back: when the system’s clock is set back, the latest time that the store and ' +
      'its log know holds until the clock gets there again. With false the system’s clock alone counts, and what was known is forgotten: for once, after ' +
      'a clock was wrong by years.',
    warning: 'With false, whoever sets the clock back revives keys whose time is over.',
  },
  {
    name: 'clock.offset_seconds',
    type: 'integer',
    default: 0,
    unit: 'seconds',
    least: 0,
    most: 3_155_760_000,
    meaning:
      'How far the time that keys go by is ahead of the system’s clock: to rehearse what happens when keys begin and end. The audit log says so at each ' +
      'start, and `strongroom doctor` as long as it is not 0. Records of the log keep the system’s time.',
    warning: 'Keys whose end comes within that time protect nothing meanwhile.',
  },
] as const satisfies readonly ConfigKey[];
