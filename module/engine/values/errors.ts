/**
 * The engine's one error type. It carries the CK_RV, the place where it arose and a message for the log, and is turned
 * into a CK_RV once, at the door (`calls/dispatch.ts`). Messages never carry key material, PINs or attribute values.
 */
export class CryptokiError extends Error {
  override readonly name = 'CryptokiError';
  /** The CK_RV for the caller. */
  readonly rv: number;
  /** Where it arose: a room and a word, such as `objects.template`. */
  readonly place: string;

  constructor(rv: number, place: string, message: string) {
    super(message);
    this.rv = rv;
    this.place = place;
  }
}

/** Turns the enclave's "negative is -CKR" convention into a value or a {@link CryptokiError}. */
export function checked(result: number, place: string): number {
  if (result < 0) throw new CryptokiError(-result, place, `the enclave refused with ${-result}`);
  return result;
}
