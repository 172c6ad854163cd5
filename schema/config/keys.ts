/** Every key of `strongroom.toml`: the engine's reader, the sample and the documentation are made from this list. */
import { networkKeys, remoteKeys } from './network.ts';
import { pinRuleKeys } from './pin-rules.ts';
import { serviceKeys } from './service.ts';
import type { ConfigKey } from './shape.ts';
import { useKeys } from './uses.ts';

export type * from './shape.ts';

/**
 * Keys that only a file can set: they say where an engine is and whom it serves, which a store does not bring along. `socket` and
 * `socket_user` are read by the library too, which knows no other.
 */
export const fileKeys: ReadonlySet<string> = new Set([
  'socket',
  'socket_user',
  ...remoteKeys.map(({ name }) => name),
  ...networkKeys.map(({ name }) => name),
  'service.socket_mode',
  'service.socket_group',
  'service.policy',
  'service.log_level',
  'service.drain_seconds',
  'service.metrics',
  'clock.offset_seconds',
  'clock.monotonic',
]);

/** Keys that strongroomd takes a new value of while it runs, on SIGHUP; the others wait for its next start. */
export const reloadKeys: ReadonlySet<string> = new Set([
  'sessions.max_per_application',
  'sessions.max_total',
  'objects.session_max_per_application',
  'objects.session_max_total',
  'objects.session_bytes_per_application',
  'objects.session_bytes_total',
  'operations.max_per_application',
  'operations.max_total',
  'operations.bytes_per_application',
  'operations.bytes_total',
  'mechanisms.gcm_short_tags',
  'keys.gcm_limit',
  'keys.token_iv_only',
  'keys.refuse_repeated_ivs',
  'service.policy',
  'service.log_level',
  'service.drain_seconds',
  'slots.free_slot',
  'slots.max_tokens',
  'clock.offset_seconds',
]);

/** In the order in which the sample shows them; keys of one table stand together. */
export const configKeys = [
  {
    name: 'socket',
    type: 'text',
    shape: 'path',
    default: '',
    meaning:
      'Where strongroomd listens, for programs of this machine (an absolute path). A library that reads this connects there and starts no engine ' +
      'of its own; without it each user has an engine, started when needed. It stands before the first table. $STRONGROOM_SOCKET goes before it.',
    warning:
      'In a user’s own file it holds for that user alone; for everybody it belongs into /etc/strongroom/strongroom.toml.',
  },
  {
    name: 'socket_user',
    type: 'text',
    shape: 'user',
    default: 'strongroom',
    meaning:
      'The user, by name or number, whose engine may listen at `socket`; root may, too. A library that finds anybody else there tells him nothing.',
    warning: 'Whoever listens there is told PINs.',
  },
  ...remoteKeys,
  {
    name: 'linger_seconds',
    type: 'integer',
    default: 60,
    unit: 'seconds',
    least: 0,
    most: 604_800,
    meaning:
      'How long the engine stays after its last application has gone. The next application to come in that time ' +
      'finds it running and is served at once.',
    warning: 'With 0 every short program such as ssh starts an engine of its own and derives the PIN again.',
  },
  {
    name: 'memory.require_lock',
    type: 'boolean',
    default: false,
    meaning:
      'Refuse to start when the kernel does not let us lock key memory into RAM. When false, the engine says so in ' +
      'its log and goes on.',
    warning: 'With false, and too small a limit (see `ulimit -l`), keys in use could be written to swap.',
  },
  {
    name: 'pin.kdf',
    type: 'text',
    shape: 'kdf',
    default: 'argon2id',
    meaning:
      'How a PIN becomes the key that opens its token, `argon2id` or `pbkdf2`: the work that one guess costs whoever has stolen the store. ' +
      'It and the numbers below count for PINs set from now on, and for the others at their next right login; a token’s PINs never become ' +
      'cheaper than they were.',
    warning:
      'PBKDF2 is for where a standard demands it (FIPS 140-3 has no Argon2id): graphics cards guess at it many times faster.',
  },
  {
    name: 'pin.argon2_memory_kib',
    type: 'integer',
    default: 65_536,
    unit: 'KiB of memory',
    least: 8_192,
    most: 1_048_576,
    meaning:
      'What one derivation by Argon2id fills. The default and the next two are RFC 9106’s second recommended option. The engine works on few ' +
      'derivations at a time, so that a crowd does not need it all at once.',
    warning: 'A login fails while the machine does not have so much memory to spare.',
  },
  {
    name: 'pin.argon2_passes',
    type: 'integer',
    default: 3,
    unit: 'passes over that memory',
    least: 1,
    most: 64,
    meaning: 'How often Argon2id goes over its memory; the time that a first login takes grows with it.',
  },
  {
    name: 'pin.argon2_lanes',
    type: 'integer',
    default: 4,
    unit: 'lanes',
    least: 1,
    most: 64,
    meaning:
      'Into how many parts the memory is divided that could be filled side by side. The engine fills them one after the other, and leaves the ' +
      'other processors to other calls.',
  },
  {
    name: 'pin.iterations',
    type: 'integer',
    default: 600_000,
    unit: 'rounds of PBKDF2-HMAC-SHA256',
    least: 1_000,
    most: 100_000_000,
    meaning: 'What `kdf = "pbkdf2"` costs whoever guesses; Argon2id does not read it.',
    warning: 'Fewer rounds make a stolen store easier to open. Lower it for tests only.',
  },
  {
    name: 'pin.max_attempts',
    type: 'integer',
    default: 10,
    unit: 'wrong PINs in a row',
    least: 1,
    most: 1_000,
    meaning:
      'After so many wrong user PINs the token refuses the user until the security officer sets a new PIN. A token ' +
      'keeps the lowest number that it was ever used with, whatever stands here later.',
  },
  {
    name: 'pin.so_max_attempts',
    type: 'integer',
    default: 10,
    unit: 'wrong PINs in a row',
    least: 1,
    most: 1_000,
    meaning:
      'After so many wrong SO PINs the token refuses the security officer. The lowest number stays with a token here too.',
    warning: 'Nobody can undo this for a token: if its user PIN is lost as well, so are its keys.',
  },
  ...pinRuleKeys,
  {
    name: 'pin.recovery_max_attempts',
    type: 'integer',
    default: 100,
    unit: 'wrong sets of recovery words in a row',
    least: 1,
    most: 1_000,
    meaning:
      'After so many sets of recovery words that are another token’s the token refuses them until its security officer makes new ones. What is ' +
      'mistyped is told from that by its checksum, and does not count. The lowest number stays with a token here too.',
    warning:
      'Nobody guesses 128 random bits, so this protects little; and whoever may try can use the tries up.',
  },
  {
    name: 'audit.sync_interval_ms',
    type: 'integer',
    default: 1_000,
    unit: 'milliseconds',
    least: 0,
    most: 60_000,
    meaning:
      'How long records of everyday operations and of session objects may stay in the kernel before they are forced to ' +
      'disk. Every record is written before its call returns, and those of token objects, PINs and tokens are forced to ' +
      'disk at once.',
    warning: 'Power loss can take the records of this span. With 0 every signature waits for the disk.',
  },
  {
    name: 'sessions.max_per_application',
    type: 'integer',
    default: 65_536,
    unit: 'sessions',
    least: 1,
    most: 16_777_216,
    meaning:
      'How many sessions one application may have open at a time; the next one is refused with CKR_SESSION_COUNT. A program ' +
      'that forgets to close its sessions is stopped here before it fills the memory of the engine that it shares with others.',
  },
  {
    name: 'sessions.max_total',
    type: 'integer',
    default: 262_144,
    unit: 'sessions',
    least: 1,
    most: 16_777_216,
    meaning:
      'How many sessions all applications together may have open. Here, and wherever a key speaks of all applications, the last tenth is for ' +
      'those that hold less than a hundredth of the whole: so whoever takes all he can get leaves something for others.',
  },
  {
    name: 'objects.session_max_per_application',
    type: 'integer',
    default: 100_000,
    unit: 'objects',
    least: 1,
    most: 16_777_216,
    meaning:
      'How many session objects one application may have at a time; the next one is refused with CKR_DEVICE_MEMORY, and others notice nothing ' +
      'of it.',
    warning:
      'Each takes some 2 kB of the engine’s memory. Above a million in all, the heap of the engine’s runtime (a quarter of the memory, 4 GB at ' +
      'the most) is likely to be full first; then, too, the next one is refused.',
  },
  {
    name: 'objects.session_max_total',
    type: 'integer',
    default: 400_000,
    unit: 'objects',
    least: 1,
    most: 16_777_216,
    meaning: 'How many session objects all applications together may have.',
  },
  {
    name: 'objects.session_bytes_per_application',
    type: 'integer',
    default: 268_435_456,
    unit: 'bytes',
    least: 65_536,
    most: 1_099_511_627_776,
    meaning:
      'How many bytes the attributes and values of one application’s session objects may have together; what would be more is refused with ' +
      'CKR_DEVICE_MEMORY.',
  },
  {
    name: 'objects.session_bytes_total',
    type: 'integer',
    default: 536_870_912,
    unit: 'bytes',
    least: 65_536,
    most: 1_099_511_627_776,
    meaning: 'The same for all applications together.',
  },
  {
    name: 'objects.token_max',
    type: 'integer',
    default: 1_000_000,
    unit: 'objects',
    least: 1,
    most: 16_777_216,
    meaning:
      'How many objects a token may have; the next one is refused with CKR_DEVICE_MEMORY. Private ones count while somebody is logged in. What ' +
      'is there already stays, and can be used, whatever stands here.',
  },
  {
    name: 'objects.token_bytes',
    type: 'integer',
    default: 1_073_741_824,
    unit: 'bytes',
    least: 65_536,
    most: 1_099_511_627_776,
    meaning: 'How many bytes the attributes of a token’s objects may have together.',
  },
  {
    name: 'operations.max_per_application',
    type: 'integer',
    default: 16_384,
    unit: 'operations',
    least: 1,
    most: 1_048_576,
    meaning:
      'How many operations and searches one application may have under way in all its sessions; the call that begins one more is refused with ' +
      'CKR_DEVICE_MEMORY.',
  },
  {
    name: 'operations.max_total',
    type: 'integer',
    default: 131_072,
    unit: 'operations',
    least: 1,
    most: 1_048_576,
    meaning: 'The same for all applications together.',
    warning: 'What OpenSSL keeps for them has 1 GiB, some 1,200 bytes each.',
  },
  {
    name: 'operations.bytes_per_application',
    type: 'integer',
    default: 268_435_456,
    unit: 'bytes',
    least: 65_536,
    most: 1_099_511_627_776,
    meaning:
      'How many bytes the operations of one application may keep of what they are given in parts: ciphertext of AES-GCM until its tag has been ' +
      'checked, messages for EdDSA, and what searches have found. What would be more is refused with CKR_DEVICE_MEMORY, which ends the operation.',
    warning:
      'AES-GCM keeps room for half as much again. Data that is given in one part is not kept, and not bounded by this.',
  },
  {
    name: 'operations.bytes_total',
    type: 'integer',
    default: 1_073_741_824,
    unit: 'bytes',
    least: 65_536,
    most: 1_099_511_627_776,
    meaning: 'The same for all applications together.',
  },
  {
    name: 'jobs.max_per_application',
    type: 'integer',
    default: 64,
    unit: 'calls',
    least: 1,
    most: 128,
    meaning:
      'How many calls that take long (RSA key generation, signatures with large RSA keys, PINs) one application may have waiting or at work ' +
      'at a time; the next one is refused with CKR_HOST_MEMORY. Applications take turns, whatever the number of their calls.',
    warning: 'A program with more threads than this, each of which makes a key, sees some of them refused.',
  },
  {
    name: 'mechanisms.gcm_short_tags',
    type: 'boolean',
    default: false,
    meaning:
      'Whether AES-GCM works with tags of 64 and 32 bits too, for encryption, decryption and the wrapping of keys. When false they are ' +
      'refused with CKR_MECHANISM_PARAM_INVALID, and tags have 96 to 128 bits.',
    warning:
      'With 32 bits one forgery in 2^32 succeeds, and each that does makes the next ones easier, for all messages under the key. NIST SP ' +
      '800-38D (appendix C) allows them for short messages and few tries at decryption only, which nobody counts here.',
  },
  ...useKeys,
  ...serviceKeys,
  ...networkKeys,
  {
    name: 'slots.free_slot',
    type: 'boolean',
    default: false,
    meaning:
      'Also list one uninitialised slot when there are tokens already, for tools that can only make a token in a ' +
      'slot that they see. `strongroom token init` needs no such slot.',
    warning:
      'Some applications take the first slot that they are shown, or stumble over one without a token.',
  },
  {
    name: 'slots.max_tokens',
    type: 'integer',
    default: 256,
    unit: 'tokens',
    least: 1,
    most: 65_536,
    meaning: 'How many tokens there may be. C_InitToken of one more is refused with CKR_DEVICE_MEMORY.',
  },
] as const satisfies readonly ConfigKey[];
