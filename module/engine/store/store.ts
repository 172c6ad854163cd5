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
import type { Durability } from './database.ts';
import { accepted, fitting, StoreError, sealed } from './errors.ts';
import { Ledger, nameOf, type StoreOptions } from './ledger.ts';
import {
  emptySet,
  type KeyslotKind,
  type KnownLog,
  noProtection,
  type Protection,
  signConfirmed,
  type TokenManifest,
} from './manifest.ts';
import { ObjectShelf } from './objects.ts';
import { hex, label } from './packing.ts';
import {
  digestKeyslots,
  infoContext,
  iterationsOf,
  type KdfChoice,
  type Keyslot,
  keyslotContext,
  packInfo,
  sha256,
  type Token,
  type TokenInfo,
  type TokenState,
} from './token.ts';

/** A PIN's key (from the enclave's derivation) and how it was derived. */
export interface PinKey {
  readonly choice: KdfChoice;
  readonly kek: KeyHandle;
}

export class Store {
  readonly objects: ObjectShelf;
  readonly #ledger: Ledger;
  /** What the log knows: up to which generation, and of which tokens' attempts it does not. */
  #told = 0;
  readonly #untold = new Set<TokenState>();

  private constructor(ledger: Ledger, rowsPerBatch: number | undefined) {
    this.#ledger = ledger;
    this.objects = new ObjectShelf(ledger, rowsPerBatch);
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
    const bytes = this.#ledger.namedBytes('settings');
    return bytes === null ? null : Buffer.from(bytes).toString('utf8');
  }

  set settings(text: string | null) {
    this.#ledger.setNamedBytes('settings', text === null ? null : Buffer.from(text));
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
    for (const token of this.#ledger.tokens.values()) {
      const { manifest } = token;
      const known = attempts.get(hex(token.id));
      if (manifest === null || known === undefined) continue;
      const [so, user, locked] = known;
      manifest.failures = [Math.max(manifest.failures[0], so), Math.max(manifest.failures[1], user)];
      const before = manifest.protection.locked;
      manifest.protection.locked = [before[0] || (locked & 1) !== 0, before[1] || (locked & 2) !== 0];
    }
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
    const storeGeneration = this.#ledger.syncedGeneration;
    if (storeGeneration === this.#told && this.#untold.size === 0) return null;
    if (this.#untold.size === 0) return { storeGeneration };
    const attempts = Object.fromEntries([...this.#untold].map((token) => [hex(token.id), attemptsAt(token)]));
    return { storeGeneration, attempts };
  }

  /** The log has them. */
  told(): void {
    this.#told = this.#ledger.syncedGeneration;
    this.#untold.clear();
  }

  // ---- tokens -------------------------------------------------------------------------------------------------------

  /**
   * A new token in the next slot, with a fresh master key that only the SO PIN opens as yet.
   * @returns the token; its master key is opened by {@link unlock}
   */
  createToken(info: TokenInfo, so: PinKey): Token {
    const token = blankToken(this.#ledger.nextSlot);
    this.#initialise(token, info, so, { nextSlot: token.slot + 1 });
    return token;
  }

  /**
   * C_InitToken again: destroys all objects and both PINs, makes a new master key, keeps the slot id.
   * Works on a token with a problem too (it ends the problem); the caller has checked the SO PIN as far as that is possible.
   */
  reinitToken(token: Token, info: TokenInfo, so: PinKey): void {
    if (this.#ledger.problem !== null) throw this.#ledger.problem;
    const state = token as TokenState;
    const fresh = blankToken(state.slot);
    this.#initialise(fresh, info, so, {});
    // Callers hold on to the token they know, so the new state moves into it.
    this.#ledger.tokens.set(state.slot, Object.assign(state, fresh));
  }

  #initialise(token: TokenState, info: TokenInfo, so: PinKey, headChange: { nextSlot?: number }): void {
    const { enclave, root, db } = this.#ledger;
    accepted(enclave.random(token.id, 0, token.id.length), 'a new token');
    const master = accepted(enclave.keyGenerateSecret(32), 'a new token');
    try {
      const keyslot = this.#wrap(token.id, 0, so, master);
      const blob = sealed(
        enclave.seal(root, infoContext(token.slot, token.id), packInfo(info)),
        'a new token',
      );
      token.manifest = {
        tokenId: token.id,
        infoDigest: sha256(enclave, blob),
        keyslotsDigest: digestKeyslots(enclave, [keyslot]),
        failures: [0, 0],
        protection: { ...noProtection(), iterations: iterationsOf(so.choice) },
        public: emptySet(),
        confirmed: { generation: 0, public: emptySet(), private: emptySet(), mac: new Uint8Array(32) },
      };
      this.#ledger.commit(
        token,
        (draft, generation) => {
          db.sql.clearObjects.run(token.slot);
          db.sql.clearTombstones.run(token.slot);
          db.sql.clearKeyslots.run(token.slot);
          db.sql.putToken.run(token.slot, token.id, blob);
          this.#writeKeyslot(token.slot, keyslot);
          signConfirmed(enclave, master, draft, generation);
        },
        headChange,
        { durability: 'erasing' },
      );
      token.info = info;
      token.keyslots.set(keyslot.kind, keyslot);
    } finally {
      enclave.keyFree(master);
    }
  }

  /** Replaces what the token says about itself. */
  updateToken(token: Token, info: TokenInfo): void {
    const { enclave, root, db } = this.#ledger;
    const state = token as TokenState;
    const blob = sealed(enclave.seal(root, infoContext(state.slot, state.id), packInfo(info)), nameOf(state));
    this.#ledger.commit(state, (draft) => {
      db.sql.putToken.run(state.slot, state.id, blob);
      draft.infoDigest = sha256(enclave, blob);
    });
    state.info = info;
  }

  // ---- PINs ---------------------------------------------------------------------------------------------------------

  /**
   * Sets or changes a PIN: wraps the token master key once more, touches no object, and clears that PIN's failures.
   * @param master the token master key, opened by either PIN
   */
  setKeyslot(token: Token, kind: KeyslotKind, pin: PinKey, master: KeyHandle): void {
    const state = token as TokenState;
    this.#ledger.usable(state);
    const keyslot = this.#wrap(state.id, kind, pin, master);
    const keyslots = new Map(state.keyslots).set(kind, keyslot);
    const change = (draft: TokenManifest): void => {
      this.#writeKeyslot(state.slot, keyslot);
      draft.keyslotsDigest = digestKeyslots(this.#ledger.enclave, keyslots.values());
      draft.failures[kind] = 0;
      draft.protection.locked[kind] = false;
      draft.protection.iterations = Math.max(draft.protection.iterations, iterationsOf(pin.choice));
    };
    // An old PIN's keyslot that somebody finds later opens the token as the new one does.
    this.#ledger.commit(state, change, {}, { durability: 'erasing' });
    state.keyslots = keyslots;
    this.#untold.add(state);
  }

  /**
   * Opens the token master key with a PIN's key.
   * @returns the handle, the caller's to free; null when the PIN is wrong
   * @throws StoreError `tampered` when the keyslot itself was changed
   */
  unlock(token: Token, kind: KeyslotKind, kek: KeyHandle): KeyHandle | null {
    const state = token as TokenState;
    const { enclave, root } = this.#ledger;
    this.#ledger.reachable(state);
    const keyslot = state.keyslots.get(kind);
    if (keyslot === undefined) throw new TypeError(`${nameOf(state)} has no keyslot of kind ${kind}`);
    const where = keyslotContext(state.id, kind, keyslot);
    const inner = enclave.open(root, where, keyslot.wrapped);
    if (typeof inner === 'number') {
      throw new StoreError('tampered', `a PIN of ${nameOf(state)} was changed outside the store`, {
        rv: -inner,
      });
    }
    return fitting(enclave.keyOpen(kek, where, inner), nameOf(state));
  }

  /** Attempts at a PIN since its last success. */
  failures(token: Token, kind: KeyslotKind): number {
    return (token as TokenState).manifest?.failures[kind] ?? 0;
  }

  /** What protects the token's PINs, whatever a configuration says. */
  protection(token: Token): Readonly<Protection> {
    return (token as TokenState).manifest?.protection ?? noProtection();
  }

  /**
   * Counts an attempt: it is on the disk when this returns, which is before the PIN is looked at, and with it how many may be made. The last one
   * locks the PIN, unless it succeeds.
   */
  countAttempt(token: Token, kind: KeyslotKind, most: number): void {
    this.#count(token as TokenState, (draft) => {
      draft.failures[kind]++;
      draft.protection.maxAttempts[kind] = most;
      draft.protection.locked[kind] = draft.failures[kind] >= most;
    });
  }

  /** A change to what is counted about PINs; of a token that waits to be accepted, too. */
  #count(token: TokenState, change: (draft: TokenManifest) => void, durability: Durability = 'synced'): void {
    this.#ledger.commit(token, change, {}, { durability, suspect: true });
    this.#untold.add(token);
  }

  /** Locks a PIN for good that is locked only by what is configured now. */
  lockPin(token: Token, kind: KeyslotKind): void {
    if (this.protection(token).locked[kind]) return;
    this.#count(token as TokenState, (draft) => {
      draft.protection.locked[kind] = true;
    });
  }

  /** An attempt succeeded. That the count went back to nothing may be lost in a power cut, which costs its owner one attempt and nobody
   * anything else. */
  clearFailures(token: Token, kind: KeyslotKind): void {
    const state = token as TokenState;
    if (state.manifest?.failures[kind] === 0) return;
    const change = (draft: TokenManifest): void => {
      draft.failures[kind] = 0;
      draft.protection.locked[kind] = false;
    };
    this.#count(state, change, 'written');
  }

  #wrap(tokenId: Uint8Array, kind: KeyslotKind, pin: PinKey, master: KeyHandle): Keyslot {
    const { enclave, root } = this.#ledger;
    const where = keyslotContext(tokenId, kind, pin.choice);
    // Twice: a stolen database without the store key gives nothing to try PINs on.
    const inner = sealed(enclave.keySeal(pin.kek, where, master), 'a keyslot');
    return { kind, ...pin.choice, wrapped: sealed(enclave.seal(root, where, inner), 'a keyslot') };
  }

  #writeKeyslot(slot: number, keyslot: Keyslot): void {
    const { kind, kdf, parameters, salt, wrapped } = keyslot;
    this.#ledger.db.sql.putKeyslot.run(slot, kind, kdf, parameters, salt, wrapped);
  }

  // ---- keys of the store itself -------------------------------------------------------------------------------------

  /**
   * A key of the store's own that lasts, by name; `make` makes it the first time.
   * @returns a handle, the caller's to free
   */
  namedKey(name: string, make: () => KeyHandle): KeyHandle {
    return this.#ledger.namedKey(name, make);
  }

  /** Whether {@link namedKey} has made one of that name. */
  hasKey(name: string): boolean {
    return this.#ledger.hasKey(name);
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

function attemptsAt({ manifest }: TokenState): Attempts {
  const [so, user] = manifest?.failures ?? [0, 0];
  const [soLocked, userLocked] = manifest?.protection.locked ?? [false, false];
  return [so, user, (soLocked ? 1 : 0) | (userLocked ? 2 : 0)];
}

function blankToken(slot: number): TokenState {
  return {
    slot,
    id: new Uint8Array(16),
    info: null,
    keyslots: new Map(),
    problem: null,
    suspect: false,
    changed: new Set(),
    manifest: null as TokenManifest | null,
    generation: 0,
    // A token without objects has nothing left to check.
    checkedUnderStoreKey: true,
    checkedUnderMaster: true,
    publicCheck: null,
  };
}
