/** What functions ask of the key that they make other keys with. */
import * as ck from '../../generated/constants.ts';
import type { UsableKey } from '../../mechanisms/usable-key.ts';
import type { TokenObject } from '../../objects/object.ts';
import { CryptokiError } from '../../values/errors.ts';

/**
 * Counts a use, before it is made.
 * @throws CryptokiError CKR_KEY_FUNCTION_NOT_PERMITTED when the key has been used as often as it may be
 */
export function useOnce({ uses }: UsableKey): void {
  checkUse(uses.take(1, 0, 0));
}

/** @throws CryptokiError what counting a use came to, where that is not CKR_OK */
export function checkUse(rv: number): void {
  if (rv !== ck.CKR_OK) throw refused(rv, 'the key has been used as often as it may be, or so its vector');
}

export function refused(rv: number, message: string): CryptokiError {
  return new CryptokiError(rv, 'calls.keys', message);
}

/** A key that demands a login for each use can be used only where an *Init leaves room for the login. */
export function refuseAlwaysAuthenticate(key: UsableKey): void {
  if (key.alwaysAuthenticate) {
    throw refused(ck.CKR_USER_NOT_LOGGED_IN, 'the key demands a login for each use');
  }
}

/** What a key's CKA_UNWRAP_TEMPLATE or CKA_DERIVE_TEMPLATE adds to the new key. */
export function impliedBy(key: TokenObject, type: number): Map<number, Uint8Array> {
  return new Map(key.attributes.nested(type)?.entries());
}
