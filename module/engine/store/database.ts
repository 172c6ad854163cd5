/**
 * The only file that speaks SQL: opens store.db, brings it up to date, and offers its rows as typed calls.
 */
import fs from 'node:fs';
import path from 'node:path';
import SQLite from 'better-sqlite3';
import { migrations } from '../../../schema/store/migrations.ts';
import { asStoreError, StoreError } from './errors.ts';
import { Reader, type Shape } from './reader.ts';

export interface TokenRow {
  readonly slot: number;
  readonly id: Uint8Array;
  readonly info: Uint8Array;
}

export interface KeyslotRow {
  readonly kind: number;
  readonly wrapped: Uint8Array;
}

export interface FactorRow {
  readonly kind: number;
  readonly place: number;
  readonly factor: string;
  readonly kdf: string;
  readonly parameters: string;
  readonly salt: Uint8Array;
}

/** An object's row without what the caller asked by. */
export interface ObjectRow {
  readonly id: Uint8Array;
  readonly version: number;
  readonly unconfirmed: number;
  readonly attributes: Uint8Array;
  readonly value: Uint8Array | null;
}

export interface TombstoneRow {
  readonly id: Uint8Array;
  readonly version: number;
  readonly digest: Uint8Array;
}

export interface ManifestRow {
  readonly generation: number;
  readonly sealed: Uint8Array;
}

/** Something of the store's own, by its name. */
export interface SealedKeyRow {
  readonly name: string;
  readonly sealed: Uint8Array;
}

const factorShape: Shape<FactorRow> = {
  kind: 'integer',
  place: 'integer',
  factor: 'text',
  kdf: 'text',
  parameters: 'text',
  salt: 'blob',
};

const objectShape: Shape<ObjectRow> = {
  id: 'blob',
  version: 'integer',
  unconfirmed: 'integer',
  attributes: 'blob',
  value: 'blob or null',
};

const tombstoneShape: Shape<TombstoneRow> = { id: 'blob', version: 'integer', digest: 'blob' };

function prepareAll(db: SQLite.Database) {
  const objectColumns = 'id, version, unconfirmed, attributes, value';
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    meta: new Reader(db.prepare<[string], { value: Uint8Array }>('SELECT value FROM meta WHERE name = ?'), {
      value: 'blob',
    }),
    sealedKeys: new Reader(
      db.prepare<[], SealedKeyRow>('SELECT name, sealed FROM sealed_keys ORDER BY name'),
      { name: 'text', sealed: 'blob' },
    ),
    putSealedKey: db.prepare<[string, Uint8Array]>('INSERT INTO sealed_keys (name, sealed) VALUES (?, ?)'),
    replaceSealedKey: db.prepare<[string, Uint8Array]>(
      'INSERT OR REPLACE INTO sealed_keys (name, sealed) VALUES (?, ?)',
    ),
    deleteSealedKey: db.prepare<[string]>('DELETE FROM sealed_keys WHERE name = ?'),
    tokens: new Reader(db.prepare<[], TokenRow>('SELECT slot, id, info FROM tokens ORDER BY slot'), {
      slot: 'integer',
      id: 'blob',
      info: 'blob',
    }),
    putToken: db.prepare<[number, Uint8Array, Uint8Array]>(
      'INSERT INTO tokens (slot, id, info) VALUES (?, ?, ?) ON CONFLICT (slot) DO UPDATE SET id = excluded.id, info = excluded.info',
    ),
    keyslots: new Reader(
      db.prepare<[number], KeyslotRow>('SELECT kind, wrapped FROM keyslots WHERE slot = ? ORDER BY kind'),
      { kind: 'integer', wrapped: 'blob' },
    ),
    factors: new Reader(
      db.prepare<[number], FactorRow>(
        'SELECT kind, place, factor, kdf, parameters, salt FROM keyslot_factors WHERE slot = ? ORDER BY kind, place',
      ),
      factorShape,
    ),
    putKeyslot: db.prepare<[number, number, Uint8Array]>(
      'INSERT INTO keyslots (slot, kind, wrapped) VALUES (?, ?, ?)',
    ),
    putFactor: db.prepare<[number, number, number, string, string, string, Uint8Array]>(
      'INSERT INTO keyslot_factors (slot, kind, place, factor, kdf, parameters, salt) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    // Its factors go with it.
    deleteKeyslot: db.prepare<[number, number]>('DELETE FROM keyslots WHERE slot = ? AND kind = ?'),
    clearKeyslots: db.prepare<[number]>('DELETE FROM keyslots WHERE slot = ?'),
    // One value for many rows: to hand each of their columns over would take longer than all else that is done to a row. Packed as the enclave's
    // loadRows takes them; null when there are no more.
    packedObjects: new Reader(
      db.prepare<[number, number, Uint8Array, number], { packed: Uint8Array | null }>(
        `SELECT CAST(group_concat(row, '') AS BLOB) AS packed FROM (
        SELECT concat(version, ' ', octet_length(attributes), ' ', octet_length(value), ' ', unconfirmed, ' ', id, attributes, value) AS row
        FROM objects WHERE slot = ? AND private = ? AND id > ? ORDER BY id LIMIT ?)`,
      ),
      { packed: 'blob or null' },
    ),
    object: new Reader(
      db.prepare<[number, number, Uint8Array], ObjectRow>(
        `SELECT ${objectColumns} FROM objects WHERE slot = ? AND private = ? AND id = ?`,
      ),
      objectShape,
    ),
    insertObject: db.prepare<[number, number, Uint8Array, number, number, Uint8Array, Uint8Array | null]>(
      'INSERT INTO objects (slot, private, id, version, unconfirmed, attributes, value) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    updateObject: db.prepare<[number, number, Uint8Array, Uint8Array | null, number, number, Uint8Array]>(
      'UPDATE objects SET version = ?, unconfirmed = ?, attributes = ?, value = ? WHERE slot = ? AND private = ? AND id = ?',
    ),
    deleteObject: db.prepare<[number, number, Uint8Array]>(
      'DELETE FROM objects WHERE slot = ? AND private = ? AND id = ?',
    ),
    clearObjects: db.prepare<[number]>('DELETE FROM objects WHERE slot = ?'),
    confirmObject: db.prepare<[number, Uint8Array]>(
      'UPDATE objects SET unconfirmed = 0 WHERE slot = ? AND private = 0 AND id = ?',
    ),
    tombstones: new Reader(
      db.prepare<[number], TombstoneRow>(
        'SELECT id, version, digest FROM tombstones WHERE slot = ? ORDER BY id',
      ),
      tombstoneShape,
    ),
    tombstone: new Reader(
      db.prepare<[number, Uint8Array], TombstoneRow>(
        'SELECT id, version, digest FROM tombstones WHERE slot = ? AND id = ?',
      ),
      tombstoneShape,
    ),
    putTombstone: db.prepare<[number, Uint8Array, number, Uint8Array]>(
      'INSERT INTO tombstones (slot, id, version, digest) VALUES (?, ?, ?, ?)',
    ),
    clearTombstone: db.prepare<[number, Uint8Array]>('DELETE FROM tombstones WHERE slot = ? AND id = ?'),
    clearTombstones: db.prepare<[number]>('DELETE FROM tombstones WHERE slot = ?'),
    manifest: new Reader(
      db.prepare<[number], ManifestRow>('SELECT generation, sealed FROM manifest WHERE slot = ?'),
      { generation: 'integer', sealed: 'blob' },
    ),
    putManifest: db.prepare<[number, number, Uint8Array]>(
      'INSERT OR REPLACE INTO manifest (slot, generation, sealed) VALUES (?, ?, ?)',
    ),
  };
}

/** Where the engine is installed, SQLite's addon lies beside it; from the sources, better-sqlite3 finds its own. */
function installedBinding(): { nativeBinding?: string } {
  const installed = path.join(import.meta.dirname, 'better_sqlite3.node');
  return fs.existsSync(installed) ? { nativeBinding: installed } : {};
}

/**
 * Whether a change waits for the disk, or only for the system's memory; or for the disk and for what it replaces or deletes to be gone from
 * the files.
 */
export type Durability = 'synced' | 'written' | 'erasing';

export class Database {
  readonly sql: ReturnType<typeof prepareAll>;
  readonly #db: SQLite.Database;
  readonly #file: string;

  private constructor(db: SQLite.Database, file: string) {
    this.#db = db;
    this.#file = file;
    this.sql = prepareAll(db);
  }

  /**
   * Opens the database, exclusively, and applies the migrations that it lacks.
   * @param file made with mode 0600 when it is not there
   * @param busyTimeout milliseconds to wait for a process that is just leaving
   * @param storeId written when the database is new
   * @param fresh whether a database without any table is what the caller expects
   */
  static open(file: string, busyTimeout: number, storeId: Uint8Array, fresh: boolean): Database {
    let db: SQLite.Database | undefined;
    try {
      const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants;
      fs.closeSync(fs.openSync(file, O_RDWR | O_NOFOLLOW | (fresh ? O_CREAT : 0), 0o600));
      db = new SQLite(file, { timeout: busyTimeout, ...installedBinding() });
      // Exclusive before WAL: no shared-memory file is made, and no second process can even read.
      db.pragma('locking_mode = EXCLUSIVE');
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      db.pragma('trusted_schema = OFF');
      db.pragma('cell_size_check = ON');
      db.pragma('secure_delete = ON');
      db.pragma('temp_store = MEMORY');
      // In KiB. A load reads each page once, and a change touches few: more would only be memory.
      db.pragma('cache_size = -4096');
      migrate(db, file, storeId, fresh);
      return new Database(db, file);
    } catch (error) {
      db?.close();
      throw asStoreError(error, file);
    }
  }

  /**
   * Runs `work` as one transaction: all of it is on the disk when this returns, or nothing of it is. One that is only `written` survives
   * the engine's end but not a power cut, until the next synced one takes it along.
   */
  transaction<T>(work: () => T, durability: Durability = 'synced'): T {
    try {
      if (durability === 'written') this.#db.exec('PRAGMA synchronous = NORMAL');
      this.sql.begin.run();
      const result = work();
      this.sql.commit.run();
      return result;
    } catch (error) {
      this.#abandon();
      throw asStoreError(error, this.#file);
    } finally {
      if (durability === 'written') this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  /**
   * Takes what earlier transactions have deleted or replaced out of the files. In the pages it is overwritten by `secure_delete`; the
   * write-ahead log holds older states of them until it has been worked in and cut off, which is done here.
   */
  erase(): void {
    let busy: unknown;
    try {
      busy = this.#db.pragma('wal_checkpoint(TRUNCATE)', { simple: true });
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
    if (busy !== 0) throw new StoreError('io', `the log of ${this.#file} could not be cut off`);
  }

  #abandon(): void {
    // SQLite has already rolled back by itself after some errors (a full disk among them).
    if (this.#db.inTransaction) this.sql.rollback.run();
  }

  /** Runs reads with SQLite's failures as store errors. */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
  }

  /** Puts what other runs have only written on the disk. */
  syncLog(): void {
    let fd: number;
    try {
      fd = fs.openSync(`${this.#file}-wal`, fs.constants.O_RDWR | fs.constants.O_NOFOLLOW);
    } catch {
      // No write-ahead log: everything is in the database itself.
      return;
    }
    try {
      fs.fdatasyncSync(fd);
    } catch (error) {
      throw asStoreError(error, this.#file);
    } finally {
      fs.closeSync(fd);
    }
  }

  /** Whether SQLite finds the file's structure whole; takes a second or so for each gigabyte. */
  intact(): boolean {
    try {
      return this.#db.pragma('quick_check(1)', { simple: true }) === 'ok';
    } catch {
      return false;
    }
  }

  /** Limits the database's size in pages of 4096 bytes; for the test of a full store. */
  limitPages(pages: number): void {
    this.#db.pragma(`max_page_count = ${pages}`);
  }

  close(): void {
    this.#db.close();
  }
}

function migrate(db: SQLite.Database, file: string, storeId: Uint8Array, fresh: boolean): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new StoreError('version', `${file} was written by a newer release; upgrade this one`);
  }
  if (version === 0 && !fresh) {
    throw new StoreError(
      'tampered',
      `${file} is empty, and this store has had a database; put the whole folder back from one backup`,
    );
  }
  if (version < migrations.length) {
    db.transaction(() => {
      for (const migration of migrations.slice(version)) db.exec(migration);
      if (version === 0) db.prepare("INSERT INTO meta (name, value) VALUES ('store id', ?)").run(storeId);
      db.pragma(`user_version = ${migrations.length}`);
    })();
  }
  // No migration makes any: whoever writes to the file must not get code into our statements.
  const foreign = db
    .prepare("SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')")
    .pluck()
    .get();
  if (foreign !== 0)
    throw new StoreError('tampered', `${file} contains triggers or views, which this store never makes`);
}
