/** Our own functions, given out by the interface "Strongroom" alone (../prototypes/own.ts). New ones come at the end. */
import {
  answersSecret,
  bytes,
  type CryptokiFunction,
  carriesSecret,
  nullableBytes,
  out,
  room,
  row,
  S,
  ulong,
} from './shape.ts';

export const own: readonly CryptokiFunction[] = [
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
  row('strongroom', 'SR_GetSettings', [room('settings', 'pSettings', 'pulSettingsLen')]),
  row('strongroom', 'SR_SetSettings', [S, bytes('settings', 'pSettings', 'ulSettingsLen')], {
    session: 'rw',
    login: 'so',
    audit: 'admin',
  }),
  row('strongroom', 'SR_AcceptStore', [ulong('slot', 'slotID'), nullableBytes('pin', 'pPin', 'ulPinLen')], {
    audit: 'admin',
    ...carriesSecret,
  }),
  row('strongroom', 'SR_UnlockToken', [ulong('slot', 'slotID'), bytes('pin', 'pPin', 'ulPinLen')], {
    audit: 'admin',
    ...carriesSecret,
  }),
  row('strongroom', 'SR_LockToken', [ulong('slot', 'slotID')], { audit: 'admin' }),
  row('strongroom', 'SR_ReadAuditLog', [
    ulong('file', 'file'),
    ulong('offset', 'ulOffset'),
    room('data', 'pData', 'pulDataLen'),
  ]),
  row('strongroom', 'SR_GetMetrics', [room('metrics', 'pMetrics', 'pulMetricsLen')]),
  row(
    'strongroom',
    'SR_SetKeyState',
    [
      S,
      bytes('uniqueId', 'pUniqueId', 'ulUniqueIdLen'),
      ulong('state', 'ulState'),
      bytes('reason', 'pReason', 'ulReasonLen'),
      ulong('since', 'ulSince'),
    ],
    { session: 'rw', openings: 'all', audit: 'admin' },
  ),
  row(
    'strongroom',
    'SR_AddRecovery',
    [S, ulong('count', 'ulWords'), ulong('lists', 'ulLists'), room('words', 'pWords', 'pulWordsLen')],
    {
      session: 'rw',
      login: 'so',
      audit: 'admin',
      ...answersSecret,
    },
  ),
  row('strongroom', 'SR_ConfirmRecovery', [S], { session: 'rw', login: 'so', audit: 'admin' }),
  row('strongroom', 'SR_RemoveRecovery', [S], { session: 'rw', login: 'so', audit: 'admin' }),
  row(
    'strongroom',
    'SR_Recover',
    [
      ulong('slot', 'slotID'),
      nullableBytes('words', 'pWords', 'ulWordsLen'),
      ulong('userType', 'userType'),
      nullableBytes('newPin', 'pNewPin', 'ulNewPinLen'),
    ],
    { audit: 'admin', ...carriesSecret },
  ),
  row('strongroom', 'SR_GetTokenAccess', [
    ulong('slot', 'slotID'),
    room('access', 'pAccess', 'pulAccessLen'),
  ]),
  row('strongroom', 'SR_GetPinStatus', [
    ulong('slot', 'slotID'),
    ulong('userType', 'userType'),
    room('status', 'pStatus', 'pulStatusLen'),
  ]),
  row(
    'strongroom',
    'SR_RotateKey',
    [
      S,
      ulong('key', 'hKey'),
      ulong('grace', 'ulGrace'),
      bytes('reason', 'pReason', 'ulReasonLen'),
      out('successor', 'phSuccessor'),
    ],
    { session: 'rw', login: 'user', audit: 'admin' },
  ),
];
