/** What objects need to know of the whole: the engine, the token that they belong to, and the application that owns them. */

import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import type { KeyConfig } from '../policy/config.ts';
import type { Account } from '../policy/quotas.ts';
import type { PrivateLoad } from '../store/load.ts';
import type { ObjectShelf } from '../store/objects.ts';
import type { Token as TokenRecord } from '../store/token.ts';
import type { Clock } from '../values/clock.ts';
import type { Slices } from '../values/slices.ts';
import type { Notice } from './uses/tally.ts';

/** What objects ask of the store. */
export type ObjectStore = Pick<
  ObjectShelf,
  'putAll' | 'replace' | 'replaceAttributes' | 'delete' | 'loadPublic' | 'openValue'
> & {
  loadPrivate(
    ...to: Parameters<ObjectShelf['loadPrivate']>
  ): Pick<PrivateLoad, 'step' | 'end' | 'expected' | 'unconfirmed'>;
};

/** Private objects on their way in. */
export interface PrivateObjects {
  /** A part more; true when all are in and the whole set has been checked. @throws StoreError when it was tampered with */
  step(): boolean;
  /** They will not be wanted. */
  end(): void;
  /** How many public objects were changed without a login since the last one, for the audit log. */
  unconfirmed(): number;
  /** Whoever is logged in sees them from now on. */
  reveal(): void;
}

/** What a token may have in objects. */
export interface TokenLimits {
  /** Objects. */
  readonly tokenMax: number;
  /** Bytes of their attributes. */
  readonly tokenBytes: number;
}

/** What objects need of the engine. */
export interface ObjectsHost {
  readonly enclave: Enclave;
  readonly store: { readonly objects: ObjectStore };
  readonly config: { readonly objects: TokenLimits; readonly keys: KeyConfig };
  readonly slices: Slices;
  readonly clock: Clock;
  nextObjectHandle(): number;
  /** A key comes near to a limit of its uses: the audit log says so. @throws AuditError */
  nearsLimit(slot: number, object: Uint8Array, what: string, notice: Notice): void;
  /** To be told of every change that can alter the outcome of another call. */
  bumpEpoch(): void;
}

/** The token that objects belong to. */
export interface Home {
  readonly record: TokenRecord;
  /** The token master key while somebody is logged in as user, else 0. */
  readonly master: KeyHandle;
  /** The time that its keys go by. */
  readonly clock: Clock;
}

/** An application. */
export interface Owner {
  /** What it may have us keep. */
  readonly account: Account;
  /** Gives a handle that this application was never given, where it has its own names for all objects. */
  readonly nextName: (() => number) | undefined;
}
