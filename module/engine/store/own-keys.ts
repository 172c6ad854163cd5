/** What the store keeps for itself, sealed under the store key: keys and bytes, by name. */
import type { KeyHandle } from '../../enclave/enclave.ts';
import type { SealedKeyRow } from './database.ts';
import { accepted, opened, sealed } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { context } from './packing.ts';

export class OwnKeys {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** A key that lasts; made by `make` when there is none of that name. The handle is the caller's to free. */
  key(name: string, make: () => KeyHandle): KeyHandle {
    const { enclave, root, db, storeId } = this.#ledger;
    const where = context('store key', storeId, name);
    const what = `the store's key "${name}"`;
    const row = this.#row(name);
    if (row !== undefined) return accepted(enclave.keyOpen(root, where, row.sealed), what);
    this.#ledger.usable(null);
    const key = make();
    try {
      const blob = sealed(enclave.keySeal(root, where, key), what);
      this.#ledger.commit(null, () => db.sql.putSealedKey.run(name, blob));
      return key;
    } catch (error) {
      enclave.keyFree(key);
      throw error;
    }
  }

  hasKey(name: string): boolean {
    return this.#row(name) !== undefined;
  }

  /** Bytes sealed among the keys; null when there are none of that name. @throws StoreError `tampered` */
  bytes(name: string): Uint8Array | null {
    const row = this.#row(name);
    if (row === undefined) return null;
    const { enclave, root } = this.#ledger;
    return opened(enclave.open(root, this.#bytesContext(name), row.sealed), `the store's ${name}`);
  }

  /** Puts them in the place of what was there; with null there are none from then on. On the disk when this returns. */
  setBytes(name: string, bytes: Uint8Array | null): void {
    const { enclave, root, db } = this.#ledger;
    const blob =
      bytes === null
        ? null
        : sealed(enclave.seal(root, this.#bytesContext(name), bytes), `the store's ${name}`);
    this.#ledger.commit(null, () => {
      if (blob === null) db.sql.deleteSealedKey.run(name);
      else db.sql.replaceSealedKey.run(name, blob);
    });
  }

  #bytesContext(name: string): Uint8Array {
    return context('store bytes', this.#ledger.storeId, name);
  }

  #row(name: string): SealedKeyRow | undefined {
    const { db } = this.#ledger;
    return db.read(() => db.sql.sealedKeys.all()).find((each) => each.name === name);
  }
}
