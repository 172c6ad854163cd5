/**
 * The functions of PKCS#11 3.2 with the shapes of their arguments and the rules of their use.
 *
 * From these rows come the shim's stubs, the wire codec on both ends and the engine's call table. A row's place in the list
 * is its number on the wire and in the audit log, so rows are never moved: the order is the standard's function lists'
 * (2.40, then what 3.0 and 3.2 added).
 *
 * Wire layout. All fields are little-endian and begin on a multiple of 8 bytes.
 *   ulong, handle, slot      u64
 *   bytes                    u64 length, u64 place (0: content follows, padded to 8; else: offset in the request area)
 *   text32                   32 bytes
 *   mechanism                u64 present (0 ends it), u64 type, u64 parameter form (0 none, 1 the flattened shape, 2 plain bytes),
 *                            then the shape's fields: ulong → u64, bytes → u64 present, u64 length, content padded
 *   template                 u64 count, then for each: u64 type, u64 kind (0 NULL, 1 value, 2 nested template), value: u64 length, content
 *   query                    u64 count, then for each: u64 type, u64 kind (0 size only, 1 room, 2 nested query), u64 capacity
 *   room, list               u64 present, u64 capacity
 *   fill                     u64 length
 * Answers: ulongOut u64; room and fill: u64 length, content when CKR_OK and room was there; list: u64 count, then u64 each when it fits;
 *   found: u64 count, u64 each; struct: its bytes; query: for each entry u64 length (all ones: unavailable),
 *   u64 present, content; a nested template's content is its entries, each with its u64 type in front.
 */

/** How one argument travels. `params` are the C parameters that it takes up, in order. */
export type Argument =
  | { readonly kind: 'session'; readonly params: readonly [string] }
  | { readonly kind: 'ulong'; readonly name: string; readonly params: readonly [string] }
  /** Input bytes. `bulk`: may stay in shared memory; `secret`: a PIN. `nullable`: NULL is told from empty. */
  | {
      readonly kind: 'bytes';
      readonly name: string;
      readonly params: readonly [string, string];
      readonly bulk?: true;
      readonly nullable?: true;
    }
  /** 32 bytes without a length (C_InitToken's label). */
  | { readonly kind: 'text32'; readonly name: string; readonly params: readonly [string] }
  | {
      readonly kind: 'mechanism';
      readonly name: string;
      readonly params: readonly [string];
      readonly nullable?: true;
    }
  | { readonly kind: 'template'; readonly name: string; readonly params: readonly [string, string] }
  | { readonly kind: 'query'; readonly name: string; readonly params: readonly [string, string] }
  /** Output of variable length by the standard's convention (5.2). */
  | { readonly kind: 'room'; readonly name: string; readonly params: readonly [string, string] }
  /** Output of a length that the caller fixes. */
  | { readonly kind: 'fill'; readonly name: string; readonly params: readonly [string, string] }
  /** A list of CK_ULONGs by the same convention, counted in entries. */
  | { readonly kind: 'list'; readonly name: string; readonly params: readonly [string, string] }
  /** C_FindObjects' handles: array, maximum, count. */
  | { readonly kind: 'found'; readonly name: string; readonly params: readonly [string, string, string] }
  | { readonly kind: 'ulongOut'; readonly name: string; readonly params: readonly [string] }
  | {
      readonly kind: 'struct';
      readonly name: string;
      readonly type: string;
      readonly params: readonly [string];
    }
  /** A parameter that does not travel (pApplication, Notify). */
  | { readonly kind: 'ignored'; readonly params: readonly [string] };

export interface CryptokiFunction {
  readonly name: string;
  readonly since: '2.40' | '3.0' | '3.2' | 'strongroom';
  /** 'shim': answered in the application's process. 'engine': travels. 'opaque': travels by name only, until the engine supports it. */
  readonly place: 'shim' | 'engine' | 'opaque';
  readonly args: readonly Argument[];
  /** Which session the call needs: none, any open one, or a read/write one (else CKR_SESSION_READ_ONLY). */
  readonly session: 'none' | 'any' | 'rw';
  /** Which login the call needs (else CKR_USER_NOT_LOGGED_IN). */
  readonly login: 'any' | 'user' | 'so';
  /** 'admin' records are synced at once, 'operation' records at the configured interval (DESIGN, 6). */
  readonly audit: 'no' | 'operation' | 'admin';
  /** The request carries a PIN or key value: it is zeroed on both sides as soon as it has been used. */
  readonly secret: boolean;
  /**
   * 'opens': begins an operation, and travels together with the call that follows where its result is known beforehand (DESIGN, 4).
   * 'ends': a single-part function that such an opening travels with, and that ends the operation.
   */
  /**
   * What the call does to the number of sessions, or whether that number matters to it: sessions are opened in advance (shim/advance.c), and
   * the engine must hear of them before a call that counts them.
   */
  readonly sessions?: 'opens' | 'closes' | 'counts';
  readonly pairing?: { readonly role: 'opens' | 'ends'; readonly with: string };
}

type Rules = Partial<
  Pick<CryptokiFunction, 'session' | 'login' | 'audit' | 'secret' | 'place' | 'pairing' | 'sessions'>
>;

const S: Argument = { kind: 'session', params: ['hSession'] };
const ulong = (name: string, param: string): Argument => ({ kind: 'ulong', name, params: [param] });
const bytes = (name: string, p: string, n: string): Argument => ({ kind: 'bytes', name, params: [p, n] });
const nullableBytes = (name: string, p: string, n: string): Argument => ({
  kind: 'bytes',
  name,
  params: [p, n],
  nullable: true,
});
const bulk = (name: string, p: string, n: string): Argument => ({
  kind: 'bytes',
  name,
  params: [p, n],
  bulk: true,
});
const room = (name: string, p: string, n: string): Argument => ({ kind: 'room', name, params: [p, n] });
const template = (name: string, p: string, n: string): Argument => ({
  kind: 'template',
  name,
  params: [p, n],
});
const out = (name: string, param: string): Argument => ({ kind: 'ulongOut', name, params: [param] });
const struct = (name: string, type: string, param: string): Argument => ({
  kind: 'struct',
  name,
  type,
  params: [param],
});
const M: Argument = { kind: 'mechanism', name: 'mechanism', params: ['pMechanism'] };
/** NULL cancels the active operation (3.0 and later, 5.8 and on). */
const M0: Argument = { kind: 'mechanism', name: 'mechanism', params: ['pMechanism'], nullable: true };
const key = (param = 'hKey'): Argument => ulong('key', param);
const ignored = (param: string): Argument => ({ kind: 'ignored', params: [param] });

function row(
  since: CryptokiFunction['since'],
  name: string,
  args: readonly Argument[],
  rules: Rules = {},
): CryptokiFunction {
  const session = args[0]?.kind === 'session' ? 'any' : 'none';
  return { name, since, args, place: 'engine', session, login: 'any', audit: 'no', secret: false, ...rules };
}
const shim = (since: CryptokiFunction['since'], name: string, params: readonly string[]): CryptokiFunction =>
  row(since, name, params.map(ignored), { place: 'shim', session: 'none' });
const opaque = (
  since: CryptokiFunction['since'],
  name: string,
  params: readonly string[],
): CryptokiFunction => row(since, name, [S, ...params.map(ignored)], { place: 'opaque' });

const operation: Rules = { audit: 'operation' };
const opens = (name: string): Rules => ({ pairing: { role: 'opens', with: name } });
const ends = (name: string): Rules => ({ pairing: { role: 'ends', with: name } });

export const functions: readonly CryptokiFunction[] = [
  shim('2.40', 'C_Initialize', ['pInitArgs']),
  shim('2.40', 'C_Finalize', ['pReserved']),
  row('2.40', 'C_GetInfo', [struct('info', 'CK_INFO', 'pInfo')]),
  shim('2.40', 'C_GetFunctionList', ['ppFunctionList']),
  row('2.40', 'C_GetSlotList', [
    ulong('tokenPresent', 'tokenPresent'),
    { kind: 'list', name: 'slots', params: ['pSlotList', 'pulCount'] },
  ]),
  row('2.40', 'C_GetSlotInfo', [ulong('slot', 'slotID'), struct('info', 'CK_SLOT_INFO', 'pInfo')]),
  row('2.40', 'C_GetTokenInfo', [ulong('slot', 'slotID'), struct('info', 'CK_TOKEN_INFO', 'pInfo')], {
    sessions: 'counts',
  }),
  row('2.40', 'C_GetMechanismList', [
    ulong('slot', 'slotID'),
    { kind: 'list', name: 'mechanisms', params: ['pMechanismList', 'pulCount'] },
  ]),
  row('2.40', 'C_GetMechanismInfo', [
    ulong('slot', 'slotID'),
    ulong('type', 'type'),
    struct('info', 'CK_MECHANISM_INFO', 'pInfo'),
  ]),
  row(
    '2.40',
    'C_InitToken',
    [
      ulong('slot', 'slotID'),
      nullableBytes('pin', 'pPin', 'ulPinLen'),
      { kind: 'text32', name: 'label', params: ['pLabel'] },
    ],
    { audit: 'admin', secret: true, sessions: 'counts' },
  ),
  row('2.40', 'C_InitPIN', [S, nullableBytes('pin', 'pPin', 'ulPinLen')], {
    session: 'rw',
    login: 'so',
    audit: 'admin',
    secret: true,
  }),
  row(
    '2.40',
    'C_SetPIN',
    [S, nullableBytes('oldPin', 'pOldPin', 'ulOldLen'), nullableBytes('newPin', 'pNewPin', 'ulNewLen')],
    {
      session: 'rw',
      audit: 'admin',
      secret: true,
    },
  ),
  row(
    '2.40',
    'C_OpenSession',
    [
      ulong('slot', 'slotID'),
      ulong('flags', 'flags'),
      ignored('pApplication'),
      ignored('Notify'),
      out('session', 'phSession'),
    ],
    { sessions: 'opens' },
  ),
  row('2.40', 'C_CloseSession', [S], { sessions: 'closes' }),
  row('2.40', 'C_CloseAllSessions', [ulong('slot', 'slotID')], { sessions: 'counts' }),
  row('2.40', 'C_GetSessionInfo', [S, struct('info', 'CK_SESSION_INFO', 'pInfo')]),
  row('2.40', 'C_GetOperationState', [S, room('state', 'pOperationState', 'pulOperationStateLen')]),
  row('2.40', 'C_SetOperationState', [
    S,
    bytes('state', 'pOperationState', 'ulOperationStateLen'),
    ulong('encryptionKey', 'hEncryptionKey'),
    ulong('authenticationKey', 'hAuthenticationKey'),
  ]),
  row('2.40', 'C_Login', [S, ulong('userType', 'userType'), nullableBytes('pin', 'pPin', 'ulPinLen')], {
    audit: 'admin',
    secret: true,
    sessions: 'counts',
  }),
  row('2.40', 'C_Logout', [S], { audit: 'admin', sessions: 'counts' }),
  row(
    '2.40',
    'C_CreateObject',
    [S, template('template', 'pTemplate', 'ulCount'), out('object', 'phObject')],
    { audit: 'admin', secret: true },
  ),
  row(
    '2.40',
    'C_CopyObject',
    [
      S,
      ulong('object', 'hObject'),
      template('template', 'pTemplate', 'ulCount'),
      out('newObject', 'phNewObject'),
    ],
    {
      audit: 'admin',
    },
  ),
  row('2.40', 'C_DestroyObject', [S, ulong('object', 'hObject')], { audit: 'admin' }),
  row('2.40', 'C_GetObjectSize', [S, ulong('object', 'hObject'), out('size', 'pulSize')]),
  row('2.40', 'C_GetAttributeValue', [
    S,
    ulong('object', 'hObject'),
    { kind: 'query', name: 'template', params: ['pTemplate', 'ulCount'] },
  ]),
  row(
    '2.40',
    'C_SetAttributeValue',
    [S, ulong('object', 'hObject'), template('template', 'pTemplate', 'ulCount')],
    { audit: 'admin', secret: true },
  ),
  row('2.40', 'C_FindObjectsInit', [S, template('template', 'pTemplate', 'ulCount')]),
  row('2.40', 'C_FindObjects', [
    S,
    { kind: 'found', name: 'maxCount', params: ['phObject', 'ulMaxObjectCount', 'pulObjectCount'] },
  ]),
  row('2.40', 'C_FindObjectsFinal', [S]),
  row('2.40', 'C_EncryptInit', [S, M0, key()], opens('C_Encrypt')),
  row(
    '2.40',
    'C_Encrypt',
    [S, bulk('data', 'pData', 'ulDataLen'), room('encrypted', 'pEncryptedData', 'pulEncryptedDataLen')],
    { ...operation, ...ends('C_EncryptInit') },
  ),
  row('2.40', 'C_EncryptUpdate', [
    S,
    bulk('part', 'pPart', 'ulPartLen'),
    room('encrypted', 'pEncryptedPart', 'pulEncryptedPartLen'),
  ]),
  row(
    '2.40',
    'C_EncryptFinal',
    [S, room('encrypted', 'pLastEncryptedPart', 'pulLastEncryptedPartLen')],
    operation,
  ),
  row('2.40', 'C_DecryptInit', [S, M0, key()], opens('C_Decrypt')),
  row(
    '2.40',
    'C_Decrypt',
    [S, bulk('encrypted', 'pEncryptedData', 'ulEncryptedDataLen'), room('data', 'pData', 'pulDataLen')],
    { ...operation, ...ends('C_DecryptInit') },
  ),
  row('2.40', 'C_DecryptUpdate', [
    S,
    bulk('encrypted', 'pEncryptedPart', 'ulEncryptedPartLen'),
    room('part', 'pPart', 'pulPartLen'),
  ]),
  row('2.40', 'C_DecryptFinal', [S, room('part', 'pLastPart', 'pulLastPartLen')], operation),
  row('2.40', 'C_DigestInit', [S, M0], opens('C_Digest')),
  row(
    '2.40',
    'C_Digest',
    [S, bulk('data', 'pData', 'ulDataLen'), room('digest', 'pDigest', 'pulDigestLen')],
    ends('C_DigestInit'),
  ),
  row('2.40', 'C_DigestUpdate', [S, bulk('part', 'pPart', 'ulPartLen')]),
  row('2.40', 'C_DigestKey', [S, key()], operation),
  row('2.40', 'C_DigestFinal', [S, room('digest', 'pDigest', 'pulDigestLen')]),
  row('2.40', 'C_SignInit', [S, M0, key()], opens('C_Sign')),
  row(
    '2.40',
    'C_Sign',
    [S, bulk('data', 'pData', 'ulDataLen'), room('signature', 'pSignature', 'pulSignatureLen')],
    { ...operation, ...ends('C_SignInit') },
  ),
  row('2.40', 'C_SignUpdate', [S, bulk('part', 'pPart', 'ulPartLen')]),
  row('2.40', 'C_SignFinal', [S, room('signature', 'pSignature', 'pulSignatureLen')], operation),
  row('2.40', 'C_SignRecoverInit', [S, M0, key()]),
  row(
    '2.40',
    'C_SignRecover',
    [S, bulk('data', 'pData', 'ulDataLen'), room('signature', 'pSignature', 'pulSignatureLen')],
    operation,
  ),
  row('2.40', 'C_VerifyInit', [S, M0, key()], opens('C_Verify')),
  row(
    '2.40',
    'C_Verify',
    [S, bulk('data', 'pData', 'ulDataLen'), bytes('signature', 'pSignature', 'ulSignatureLen')],
    { ...operation, ...ends('C_VerifyInit') },
  ),
  row('2.40', 'C_VerifyUpdate', [S, bulk('part', 'pPart', 'ulPartLen')]),
  row('2.40', 'C_VerifyFinal', [S, bytes('signature', 'pSignature', 'ulSignatureLen')], operation),
  row('2.40', 'C_VerifyRecoverInit', [S, M0, key()]),
  row(
    '2.40',
    'C_VerifyRecover',
    [S, bytes('signature', 'pSignature', 'ulSignatureLen'), room('data', 'pData', 'pulDataLen')],
    operation,
  ),
  row('2.40', 'C_DigestEncryptUpdate', [
    S,
    bulk('part', 'pPart', 'ulPartLen'),
    room('encrypted', 'pEncryptedPart', 'pulEncryptedPartLen'),
  ]),
  row('2.40', 'C_DecryptDigestUpdate', [
    S,
    bulk('encrypted', 'pEncryptedPart', 'ulEncryptedPartLen'),
    room('part', 'pPart', 'pulPartLen'),
  ]),
  row('2.40', 'C_SignEncryptUpdate', [
    S,
    bulk('part', 'pPart', 'ulPartLen'),
    room('encrypted', 'pEncryptedPart', 'pulEncryptedPartLen'),
  ]),
  row('2.40', 'C_DecryptVerifyUpdate', [
    S,
    bulk('encrypted', 'pEncryptedPart', 'ulEncryptedPartLen'),
    room('part', 'pPart', 'pulPartLen'),
  ]),
  row('2.40', 'C_GenerateKey', [S, M, template('template', 'pTemplate', 'ulCount'), out('key', 'phKey')], {
    audit: 'admin',
  }),
  row(
    '2.40',
    'C_GenerateKeyPair',
    [
      S,
      M,
      template('publicTemplate', 'pPublicKeyTemplate', 'ulPublicKeyAttributeCount'),
      template('privateTemplate', 'pPrivateKeyTemplate', 'ulPrivateKeyAttributeCount'),
      out('publicKey', 'phPublicKey'),
      out('privateKey', 'phPrivateKey'),
    ],
    { audit: 'admin' },
  ),
  row(
    '2.40',
    'C_WrapKey',
    [S, M, ulong('wrappingKey', 'hWrappingKey'), key(), room('wrapped', 'pWrappedKey', 'pulWrappedKeyLen')],
    { audit: 'admin' },
  ),
  row(
    '2.40',
    'C_UnwrapKey',
    [
      S,
      M,
      ulong('unwrappingKey', 'hUnwrappingKey'),
      bytes('wrapped', 'pWrappedKey', 'ulWrappedKeyLen'),
      template('template', 'pTemplate', 'ulAttributeCount'),
      out('key', 'phKey'),
    ],
    { audit: 'admin' },
  ),
  row(
    '2.40',
    'C_DeriveKey',
    [
      S,
      M,
      ulong('baseKey', 'hBaseKey'),
      template('template', 'pTemplate', 'ulAttributeCount'),
      out('key', 'phKey'),
    ],
    {
      audit: 'admin',
    },
  ),
  row('2.40', 'C_SeedRandom', [S, bytes('seed', 'pSeed', 'ulSeedLen')]),
  row('2.40', 'C_GenerateRandom', [
    S,
    { kind: 'fill', name: 'length', params: ['RandomData', 'ulRandomLen'] },
  ]),
  shim('2.40', 'C_GetFunctionStatus', ['hSession']),
  shim('2.40', 'C_CancelFunction', ['hSession']),
  shim('2.40', 'C_WaitForSlotEvent', ['flags', 'pSlot', 'pRserved']),

  shim('3.0', 'C_GetInterfaceList', ['pInterfacesList', 'pulCount']),
  shim('3.0', 'C_GetInterface', ['pInterfaceName', 'pVersion', 'ppInterface', 'flags']),
  row(
    '3.0',
    'C_LoginUser',
    [
      S,
      ulong('userType', 'userType'),
      nullableBytes('pin', 'pPin', 'ulPinLen'),
      bytes('username', 'pUsername', 'ulUsernameLen'),
    ],
    { audit: 'admin', secret: true, sessions: 'counts' },
  ),
  row('3.0', 'C_SessionCancel', [S, ulong('flags', 'flags')]),
  row('3.0', 'C_MessageEncryptInit', [S, M0, key()]),
  opaque('3.0', 'C_EncryptMessage', [
    'pParameter',
    'ulParameterLen',
    'pAssociatedData',
    'ulAssociatedDataLen',
    'pPlaintext',
    'ulPlaintextLen',
    'pCiphertext',
    'pulCiphertextLen',
  ]),
  opaque('3.0', 'C_EncryptMessageBegin', [
    'pParameter',
    'ulParameterLen',
    'pAssociatedData',
    'ulAssociatedDataLen',
  ]),
  opaque('3.0', 'C_EncryptMessageNext', [
    'pParameter',
    'ulParameterLen',
    'pPlaintextPart',
    'ulPlaintextPartLen',
    'pCiphertextPart',
    'pulCiphertextPartLen',
    'flags',
  ]),
  row('3.0', 'C_MessageEncryptFinal', [S]),
  row('3.0', 'C_MessageDecryptInit', [S, M0, key()]),
  opaque('3.0', 'C_DecryptMessage', [
    'pParameter',
    'ulParameterLen',
    'pAssociatedData',
    'ulAssociatedDataLen',
    'pCiphertext',
    'ulCiphertextLen',
    'pPlaintext',
    'pulPlaintextLen',
  ]),
  opaque('3.0', 'C_DecryptMessageBegin', [
    'pParameter',
    'ulParameterLen',
    'pAssociatedData',
    'ulAssociatedDataLen',
  ]),
  opaque('3.0', 'C_DecryptMessageNext', [
    'pParameter',
    'ulParameterLen',
    'pCiphertextPart',
    'ulCiphertextPartLen',
    'pPlaintextPart',
    'pulPlaintextPartLen',
    'flags',
  ]),
  row('3.0', 'C_MessageDecryptFinal', [S]),
  row('3.0', 'C_MessageSignInit', [S, M0, key()]),
  opaque('3.0', 'C_SignMessage', [
    'pParameter',
    'ulParameterLen',
    'pData',
    'ulDataLen',
    'pSignature',
    'pulSignatureLen',
  ]),
  opaque('3.0', 'C_SignMessageBegin', ['pParameter', 'ulParameterLen']),
  opaque('3.0', 'C_SignMessageNext', [
    'pParameter',
    'ulParameterLen',
    'pData',
    'ulDataLen',
    'pSignature',
    'pulSignatureLen',
  ]),
  row('3.0', 'C_MessageSignFinal', [S]),
  row('3.0', 'C_MessageVerifyInit', [S, M0, key()]),
  opaque('3.0', 'C_VerifyMessage', [
    'pParameter',
    'ulParameterLen',
    'pData',
    'ulDataLen',
    'pSignature',
    'ulSignatureLen',
  ]),
  opaque('3.0', 'C_VerifyMessageBegin', ['pParameter', 'ulParameterLen']),
  opaque('3.0', 'C_VerifyMessageNext', [
    'pParameter',
    'ulParameterLen',
    'pData',
    'ulDataLen',
    'pSignature',
    'ulSignatureLen',
  ]),
  row('3.0', 'C_MessageVerifyFinal', [S]),

  row(
    '3.2',
    'C_EncapsulateKey',
    [
      S,
      M,
      ulong('publicKey', 'hPublicKey'),
      template('template', 'pTemplate', 'ulAttributeCount'),
      room('ciphertext', 'pCiphertext', 'pulCiphertextLen'),
      out('key', 'phKey'),
    ],
    { audit: 'admin' },
  ),
  row(
    '3.2',
    'C_DecapsulateKey',
    [
      S,
      M,
      ulong('privateKey', 'hPrivateKey'),
      template('template', 'pTemplate', 'ulAttributeCount'),
      bytes('ciphertext', 'pCiphertext', 'ulCiphertextLen'),
      out('key', 'phKey'),
    ],
    { audit: 'admin' },
  ),
  row('3.2', 'C_VerifySignatureInit', [S, M0, key(), bytes('signature', 'pSignature', 'ulSignatureLen')]),
  row('3.2', 'C_VerifySignature', [S, bulk('data', 'pData', 'ulDataLen')], operation),
  row('3.2', 'C_VerifySignatureUpdate', [S, bulk('part', 'pPart', 'ulPartLen')]),
  row('3.2', 'C_VerifySignatureFinal', [S], operation),
  row('3.2', 'C_GetSessionValidationFlags', [S, ulong('type', 'type'), out('flags', 'pFlags')]),
  opaque('3.2', 'C_AsyncComplete', ['pFunctionName', 'pResult']),
  opaque('3.2', 'C_AsyncGetID', ['pFunctionName', 'pulID']),
  opaque('3.2', 'C_AsyncJoin', ['pFunctionName', 'ulID', 'pData', 'ulData']),
  row(
    '3.2',
    'C_WrapKeyAuthenticated',
    [
      S,
      M,
      ulong('wrappingKey', 'hWrappingKey'),
      key(),
      bytes('associatedData', 'pAssociatedData', 'ulAssociatedDataLen'),
      room('wrapped', 'pWrappedKey', 'pulWrappedKeyLen'),
    ],
    { audit: 'admin' },
  ),
  row(
    '3.2',
    'C_UnwrapKeyAuthenticated',
    [
      S,
      M,
      ulong('unwrappingKey', 'hUnwrappingKey'),
      bytes('wrapped', 'pWrappedKey', 'ulWrappedKeyLen'),
      template('template', 'pTemplate', 'ulAttributeCount'),
      bytes('associatedData', 'pAssociatedData', 'ulAssociatedDataLen'),
      out('key', 'phKey'),
    ],
    { audit: 'admin' },
  ),
  // Our own, given out by the interface "Strongroom" alone (prototypes/own.ts).
  row('strongroom', 'SR_RenameToken', [S, { kind: 'text32', name: 'label', params: ['pLabel'] }], {
    session: 'rw',
    login: 'so',
    audit: 'admin',
  }),
  row('strongroom', 'SR_GetPinAttempts', [
    ulong('slot', 'slotID'),
    ulong('userType', 'userType'),
    out('left', 'pulLeft'),
    out('most', 'pulMost'),
  ]),
  row('strongroom', 'SR_GetEngineStatus', [room('status', 'pStatus', 'pulStatusLen')]),
  row('strongroom', 'SR_StopEngine', [ulong('force', 'force')], { audit: 'admin' }),
];
