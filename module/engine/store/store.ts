/**
 * The store's face: everything the engine keeps on disk about tokens goes through here.
 *
 * ```
 * const store = Store.open(folder, enclave);
 * for (const token of store.tokens())
 *   if (token.problem === null) store.objects.loadPublic(token, index);
 * ```
 *
 * All calls are synchronous, and a change is on the disk when its call returns. Errors are {@link StoreError}; a
 * `TypeError` is a bug of the caller. Handles passed in stay the caller's.
 */
import type { Attempts, News } from '../../../audit/news.ts';
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import type { PinRules } from '../values/pin-rules.ts';
import { AttemptBook } from './attempts.ts';
import { accepted, type StoreError } from './errors.ts';
import { Ledger, type StoreOptions } from './ledger.ts';
import type { KnownLog, TokenManifest } from './manifest.ts';
import { ObjectShelf } from './objects.ts';
import { OwnKeys } from './own-keys.ts';
import { label } from './packing.ts';
import type { PinRecord } from './pin-rules.ts';
import type { KeyslotKind, Protection } from './protection.ts';
import type { Keyslot, PinKey, Token, TokenInfo, TokenState } from './token.ts';
import { type Also, TokenShelf } from './tokens.ts';

export type { Also, PinKey };

export class Store {
  readonly objects: ObjectShelf;
  readonly #ledger: Ledger;
  readonly #shelf: TokenShelf;
  readonly #attempts: AttemptBook;
  readonly #own: OwnKeys;

  private constructor(ledger: Ledger, rowsPerBatch: number | undefined) {
    this.#ledger = ledger;
    this.objects = new ObjectShelf(ledger, rowsPerBatch);
    this.#shelf = new TokenShelf(ledger);
    this.#attempts = new AttemptBook(ledger);
    this.#own = new OwnKeys(ledger);
  }

  /**
   * Opens the store in `folder`, making it when the folder is empty or missing. The folder must be ours and mode 0700.
   * Tokens that were tampered with are listed with their `problem`, and all of them when a file was put back
   * ({@link Store.finding}); a database whose account does not fit sets {@link Store.problem}, and then nothing can be used or changed.
   * @throws StoreError `permission`, `locked`, `corrupt`, `version`, `full`, `io`; `tampered` when the database is gone
   */
  static open(folder: string, enclave: Enclave, options: StoreOptions = {}): Store {
    return new Store(Ledger.open(folder, enclave, options), options.rowsPerBatch);
  }

  /** Releases the database. Also for a store with a problem. */
  close(): void {
    this.#ledger.close();
  }

  get folder(): string {
    return this.#ledger.folder;
  }

  /** 16 random bytes, the store's own for ever. */
  get storeId(): Uint8Array {
    return this.#ledger.storeId;
  }

  /** Why the whole store is out of use, or null. */
  get problem(): StoreError | null {
    return this.#ledger.problem;
  }

  /** What of the folder's files was found put back or taken away, in words, while a token waits to be accepted; else empty. */
  get finding(): string {
    return this.#ledger.finding;
  }

  /** The newest of its changes that is on the disk. */
  get syncedGeneration(): number {
    return this.#ledger.syncedGeneration;
  }

  /** Another file that must stay where it is while the store is open. */
  keepWatchOn(name: string): void {
    this.#ledger.whereabouts.keep(name);
  }

  /** Why what is written now would be lost: a file of the store's is gone, or another stands in its place. Null while all is well. */
  lost(): StoreError | null {
    return this.#ledger.lost ?? null;
  }

  /** Called when a change finds that it was written into a file that is gone; the change has failed. */
  set onLost(lost: () => void) {
    this.#ledger.onLost = lost;
  }

  /** Called when old rows could not be taken out of the files; the next change tries again. */
  set onLeftover(tell: (error: StoreError) => void) {
    this.#ledger.onLeftover = tell;
  }

  /** Counts the store's changes; never falls. */
  get generation(): number {
    return this.#ledger.generation;
  }

  /**
   * By how many changes the generation anchor was behind when the store was opened. 0 and 1 are everyday; more means that
   * the machine lost power, or that someone put an old anchor there: worth a line in the log.
   */
  get anchorLag(): number {
    return this.#ledger.anchorLag;
  }

  /** The settings that the store carries itself, as the text that they were given as (TOML, UTF-8); null when it has none. */
  get settings(): string | null {
    const bytes = this.#own.bytes('settings');
    return bytes === null ? null : Buffer.from(bytes).toString('utf8');
  }

  set settings(text: string | null) {
    this.#own.setBytes('settings', text === null ? null : Buffer.from(text));
  }

  /** The latest time that is known to have been, in milliseconds since 1970; 0 where nothing is kept. */
  get clockMark(): number {
    const bytes = this.#own.bytes('clock mark');
    return bytes === null ? 0 : Number(Buffer.from(bytes).toString('latin1'));
  }

  set clockMark(latest: number) {
    this.#own.setBytes('clock mark', latest === 0 ? null : Buffer.from(String(latest)));
  }

  /** All tokens in the order of their slots. */
  tokens(): Token[] {
    return [...this.#ledger.tokens.values()].sort((a, b) => a.slot - b.slot);
  }

  /** The slot id that the next new token will get. It is never one that was in use before. */
  get nextSlot(): number {
    return this.#ledger.nextSlot;
  }

  // ---- what was put back --------------------------------------------------------------------------------------------

  /** Puts all tokens out of use, as when a file of the folder was put back; `keep` makes it last at once, else the next change does. */
  suspect(finding: string, keep: boolean): void {
    this.#ledger.suspect(finding);
    if (keep && this.#ledger.problem === null) this.#ledger.commit(null, () => undefined);
  }

  /** The log has seen the store at this generation, and so many attempts at the PINs of its tokens, by token id in hex. */
  isBehind(generation: number): void {
    this.#ledger.isBehind(generation);
  }

  /** Attempts that somebody else remembers count, where they are more. They last from the token's next change on. */
  remindOfAttempts(attempts: ReadonlyMap<string, Attempts>): void {
    this.#attempts.remind(attempts);
  }

  /**
   * The token's security officer accepts what was found.
   * @throws StoreError `corrupt` when the database is not whole
   */
  accept(token: Token): void {
    this.#ledger.accept(token as TokenState);
  }

  // ---- the log beside the store -------------------------------------------------------------------------------------

  /** What is known to have been in the log, on the disk; the newest such knowledge is kept with each change. */
  get knownLog(): KnownLog {
    return this.#ledger.knownLog;
  }

  followLog(onDisk: () => Pick<KnownLog, 'sequence' | 'hash'> | null): void {
    this.#ledger.logOnDisk = onDisk;
  }

  /** The log is about to be put aside; until another is followed nothing is expected of it. */
  replaceLog(): void {
    this.#ledger.replaceLog();
  }

  /** Keeps at once what is known of the log. */
  keepLog(): void {
    if (this.#ledger.problem === null) this.#ledger.commit(null, () => undefined);
  }

  /** What the log has to be told of the store, or null when it has heard of everything. */
  news(): News | null {
    return this.#attempts.news();
  }

  /** The log has them. */
  told(): void {
    this.#attempts.told();
  }

  // ---- tokens -------------------------------------------------------------------------------------------------------

  /**
   * A new token in the next slot, with a fresh master key that only the SO PIN opens as yet.
   * @param also what else becomes of its manifest in the same step
   * @returns the token; its master key is opened by {@link unlock}
   */
  createToken(info: TokenInfo, so: PinKey, also?: Also): Token {
    return this.#shelf.create(info, so, also);
  }

  /**
   * C_InitToken again: destroys all objects and both PINs, makes a new master key, keeps the slot id.
   * Works on a token with a problem too (it ends the problem); the caller has checked the SO PIN as far as that is possible.
   */
  reinitToken(token: Token, info: TokenInfo, so: PinKey, also?: Also): void {
    this.#shelf.reinit(token, info, so, also);
  }

  /** Replaces what the token says about itself. */
  updateToken(token: Token, info: TokenInfo): void {
    this.#shelf.update(token, info);
  }

  // ---- PINs ---------------------------------------------------------------------------------------------------------

  /**
   * Sets or changes a PIN: wraps the token master key once more, touches no object, and clears that PIN's failures.
   * @param master the token master key, opened by any keyslot
   * @param also what else becomes of the token's manifest in the same step
   */
  setKeyslot(token: Token, kind: KeyslotKind, pin: PinKey, master: KeyHandle, also?: Also): void {
    this.keepKeyslot(token, this.prepareKeyslot(token, kind, pin, master), (draft) => also?.(draft, master));
  }

  /** Makes a keyslot that opens nothing, and is nowhere but in memory, before {@link keepKeyslot} has it. */
  prepareKeyslot(token: Token, kind: KeyslotKind, key: PinKey, master: KeyHandle): Keyslot {
    return this.#shelf.prepare(token, kind, key, master);
  }

  /** Puts a prepared keyslot in the place of the one of its kind, and clears that one's failures. */
  keepKeyslot(token: Token, keyslot: Keyslot, also?: (draft: TokenManifest) => void): void {
    this.#shelf.keep(token, keyslot, { also });
    this.#attempts.begunAnew(token as TokenState);
  }

  /** The same secret by another derivation: what is counted of it goes on. */
  upgradeKeyslot(token: Token, kind: KeyslotKind, key: PinKey, master: KeyHandle): void {
    this.#shelf.keep(token, this.#shelf.prepare(token, kind, key, master), { goesOn: true });
  }

  /** A keyslot goes; the token's others open it as before. */
  removeKeyslot(token: Token, kind: KeyslotKind): void {
    this.#shelf.remove(token, kind);
    this.#attempts.begunAnew(token as TokenState);
  }

  /**
   * Opens the token master key with a PIN's key.
   * @returns the handle, the caller's to free; null when the PIN is wrong
   * @throws StoreError `tampered` when the keyslot itself was changed
   */
  unlock(token: Token, kind: KeyslotKind, kek: KeyHandle): KeyHandle | null {
    return this.#shelf.unlock(token, kind, kek);
  }

  /** Attempts at a PIN since its last success. */
  failures(token: Token, kind: KeyslotKind): number {
    return this.#attempts.failures(token, kind);
  }

  /** What protects the token's PINs, whatever a configuration says. */
  protection(token: Token): Readonly<Protection> {
    return this.#attempts.protection(token);
  }

  /** The rules for the token's PINs that it has been sealed with, and what is remembered of them. */
  pinRecord(token: Token): Readonly<PinRecord> {
    return this.#attempts.pins(token);
  }

  /** Counts an attempt, before the PIN is looked at; the last of `most` locks the PIN, unless it succeeds. The token is sealed with the rules, where they ask for more. */
  countAttempt(token: Token, kind: KeyslotKind, most: number, rules?: PinRules): void {
    this.#attempts.begin(token, kind, most, rules);
  }

  /** Locks a PIN for good that is locked only by what is configured now. */
  lockPin(token: Token, kind: KeyslotKind): void {
    this.#attempts.lock(token, kind);
  }

  /** An attempt succeeded. */
  clearFailures(token: Token, kind: KeyslotKind): void {
    this.#attempts.clear(token, kind);
  }

  // ---- keys of the store itself -------------------------------------------------------------------------------------

  /**
   * A key of the store's own that lasts, by name; `make` makes it the first time.
   * @returns a handle, the caller's to free
   */
  namedKey(name: string, make: () => KeyHandle): KeyHandle {
    return this.#own.key(name, make);
  }

  /** Whether {@link namedKey} has made one of that name. */
  hasKey(name: string): boolean {
    return this.#own.hasKey(name);
  }

  /** A 32-byte secret derived from the store key, such as the audit chain's; the caller's to free. */
  deriveKey(purpose: string): KeyHandle {
    const derived = this.#ledger.enclave.keyDeriveLabel(this.#ledger.root, label(`strongroom ${purpose}`));
    return accepted(derived, `the key for ${purpose}`);
  }

  /** Limits the database to so many pages of 4096 bytes; lets a test fill the store without filling a disk. */
  limitPages(pages: number): void {
    this.#ledger.db.limitPages(pages);
  }
}

/** The settings that a store brings. One that is out of use may have lost them; what is wrong with it is said elsewhere. */
export function settingsOf(store: Store): string | null {
  try {
    return store.settings;
  } catch (error) {
    if (store.problem === null) throw error;
    return null;
  }
}
