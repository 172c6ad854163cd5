/**
 * Groups of functions, as rules name them. Every function of `schema/cryptoki/functions` is in exactly one (a test checks it), so that no
 * function is outside of the policy's reach.
 */

export interface FunctionGroup {
  readonly name: string;
  /** What whoever has it may do, in sentences that end with a full stop. */
  readonly meaning: string;
  /**
   * How it comes to somebody: `named` in a rule's functions (or by a role that gives it); `sight`, with every right on a token; `operator`, with
   * that role alone.
   */
  readonly comes: 'named' | 'sight' | 'operator';
  /** Whether its functions are about objects. What is not is no matter of a rule's `keys`. */
  readonly objects: 'none' | 'used' | 'made';
  /** What its functions answer when no rule gives them, or none for that object. It stands on their lists of return values. */
  readonly refusal: `CKR_${string}`;
  readonly functions: readonly string[];
}

export const functionGroups = [
  {
    name: 'general',
    meaning: 'See the token’s slot, and open and close sessions on it.',
    comes: 'sight',
    objects: 'none',
    refusal: 'CKR_SLOT_ID_INVALID',
    functions: [
      'C_Initialize',
      'C_Finalize',
      'C_GetInfo',
      'C_GetFunctionList',
      'C_GetInterfaceList',
      'C_GetInterface',
      'C_GetSlotList',
      'C_GetSlotInfo',
      'C_GetTokenInfo',
      'C_GetMechanismList',
      'C_GetMechanismInfo',
      'C_WaitForSlotEvent',
      'C_OpenSession',
      'C_CloseSession',
      'C_CloseAllSessions',
      'C_GetSessionInfo',
      'C_GetSessionValidationFlags',
      'C_SessionCancel',
      'C_GetFunctionStatus',
      'C_CancelFunction',
      'C_AsyncComplete',
      'C_AsyncGetID',
      'C_AsyncJoin',
      'C_Logout',
      'SR_GetPinAttempts',
    ],
  },
  {
    name: 'engine',
    meaning: 'Look after the engine: its state, its end, the settings of its store.',
    comes: 'operator',
    objects: 'none',
    refusal: 'CKR_FUNCTION_REJECTED',
    functions: ['SR_GetEngineStatus', 'SR_StopEngine', 'SR_GetSettings', 'SR_SetSettings'],
  },
  {
    name: 'login',
    meaning: 'Log in with a PIN, as whom the roles say, and change that PIN.',
    comes: 'named',
    objects: 'none',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_Login', 'C_LoginUser', 'C_SetPIN'],
  },
  {
    name: 'admin',
    meaning:
      'Empty and rename the token, give its user a new PIN, accept a store that was put back: all that the SO PIN is for.',
    comes: 'named',
    objects: 'none',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_InitToken', 'C_InitPIN', 'SR_RenameToken', 'SR_AcceptStore'],
  },
  {
    name: 'find',
    meaning: 'Search for objects; only those are found that a rule gives for something.',
    comes: 'named',
    objects: 'none',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal'],
  },
  {
    name: 'read',
    meaning: 'Read attributes, as far as CKA_SENSITIVE and CKA_EXTRACTABLE let anybody read them.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_OBJECT_HANDLE_INVALID',
    functions: ['C_GetAttributeValue', 'C_GetObjectSize'],
  },
  {
    name: 'create',
    meaning: 'Bring in objects whose values are known outside.',
    comes: 'named',
    objects: 'made',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_CreateObject'],
  },
  {
    name: 'copy',
    meaning: 'Copy objects. The original and the copy must both be given for it.',
    comes: 'named',
    objects: 'made',
    refusal: 'CKR_ACTION_PROHIBITED',
    functions: ['C_CopyObject'],
  },
  {
    name: 'modify',
    meaning:
      'Change attributes. The object must be given for it by its old and by its new label, id and tag.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_ACTION_PROHIBITED',
    functions: ['C_SetAttributeValue'],
  },
  {
    name: 'destroy',
    meaning: 'Destroy objects.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_ACTION_PROHIBITED',
    functions: ['C_DestroyObject'],
  },
  {
    name: 'encrypt',
    meaning: 'Encrypt with a key.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
    functions: [
      'C_EncryptInit',
      'C_Encrypt',
      'C_EncryptUpdate',
      'C_EncryptFinal',
      'C_DigestEncryptUpdate',
      'C_SignEncryptUpdate',
      'C_MessageEncryptInit',
      'C_EncryptMessage',
      'C_EncryptMessageBegin',
      'C_EncryptMessageNext',
      'C_MessageEncryptFinal',
    ],
  },
  {
    name: 'decrypt',
    meaning: 'Decrypt with a key.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
    functions: [
      'C_DecryptInit',
      'C_Decrypt',
      'C_DecryptUpdate',
      'C_DecryptFinal',
      'C_DecryptDigestUpdate',
      'C_DecryptVerifyUpdate',
      'C_MessageDecryptInit',
      'C_DecryptMessage',
      'C_DecryptMessageBegin',
      'C_DecryptMessageNext',
      'C_MessageDecryptFinal',
    ],
  },
  {
    name: 'digest',
    meaning: 'Digest data.',
    comes: 'named',
    objects: 'none',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_DigestInit', 'C_Digest', 'C_DigestUpdate', 'C_DigestFinal'],
  },
  {
    name: 'digest-key',
    meaning: 'Digest the value of a key that may be read.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_KEY_INDIGESTIBLE',
    functions: ['C_DigestKey'],
  },
  {
    name: 'sign',
    meaning: 'Sign, and make MACs, with a key.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
    functions: [
      'C_SignInit',
      'C_Sign',
      'C_SignUpdate',
      'C_SignFinal',
      'C_SignRecoverInit',
      'C_SignRecover',
      'C_MessageSignInit',
      'C_SignMessage',
      'C_SignMessageBegin',
      'C_SignMessageNext',
      'C_MessageSignFinal',
    ],
  },
  {
    name: 'verify',
    meaning: 'Check signatures and MACs with a key.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
    functions: [
      'C_VerifyInit',
      'C_Verify',
      'C_VerifyUpdate',
      'C_VerifyFinal',
      'C_VerifyRecoverInit',
      'C_VerifyRecover',
      'C_MessageVerifyInit',
      'C_VerifyMessage',
      'C_VerifyMessageBegin',
      'C_VerifyMessageNext',
      'C_MessageVerifyFinal',
      'C_VerifySignatureInit',
      'C_VerifySignature',
      'C_VerifySignatureUpdate',
      'C_VerifySignatureFinal',
    ],
  },
  {
    name: 'wrap',
    meaning: 'Take keys out, encrypted under another. Both keys must be given for it.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
    functions: ['C_WrapKey', 'C_WrapKeyAuthenticated'],
  },
  {
    name: 'unwrap',
    meaning: 'Bring in keys that are encrypted under another. Both keys must be given for it.',
    comes: 'named',
    objects: 'made',
    refusal: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
    functions: ['C_UnwrapKey', 'C_UnwrapKeyAuthenticated'],
  },
  {
    name: 'derive',
    meaning: 'Derive keys from a key, or agree on one. Both keys must be given for it.',
    comes: 'named',
    objects: 'made',
    refusal: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
    functions: ['C_DeriveKey', 'C_EncapsulateKey', 'C_DecapsulateKey'],
  },
  {
    name: 'generate',
    meaning: 'Generate keys.',
    comes: 'named',
    objects: 'made',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_GenerateKey', 'C_GenerateKeyPair'],
  },
  {
    name: 'random',
    meaning: 'Ask for random bytes, and give some.',
    comes: 'named',
    objects: 'none',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_SeedRandom', 'C_GenerateRandom'],
  },
  {
    name: 'state',
    meaning: 'Take the state of an operation out, and put it back.',
    comes: 'named',
    objects: 'used',
    refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
    functions: ['C_GetOperationState', 'C_SetOperationState'],
  },
] as const satisfies readonly FunctionGroup[];

export type GroupName = (typeof functionGroups)[number]['name'];

/** The arguments of functions that are handles of objects, by their names in `schema/cryptoki/functions`. */
export const handleArguments = [
  'object',
  'key',
  'wrappingKey',
  'unwrappingKey',
  'baseKey',
  'publicKey',
  'privateKey',
  'encryptionKey',
  'authenticationKey',
] as const;
