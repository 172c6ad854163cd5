/** The one error of this room. */

/**
 * - `tampered`: the log was found changed, at start or under the running engine; nothing is written to it.
 * - `full`, `io`: the record could not be written or synced; the operation must be refused.
 */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly kind: 'tampered' | 'full' | 'io';

  constructor(kind: 'tampered' | 'full' | 'io', message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Any failure as an {@link AuditError}, with `what` in front. */
export function asAuditError(error: unknown, what: string): AuditError {
  if (error instanceof AuditError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const kind = noRoom.has(code) ? 'full' : 'io';
  return new AuditError(kind, `${what} (${code})`, error);
}
