/** What every operation under way with a key has: it keeps the key in the enclave until it ends, whatever becomes of the object. */
import type { Enclave } from '../../enclave/enclave.ts';
import { CKR_DEVICE_MEMORY, CKR_OK } from '../generated/constants.ts';
import type { LifeUse } from '../generated/lifecycle.ts';
import type { AttributeSet } from '../objects/attribute-set.ts';
import { type Life, lifeOf, mayInLife } from '../objects/lifecycle/life.ts';
import type { TokenObject } from '../objects/object.ts';
import type { KeyUses } from '../objects/uses/key-uses.ts';
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
  protected readonly uses: KeyUses;
  /** True once the key's uses count the operation. */
  #counted = false;
  #holding = false;
  /** Who is charged for what the operation keeps, and how much it is. */
  #account: Account | undefined;
  #kept = 0;
  #use: LifeUse | 0 = 0;
  /** The key's attributes as they were seen last, and its life by them. */
  #seen: AttributeSet;
  #life: Life | undefined;

  constructor(mechanism: number, key: UsableKey) {
    this.mechanism = mechanism;
    this.key = key.object;
    this.needsAuthentication = key.alwaysAuthenticate;
    this.enclave = key.enclave;
    this.#seen = key.object.attributes;
    this.#life = key.life;
    this.uses = key.uses;
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
    const { attributes } = this.key;
    // Another session may have changed it since.
    if (this.#seen !== attributes) {
      this.#seen = attributes;
      this.#life = lifeOf(attributes);
    }
    return this.#life === undefined || this.#use === 0 || mayInLife(this.#life, this.key, this.#use);
  }

  /** Asks to keep so many bytes more, until {@link release}. */
  protected keep(bytes: number): boolean {
    if (bytes > 0 && this.#account?.take(Kept.OperationBytes, bytes) === false) return false;
    this.#kept += bytes;
    return true;
  }

  /**
   * Counts what is about to be done with the key, before it is done: the operation once, and so many bytes.
   * @returns CKR_OK, or why it may not be done
   * @throws StoreError, AuditError when it cannot be reserved or recorded
   */
  protected count(bytes: number): number {
    if (this.#counted) return bytes === 0 ? CKR_OK : this.uses.take(0, bytes, 0);
    const rv = this.countFirst(bytes);
    this.#counted = rv === CKR_OK;
    return rv;
  }

  /** Counts the operation itself, with its first bytes. */
  protected countFirst(bytes: number): number {
    return this.uses.takeOne(bytes);
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
