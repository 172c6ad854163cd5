/** The keys that say what PINs may be, and how slow guesses are. */
import type { ConfigKey } from './shape.ts';

const sealed =
  'A token keeps the strictest that it was ever used with, whatever stands here later; only a token that is emptied begins anew.';

export const pinRuleKeys = [
  {
    name: 'pin.slow_after',
    type: 'integer',
    default: 3,
    unit: 'wrong PINs in a row',
    least: 0,
    most: 1_000,
    meaning: `So many wrong PINs in a row are answered at once; from the next one on an answer takes longer each time, and nobody else’s PIN for that role of the token is looked at meanwhile. Everything else goes on. ${sealed}`,
  },
  {
    name: 'pin.slow_first_ms',
    type: 'integer',
    default: 500,
    unit: 'milliseconds',
    least: 0,
    most: 60_000,
    meaning: `How long the first of those answers takes; each one after it takes twice as long. What is owed is kept on disk, so ending the engine does not shorten it. With 0 no answer is slowed, unless the token was used with more before. ${sealed}`,
  },
  {
    name: 'pin.slow_most_ms',
    type: 'integer',
    default: 30_000,
    unit: 'milliseconds',
    least: 0,
    most: 300_000,
    meaning: `How long such an answer takes at the most. ${sealed}`,
    warning: 'Whoever types his PIN after somebody has guessed at it waits for that long too.',
  },
  {
    name: 'pin.profile',
    type: 'text',
    shape: 'profile',
    default: 'open',
    meaning:
      'What the keys below are where nothing else is said: “open” takes what scripts have always set (4 bytes), and the command line warns of ' +
      'weak ones; with “strict” min_length is 8, so_min_length 12, and refuse_trivial and must_change_after_reset are true.',
  },
  {
    name: 'pin.min_length',
    type: 'integer',
    default: 4,
    unit: 'bytes',
    least: 4,
    most: 255,
    meaning: `The shortest user PIN that can be set; a shorter one is refused with CKR_PIN_LEN_RANGE. ${sealed}`,
  },
  {
    name: 'pin.so_min_length',
    type: 'integer',
    default: 4,
    unit: 'bytes',
    least: 4,
    most: 255,
    meaning: `The same for the security officer’s PIN. ${sealed}`,
  },
  {
    name: 'pin.max_length',
    type: 'integer',
    default: 255,
    unit: 'bytes',
    least: 4,
    most: 255,
    meaning:
      'The longest PIN that can be set, for systems that can keep no longer one. Where a token asks for more than this at the least, its least ' +
      'length is what it takes.',
  },
  {
    name: 'pin.classes',
    type: 'integer',
    default: 1,
    unit: 'kinds of characters',
    least: 1,
    most: 4,
    meaning: `How many of four kinds a PIN must have: small letters, capital letters, digits, and all others. Others are refused with CKR_PIN_INVALID, here and below. ${sealed}`,
    warning: 'Long PINs are better than ones with many kinds; people write down what they cannot remember.',
  },
  {
    name: 'pin.history',
    type: 'integer',
    default: 0,
    unit: 'PINs',
    least: 0,
    most: 24,
    meaning: `How many of a role’s last PINs, the present one among them, cannot be set again. ${sealed}`,
    warning: 'Setting a PIN takes twice as long.',
  },
  {
    name: 'pin.max_age_days',
    type: 'integer',
    default: 0,
    unit: 'days',
    least: 0,
    most: 36_500,
    meaning: `After so many days a PIN opens nothing until it has been changed: the login succeeds, and every call that needs it answers CKR_PIN_EXPIRED until C_SetPIN. 0 for never. ${sealed}`,
    warning: 'Servers that log in by themselves stop at their next login after that day.',
  },
  {
    name: 'pin.must_change_after_reset',
    type: 'boolean',
    default: false,
    meaning: `Whether a user PIN that the security officer has set (C_InitPIN) must be changed by the user before it opens anything, in the same way. ${sealed}`,
  },
  {
    name: 'pin.refuse_trivial',
    type: 'boolean',
    default: false,
    meaning: `Whether PINs are refused that everybody tries first: the token’s label, one character or a short block again and again, rows such as 1234, and some thirty words. ${sealed}`,
  },
  {
    name: 'pin.refused',
    type: 'text',
    shape: 'words',
    default: '',
    meaning:
      'PINs that cannot be set, separated by blanks, such as “hunter2 acme2026”; capital and small letters are the same. A token keeps those that ' +
      'it was ever used with, up to 4,096 bytes.',
    warning: 'They stand here for everybody to read: never a PIN that is in use.',
  },
] as const satisfies readonly ConfigKey[];

/** What the profiles give the keys that nobody gives a value. */
export const pinProfiles = {
  open: {
    'pin.min_length': 4,
    'pin.so_min_length': 4,
    'pin.refuse_trivial': false,
    'pin.must_change_after_reset': false,
  },
  strict: {
    'pin.min_length': 8,
    'pin.so_min_length': 12,
    'pin.refuse_trivial': true,
    'pin.must_change_after_reset': true,
  },
} as const;
