/**
 * The store's one error type, and the translation of SQLite's, the file system's and the enclave's failures into it.
 */
import { CKR_ENCRYPTED_DATA_INVALID } from '../generated/constants.ts';

/**
 * - `locked`: another process has the database open.
 * - `full`: no room on the disk; nothing was changed, and the store works again when there is room.
 * - `corrupt`: the database is damaged at the level of SQLite.
 * - `tampered`: readable, but not what this store wrote: a seal, a manifest or the generation does not fit.
 * - `rollback`: files of the folder were put back or taken away; the security officer may accept that.
 * - `permission`: wrong owner, mode or kind of a file, or access refused.
 * - `io`: reading or writing failed otherwise.
 * - `version`: written by a newer release.
 * - `enclave`: the enclave refused for a reason of its own (memory); `rv` says which.
 */
export type StoreErrorKind =
  | 'locked'
  | 'full'
  | 'corrupt'
  | 'tampered'
  | 'rollback'
  | 'permission'
  | 'io'
  | 'version'
  | 'enclave';

/** Messages name files, slots and object ids, and say how to mend; never keys, PINs or attribute values. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  /** The enclave's CK_RV when it was the enclave that refused, else 0. */
  readonly rv: number;

  constructor(kind: StoreErrorKind, message: string, options: { cause?: unknown; rv?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.rv = options.rv ?? 0;
  }
}

const fsKinds: Readonly<Record<string, StoreErrorKind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EACCES: 'permission',
  EPERM: 'permission',
  ELOOP: 'permission',
  EROFS: 'permission',
};

function sqliteKind(code: string): StoreErrorKind {
  if (code === 'SQLITE_FULL') return 'full';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'locked';
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) return 'permission';
  if (code === 'SQLITE_PERM' || code === 'SQLITE_AUTH') return 'permission';
  if (code.startsWith('SQLITE_IOERR')) return code === 'SQLITE_IOERR_SHORT_READ' ? 'corrupt' : 'io';
  // What is left in a store whose statements are fixed (a missing table, a broken constraint, a wrong type) is damage.
  return 'corrupt';
}

const meaning: Readonly<Record<StoreErrorKind, string>> = {
  locked: 'is in use by another process; stop the other engine',
  full: 'cannot grow: the disk or quota is full; make room and try again',
  corrupt: 'is damaged; put the whole folder back from a backup',
  tampered: 'is not what this store wrote',
  rollback: 'is not the newest that this store wrote',
  permission: 'cannot be used; check its owner and mode',
  io: 'could not be read or written',
  version: 'was written by a newer release; upgrade this one',
  enclave: 'could not be used, since the enclave refused',
};

/** Any failure as a {@link StoreError}; `what` names the file or thing, as in "store.db". */
export function asStoreError(error: unknown, what: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_')) {
    const kind = sqliteKind(code);
    return new StoreError(kind, `${what} ${meaning[kind]} (${code})`, { cause: error });
  }
  if (/^E[A-Z0-9]+$/.test(code)) {
    const kind = fsKinds[code] ?? 'io';
    return new StoreError(kind, `${what} ${meaning[kind]} (${code})`, { cause: error });
  }
  throw error;
}

/** A sealed blob that came out of the enclave, or the error behind its refusal to make one. */
export function sealed(result: Uint8Array | number, what: string): Uint8Array {
  if (typeof result !== 'number') return result;
  throw enclaveRefused(result, what);
}

/** An opened blob; a seal that does not fit is `tampered`. */
export function opened(result: Uint8Array | number, what: string): Uint8Array {
  if (typeof result !== 'number') return result;
  if (result === -CKR_ENCRYPTED_DATA_INVALID) {
    throw new StoreError(
      'tampered',
      `${what} was changed outside the store, or belongs elsewhere: its seal does not fit`,
    );
  }
  throw enclaveRefused(result, what);
}

/** A handle or count; negative results become errors, a seal that does not fit is `tampered`. */
export function accepted(result: number, what: string): number {
  if (result >= 0) return result;
  if (result === -CKR_ENCRYPTED_DATA_INVALID) {
    throw new StoreError(
      'tampered',
      `${what} was changed outside the store, or belongs elsewhere: its seal does not fit`,
    );
  }
  throw enclaveRefused(result, what);
}

/** A handle; null when the seal does not fit, which is what a wrong PIN looks like. */
export function fitting(result: number, what: string): number | null {
  return result === -CKR_ENCRYPTED_DATA_INVALID ? null : accepted(result, what);
}

function enclaveRefused(result: number, what: string): StoreError {
  const rv = -result;
  return new StoreError('enclave', `${what} ${meaning.enclave} (0x${rv.toString(16)})`, { rv });
}
