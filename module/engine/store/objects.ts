/**
 * Token objects at rest: made, changed, destroyed, loaded, with the token's manifest kept in step.
 */
import type { KeyHandle } from '../../enclave/enclave.ts';
import type { Durability, ObjectRow } from './database.ts';
import { accepted, StoreError, sealed } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { PrivateLoad, ROWS_PER_BATCH, sweepPublic } from './load.ts';
import { type Member, SetHasher, signConfirmed, type TokenManifest } from './manifest.ts';
import { hex } from './packing.ts';
import { attributesPart, type OpenedRows, SealContext, valuePart } from './rows.ts';
import { nameOf, objectName, type Token, type TokenState } from './token.ts';

/** An object to be stored. */
export interface NewObject {
  /** 16 random bytes, the object's unique id; never used for two objects. */
  readonly id: Uint8Array;
  readonly private: boolean;
  /** Packed by the caller; the store does not look inside. */
  readonly attributes: Uint8Array;
  /** The key, or null for an object without one. */
  readonly value: KeyHandle | null;
}

/** Which stored object, and in which version the caller knows it. */
export interface ObjectRef {
  readonly id: Uint8Array;
  readonly private: boolean;
  readonly version: number;
}

/** Other attributes for an object that is stored. */
export interface AttributeChange {
  readonly ref: ObjectRef;
  readonly attributes: Uint8Array;
}

/** A row that takes another's place. */
interface Replacement {
  readonly ref: ObjectRef;
  readonly next: ObjectRef;
  readonly old: ObjectRow;
  readonly blob: Uint8Array;
  readonly value: Uint8Array | null;
}

export class ObjectShelf {
  readonly #ledger: Ledger;
  readonly #hasher: SetHasher;
  readonly #context = new SealContext();
  readonly #rowsPerBatch: number;

  /** @param rowsPerBatch how many rows a load takes at a time */
  constructor(ledger: Ledger, rowsPerBatch = ROWS_PER_BATCH) {
    this.#ledger = ledger;
    this.#hasher = new SetHasher(ledger.enclave);
    this.#rowsPerBatch = rowsPerBatch;
  }

  /**
   * Stores new objects, all of them or none; on the disk when this returns. Their version is 1.
   * @param master the token master key; null while nobody is logged in (public objects only)
   * @param changes other attributes for objects that are there, in the same step: their versions become the next ones
   */
  putAll(
    token: Token,
    objects: readonly NewObject[],
    master: KeyHandle | null,
    changes: readonly AttributeChange[] = [],
  ): void {
    const state = token as TokenState;
    const mark = this.#markOf(state, master);
    const rows = objects.map((object) => this.#sealedRow(state, object, master));
    const all = changes.map(({ ref, attributes }) =>
      this.#replacement(state, ref, attributes, 'keep', master),
    );
    const left = this.#ledger.commit(state, (draft, generation) => {
      for (const { ref, attributes, value } of rows) {
        this.#ledger.db.sql.insertObject.run(
          state.slot,
          Number(ref.private),
          ref.id,
          1,
          mark === 'unconfirmed' ? 1 : 0,
          attributes,
          value,
        );
        this.#enter(state, draft, { ...ref, digest: this.#hasher.digest(attributes, value), mark }, master);
      }
      const replaced = this.#enterAll(state, draft, all, master);
      this.#sign(state, draft, generation, master);
      return replaced;
    });
    for (const one of left) state.publicCheck?.left(one);
    if (mark !== 'unconfirmed') return;
    for (const { ref } of [...rows, ...all]) state.changed.add(hex(ref.id));
  }

  /** Stores one new object. */
  put(token: Token, object: NewObject, master: KeyHandle | null): void {
    this.putAll(token, [object], master);
  }

  #sealedRow(
    state: TokenState,
    object: NewObject,
    master: KeyHandle | null,
  ): { ref: ObjectRef; attributes: Uint8Array; value: Uint8Array | null } {
    const ref = { id: object.id, private: object.private, version: 1 };
    const root = this.#rootFor(state, ref, master);
    const attributes = sealed(
      this.#ledger.enclave.seal(root, this.#contextOf(state, ref, attributesPart), object.attributes),
      objectName(object.id),
    );
    const value = object.value === null ? null : this.#sealValue(root, state, ref, object.value);
    return { ref, attributes, value };
  }

  /**
   * Replaces attributes, and with `value` the key as well; 'keep' leaves the key as it is.
   * @returns the new version
   * @throws StoreError `tampered` when the row is not as the caller knows it
   */
  replace(
    token: Token,
    ref: ObjectRef,
    attributes: Uint8Array,
    value: KeyHandle | 'keep',
    master: KeyHandle | null,
  ): number {
    const state = token as TokenState;
    const change = this.#replacement(state, ref, attributes, value, master);
    this.#replaceAll(state, [change], master, 'synced');
    return change.next.version;
  }

  /**
   * Replaces the attributes of several objects, all or none; their keys stay as they are, and each version becomes the next one.
   * @param durability `written` where nobody is harmed when it is lost in a power cut
   * @throws StoreError as {@link replace}
   */
  replaceAttributes(
    token: Token,
    changes: readonly AttributeChange[],
    master: KeyHandle | null,
    durability: Durability,
  ): void {
    const state = token as TokenState;
    const all = changes.map(({ ref, attributes }) =>
      this.#replacement(state, ref, attributes, 'keep', master),
    );
    this.#replaceAll(state, all, master, durability);
  }

  /** A row in its next version, sealed. */
  #replacement(
    state: TokenState,
    ref: ObjectRef,
    attributes: Uint8Array,
    value: KeyHandle | 'keep',
    master: KeyHandle | null,
  ): Replacement {
    const root = this.#rootFor(state, ref, master);
    const old = this.#row(state, ref);
    const next = { id: ref.id, private: ref.private, version: ref.version + 1 };
    const blob = sealed(
      this.#ledger.enclave.seal(root, this.#contextOf(state, next, attributesPart), attributes),
      objectName(ref.id),
    );
    const newValue =
      value === 'keep'
        ? this.#resealValue(root, state, ref, next, old)
        : this.#sealValue(root, state, next, value);
    return { ref, next, old, blob, value: newValue };
  }

  #replaceAll(
    state: TokenState,
    all: readonly Replacement[],
    master: KeyHandle | null,
    durability: Durability,
  ): void {
    const mark = this.#markOf(state, master);
    const change = (draft: TokenManifest, generation: number): Member[] => {
      const left = this.#enterAll(state, draft, all, master);
      this.#sign(state, draft, generation, master);
      return left;
    };
    for (const one of this.#ledger.commit(state, change, {}, { durability })) state.publicCheck?.left(one);
    if (mark === 'unconfirmed') for (const { ref } of all) state.changed.add(hex(ref.id));
  }

  /** Puts rows into the places of others; gives what {@link #leave} does of those. */
  #enterAll(
    state: TokenState,
    draft: TokenManifest,
    all: readonly Replacement[],
    master: KeyHandle | null,
  ): Member[] {
    const mark = this.#markOf(state, master);
    const left: Member[] = [];
    for (const { ref, next, old, blob, value } of all) {
      const replaced = this.#leave(state, draft, ref, old, master);
      if (replaced !== undefined) left.push(replaced);
      const unconfirmed = mark === 'unconfirmed' ? 1 : 0;
      const { version, private: isPrivate, id } = next;
      this.#ledger.db.sql.updateObject.run(
        version,
        unconfirmed,
        blob,
        value,
        state.slot,
        Number(isPrivate),
        id,
      );
      this.#enter(state, draft, { ...next, digest: this.#hasher.digest(blob, value), mark }, master);
    }
    return left;
  }

  /** Destroys an object. A key and a private object are in none of the store's files any more when this returns. */
  delete(token: Token, ref: ObjectRef, master: KeyHandle | null): void {
    const state = token as TokenState;
    this.#rootFor(state, ref, master);
    const old = this.#row(state, ref);
    const mark = this.#markOf(state, master);
    const change = (draft: TokenManifest, generation: number): Member | undefined => {
      const removed = this.#leave(state, draft, ref, old, master);
      this.#ledger.db.sql.deleteObject.run(state.slot, Number(ref.private), ref.id);
      this.#sign(state, draft, generation, master);
      return removed;
    };
    const secret = ref.private || old.value !== null;
    const left = this.#ledger.commit(state, change, {}, { durability: secret ? 'erasing' : 'synced' });
    if (left !== undefined) state.publicCheck?.left(left);
    if (mark === 'row') return;
    // What was made and destroyed between two logins leaves nothing to confirm.
    const stood =
      old.unconfirmed === 0 || this.#ledger.db.sql.tombstone.get(state.slot, ref.id) !== undefined;
    if (stood) state.changed.add(hex(ref.id));
    else state.changed.delete(hex(ref.id));
  }

  /**
   * Passes every public object on, after the whole set has been checked against the manifest under the store key.
   * @throws StoreError `tampered` or `corrupt`, and the token is out of use from then on
   */
  loadPublic(token: Token, take: (rows: OpenedRows) => void): void {
    const state = token as TokenState;
    this.#ledger.usable(state);
    try {
      sweepPublic(this.#ledger, this.#hasher, state, this.#rowsPerBatch, take);
    } catch (error) {
      this.#ledger.condemn(state, error);
    }
  }

  /**
   * Begins to load the private objects, which are passed on while the load goes on, and may be used when its last step has checked the whole
   * set against the manifest under the master key. The first time in a run the public objects are checked against it too: what the manifest
   * covers, and the changes that sessions without login have made since, must give what is there; they are then confirmed and counted.
   * Private objects are not changed meanwhile, and one load is under way at a time.
   * @throws StoreError `tampered` or `corrupt`, and the token is out of use from then on
   */
  loadPrivate(token: Token, master: KeyHandle, take: (rows: OpenedRows) => void): PrivateLoad {
    const state = token as TokenState;
    this.#ledger.usable(state);
    if (!state.checkedUnderStoreKey) this.loadPublic(state, () => undefined);
    try {
      return new PrivateLoad(this.#ledger, this.#hasher, state, master, this.#rowsPerBatch, take);
    } catch (error) {
      this.#ledger.condemn(state, error);
    }
  }

  /**
   * Opens an object's key into the enclave; the handle is the caller's to free.
   * @throws StoreError `tampered` when the row is gone, is another version, or its seal does not fit
   */
  openValue(token: Token, ref: ObjectRef, master: KeyHandle | null): KeyHandle {
    const state = token as TokenState;
    const root = this.#rootFor(state, ref, master, false);
    const name = `${objectName(ref.id)} of ${nameOf(state)}`;
    const row = this.#row(state, ref);
    try {
      if (row.value === null) throw new StoreError('tampered', `${name} has lost its value`);
      return accepted(
        this.#ledger.enclave.keyOpen(root, this.#contextOf(state, ref, valuePart), row.value),
        name,
      );
    } catch (error) {
      this.#ledger.condemn(state, error);
    }
  }

  // ---- inside -------------------------------------------------------------------------------------------------------

  #rootFor(
    token: TokenState,
    ref: { private: boolean },
    master: KeyHandle | null,
    changes = true,
  ): KeyHandle {
    this.#ledger.usable(token);
    if (!ref.private) return this.#ledger.root;
    if (master === null) throw new TypeError('a private object needs the token master key');
    if (changes && !token.checkedUnderMaster)
      throw new TypeError('loadPrivate comes before changes to private objects');
    return master;
  }

  /** A public change is confirmed at once when a login has vouched for everything before it. */
  #markOf(token: TokenState, master: KeyHandle | null): 'row' | 'unconfirmed' {
    return master !== null && token.checkedUnderMaster ? 'row' : 'unconfirmed';
  }

  #contextOf(
    token: TokenState,
    { id, version, private: isPrivate }: ObjectRef,
    part: typeof attributesPart | typeof valuePart,
  ): Uint8Array {
    return this.#context.of(token, id, version, isPrivate, part);
  }

  #sealValue(root: KeyHandle, token: TokenState, ref: ObjectRef, value: KeyHandle): Uint8Array {
    return sealed(
      this.#ledger.enclave.keySeal(root, this.#contextOf(token, ref, valuePart), value),
      objectName(ref.id),
    );
  }

  #resealValue(
    root: KeyHandle,
    token: TokenState,
    from: ObjectRef,
    to: ObjectRef,
    row: ObjectRow,
  ): Uint8Array | null {
    if (row.value === null) return null;
    const { enclave } = this.#ledger;
    const key = accepted(
      enclave.keyOpen(root, this.#contextOf(token, from, valuePart), row.value),
      objectName(from.id),
    );
    try {
      return this.#sealValue(root, token, to, key);
    } finally {
      enclave.keyFree(key);
    }
  }

  #row(token: TokenState, ref: ObjectRef): ObjectRow {
    const { db } = this.#ledger;
    try {
      const row = db.read(() => db.sql.object.get(token.slot, Number(ref.private), ref.id));
      if (row?.version === ref.version) return row;
      const found =
        row === undefined ? 'is gone from' : `is in version ${row.version}, not ${ref.version}, in`;
      throw new StoreError('tampered', `${objectName(ref.id)} of ${nameOf(token)} ${found} the database`);
    } catch (error) {
      this.#ledger.condemn(token, error);
    }
  }

  /** Takes a new row into the sets. */
  #enter(token: TokenState, draft: TokenManifest, member: Member, master: KeyHandle | null): void {
    const { root } = this.#ledger;
    if (!member.private) this.#hasher.update(root, token.id, draft.public, member, true);
    if (master === null || member.mark === 'unconfirmed') return;
    const set = member.private ? draft.confirmed.private : draft.confirmed.public;
    this.#hasher.update(master, token.id, set, member, true);
  }

  /** Takes a row out of the sets; without the master key a tombstone stands in for it until the next login, and is what this returns. */
  #leave(
    token: TokenState,
    draft: TokenManifest,
    ref: ObjectRef,
    row: ObjectRow,
    master: KeyHandle | null,
  ): Member | undefined {
    const { root, db } = this.#ledger;
    const digest = this.#hasher.digest(row.attributes, row.value);
    const mark = row.unconfirmed === 0 ? 'row' : 'unconfirmed';
    const member: Member = { ...ref, digest, mark };
    if (!ref.private) this.#hasher.update(root, token.id, draft.public, member, false);
    if (mark === 'unconfirmed') return undefined;
    if (master !== null && token.checkedUnderMaster) {
      const set = ref.private ? draft.confirmed.private : draft.confirmed.public;
      this.#hasher.update(master, token.id, set, member, false);
      return undefined;
    }
    db.sql.putTombstone.run(token.slot, ref.id, ref.version, digest);
    this.#hasher.update(root, token.id, draft.public, { ...member, mark: 'tombstone' }, true);
    return member;
  }

  #sign(token: TokenState, draft: TokenManifest, generation: number, master: KeyHandle | null): void {
    if (master !== null && token.checkedUnderMaster)
      signConfirmed(this.#ledger.enclave, master, draft, generation);
  }
}
