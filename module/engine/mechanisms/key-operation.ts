/** What every operation under way with a key has: it keeps the key in the enclave until it ends, whatever becomes of the object. */
import type { Enclave } from '../../enclave/enclave.ts';
import { CKR_DEVICE_MEMORY } from '../generated/constants.ts';
import type { LifeUse } from '../generated/lifecycle.ts';
import type { AttributeSet } from '../objects/attribute-set.ts';
import { type Life, lifeOf, mayIn, stateAt } from '../objects/lifecycle/life.ts';
import type { TokenObject } from '../objects/object.ts';
import { type Account, Kept } from '../policy/quotas.ts';
import type { Operation } from '../sessions/operation.ts';
import { CryptokiError } from '../values/errors.ts';
import type { UsableKey } from './usable-key.ts';

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
  /** Who is charged for what the operation keeps, and how much it is. */
  #account: Account | undefined;
  #kept = 0;
  #use: LifeUse | 0 = 0;
  /** The key's attributes as they were seen last, and its life by them. */
  #seen: AttributeSet | undefined;
  #life: Life | undefined;

  constructor(mechanism: number, key: UsableKey) {
    this.mechanism = mechanism;
    this.key = key.object;
    this.needsAuthentication = key.alwaysAuthenticate;
    this.enclave = key.enclave;
  }

  get objectId(): Uint8Array {
    return this.key.id;
  }

  /** Bytes of the parameter that the operation keeps. */
  protected get carried(): number {
    return 0;
  }

  /**
   * Begins to keep the key; {@link release} ends it. Not the constructor's, which may yet throw in a subclass.
   * @param use what is done with it, in the table of states
   * @throws CryptokiError CKR_DEVICE_MEMORY when the parameter is more than the application may have kept
   */
  hold(account: Account, use: LifeUse): void {
    this.#account = account;
    this.#use = use;
    if (!this.keep(this.carried))
      throw new CryptokiError(
        CKR_DEVICE_MEMORY,
        'mechanisms',
        'operations keep too much for the application',
      );
    this.key.hold();
    this.#holding = true;
  }

  /** Whether the state that the key is in now lets it go on. */
  get mayGoOn(): boolean {
    const { attributes, token } = this.key;
    if (this.#seen !== attributes) {
      this.#seen = attributes;
      this.#life = lifeOf(attributes);
    }
    if (this.#life === undefined || this.#use === 0) return true;
    return mayIn(stateAt(this.#life, token.clock.now()), this.#use);
  }

  /** Asks to keep so many bytes more, until {@link release}. */
  protected keep(bytes: number): boolean {
    if (bytes > 0 && this.#account?.take(Kept.OperationBytes, bytes) === false) return false;
    this.#kept += bytes;
    return true;
  }

  userLeaves(): void {
    if (!this.key.isPrivate) return;
    this.userGone = true;
    this.release();
  }

  release(): void {
    if (this.#kept > 0) this.#account?.give(Kept.OperationBytes, this.#kept);
    this.#kept = 0;
    if (!this.#holding) return;
    this.#holding = false;
    const orphan = this.key.letGo();
    if (orphan !== 0) this.enclave.keyFree(orphan);
  }
}
