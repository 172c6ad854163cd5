/**
 * Writes the log. One call is one record, put into the file's mapped pages without a system call; nothing is allocated for
 * an ordinary record.
 *
 * A record that cannot be written or synced is taken back and its caller gets an {@link AuditError}, so that what is not
 * in the log does not happen. The next call tries afresh: when there is room again, the log goes on by itself.
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  checkpointDetail,
  checkpointMessage,
  publicKeyPem,
  signatureLength,
  syncFolder,
  writeAnchor,
} from './checkpoint.ts';
import { AuditError, asAuditError } from './errors.ts';
import {
  at,
  formatVersion,
  hashLength,
  headerLength,
  Kind,
  maxDetail,
  none,
  putU64,
  sealLength,
  syncedKinds,
} from './format.ts';
import type { AuditFiles, ChainKeeper, LogPoint, LogState, WriterOptions } from './keeper.ts';
import { missingLog, resume } from './resume.ts';
import { LogWindow } from './window.ts';

export { AuditError, type AuditFiles, type ChainKeeper };

const utf8 = new TextEncoder();
const noDetail = new Uint8Array(0);
const noObject = new Uint8Array(16);

export class AuditWriter {
  /** What was found at start. With a `problem`, every append throws. */
  readonly found: LogState;
  readonly #files: AuditFiles;
  readonly #keeper: ChainKeeper;
  readonly #fd: number;
  /** Null when the log was found changed. */
  readonly #window: LogWindow | null;
  readonly #syncInterval: number;
  readonly #checkpointRecords: number;
  readonly #checkpointInterval: number;
  /** The body of the record under way; between records it holds the last one's seal, for the next to repeat. */
  readonly #body = new Uint8Array(headerLength + maxDetail);
  readonly #view = new DataView(this.#body.buffer);
  #sequence: number;
  #size: number;
  #uncovered = 0;
  /** A record was taken back, and the chain's head has still to be set behind it. */
  #headAstray = false;
  #unsynced = false;
  #syncing = false;
  #closed = false;
  #syncTimer: NodeJS.Timeout | null = null;
  #checkpointTimer: NodeJS.Timeout | null = null;
  #syncFailure: unknown = null;
  readonly #generation: () => number;
  /** What is on the disk for sure. */
  #synced: LogPoint | null = null;
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
    this.#generation = options.generation ?? (() => 0);
    this.#view.setUint8(at.version, formatVersion);
    this.#body.set(state.seal, at.previous);
    this.#window = state.problem === null ? new LogWindow(fd, keeper) : null;
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
        fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_NOFOLLOW,
        0o600,
      );
      const found = resume(fd, files, keeper, options.known);
      const taken = options.hadLog === true && found.problem === null && found.sequence === 0;
      const state = taken ? { ...found, problem: missingLog(files), putBack: true } : found;
      options.onFound?.(state);
      const writer = new AuditWriter(files, keeper, fd, state, options);
      if (state.problem === null) writer.#begin(options);
      return writer;
    } catch (error) {
      if (fd >= 0) fs.closeSync(fd);
      throw asAuditError(error, `the audit log ${files.log} cannot be opened`);
    }
  }

  #begin(options: WriterOptions): void {
    this.#startChain();
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
    // The anchor is a new name in the folder; from here on an older one was put there.
    syncFolder(path.dirname(this.#files.log));
  }

  /** Records that no checkpoint covers yet. */
  get unsigned(): number {
    return this.#uncovered;
  }

  /** Up to where the log is on the disk, whatever happens to the power; null before anything is. */
  get synced(): LogPoint | null {
    return this.#synced;
  }

  /** Why nothing can be written at this moment, or null. */
  get trouble(): string | null {
    if (this.found.problem !== null) return this.found.problem;
    return this.#syncFailure === null ? null : asAuditError(this.#syncFailure, 'it cannot be synced').message;
  }

  /** Where the newest record ends in the file, which may have room behind it. */
  get end(): number {
    return this.#size;
  }

  /** The number that the next record will get. */
  get sequence(): number {
    return this.#sequence;
  }

  /**
   * Appends a record. Written when this returns, and so survives the engine; on the disk too where `sync` says so.
   * @param client the number that its attach record introduced, 0 for the engine itself
   * @param slot of the token, or {@link none}
   * @param mechanism CKM number, or {@link none}
   * @param result CK_RV
   * @param object unique id (16 bytes) of the object used, or null
   * @param object2 of a second one (made, wrapped or derived), or null
   * @param sync whether it has to be on the disk when this returns; what need not be follows within the sync interval
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
    sync = syncedKinds.has(kind),
  ): void {
    if (this.found.problem !== null || this.#headAstray || this.#syncFailure !== null) this.#mend();
    const view = this.#view;
    const body = this.#body;
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
    body.set(object ?? noObject, at.object);
    body.set(object2 ?? noObject, at.object2);
    if (detail.length > 0) this.#putDetail(kind, detail);
    this.#write(kind, length, sync);
    if (kind !== Kind.Checkpoint && ++this.#uncovered >= this.#checkpointRecords) this.#tryCheckpoint();
  }

  /** Appends a record that carries a detail, and no more fields than are given. The detail becomes JSON. */
  note(kind: Kind, detail: Readonly<Record<string, unknown>>, client = 0, slot = none, result = 0): void {
    const bytes = utf8.encode(JSON.stringify(detail));
    if (bytes.length > maxDetail)
      throw new RangeError(`an audit detail of ${bytes.length} bytes is too long`);
    this.append(kind, client, 0, slot, 0, none, result, null, null, 0, bytes);
  }

  /** Appends a record about a key's life. */
  life(key: Uint8Array, detail: Readonly<Record<string, unknown>>, client: number, slot: number): void {
    const bytes = utf8.encode(JSON.stringify(detail));
    this.append(Kind.Life, client, 0, slot, 0, none, 0, key, null, 0, bytes);
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
    this.#body.set(detail, headerLength);
    if (kind !== Kind.Checkpoint) return;
    // The signature covers the body's fields, which are complete only now.
    const body = this.#body.subarray(0, headerLength + checkpointDetail);
    this.#body.set(this.#keeper.sign(checkpointMessage(body, this.#size)), headerLength);
  }

  #write(kind: Kind, length: number, atOnce: boolean): void {
    const window = this.#window;
    if (window === null || this.#closed) throw new AuditError('io', 'the audit log is closed');
    const total = length + sealLength;
    const sync = this.#syncInterval === 0 || atOnce;
    let begun = false;
    try {
      if (sync) window.check();
      if (this.#size + total > window.end) window.slide(this.#size, total);
      begun = true;
      this.#keeper.seal(this.#body, length, window.bytes, this.#size - window.base);
      if (sync) fs.fdatasyncSync(this.#fd);
    } catch (error) {
      if (begun) this.#takeBack(window, total);
      throw asAuditError(error, 'the audit log could not be written');
    }
    this.#size += total;
    this.#sequence++;
    this.#unsynced = !sync;
    if (sync) this.#synced = this.#head();
    if (!sync && this.#syncTimer === null) this.#armSync();
    if (this.#checkpointTimer === null && kind !== Kind.Checkpoint) this.#armCheckpoint();
  }

  /** Behind the last record. */
  #head(): LogPoint {
    return { sequence: this.#sequence, hash: this.#body.slice(at.previous, at.previous + hashLength) };
  }

  /** Takes the record under way out of the file, and the chain's head back to where it was. */
  #takeBack(window: LogWindow, total: number): void {
    // The link of the record that goes is in the window; when none was written there, it is still in the body.
    const link = this.#size - window.base + at.previous;
    const seal = window.bytes.slice(link, link + sealLength);
    if (seal.some((byte) => byte !== 0)) this.#body.set(seal, at.previous);
    window.erase(this.#size, total);
    this.#headAstray = true;
    try {
      this.#startChain();
    } catch {
      // The next append tries again before it writes.
    }
  }

  #startChain(): void {
    this.#keeper.start(this.#body.subarray(at.previous, at.previous + hashLength));
    this.#headAstray = false;
  }

  #mend(): void {
    if (this.found.problem !== null) {
      throw new AuditError('tampered', `nothing is written to a log that was changed: ${this.found.problem}`);
    }
    try {
      this.#window?.check();
      if (this.#headAstray) this.#startChain();
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
      if (!this.#unsynced || this.#closed) return;
      // The disk is still busy with the last one: what came meanwhile has its turn after that.
      if (this.#syncing) return this.#armSync();
      try {
        this.#window?.check();
      } catch (error) {
        this.#syncFailure = error;
        return;
      }
      this.#unsynced = false;
      this.#syncing = true;
      const head = this.#headAstray ? null : this.#head();
      fs.fdatasync(this.#fd, (error) => {
        this.#syncing = false;
        if (error !== null) this.#syncFailure = error;
        else if (head !== null && head.sequence > (this.#synced?.sequence ?? 0)) this.#synced = head;
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
      if (!this.#headAstray) this.#synced = this.#head();
    } catch (error) {
      throw asAuditError(error, 'the audit log could not be synced');
    }
  }

  /** Signs the head, in the log and in the anchor. Everything up to here is on the disk afterwards. */
  checkpoint(): void {
    const offset = this.#size;
    const detail = new Uint8Array(checkpointDetail);
    // Where the log knows more than the store, the log's word stands until somebody accepts what the store says.
    const generation = Math.max(this.found.generation, this.#generation());
    putU64(new DataView(detail.buffer), signatureLength, generation);
    this.append(Kind.Checkpoint, 0, 0, none, 0, none, 0, null, null, 0, detail);
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
    const length = headerLength + checkpointDetail + sealLength;
    const record = Buffer.alloc(length);
    fs.readSync(this.#fd, record, 0, length, this.#size - length);
    return record;
  }

  /** A last checkpoint, what was set aside and not used is given back, and the file is let go. */
  close(): void {
    if (this.#closed) return;
    try {
      if (this.found.problem === null) this.checkpoint();
    } finally {
      this.#closed = true;
      if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
      if (this.#checkpointTimer !== null) clearTimeout(this.#checkpointTimer);
      try {
        this.#window?.close(this.#size);
      } finally {
        if (!this.#syncing) fs.closeSync(this.#fd);
      }
    }
  }
}

function putPublicKey(file: string, raw: Uint8Array): void {
  const pem = publicKeyPem(raw);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === pem) return;
  fs.writeFileSync(`${file}.new`, pem, { mode: 0o644 });
  fs.renameSync(`${file}.new`, file);
}
