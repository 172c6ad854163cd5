/** What happens when a key is to be used as the state that it is in does not let it. */
import { CKR_KEY_FUNCTION_NOT_PERMITTED } from '../../generated/constants.ts';
import type { LifeUse } from '../../generated/lifecycle.ts';
import { CryptokiError } from '../../values/errors.ts';
import type { TokenObject } from '../object.ts';
import { mayNow, stateName, stateNow } from './life.ts';

/** Who is told that a key was refused. */
export interface LifeWatch {
  /** The key was refused in that state. */
  lifeRefused?(key: TokenObject, state: number): void;
}

/** @throws CryptokiError CKR_KEY_FUNCTION_NOT_PERMITTED, or what else its caller answers, when the key may not be used so in its state */
export function checkLife(
  watch: LifeWatch,
  key: TokenObject,
  use: LifeUse,
  rv: number = CKR_KEY_FUNCTION_NOT_PERMITTED,
): void {
  if (mayNow(key, use)) return;
  const state = stateNow(key);
  watch.lifeRefused?.(key, state);
  throw new CryptokiError(rv, 'objects.lifecycle', `the key is ${stateName(state)}`);
}
