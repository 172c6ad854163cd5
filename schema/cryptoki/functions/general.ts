/** The functions of 2.40 that do no cryptography: library, slots, sessions, objects, searches (PKCS#11 3.2, 5.4 to 5.7). */
import {
  bytes,
  type CryptokiFunction,
  ignored,
  nullableBytes,
  out,
  room,
  row,
  S,
  shim,
  struct,
  template,
  ulong,
} from './shape.ts';

export const general: readonly CryptokiFunction[] = [
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
];
