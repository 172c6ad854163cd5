/** What becomes of a call: the CK_RV that its caller gets for a failure, and the kind of record that the log gets. */
import { Kind } from '../../../audit/format.ts';
import { AuditError } from '../../../audit/writer.ts';
import * as C from '../generated/constants.ts';
import { StoreError } from '../store/errors.ts';
import { CryptokiError } from '../values/errors.ts';
import { type CallRow, callTable } from './generated/codec.ts';
import type { Host } from './host.ts';

/** The CK_RV for any failure; what is no {@link CryptokiError} is logged, since it is the engine's own. */
export function resultOf(engine: Host, error: unknown, row: CallRow | undefined): number {
  if (error instanceof CryptokiError) return error.rv;
  if (error instanceof StoreError) {
    engine.log(`${row?.name ?? 'call'}: ${error.message}`, 'error');
    if (error.kind === 'full') return C.CKR_DEVICE_MEMORY;
    return error.kind === 'enclave' && error.rv !== 0 ? error.rv : C.CKR_DEVICE_ERROR;
  }
  if (error instanceof AuditError) {
    engine.log(`${row?.name ?? 'call'}: ${error.message}`, 'error');
    return error.kind === 'full' ? C.CKR_DEVICE_MEMORY : C.CKR_DEVICE_ERROR;
  }
  engine.log(
    `${row?.name ?? 'call'}: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown failure'}`,
    'error',
  );
  return C.CKR_GENERAL_ERROR;
}

const authenticationNames = new Set([
  'C_Login',
  'C_LoginUser',
  'C_Logout',
  'C_SetPIN',
  'C_InitPIN',
  'SR_AcceptStore',
  'SR_UnlockToken',
  'SR_LockToken',
  'SR_AddRecovery',
  'SR_ConfirmRecovery',
  'SR_RemoveRecovery',
  'SR_Recover',
]);
/** The kind of audit record of each function, by its number; 0 where none is written. */
export const auditKinds = callTable.map((row) => {
  if (row.audit === 'no') return 0;
  if (row.audit === 'operation') return Kind.Operation;
  return authenticationNames.has(row.name) ? Kind.Authentication : Kind.Administration;
});
