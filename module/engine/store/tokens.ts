/** Tokens at rest: made, named and emptied, and the keyslots that lead to their master keys. Store says what each call promises. */
import type { KeyHandle } from '../../enclave/enclave.ts';
import { digestKeyslots, sha256 } from './digests.ts';
import { accepted, fitting, StoreError, sealed } from './errors.ts';
import { costOfAll } from './factors/factors.ts';
import type { Ledger } from './ledger.ts';
import { emptySet, signConfirmed, type TokenManifest } from './manifest.ts';
import { noPins } from './pin-rules.ts';
import { byKind, KeyslotKind, mostOf, noProtection } from './protection.ts';
import {
  infoContext,
  type Keyslot,
  keyslotContext,
  nameOf,
  type PinKey,
  packInfo,
  type Token,
  type TokenInfo,
  type TokenState,
} from './token.ts';

/** What else becomes of a token's manifest when a PIN is set, in the same step. */
export type Also = (draft: TokenManifest, master: KeyHandle) => void;

/** How a keyslot is kept. */
interface KeepManner {
  /** It is the same secret, and what is counted of it stays. */
  readonly goesOn?: boolean;
  /** What else becomes of the manifest. */
  readonly also?: ((draft: TokenManifest) => void) | undefined;
}

const nothingElse: Also = () => undefined;

export class TokenShelf {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  create(info: TokenInfo, so: PinKey, also = nothingElse): Token {
    const token = blankToken(this.#ledger.nextSlot);
    this.#initialise(token, info, so, also, { nextSlot: token.slot + 1 });
    return token;
  }

  reinit(token: Token, info: TokenInfo, so: PinKey, also = nothingElse): void {
    if (this.#ledger.problem !== null) throw this.#ledger.problem;
    const state = token as TokenState;
    const fresh = blankToken(state.slot);
    this.#initialise(fresh, info, so, also, {});
    // Callers hold on to the token they know, so the new state moves into it.
    this.#ledger.tokens.set(state.slot, Object.assign(state, fresh));
  }

  #initialise(
    token: TokenState,
    info: TokenInfo,
    so: PinKey,
    also: Also,
    headChange: { nextSlot?: number },
  ): void {
    const { enclave, root, db } = this.#ledger;
    accepted(enclave.random(token.id, 0, token.id.length), 'a new token');
    const master = accepted(enclave.keyGenerateSecret(32), 'a new token');
    try {
      const keyslot = this.#wrap(token.id, KeyslotKind.So, so, master);
      const blob = sealed(
        enclave.seal(root, infoContext(token.slot, token.id), packInfo(info)),
        'a new token',
      );
      token.manifest = {
        tokenId: token.id,
        infoDigest: sha256(enclave, blob),
        keyslotsDigest: digestKeyslots(enclave, [keyslot]),
        failures: byKind(() => 0),
        protection: { ...noProtection(), cost: costOfAll(so.choice) },
        pins: noPins(),
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
          also(draft, master);
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

  update(token: Token, info: TokenInfo): void {
    const { enclave, root, db } = this.#ledger;
    const state = token as TokenState;
    const blob = sealed(enclave.seal(root, infoContext(state.slot, state.id), packInfo(info)), nameOf(state));
    this.#ledger.commit(state, (draft) => {
      db.sql.putToken.run(state.slot, state.id, blob);
      draft.infoDigest = sha256(enclave, blob);
    });
    state.info = info;
  }

  /** Makes a keyslot that opens nothing before {@link keep} has it. */
  prepare(token: Token, kind: KeyslotKind, key: PinKey, master: KeyHandle): Keyslot {
    this.#ledger.usable(token as TokenState);
    return this.#wrap(token.id, kind, key, master);
  }

  /** Puts a prepared keyslot in the place of the one of its kind; what was counted of that one begins again, unless it `goesOn`. */
  keep(token: Token, keyslot: Keyslot, manner: KeepManner = {}): void {
    this.#change(token as TokenState, keyslot.kind, keyslot, manner);
  }

  /** The keyslot opens nothing any more, and what was counted of it is forgotten. */
  remove(token: Token, kind: KeyslotKind): void {
    this.#change(token as TokenState, kind, undefined, {});
  }

  #change(state: TokenState, kind: KeyslotKind, keyslot: Keyslot | undefined, manner: KeepManner): void {
    const { enclave, db } = this.#ledger;
    const keyslots = new Map(state.keyslots);
    if (keyslot === undefined) keyslots.delete(kind);
    else keyslots.set(kind, keyslot);
    const change = (draft: TokenManifest): void => {
      manner.also?.(draft);
      db.sql.deleteKeyslot.run(state.slot, kind);
      if (keyslot !== undefined) this.#writeKeyslot(state.slot, keyslot);
      draft.keyslotsDigest = digestKeyslots(enclave, keyslots.values());
      draft.protection.cost = mostOf(draft.protection.cost, costOfAll(keyslot?.factors ?? []));
      if (manner.goesOn === true) return;
      draft.failures[kind] = 0;
      draft.protection.locked[kind] = false;
    };
    // An old PIN's keyslot that somebody finds later opens the token as the new one does.
    this.#ledger.commit(state, change, {}, { durability: 'erasing' });
    state.keyslots = keyslots;
  }

  unlock(token: Token, kind: KeyslotKind, kek: KeyHandle): KeyHandle | null {
    const state = token as TokenState;
    const { enclave, root } = this.#ledger;
    this.#ledger.reachable(state);
    const keyslot = state.keyslots.get(kind);
    if (keyslot === undefined) throw new TypeError(`${nameOf(state)} has no keyslot of kind ${kind}`);
    const where = keyslotContext(state.id, kind, keyslot.factors);
    const inner = enclave.open(root, where, keyslot.wrapped);
    if (typeof inner === 'number') {
      throw new StoreError('tampered', `a way in to ${nameOf(state)} was changed outside the store`, {
        rv: -inner,
      });
    }
    return fitting(enclave.keyOpen(kek, where, inner), nameOf(state));
  }

  #wrap(tokenId: Uint8Array, kind: KeyslotKind, key: PinKey, master: KeyHandle): Keyslot {
    const { enclave, root } = this.#ledger;
    const factors = key.choice;
    const where = keyslotContext(tokenId, kind, factors);
    // Twice: a stolen database without the store key gives nothing to try PINs on.
    const inner = sealed(enclave.keySeal(key.kek, where, master), 'a keyslot');
    return { kind, factors, wrapped: sealed(enclave.seal(root, where, inner), 'a keyslot') };
  }

  #writeKeyslot(slot: number, { kind, factors, wrapped }: Keyslot): void {
    const { sql } = this.#ledger.db;
    sql.putKeyslot.run(slot, kind, wrapped);
    for (const [place, { factor, kdf, parameters, salt }] of factors.entries())
      sql.putFactor.run(slot, kind, place, factor, kdf, parameters, salt);
  }
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
    manifest: null,
    generation: 0,
    // A token without objects has nothing left to check.
    checkedUnderStoreKey: true,
    checkedUnderMaster: true,
    publicCheck: null,
  };
}
