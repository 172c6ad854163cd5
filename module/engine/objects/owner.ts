/** Whose objects they are, as far as this room has to know it. */
import type { KeyHandle } from '../../enclave/enclave.ts';
import type { Account } from '../policy/quotas.ts';
import type { Token as TokenRecord } from '../store/token.ts';

/** The token that objects belong to. */
export interface Home {
  readonly record: TokenRecord;
  /** The token master key while somebody is logged in as user, else 0. */
  readonly master: KeyHandle;
}

/** An application. */
export interface Owner {
  /** What it may have us keep. */
  readonly account: Account;
}
