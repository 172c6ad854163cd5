/**
 * Writes the log. One call is one record is one write(2); nothing is allocated for an ordinary record.
 *
 * A record that cannot be written whole is cut off again and its caller gets an {@link AuditError}, so that what is not
 * in the log does not happen. The next call tries afresh: when there is room again, the log goes on by itself.
 */
import fs from 'node:fs';
import path from 'node:path';
import { checkpointMessage, publicKeyPem, signatureLength, syncFolder, writeAnchor } from './checkpoint.ts';
import {
  at,
  formatVersion,
  hashLength,
  headerLength,
  Kind,
  maxDetail,
  maxRecord,
  none,
  putU64,
  sealLength,
  syncedKinds,
} from './format.ts';
import { type LogState, resume } from './resume.ts';

/** The chain's secrets, which stay with whoever opens the log (the engine's enclave). Failures are thrown. */
export interface ChainKeeper {
  /** Sets the chain's head: the last record's hash, zeros at the beginning. */
  start(previousHash: Uint8Array): void;
  /** Writes hash ‖ MAC behind `buffer[offset, offset + length)` and moves the head. */
  seal(buffer: Uint8Array, offset: number, length: number): void;
  /** Whether the MAC belongs to the hash. */
  check(hash: Uint8Array, mac: Uint8Array): boolean;
  /** Ed25519, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
  /** The raw public key, 32 bytes. */
  publicKey(): Uint8Array;
}

export interface AuditFiles {
  readonly log: string;
  readonly publicKey: string;
  readonly anchor: string;
}

export interface WriterOptions {
  /** Said in the first record of a new log. */
  readonly storeId: string;
  /** Said in the first record too: what became of an earlier log of this store. */
  readonly after?: string;
  /** Milliseconds until data records are synced; 0 syncs each. Default 1000. */
  readonly syncInterval?: number;
  /** A checkpoint after so many records, which is also what a start after a crash has to read at the most. Default 10,000. */
  readonly checkpointRecords?: number;
  /** A checkpoint so many milliseconds after the first record that no checkpoint covers. Default 30,000. */
  readonly checkpointInterval?: number;
}

/**
 * - `tampered`: the log was found changed at start; nothing is written to it.
 * - `full`, `io`: the record could not be written or synced; the operation must be refused.
 */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly kind: 'tampered' | 'full' | 'io';

  constructor(kind: 'tampered' | 'full' | 'io', message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function asAuditError(error: unknown, what: string): AuditError {
  if (error instanceof AuditError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const kind = noRoom.has(code) ? 'full' : 'io';
  return new AuditError(kind, `${what} (${code})`, error);
}

const utf8 = new TextEncoder();
const noDetail = new Uint8Array(0);

export class AuditWriter {
  /** What was found at start. With a `problem`, every append throws. */
  readonly found: LogState;
  readonly #files: AuditFiles;
  readonly #keeper: ChainKeeper;
  readonly #fd: number;
  readonly #syncInterval: number;
  readonly #checkpointRecords: number;
  readonly #checkpointInterval: number;
  readonly #buffer = Buffer.alloc(maxRecord);
  readonly #view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, maxRecord);
  #sequence: number;
  #size: number;
  #uncovered = 0;
  /** The file may end in part of a record that could not be cut off yet. */
  #ragged = false;
  #unsynced = false;
  #syncing = false;
  #closed = false;
  #syncTimer: NodeJS.Timeout | null = null;
  #checkpointTimer: NodeJS.Timeout | null = null;
  #syncFailure: unknown = null;
  /** Milliseconds since the epoch at performance.now() = 0, and when to look at the clock again. */
  #clockBase = 0;
  #clockGood = 0;

  private constructor(
    files: AuditFiles,
    keeper: ChainKeeper,
    fd: number,
    state: LogState,
    options: WriterOptions,
  ) {
    this.#files = files;
    this.#keeper = keeper;
    this.#fd = fd;
    this.found = state;
    this.#sequence = state.sequence;
    this.#size = state.size;
    this.#syncInterval = options.syncInterval ?? 1000;
    this.#checkpointRecords = options.checkpointRecords ?? 10_000;
    this.#checkpointInterval = options.checkpointInterval ?? 30_000;
    this.#view.setUint8(at.version, formatVersion);
    this.#buffer.set(state.seal, at.previous);
  }

  /**
   * Opens the log, or begins one. What the last engine left is checked from the newest checkpoint on; a record that a crash
   * tore is cut off and noted. A log that was changed is left exactly as it is: `found.problem` says what was found.
   * @throws AuditError when the files cannot be read or written
   */
  static open(files: AuditFiles, keeper: ChainKeeper, options: WriterOptions): AuditWriter {
    let fd = -1;
    try {
      putPublicKey(files.publicKey, keeper.publicKey());
      fd = fs.openSync(
        files.log,
        fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_APPEND | fs.constants.O_NOFOLLOW,
        0o600,
      );
      const state = resume(fd, files, keeper);
      const writer = new AuditWriter(files, keeper, fd, state, options);
      if (state.problem === null) writer.#begin(options);
      return writer;
    } catch (error) {
      if (fd >= 0) fs.closeSync(fd);
      throw asAuditError(error, `the audit log ${files.log} cannot be opened`);
    }
  }

  #begin(options: WriterOptions): void {
    this.#keeper.start(this.#buffer.subarray(at.previous, at.previous + hashLength));
    if (this.found.size < this.found.fileSize) fs.ftruncateSync(this.#fd, this.found.size);
    if (this.#sequence === 0) {
      const after = options.after === undefined ? {} : { after: options.after };
      this.note(Kind.Begin, { store: options.storeId, ...after });
    } else if (this.found.torn > 0) {
      this.note(Kind.Recovery, {
        found: 'a record torn by a crash',
        bytes: this.found.torn,
        sha256: this.found.tornDigest,
      });
    }
    this.checkpoint();
    // Log, key and anchor are new names in the folder.
    if (this.#sequence <= 2) syncFolder(path.dirname(this.#files.log));
  }

  /** Records that no checkpoint covers yet. */
  get unsigned(): number {
    return this.#uncovered;
  }

  /** The number that the next record will get. */
  get sequence(): number {
    return this.#sequence;
  }

  /**
   * Appends a record. Written when this returns; administrative kinds are on the disk too.
   * @param client the number that its attach record introduced, 0 for the engine itself
   * @param slot of the token, or {@link none}
   * @param mechanism CKM number, or {@link none}
   * @param result CK_RV
   * @param object unique id (16 bytes) of the object used, or null
   * @param object2 of a second one (made, wrapped or derived), or null
   * @throws AuditError: the record is not in the log, and what it tells of must not happen
   */
  append(
    kind: Kind,
    client: number,
    session: number,
    slot: number,
    fn: number,
    mechanism: number,
    result: number,
    object: Uint8Array | null,
    object2: Uint8Array | null,
    flags = 0,
    detail: Uint8Array = noDetail,
  ): void {
    if (this.found.problem !== null || this.#ragged || this.#syncFailure !== null) this.#mend();
    const view = this.#view;
    const buffer = this.#buffer;
    const length = headerLength + detail.length;
    view.setUint32(at.length, length);
    view.setUint8(at.kind, kind);
    view.setUint16(at.flags, flags);
    putU64(view, at.sequence, this.#sequence);
    this.#putTime();
    view.setUint32(at.client, client);
    view.setUint32(at.session, session);
    view.setUint32(at.slot, slot);
    view.setUint32(at.function, fn);
    view.setUint32(at.mechanism, mechanism);
    view.setUint32(at.result, result);
    if (object === null) buffer.fill(0, at.object, at.object + 16);
    else buffer.set(object, at.object);
    if (object2 === null) buffer.fill(0, at.object2, at.object2 + 16);
    else buffer.set(object2, at.object2);
    if (detail.length > 0) this.#putDetail(kind, detail);
    this.#write(kind, length);
    if (kind !== Kind.Checkpoint && ++this.#uncovered >= this.#checkpointRecords) this.#tryCheckpoint();
  }

  /** Appends a record that carries a detail, and no more fields than are given. The detail becomes JSON. */
  note(kind: Kind, detail: Readonly<Record<string, unknown>>, client = 0, slot = none, result = 0): void {
    const bytes = utf8.encode(JSON.stringify(detail));
    if (bytes.length > maxDetail)
      throw new RangeError(`an audit detail of ${bytes.length} bytes is too long`);
    this.append(kind, client, 0, slot, 0, none, result, null, null, 0, bytes);
  }

  /**
   * A client came.
   * @param client the number that its records will carry; the caller counts, from 1, and uses none twice in a log's run
   * @param detail such as uid, pid, start time and executable, or a certificate's subject and fingerprint
   */
  attach(client: number, detail: Readonly<Record<string, unknown>>): void {
    this.note(Kind.Attach, detail, client);
  }

  #putTime(): void {
    let now = performance.now();
    if (now >= this.#clockGood) {
      // Looking at the wall clock once a second follows its corrections and costs nothing.
      this.#clockBase = Date.now() - now;
      this.#clockGood = now + 1000;
      now = performance.now();
    }
    putU64(this.#view, at.time, (this.#clockBase + now) * 1e6);
  }

  #putDetail(kind: Kind, detail: Uint8Array): void {
    this.#buffer.set(detail, headerLength);
    if (kind !== Kind.Checkpoint) return;
    // The signature covers the body's fields, which are complete only now.
    const body = this.#buffer.subarray(0, headerLength);
    this.#buffer.set(this.#keeper.sign(checkpointMessage(body, this.#size)), headerLength);
  }

  #write(kind: Kind, length: number): void {
    const total = length + sealLength;
    const sync = syncedKinds.has(kind) || this.#syncInterval === 0;
    try {
      this.#keeper.seal(this.#buffer, 0, length);
      const written = fs.writeSync(this.#fd, this.#buffer, 0, total, null);
      // A short write to a plain file means that the disk filled up in the middle.
      if (written !== total)
        throw new AuditError('full', 'the audit log cannot grow: the disk or quota is full');
      if (sync) fs.fdatasyncSync(this.#fd);
    } catch (error) {
      this.#undo();
      throw asAuditError(error, 'the audit log could not be written');
    }
    this.#buffer.copyWithin(at.previous, length, total);
    this.#size += total;
    this.#sequence++;
    if (sync) this.#unsynced = false;
    else this.#unsynced = true;
    if (this.#unsynced && this.#syncTimer === null) this.#armSync();
    if (this.#checkpointTimer === null && kind !== Kind.Checkpoint) this.#armCheckpoint();
  }

  /** Takes back the record under way: off the file, and the chain's head where it was. */
  #undo(): void {
    this.#ragged = true;
    try {
      this.#cut();
    } catch {
      // The next append tries again before it writes.
    }
  }

  #cut(): void {
    fs.ftruncateSync(this.#fd, this.#size);
    this.#keeper.start(this.#buffer.subarray(at.previous, at.previous + hashLength));
    this.#ragged = false;
  }

  #mend(): void {
    if (this.found.problem !== null) {
      throw new AuditError('tampered', `nothing is written to a log that was changed: ${this.found.problem}`);
    }
    try {
      if (this.#ragged) this.#cut();
      if (this.#syncFailure !== null) {
        fs.fdatasyncSync(this.#fd);
        this.#syncFailure = null;
      }
    } catch (error) {
      throw asAuditError(error, 'the audit log could not be written');
    }
  }

  // ---- syncing and checkpoints --------------------------------------------------------------------------------------

  #armSync(): void {
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = null;
      if (!this.#unsynced || this.#syncing || this.#closed) return;
      this.#unsynced = false;
      this.#syncing = true;
      fs.fdatasync(this.#fd, (error) => {
        this.#syncing = false;
        if (error !== null) this.#syncFailure = error;
        if (this.#closed) fs.closeSync(this.#fd);
      });
    }, this.#syncInterval).unref();
  }

  #armCheckpoint(): void {
    this.#checkpointTimer = setTimeout(() => {
      this.#checkpointTimer = null;
      this.#tryCheckpoint();
    }, this.#checkpointInterval).unref();
  }

  /** A checkpoint that fails is not an operation's failure: the records stand, and the next one covers them. */
  #tryCheckpoint(): void {
    try {
      this.checkpoint();
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      this.#uncovered = 0;
      if (this.#checkpointTimer === null && !this.#closed) this.#armCheckpoint();
    }
  }

  /** Puts everything so far on the disk. */
  sync(): void {
    try {
      fs.fdatasyncSync(this.#fd);
      this.#unsynced = false;
    } catch (error) {
      throw asAuditError(error, 'the audit log could not be synced');
    }
  }

  /** Signs the head, in the log and in the anchor. Everything up to here is on the disk afterwards. */
  checkpoint(): void {
    const offset = this.#size;
    this.append(Kind.Checkpoint, 0, 0, none, 0, none, 0, null, null, 0, new Uint8Array(signatureLength));
    this.#uncovered = 0;
    if (this.#checkpointTimer !== null) clearTimeout(this.#checkpointTimer);
    this.#checkpointTimer = null;
    try {
      writeAnchor(this.#files.anchor, offset, this.#lastRecord());
    } catch (error) {
      throw asAuditError(error, `the audit anchor ${this.#files.anchor} could not be written`);
    }
  }

  #lastRecord(): Uint8Array {
    const length = headerLength + signatureLength + sealLength;
    const record = Buffer.alloc(length);
    fs.readSync(this.#fd, record, 0, length, this.#size - length);
    return record;
  }

  /** A last checkpoint, and the file is let go. */
  close(): void {
    if (this.#closed) return;
    try {
      if (this.found.problem === null) this.checkpoint();
    } finally {
      this.#closed = true;
      if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
      if (this.#checkpointTimer !== null) clearTimeout(this.#checkpointTimer);
      if (!this.#syncing) fs.closeSync(this.#fd);
    }
  }
}

function putPublicKey(file: string, raw: Uint8Array): void {
  const pem = publicKeyPem(raw);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === pem) return;
  fs.writeFileSync(`${file}.new`, pem, { mode: 0o644 });
  fs.renameSync(`${file}.new`, file);
}
