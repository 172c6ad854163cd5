/**
 * Loading a token's objects: every row of a set is digested, summed and opened, a batch at a time, and nothing of it may be served before
 * the sum of all is what the manifest says.
 *
 * The rows come in the order of their ids, so between two batches the database can change: what changes behind the place that the
 * load has reached, it must be told; what changes before it, it will see.
 */
import type { KeyHandle } from '../../enclave/enclave.ts';
import { CKR_DATA_INVALID } from '../generated/constants.ts';
import { accepted, StoreError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import {
  confirmedHolds,
  emptySet,
  type Member,
  type SetHash,
  type SetHasher,
  setLabels,
  signConfirmed,
  type TokenManifest,
} from './manifest.ts';
import { hex, sameBytes } from './packing.ts';
import { attributesPart, OpenedRow, type OpenedRows, RowArena, SealContext } from './rows.ts';
import { type CheckUnderWay, nameOf, objectName, type TokenState } from './token.ts';

/** Rows of one batch: some hundred microseconds. */
export const ROWS_PER_BATCH = 64;
/** What a batch is to be packed into at the most; where rows are longer than usual it has fewer. */
const BATCH_BYTES = 1 << 18;
/** Changes without login that are confirmed by one commit. */
const CONFIRMED_PER_COMMIT = 256;

const noId = new Uint8Array(0);
const anyId = new Uint8Array(16);

/** Goes through the public or the private rows of a token, and sums them. */
export class Sweep {
  readonly found = emptySet();
  readonly #ledger: Ledger;
  readonly #token: TokenState;
  readonly #root: KeyHandle;
  readonly #private: boolean;
  readonly #arena: RowArena | null;
  readonly #context: Uint8Array;
  readonly #most: number;
  readonly #counts = new Uint8Array(8);
  readonly #countsView = new DataView(this.#counts.buffer);
  #last: Uint8Array = noId;
  #limit: number;

  /**
   * @param root what the set is summed under; rows that are opened are sealed under it too
   * @param arena null: rows are not opened, and unconfirmed ones are passed over
   */
  constructor(
    ledger: Ledger,
    token: TokenState,
    root: KeyHandle,
    isPrivate: boolean,
    arena: RowArena | null,
    rowsPerBatch: number,
  ) {
    this.#ledger = ledger;
    this.#token = token;
    this.#root = root;
    this.#private = isPrivate;
    this.#arena = arena;
    this.#context = new SealContext().of(token, anyId, 0, isPrivate, attributesPart).slice();
    this.#most = rowsPerBatch;
    this.#limit = Math.min(rowsPerBatch, 8);
  }

  /** Whether a row of that id has been seen, or would have been. */
  hasPassed(id: Uint8Array): boolean {
    return Buffer.compare(id, this.#last) <= 0;
  }

  /** The next rows; undefined after the last. Without an arena there is nothing to be seen of them. */
  next(): OpenedRows | undefined {
    const { db, enclave } = this.#ledger;
    const row = db.read(() =>
      db.sql.packedObjects.get(this.#token.slot, Number(this.#private), this.#last, this.#limit),
    );
    const packed = row?.packed ?? null;
    if (packed === null) return undefined;
    const size = packed.length + this.#limit * OpenedRow.attributesAt(0);
    const { bytes, at } = this.#arena?.room(size) ?? { bytes: noId, at: 0 };
    const last = new Uint8Array(16);
    const result = enclave.loadRows(
      this.#root,
      this.#private ? setLabels.private : setLabels.public,
      this.#context,
      this.#token.id,
      this.#private,
      this.#arena === null,
      packed,
      this.found.sum,
      this.#arena === null ? null : bytes.subarray(at, at + size),
      last,
      this.#counts,
    );
    if (result < 0) throw this.#broken(result, last);
    const count = this.#countsView.getUint32(0, true);
    this.found.count += this.#countsView.getUint32(4, true);
    this.#limit = Math.max(1, Math.min(this.#most, Math.floor((BATCH_BYTES * count) / packed.length)));
    this.#last = last;
    this.#arena?.take(result);
    return { bytes, from: at, to: at + result, count };
  }

  #broken(result: number, id: Uint8Array): Error {
    const name = nameOf(this.#token);
    if (result === -CKR_DATA_INVALID)
      return new StoreError('tampered', `a row of ${name} is not what this store wrote`);
    try {
      accepted(result, `${objectName(id)} of ${name}`);
    } catch (error) {
      if (error instanceof Error) return error;
    }
    return new TypeError('the enclave refused nothing');
  }
}

/** The public rows as they are now, tombstones included, against the manifest under the store key. Nothing changes meanwhile. */
export function sweepPublic(
  ledger: Ledger,
  hasher: SetHasher,
  token: TokenState,
  rowsPerBatch: number,
  take: (rows: OpenedRows) => void,
): void {
  const { root, db } = ledger;
  const expected = manifestOf(token).public;
  const changed = new Set<string>();
  const sweep = new Sweep(ledger, token, root, false, new RowArena(), rowsPerBatch);
  const batches: OpenedRows[] = [];
  for (let rows = sweep.next(); rows !== undefined; rows = sweep.next()) {
    const { bytes, from, to } = rows;
    for (let at = from; at < to; at = OpenedRow.end(bytes, at))
      if (OpenedRow.unconfirmed(bytes, at)) changed.add(hex(OpenedRow.id(bytes, at)));
    batches.push(rows);
  }
  for (const each of db.read(() => db.sql.tombstones.all(token.slot))) {
    changed.add(hex(each.id));
    hasher.update(root, token.id, sweep.found, { ...each, private: false, mark: 'tombstone' }, true);
  }
  requireSame(token, sweep.found, expected, 'public');
  token.changed = changed;
  token.checkedUnderStoreKey = true;
  for (const rows of batches) take(rows);
}

/**
 * What a login brings: the private objects, and an account of the public ones. Made by ObjectShelf.loadPrivate, and carried on by
 * {@link step} until that says that everything fits; what `take` was given until then must be seen by nobody.
 */
export class PrivateLoad {
  /** Public objects made, changed or destroyed since the last login by sessions that were not logged in: for the audit log. */
  unconfirmed = 0;
  readonly #ledger: Ledger;
  readonly #hasher: SetHasher;
  readonly #token: TokenState;
  readonly #tokenId: Uint8Array;
  readonly #master: KeyHandle;
  readonly #take: (rows: OpenedRows) => void;
  readonly #rowsPerBatch: number;
  readonly #sweep: Sweep;
  #phase: 'private' | 'public' | 'confirm' | 'done' = 'private';

  constructor(
    ledger: Ledger,
    hasher: SetHasher,
    token: TokenState,
    master: KeyHandle,
    rowsPerBatch: number,
    take: (rows: OpenedRows) => void,
  ) {
    this.#ledger = ledger;
    this.#hasher = hasher;
    this.#token = token;
    this.#tokenId = token.id;
    this.#master = master;
    this.#take = take;
    this.#rowsPerBatch = rowsPerBatch;
    if (!confirmedHolds(ledger.enclave, master, manifestOf(token))) {
      throw new StoreError('tampered', `the account of ${nameOf(token)} was not signed under its master key`);
    }
    this.#sweep = new Sweep(ledger, token, master, true, new RowArena(), rowsPerBatch);
  }

  /** How many objects there will be, if all is well. */
  get expected(): number {
    return manifestOf(this.#token).confirmed.private.count;
  }

  /**
   * One batch more. True when the whole set has been checked.
   * @throws StoreError `tampered` or `corrupt`, and the token is out of use from then on
   */
  step(): boolean {
    this.#ledger.usable(this.#token);
    if (this.#token.id !== this.#tokenId) throw new TypeError('the token was initialised during the load');
    try {
      if (this.#phase === 'private') this.#stepPrivate();
      else if (this.#phase === 'public') this.#stepPublic();
      else if (this.#phase === 'confirm') this.#stepConfirm();
      return this.#phase === 'done';
    } catch (error) {
      this.end();
      this.#ledger.condemn(this.#token, error);
    }
  }

  /** The load goes no further. */
  end(): void {
    this.#phase = 'done';
    this.#token.publicCheck = null;
  }

  #stepPrivate(): void {
    const rows = this.#sweep.next();
    if (rows !== undefined) {
      this.#take(rows);
      return;
    }
    // Nobody can change a private object while nobody is logged in.
    requireSame(this.#token, this.#sweep.found, manifestOf(this.#token).confirmed.private, 'private');
    if (this.#token.checkedUnderMaster) {
      this.#phase = 'confirm';
      return;
    }
    this.#token.publicCheck = new PublicCheck(
      this.#ledger,
      this.#hasher,
      this.#token,
      this.#master,
      this.#rowsPerBatch,
    );
    this.#phase = 'public';
  }

  #stepPublic(): void {
    const check = this.#token.publicCheck;
    if (check === null) throw new TypeError('another load of the token has begun');
    if (!check.step()) return;
    this.#token.publicCheck = null;
    this.#phase = 'confirm';
  }

  #stepConfirm(): void {
    const { changed } = this.#token;
    if (changed.size > 0) {
      const ids = [...changed].slice(0, CONFIRMED_PER_COMMIT);
      confirm(this.#ledger, this.#hasher, this.#token, this.#master, ids);
      this.unconfirmed += ids.length;
    }
    if (changed.size > 0) return;
    this.#token.checkedUnderMaster = true;
    this.#phase = 'done';
  }
}

/** Rows that are confirmed, and tombstones in the place of those that are not there any more, must be what was signed. */
class PublicCheck implements CheckUnderWay {
  readonly #hasher: SetHasher;
  readonly #token: TokenState;
  readonly #master: KeyHandle;
  readonly #sweep: Sweep;

  constructor(ledger: Ledger, hasher: SetHasher, token: TokenState, master: KeyHandle, rowsPerBatch: number) {
    this.#hasher = hasher;
    this.#token = token;
    this.#master = master;
    this.#sweep = new Sweep(ledger, token, master, false, null, rowsPerBatch);
    const { db } = ledger;
    for (const each of db.read(() => db.sql.tombstones.all(token.slot)))
      this.#add({ ...each, private: false, mark: 'row' });
  }

  #add(member: Member): void {
    this.#hasher.update(this.#master, this.#token.id, this.#sweep.found, member, true);
  }

  /** A session without login has put a tombstone in a confirmed row's place: seen already, or never to be seen. */
  left(member: Member): void {
    if (!this.#sweep.hasPassed(member.id)) this.#add({ ...member, mark: 'row' });
  }

  /** True when the last row has been seen, and all fits. */
  step(): boolean {
    if (this.#sweep.next() !== undefined) return false;
    requireSame(this.#token, this.#sweep.found, manifestOf(this.#token).confirmed.public, 'public');
    return true;
  }
}

/** Signs what sessions without login have done to these public objects (ids in hex), and clears their marks. */
function confirm(
  ledger: Ledger,
  hasher: SetHasher,
  token: TokenState,
  master: KeyHandle,
  ids: readonly string[],
): void {
  const { root, db, enclave } = ledger;
  ledger.commit(token, (draft, generation) => {
    for (const name of ids) {
      const id = Buffer.from(name, 'hex');
      const row = db.sql.object.get(token.slot, 0, id);
      if (row !== undefined && row.unconfirmed !== 0) {
        const digest = hasher.digest(row.attributes, row.value);
        const member = { id, version: row.version, private: false, digest };
        hasher.update(root, token.id, draft.public, { ...member, mark: 'unconfirmed' }, false);
        hasher.update(root, token.id, draft.public, { ...member, mark: 'row' }, true);
        hasher.update(master, token.id, draft.confirmed.public, { ...member, mark: 'row' }, true);
        db.sql.confirmObject.run(token.slot, id);
      }
      const stone = db.sql.tombstone.get(token.slot, id);
      if (stone !== undefined) {
        const member = { ...stone, private: false };
        hasher.update(root, token.id, draft.public, { ...member, mark: 'tombstone' }, false);
        hasher.update(master, token.id, draft.confirmed.public, { ...member, mark: 'row' }, false);
        db.sql.clearTombstone.run(token.slot, id);
      }
    }
    signConfirmed(enclave, master, draft, generation);
  });
  for (const name of ids) token.changed.delete(name);
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
