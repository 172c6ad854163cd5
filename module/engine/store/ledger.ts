/**
 * The store's spine: the store key, the database, the manifest of every token and the generation, and the one route by
 * which anything changes ({@link Ledger.commit}).
 */
import path from 'node:path';
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import { Database, type Durability } from './database.ts';
import { digestSealedKeys } from './digests.ts';
import { asStoreError, StoreError, sealed } from './errors.ts';
import {
  createStoreKey,
  files,
  loadStoreKey,
  prepareFolder,
  type StoreKey,
  survey,
  wholeFolder,
} from './folder.ts';
import { type Anchored, discrepancy, GenerationAnchor } from './generation.ts';
import {
  blankHead,
  blankManifest,
  copyManifest,
  type Head,
  headContext,
  headSlot,
  type KnownLog,
  manifestContext,
  packHead,
  packManifest,
  type TokenManifest,
} from './manifest.ts';
import { notAccepted, readHead, readTokens, requireOneStore } from './opening.ts';
import { nameOf, type TokenState } from './token.ts';
import { Whereabouts } from './whereabouts.ts';

export interface StoreOptions {
  /** Milliseconds to wait for a database that another process is just letting go. Default 250. */
  readonly busyTimeout?: number;
  /** How many rows a load takes at a time. */
  readonly rowsPerBatch?: number;
}

/** How a change is made. */
export interface Manner {
  /** What `written` costs in a power cut must harm nobody. */
  readonly durability?: Durability;
  /** Also of a token that waits to be accepted: attempts at its PINs are counted all the same. */
  readonly suspect?: boolean;
}

export class Ledger {
  readonly enclave: Enclave;
  readonly folder: string;
  readonly root: KeyHandle;
  readonly storeId: Uint8Array;
  readonly db: Database;
  readonly tokens = new Map<number, TokenState>();
  readonly whereabouts: Whereabouts;
  /** Called when a file of the store turns out to be gone while it is open. */
  onLost: (() => void) | undefined;
  /** Why nothing in the whole store may be used or changed; public information stays readable. */
  problem: StoreError | null = null;
  /** How many generations the anchor was behind at opening: more than 1 speaks of power loss or of an old anchor. */
  anchorLag = 0;
  /** Up to where the audit log is on the disk, when there is one that can tell. */
  logOnDisk: (() => Pick<KnownLog, 'sequence' | 'hash'> | null) | undefined;

  /** Called when old rows could not be taken out of the files; the next change tries again. */
  onLeftover: ((error: StoreError) => void) | undefined;
  #leftover = false;
  #lost: StoreError | undefined;

  readonly #anchor: GenerationAnchor;
  #head: Head;
  #generation = 0;
  #syncedGeneration = 0;
  /** Greater than the generation after a failed commit: a number is never used for two different states. */
  #lastTried = 0;

  private constructor(
    folder: string,
    enclave: Enclave,
    key: StoreKey,
    db: Database,
    anchor: GenerationAnchor,
  ) {
    this.folder = folder;
    this.enclave = enclave;
    this.root = key.root;
    this.storeId = key.storeId;
    this.db = db;
    this.#anchor = anchor;
    this.whereabouts = new Whereabouts(folder);
    this.#head = {
      ...blankHead(),
      sealedKeysDigest: digestSealedKeys(this.enclave, this.db.sql.sealedKeys.all()),
    };
  }

  /**
   * Opens the folder's store, or makes a new one in an empty folder. A creation that a crash cut short is taken up again.
   * @throws StoreError `permission`, `locked`, `corrupt`, `version`, `full`, `io`, or `tampered` when the database is gone
   */
  static open(folder: string, enclave: Enclave, options: StoreOptions): Ledger {
    prepareFolder(folder);
    const { hasKey, hasAnchor, hasDatabase } = survey(folder);
    const database = path.join(folder, files.database);
    const key = !hasKey ? createStoreKey(folder, enclave) : loadStoreKey(folder, enclave);
    let anchor: GenerationAnchor | undefined;
    let db: Database | undefined;
    try {
      const create = !hasAnchor && !hasDatabase;
      anchor = GenerationAnchor.open(folder, enclave, key.root, key.storeId, create);
      const anchored = anchor.read();
      if (anchored?.generation !== 0 && !hasDatabase) {
        throw new StoreError(
          'tampered',
          `${database} is missing, and this store has had one; ${wholeFolder}`,
        );
      }
      db = Database.open(database, options.busyTimeout ?? 250, key.storeId, anchored?.generation === 0);
      const ledger = new Ledger(folder, enclave, key, db, anchor);
      ledger.#load(anchored);
      for (const name of [files.database, `${files.database}-wal`, files.storeKey])
        ledger.whereabouts.keep(name);
      if (hasAnchor || create) ledger.whereabouts.expect(files.generation);
      return ledger;
    } catch (error) {
      db?.close();
      anchor?.close();
      enclave.keyFree(key.root);
      throw asStoreError(error, database);
    }
  }

  get generation(): number {
    return this.#generation;
  }

  /** The newest generation that is on the disk, whatever happens to the power. */
  get syncedGeneration(): number {
    return this.#syncedGeneration;
  }

  /** What the store knows of its log. */
  get knownLog(): KnownLog {
    return this.#head.log;
  }

  /** What was found put back or taken away, in words; empty when nothing was, or when it has been accepted. */
  get finding(): string {
    return this.#head.finding;
  }

  get nextSlot(): number {
    return this.#head.nextSlot;
  }

  close(): void {
    try {
      this.#anchor.sync();
    } finally {
      this.#anchor.close();
      this.db.close();
      this.enclave.keyFree(this.root);
    }
  }

  /** @throws StoreError when the store as a whole, or this token, is out of use */
  usable(token: TokenState | null): void {
    const problem = this.problem ?? token?.problem ?? null;
    if (problem !== null) throw problem;
  }

  /** As {@link usable}, for what may be done also with a token that waits to be accepted. */
  reachable(token: TokenState): void {
    this.usable(token.problem?.kind === 'rollback' ? null : token);
  }

  /**
   * Something in the folder is older than the rest, or was taken away: no token is used until its security officer accepts that. The
   * next change keeps it.
   */
  suspect(finding: string): void {
    const before = this.#head.finding;
    if (before.includes(finding)) return;
    const sum = before === '' ? finding : `${before}; ${finding}`;
    // The head is one row, and findings may pile up.
    this.#head = { ...this.#head, finding: sum.length > 2000 ? before : sum };
    for (const token of this.tokens.values()) {
      token.suspect = true;
      if (token.problem === null || token.problem.kind === 'rollback')
        token.problem = notAccepted(token, this.#head.finding);
    }
  }

  /** Others have seen the store at this generation: no change gets a number up to it again. */
  isBehind(generation: number): void {
    this.#lastTried = Math.max(this.#lastTried, generation);
  }

  /** The security officer has accepted what was found, for this token. */
  accept(token: TokenState): void {
    const { problem } = token;
    if (problem?.kind !== 'rollback') throw new TypeError(`nothing is to be accepted for ${nameOf(token)}`);
    if (!this.db.intact()) throw new StoreError('corrupt', `${files.database} is damaged; ${wholeFolder}`);
    token.problem = null;
    token.suspect = false;
    try {
      this.commit(token, () => undefined);
    } catch (error) {
      token.problem = problem;
      token.suspect = true;
      throw error;
    }
  }

  /** The log goes, and a new one comes: from here on nothing is expected of it. */
  replaceLog(): void {
    if (this.problem !== null) return;
    this.#head = { ...this.#head, log: { ...blankHead().log, replaced: true } };
    this.logOnDisk = undefined;
    this.commit(null, () => undefined);
  }

  /** @throws StoreError when what was written has gone where nobody finds it; nothing in the store is of use from then on */
  requireThere(): void {
    const missing = this.whereabouts.missing();
    if (missing === undefined) return;
    this.problem ??= missing;
    this.#lost ??= missing;
    this.onLost?.();
    throw missing;
  }

  /** Why the store is of no use any more. Files that were put back do not help: a change has failed that they hold, and memory does not. */
  get lost(): StoreError | undefined {
    return this.#lost ?? this.whereabouts.missing();
  }

  /** Puts a token out of use for this run, and throws the reason. */
  condemn(token: TokenState, error: unknown): never {
    const reason = asStoreError(error, files.database);
    if (reason.kind === 'tampered' || reason.kind === 'corrupt') token.problem = reason;
    throw reason;
  }

  /**
   * The one route of change: `change` writes rows and brings the draft of the token's manifest up to date; draft, head and
   * rows become one transaction with one sync. Only then does the state in memory follow, and the anchor.
   * @param token null for a change to the store itself; a token that is new becomes part of the store
   * @param headChange what changes in the head
   * @returns what `change` returns
   */
  commit<T>(
    token: TokenState | null,
    change: (draft: TokenManifest, generation: number) => T,
    headChange: Partial<Pick<Head, 'nextSlot'>> = {},
    { durability = 'synced', suspect = false }: Manner = {},
  ): T {
    if (suspect && token !== null) this.reachable(token);
    else this.usable(token);
    const generation = this.#lastTried + 1;
    this.#lastTried = generation;
    const current = token?.manifest ?? null;
    const draft = current === null ? null : copyManifest(current);
    const head: Head = { ...this.#head, ...headChange };
    const log = this.logOnDisk?.();
    if (log !== undefined && log !== null) head.log = { ...log, replaced: false };
    const result = this.db.transaction(() => {
      const outcome = change(draft ?? blankManifest, generation);
      head.sealedKeysDigest =
        token === null ? digestSealedKeys(this.enclave, this.db.sql.sealedKeys.all()) : head.sealedKeysDigest;
      head.tokens = this.#listTokens(token, draft, generation);
      if (!head.tokens.some((entry) => entry.suspect)) head.finding = '';
      if (token !== null && draft !== null) {
        this.#writeRow(
          token.slot,
          generation,
          manifestContext(draft.tokenId, generation),
          packManifest(draft),
        );
      }
      this.#writeRow(headSlot, generation, headContext(this.storeId, generation), packHead(head));
      return outcome;
    }, durability);
    // Written into files that have lost their names, it is not stored.
    this.requireThere();
    this.#generation = generation;
    this.#head = head;
    if (token !== null && draft !== null) {
      token.manifest = draft;
      token.generation = generation;
      this.tokens.set(token.slot, token);
    }
    // The anchor must never be ahead of what is on the disk for sure: a power cut would then look like an old database.
    if (durability !== 'written') {
      this.#syncedGeneration = generation;
      this.#advanceAnchor();
    }
    if (durability === 'erasing' || this.#leftover) this.#erase();
    return result;
  }

  /** The change stands, whether or not what was there before can be erased now. */
  #erase(): void {
    try {
      this.db.erase();
      this.#leftover = false;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (!this.#leftover) this.onLeftover?.(error);
      this.#leftover = true;
    }
  }

  #advanceAnchor(): void {
    try {
      this.#anchor.write(this.#generation);
    } catch (error) {
      // The change itself is safe on the disk, so its caller must hear of success; the next write brings the anchor up.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #writeRow(slot: number, generation: number, where: Uint8Array, body: Uint8Array): void {
    const blob = sealed(this.enclave.seal(this.root, where, body), 'the manifest');
    this.db.sql.putManifest.run(slot, generation, blob);
  }

  #listTokens(changed: TokenState | null, draft: TokenManifest | null, generation: number): Head['tokens'] {
    const list = this.#head.tokens
      .filter((entry) => entry.slot !== changed?.slot || draft === null)
      .map((entry) => ({ ...entry, suspect: this.tokens.get(entry.slot)?.suspect === true }));
    if (changed !== null && draft !== null)
      list.push({ slot: changed.slot, id: draft.tokenId, generation, suspect: changed.suspect });
    return list.sort((a, b) => a.slot - b.slot);
  }

  // ---- opening ------------------------------------------------------------------------------------------------------

  #load(anchored: Anchored | null): void {
    requireOneStore(this);
    const row = this.db.read(() => this.db.sql.manifest.get(headSlot));
    if (
      row === undefined &&
      anchored?.generation === 0 &&
      this.db.read(() => this.db.sql.tokens.all()).length === 0
    ) {
      this.commit(null, () => undefined);
      return;
    }
    this.#generation = row?.generation ?? 0;
    this.#lastTried = Math.max(this.#generation, anchored?.generation ?? 0);
    this.#syncedGeneration = this.#generation;
    try {
      this.#head = readHead(this, row);
    } catch (error) {
      this.problem = asStoreError(error, files.database);
    }
    const { tokens, missing } = readTokens(this, this.#head);
    for (const token of tokens) this.tokens.set(token.slot, token);
    this.problem ??= missing;
    if (this.problem === null) this.#compare(anchored);
  }

  /** Holds database and anchor against each other. */
  #compare(anchored: Anchored | null): void {
    this.#anchor.openings = Math.max(this.#head.openings, anchored?.openings ?? 0) + 1;
    const finding = discrepancy(this.#generation, this.#head.openings, anchored);
    if (finding !== null) {
      this.suspect(finding);
      return;
    }
    this.anchorLag = this.#generation - (anchored?.generation ?? 0);
    // What was only written must not be vouched for before it is on the disk.
    if (this.anchorLag > 0) this.db.syncLog();
    try {
      this.#anchor.write(this.#generation);
      this.#anchor.sync();
      // An anchor of an earlier run is told by the openings that it has not seen.
      this.#head = { ...this.#head, openings: this.#anchor.openings };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
