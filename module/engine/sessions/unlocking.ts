/**
 * Tokens that stay open although nobody is logged in, for identities whose rules say that they need no C_Login: a server that is to start
 * without anybody at its keyboard would have its PIN in a file otherwise.
 *
 * Somebody brings the user's PIN once, and the token is as open as if a user of its own had logged in: its master key and its private keys are
 * in guarded memory until it is locked, emptied, or the engine ends. Who may use what of it is the policy's to say.
 */
import type { KeyHandle } from '../../enclave/enclave.ts';
import { CKR_OK, CKR_PIN_EXPIRED, CKR_USER_ALREADY_LOGGED_IN } from '../generated/constants.ts';
import { KeyslotKind } from '../store/protection.ts';
import type { Caller } from '../tokens/caller.ts';
import { dueFor } from '../tokens/new-pins.ts';
import { Opening } from '../tokens/opening.ts';
import type { PinHost } from '../tokens/pins.ts';
import type { Token } from '../tokens/token.ts';
import type { Waits } from '../values/waiting.ts';
import type { LoginHost } from './login.ts';

/** Stands among a token's users for nobody in particular. */
export class Keeper implements Caller {
  readonly id = 0;
  readonly jobs = 0;
  readonly ended = false;
}

/**
 * The user's PIN was right: the token opens, which may take a while, unless it must be changed first. Takes the master key over.
 * @param asker who brought the PIN; when he has gone meanwhile, nobody wants it open
 */
export function unlock(
  call: Waits,
  engine: LoginHost & Pick<PinHost, 'pins' | 'store'>,
  token: Token,
  master: KeyHandle,
  asker: Caller,
): number {
  if (dueFor(engine, token.record, KeyslotKind.User) !== undefined) {
    engine.enclave.keyFree(master);
    return CKR_PIN_EXPIRED;
  }
  const enter = (): number => {
    if (token.keeper !== undefined) return CKR_USER_ALREADY_LOGGED_IN;
    token.keeper = new Keeper();
    token.users.add(token.keeper);
    engine.bumpEpoch();
    return CKR_OK;
  };
  const entrant = {
    app: asker,
    get closed(): boolean {
      return asker.ended;
    },
  };
  if (token.users.size === 0 && token.opening === undefined) {
    token.opening = new Opening(engine, token, master);
    return token.opening.join(call, entrant, enter);
  }
  engine.enclave.keyFree(master);
  return token.opening === undefined ? enter() : token.opening.join(call, entrant, enter);
}

/** Ends that; when nobody is logged in, its private keys leave memory. False when it was not unlocked. */
export function lock(engine: LoginHost, token: Token): boolean {
  const { keeper } = token;
  if (keeper === undefined) return false;
  token.keeper = undefined;
  token.users.delete(keeper);
  engine.bumpEpoch();
  if (token.users.size === 0) token.closePrivate(engine.enclave);
  return true;
}
