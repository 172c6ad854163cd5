/** What every operation under way with a key has: it keeps the key in the enclave until it ends, whatever becomes of the object. */
import type { Enclave } from '../../enclave/enclave.ts';
import type { TokenObject } from '../objects/object.ts';
import type { Operation } from '../sessions/session.ts';
import type { UsableKey } from './key.ts';

export abstract class KeyOperation implements Operation {
  readonly mechanism: number;
  readonly key: TokenObject;
  needsAuthentication: boolean;
  /** True from the first part on. */
  begun = false;
  /** True once the user to whom a private key belongs has logged out: the operation then does nothing any more. */
  userGone = false;
  protected readonly enclave: Enclave;
  #holding = false;

  constructor(mechanism: number, key: UsableKey) {
    this.mechanism = mechanism;
    this.key = key.object;
    this.needsAuthentication = key.alwaysAuthenticate;
    this.enclave = key.enclave;
  }

  get objectId(): Uint8Array {
    return this.key.id;
  }

  /** Begins to keep the key; {@link release} ends it. Not the constructor's, which may yet throw in a subclass. */
  hold(): void {
    this.key.hold();
    this.#holding = true;
  }

  userLeaves(): void {
    if (!this.key.isPrivate) return;
    this.userGone = true;
    this.release();
  }

  release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    const orphan = this.key.letGo();
    if (orphan !== 0) this.enclave.keyFree(orphan);
  }
}
