/** The keys about how keys may be used that say nothing of it themselves. */
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
] as const satisfies readonly ConfigKey[];
