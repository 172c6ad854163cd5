/** What every operation under way with a key has: it keeps the key in the enclave until it ends, whatever becomes of the object. */
import type { Enclave } from '../../enclave/enclave.ts';
import { CKR_DEVICE_MEMORY, CKR_OK } from '../generated/constants.ts';
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

  constructor(mechanism: number, key: UsableKey) {
    this.mechanism = mechanism;
    this.key = key.object;
    this.needsAuthentication = key.alwaysAuthenticate;
    this.enclave = key.enclave;
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
   * @throws CryptokiError CKR_DEVICE_MEMORY when the parameter is more than the application may have kept
   */
  hold(account: Account): void {
    this.#account = account;
    if (!this.keep(this.carried))
      throw new CryptokiError(
        CKR_DEVICE_MEMORY,
        'mechanisms',
        'operations keep too much for the application',
      );
    this.key.hold();
    this.#holding = true;
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
