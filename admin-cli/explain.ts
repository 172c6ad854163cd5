/** What people should read where the standard has a number. */
import { remoteAddress } from './places.ts';
import { plain } from './terminal.ts';

interface Explanation {
  /** What happened; absent where the call and the number's name say as much as we know. */
  readonly message?: string;
  readonly hint?: string;
}

const doctor = 'strongroom doctor looks for the cause.';

const explanations: Readonly<Record<string, Explanation>> = {
  CKR_PIN_INCORRECT: {
    message: 'the PIN is wrong',
    hint: 'Every wrong PIN is counted; after too many in a row the token locks (strongroom token list).',
  },
  CKR_PIN_LOCKED: {
    message: 'the PIN is locked after too many wrong ones',
    hint: 'A user PIN is unlocked when the security officer sets a new one: strongroom pin reset.',
  },
  CKR_PIN_LEN_RANGE: { message: 'the PIN is too short or too long' },
  CKR_PIN_INVALID: {
    message: 'the token’s policy does not take this PIN',
    hint: 'strongroom pin policy says what it wants, and audit show why it was refused.',
  },
  CKR_PIN_EXPIRED: {
    message: 'the PIN must be changed before it opens anything',
    hint: 'Whoever knows it changes it: strongroom pin set.',
  },
  CKR_USER_PIN_NOT_INITIALIZED: {
    message: 'the token has no user PIN yet',
    hint: 'The security officer sets one: strongroom pin reset.',
  },
  CKR_DEVICE_ERROR: { message: 'the engine could not be started or has failed', hint: doctor },
  CKR_DEVICE_REMOVED: { message: 'the engine has gone in the middle of the call', hint: 'Try once more.' },
  CKR_DEVICE_MEMORY: { message: 'the store’s disk is full, or the engine is out of memory', hint: doctor },
  CKR_GENERAL_ERROR: { message: 'the library could not work', hint: doctor },
  CKR_HOST_MEMORY: { message: 'there is not enough memory' },
  CKR_SESSION_EXISTS: { message: 'some application has the token open' },
  CKR_SLOT_ID_INVALID: {
    message: 'somebody else took the slot at the same moment',
    hint: 'Try once more. A service answers so, too, where its policy lets this user make no token.',
  },
  CKR_TOKEN_NOT_RECOGNIZED: { message: 'the token’s data is damaged or was tampered with', hint: doctor },
};

/** An engine that answers so has not failed: it keeps the token from being used. */
const outOfUse: Explanation = { message: 'the token is out of use', hint: 'strongroom doctor says why.' };

/** A service answers so to whom its policy does not let. */
const notGiven: Explanation = {
  message: 'the policy of the service gives this user no right to that',
  hint: 'strongroom policy check --as user:NAME … says which rule decides.',
};

/** What the calls of our own mean by the standard's numbers. */
const ownWords: Readonly<Record<string, Explanation>> = {
  'SR_Recover CKR_PIN_INCORRECT': {
    message: 'these are not the recovery words of the token',
    hint: 'They are some token’s, or older ones, or made up: none is mistyped. It was counted (strongroom token show).',
  },
  'SR_Recover CKR_DATA_INVALID': {
    message: 'these are no recovery words',
    hint: 'A word is mistyped or missing, or two have changed places. It was not counted: look, and try once more.',
  },
  'SR_Recover CKR_PIN_LOCKED': {
    message: 'the recovery words are locked after too many that were wrong',
    hint: 'The security officer makes new ones: strongroom token recovery add.',
  },
  'SR_Recover CKR_FUNCTION_NOT_SUPPORTED': notGiven,
  'SR_AddRecovery CKR_FUNCTION_NOT_SUPPORTED': notGiven,
  'SR_RemoveRecovery CKR_FUNCTION_NOT_SUPPORTED': notGiven,
  'SR_SetKeyState CKR_KEY_HANDLE_INVALID': { message: 'there is no such key' },
  'SR_SetKeyState CKR_ATTRIBUTE_VALUE_INVALID': {
    message: 'no way leads there from the state that the key is in',
    hint: 'strongroom key show says which that is, and docs/lifecycle.md which ways there are.',
  },
  'SR_SetKeyState CKR_ATTRIBUTE_READ_ONLY': {
    message: 'what the security officer stopped, he alone lets go on',
    hint: 'Give his PIN: --so-pin-file FILE.',
  },
  'SR_UnlockToken CKR_USER_ALREADY_LOGGED_IN': { message: 'the token is unlocked already' },
  'SR_RotateKey CKR_KEY_CHANGED': {
    message: 'the key has a successor already',
    hint: 'Its label means that one: strongroom key list.',
  },
  'SR_RotateKey CKR_ACTION_PROHIBITED': {
    message: 'the key cannot be changed, or no rule lets this user rotate it',
    hint: 'A key with CKA_MODIFIABLE false keeps its label for good; strongroom policy check … says what rules give.',
  },
  'SR_RotateKey CKR_ATTRIBUTE_VALUE_INVALID': {
    message: 'no rule lets this user make such a key, or none of that size is made any more',
  },
  'SR_RotateKey CKR_KEY_FUNCTION_NOT_PERMITTED': {
    message: 'a key that is suspended, or not active yet, has no successor',
  },
  'SR_ReadAuditLog CKR_FUNCTION_REJECTED': notGiven,
  'SR_GetMetrics CKR_FUNCTION_REJECTED': notGiven,
  'SR_UnlockToken CKR_FUNCTION_REJECTED': notGiven,
  'SR_LockToken CKR_FUNCTION_REJECTED': notGiven,
  'C_InitToken CKR_FUNCTION_NOT_SUPPORTED': notGiven,
  'SR_GetMetrics CKR_FUNCTION_NOT_SUPPORTED': {
    message: 'the engine counts nothing',
    hint: 'service.metrics in its configuration has it count.',
  },
  'SR_LockToken CKR_USER_NOT_LOGGED_IN': { message: 'the token is not unlocked' },
  'SR_UnlockToken CKR_FUNCTION_NOT_SUPPORTED': {
    message: 'an engine of one user has no use for that',
    hint: 'Unlocking is for strongroomd, whose policy says who needs no login.',
  },
};

/** What is another matter where the engine is on another machine, and we have come as far as the gateway. */
function fromAfar(place: string, rvName: string, call: string): Explanation | undefined {
  if (ownWords[`${call} ${rvName}`] === notGiven)
    return {
      message: `the policy of the service at ${place} gives us no right to that`,
      hint: 'There, strongroom policy check --as NAME … says which rule decides; NAME is the name of our certificate.',
    };
  if (rvName === 'CKR_FUNCTION_FAILED')
    return {
      message: `the service at ${place} does not let us in`,
      hint: 'A rule of its policy must have a name of our certificate, which strongroom doctor shows.',
    };
  if (rvName === 'CKR_DEVICE_ERROR' && call === 'C_Initialize')
    return { message: 'the way to the other machine could not be opened', hint: doctor };
  if (rvName === 'CKR_DEVICE_ERROR')
    return { message: `the service at ${place} cannot be reached, or has failed`, hint: doctor };
  return undefined;
}

/** Words for a CK_RV by its name, as the answer of a call. */
export function explain(rvName: string, call: string): Explanation {
  const remote = remoteAddress();
  const afar = remote === undefined ? undefined : fromAfar(plain(remote.path), rvName, call);
  if (afar !== undefined && call !== 'C_OpenSession') return afar;
  const own = ownWords[`${call} ${rvName}`];
  if (own !== undefined) return own;
  if (call === 'C_OpenSession' && rvName === 'CKR_DEVICE_ERROR') return outOfUse;
  return explanations[rvName] ?? {};
}
