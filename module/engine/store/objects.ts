/**
 * Token objects at rest: made, changed, destroyed, loaded, with the token's manifest kept in step.
 */
import type { KeyHandle } from '../../enclave/enclave.ts';
import type { ObjectRow } from './database.ts';
import { accepted, opened, StoreError, sealed } from './errors.ts';
import { type Ledger, nameOf, objectName } from './ledger.ts';
import {
  confirmedHolds,
  emptySet,
  type Member,
  type SetHash,
  SetHasher,
  signConfirmed,
  type TokenManifest,
} from './manifest.ts';
import { hex, label, putU64, sameBytes } from './packing.ts';
import type { Token, TokenState } from './token.ts';

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

export interface LoadedObject {
  readonly id: Uint8Array;
  readonly version: number;
  readonly attributes: Uint8Array;
  /** Whether {@link ObjectShelf.openValue} has a key to give. */
  readonly hasValue: boolean;
}

/** What a login brings. */
export interface PrivateLoad {
  readonly objects: LoadedObject[];
  /** Public objects made, changed or destroyed since the last login by sessions that were not logged in: for the audit log. */
  readonly unconfirmed: number;
}

const attributesPart = 0;
const valuePart = 1;
/** "strongroom object 1" ‖ token id(16) ‖ object id(16) ‖ version u64 ‖ private u8 ‖ part u8 */
const contextPrefix = label('strongroom object 1');

export class ObjectShelf {
  readonly #ledger: Ledger;
  readonly #hasher: SetHasher;
  readonly #context = new Uint8Array(contextPrefix.length + 42);
  readonly #contextView = new DataView(this.#context.buffer);

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#hasher = new SetHasher(ledger.enclave);
    this.#context.set(contextPrefix);
  }

  /**
   * Stores new objects, all of them or none; on the disk when this returns. Their version is 1.
   * @param master the token master key; null while nobody is logged in (public objects only)
   */
  putAll(token: Token, objects: readonly NewObject[], master: KeyHandle | null): void {
    const state = token as TokenState;
    const mark = this.#markOf(state, master);
    const rows = objects.map((object) => this.#sealedRow(state, object, master));
    this.#ledger.commit(state, (draft, generation) => {
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
      this.#sign(state, draft, generation, master);
    });
    if (mark === 'unconfirmed') for (const { ref } of rows) state.changed.add(hex(ref.id));
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
    const mark = this.#markOf(state, master);
    this.#ledger.commit(state, (draft, generation) => {
      this.#leave(state, draft, ref, old, master);
      const unconfirmed = mark === 'unconfirmed' ? 1 : 0;
      const digest = this.#hasher.digest(blob, newValue);
      this.#ledger.db.sql.updateObject.run(
        next.version,
        unconfirmed,
        blob,
        newValue,
        state.slot,
        Number(ref.private),
        ref.id,
      );
      this.#enter(state, draft, { ...next, digest, mark }, master);
      this.#sign(state, draft, generation, master);
    });
    if (mark === 'unconfirmed') state.changed.add(hex(ref.id));
    return next.version;
  }

  /** Destroys an object. A key and a private object are in none of the store's files any more when this returns. */
  delete(token: Token, ref: ObjectRef, master: KeyHandle | null): void {
    const state = token as TokenState;
    this.#rootFor(state, ref, master);
    const old = this.#row(state, ref);
    const mark = this.#markOf(state, master);
    const change = (draft: TokenManifest, generation: number): void => {
      this.#leave(state, draft, ref, old, master);
      this.#ledger.db.sql.deleteObject.run(state.slot, Number(ref.private), ref.id);
      this.#sign(state, draft, generation, master);
    };
    const secret = ref.private || old.value !== null;
    this.#ledger.commit(state, change, {}, { durability: secret ? 'erasing' : 'synced' });
    if (mark === 'row') return;
    // What was made and destroyed between two logins leaves nothing to confirm.
    const stood =
      old.unconfirmed === 0 || this.#ledger.db.sql.tombstone.get(state.slot, ref.id) !== undefined;
    if (stood) state.changed.add(hex(ref.id));
    else state.changed.delete(hex(ref.id));
  }

  /**
   * Every public object, after the whole set has been checked against the manifest under the store key.
   * @throws StoreError `tampered` or `corrupt`, and the token is out of use from then on
   */
  loadPublic(token: Token): LoadedObject[] {
    const state = token as TokenState;
    const { root, db } = this.#ledger;
    this.#ledger.usable(state);
    try {
      const expected = manifestOf(state).public;
      const found = emptySet();
      const changed = new Set<string>();
      const objects = this.#sweep(state, false, root, (row, digest) => {
        if (row.unconfirmed !== 0) changed.add(hex(row.id));
        const mark = row.unconfirmed === 0 ? 'row' : 'unconfirmed';
        this.#hasher.update(
          root,
          state.id,
          found,
          { id: row.id, version: row.version, private: false, digest, mark },
          true,
        );
      });
      for (const each of db.read(() => db.sql.tombstones.all(state.slot))) {
        changed.add(hex(each.id));
        this.#hasher.update(root, state.id, found, { ...each, private: false, mark: 'tombstone' }, true);
      }
      requireSame(state, found, expected, 'public');
      state.changed = changed;
      state.checkedUnderStoreKey = true;
      return objects;
    } catch (error) {
      this.#ledger.condemn(state, error);
    }
  }

  /**
   * Every private object, after the whole set has been checked against the manifest under the master key. The first
   * time in a run the public objects are checked against it too: what the manifest covers, and the changes that sessions
   * without login have made since, must give what is there; they are then confirmed and counted.
   * @throws StoreError `tampered` or `corrupt`, and the token is out of use from then on
   */
  loadPrivate(token: Token, master: KeyHandle): PrivateLoad {
    const state = token as TokenState;
    this.#ledger.usable(state);
    if (!state.checkedUnderStoreKey) this.loadPublic(state);
    try {
      const manifest = manifestOf(state);
      if (!confirmedHolds(this.#ledger.enclave, master, manifest)) {
        throw new StoreError(
          'tampered',
          `the account of ${nameOf(state)} was not signed under its master key`,
        );
      }
      const found = emptySet();
      const objects = this.#sweep(state, true, master, (row, digest) => {
        const member: Member = { id: row.id, version: row.version, private: true, digest, mark: 'row' };
        this.#hasher.update(master, state.id, found, member, true);
      });
      requireSame(state, found, manifest.confirmed.private, 'private');
      if (!state.checkedUnderMaster) this.#checkPublicUnderMaster(state, manifest, master);
      const unconfirmed = state.changed.size;
      if (unconfirmed > 0) this.#confirm(state, master);
      state.checkedUnderMaster = true;
      return { objects, unconfirmed };
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

  #contextOf(token: TokenState, ref: ObjectRef, part: number): Uint8Array {
    const at = contextPrefix.length;
    this.#context.set(token.id, at);
    this.#context.set(ref.id, at + 16);
    putU64(this.#contextView, at + 32, ref.version);
    this.#context[at + 40] = ref.private ? 1 : 0;
    this.#context[at + 41] = part;
    return this.#context;
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

  #sweep(
    token: TokenState,
    wanted: boolean,
    root: KeyHandle,
    visit: (row: ObjectRow, digest: Uint8Array) => void,
  ): LoadedObject[] {
    const { db, enclave } = this.#ledger;
    const objects: LoadedObject[] = [];
    const digest = new Uint8Array(32);
    return db.read(() => {
      for (const row of db.sql.objects.iterate(token.slot, Number(wanted))) {
        const { id, version, value } = row;
        visit(row, this.#hasher.digest(row.attributes, value, digest));
        const where = this.#contextOf(token, { id, version, private: wanted }, attributesPart);
        const result = enclave.open(root, where, row.attributes);
        const attributes =
          typeof result === 'number' ? opened(result, `${objectName(id)} of ${nameOf(token)}`) : result;
        objects.push({ id, version, attributes, hasValue: value !== null });
      }
      return objects;
    });
  }

  /** Takes a new row into the sets. */
  #enter(token: TokenState, draft: TokenManifest, member: Member, master: KeyHandle | null): void {
    const { root } = this.#ledger;
    if (!member.private) this.#hasher.update(root, token.id, draft.public, member, true);
    if (master === null || member.mark === 'unconfirmed') return;
    const set = member.private ? draft.confirmed.private : draft.confirmed.public;
    this.#hasher.update(master, token.id, set, member, true);
  }

  /** Takes a row out of the sets; without the master key a tombstone stands in for it until the next login. */
  #leave(
    token: TokenState,
    draft: TokenManifest,
    ref: ObjectRef,
    row: ObjectRow,
    master: KeyHandle | null,
  ): void {
    const { root, db } = this.#ledger;
    const digest = this.#hasher.digest(row.attributes, row.value);
    const mark = row.unconfirmed === 0 ? 'row' : 'unconfirmed';
    const member: Member = { ...ref, digest, mark };
    if (!ref.private) this.#hasher.update(root, token.id, draft.public, member, false);
    if (mark === 'unconfirmed') return;
    if (master !== null && token.checkedUnderMaster) {
      const set = ref.private ? draft.confirmed.private : draft.confirmed.public;
      this.#hasher.update(master, token.id, set, member, false);
      return;
    }
    db.sql.putTombstone.run(token.slot, ref.id, ref.version, digest);
    this.#hasher.update(root, token.id, draft.public, { ...member, mark: 'tombstone' }, true);
  }

  #sign(token: TokenState, draft: TokenManifest, generation: number, master: KeyHandle | null): void {
    if (master !== null && token.checkedUnderMaster)
      signConfirmed(this.#ledger.enclave, master, draft, generation);
  }

  /** Rows that are confirmed, and tombstones in the place of those that are not there any more, must be what was signed. */
  #checkPublicUnderMaster(token: TokenState, manifest: TokenManifest, master: KeyHandle): void {
    const { db } = this.#ledger;
    const found = emptySet();
    db.read(() => {
      for (const row of db.sql.objects.iterate(token.slot, 0)) {
        if (row.unconfirmed !== 0) continue;
        const digest = this.#hasher.digest(row.attributes, row.value);
        this.#hasher.update(master, token.id, found, { ...row, private: false, digest, mark: 'row' }, true);
      }
      for (const each of db.sql.tombstones.iterate(token.slot)) {
        this.#hasher.update(master, token.id, found, { ...each, private: false, mark: 'row' }, true);
      }
    });
    requireSame(token, found, manifest.confirmed.public, 'public');
  }

  /** Signs what sessions without login have done to public objects, and clears the marks. */
  #confirm(token: TokenState, master: KeyHandle): void {
    const { root, db } = this.#ledger;
    this.#ledger.commit(token, (draft, generation) => {
      for (const row of db.sql.objects.iterate(token.slot, 0)) {
        if (row.unconfirmed === 0) continue;
        const member = {
          id: row.id,
          version: row.version,
          private: false,
          digest: this.#hasher.digest(row.attributes, row.value),
        };
        this.#hasher.update(root, token.id, draft.public, { ...member, mark: 'unconfirmed' }, false);
        this.#hasher.update(root, token.id, draft.public, { ...member, mark: 'row' }, true);
        this.#hasher.update(master, token.id, draft.confirmed.public, { ...member, mark: 'row' }, true);
      }
      for (const each of db.sql.tombstones.iterate(token.slot)) {
        this.#hasher.update(
          root,
          token.id,
          draft.public,
          { ...each, private: false, mark: 'tombstone' },
          false,
        );
        this.#hasher.update(
          master,
          token.id,
          draft.confirmed.public,
          { ...each, private: false, mark: 'row' },
          false,
        );
      }
      db.sql.confirmObjects.run(token.slot);
      db.sql.clearTombstones.run(token.slot);
      signConfirmed(this.#ledger.enclave, master, draft, generation);
    });
    token.changed = new Set();
  }
}

function manifestOf(token: TokenState): TokenManifest {
  if (token.manifest === null)
    throw new StoreError('tampered', `${nameOf(token)} has no account of its objects`);
  return token.manifest;
}

function requireSame(token: TokenState, found: SetHash, expected: SetHash, which: string): void {
  if (found.count === expected.count && sameBytes(found.sum, expected.sum)) return;
  const count =
    found.count === expected.count
      ? 'a row was changed or exchanged'
      : `there are ${found.count} rows where the store left ${expected.count}`;
  throw new StoreError(
    'tampered',
    `the ${which} objects of ${nameOf(token)} were changed outside the store: ${count}`,
  );
}
