/**
 * PINs: how one becomes the key that opens a keyslot, how attempts are counted, and the quick slot that makes a second
 * login in the same engine fast. The login code puts the steps in this order:
 *
 * ```
 * if (!pins.begin(token, kind)) return locked;          // counted, and on the disk, before the PIN is looked at
 * let master = pins.quick(token, kind, pin, at, length);
 * if (master === undefined) {                            // no quick slot yet
 *   pins.derive(job, factor, secret);                    // ... for each factor: the job's result is its key
 *   master = pins.finish(token, kind, pins.combine(keys));
 *   if (master !== null) pins.remember(token, kind, master, pin, at, length);
 * }
 * if (master === null) return wrong;                     // the count stands
 * pins.succeeded(token, kind);
 * ```
 */
import type { ByteRange, Enclave, JobId, KeyHandle } from '../../enclave/enclave.ts';
import { noRules, type PinRules, strictest } from '../values/pin-rules.ts';
import { accepted, fitting, opened, sealed } from './errors.ts';
import type { FactorChoice, KdfPolicy, NewFactor } from './factors/factor.ts';
import { costOfAll, factorOf } from './factors/factors.ts';
import { pinFactor } from './factors/pin.ts';
import { context, label } from './packing.ts';
import { type ByKind, costsLess, type KeyslotKind, keyslotKinds, noCost } from './protection.ts';
import type { Also, Store } from './store.ts';
import { type KeyslotChoice, type PinKey, pinAlone, type Token, type TokenInfo } from './token.ts';

export interface PinOptions {
  /** How keys of new PINs are derived. Existing keyslots keep what they were made with until {@link Pins.outdated} ones are upgraded. */
  readonly kdf: KdfPolicy;
  /** Attempts before a PIN locks, by {@link KeyslotKind}. Default 10 each, and 100 for the recovery words, which nobody guesses. */
  readonly maxAttempts?: readonly [so: number, user: number, recovery?: number];
  /** What is asked of PINs, and how slow guesses are; a token may ask for more. Default nothing. */
  readonly rules?: PinRules;
  /** Iterations of the quick slot. Default 500: it is in memory only, sealed, and whoever reads that memory can read more than PINs. */
  readonly quickIterations?: number;
}

const saltLength = 32;
const allOf = label('strongroom keyslot of several factors');

interface QuickSlot {
  readonly salt: Uint8Array;
  readonly wrapped: Uint8Array;
}

export class Pins {
  readonly #store: Store;
  readonly #enclave: Enclave;
  readonly #kdf: KdfPolicy;
  readonly #quickIterations: number;
  readonly #maxAttempts: ByKind<number>;
  readonly #rules: PinRules;
  /** By token id and kind. */
  readonly #quick = new Map<string, QuickSlot>();
  /** Seals the quick slots, so that JavaScript's memory alone holds nothing to try PINs on. Lives as long as the engine. */
  readonly #quickRoot: KeyHandle;

  constructor(store: Store, enclave: Enclave, options: PinOptions) {
    this.#store = store;
    this.#enclave = enclave;
    this.#kdf = options.kdf;
    this.#quickIterations = options.quickIterations ?? 500;
    const [so, user, recovery = 100] = options.maxAttempts ?? [10, 10];
    this.#maxAttempts = [so, user, recovery];
    this.#rules = options.rules ?? noRules;
    this.#quickRoot = accepted(enclave.keyGenerateSecret(32), 'the quick slots');
  }

  /** Whether the token has this PIN at all. */
  has(token: Token, kind: KeyslotKind): boolean {
    return token.keyslots.has(kind);
  }

  /** Attempts that may be made in a row: what is configured, or fewer where fewer were allowed before. */
  most(token: Token, kind: KeyslotKind): number {
    const kept = this.#store.protection(token).maxAttempts[kind];
    return kept === 0 ? this.#maxAttempts[kind] : Math.min(kept, this.#maxAttempts[kind]);
  }

  /** The rules that hold for its PINs, or for those of a token that is yet to be made: what is configured, and what it was sealed with. */
  rulesOf(token?: Token): PinRules {
    return token === undefined ? this.#rules : strictest(this.#store.pinRecord(token).rules, this.#rules);
  }

  /** Those of them that it was sealed with. */
  sealedRules(token: Token): PinRules {
    return this.#store.pinRecord(token).rules;
  }

  /** Attempts left before the PIN locks. */
  remaining(token: Token, kind: KeyslotKind): number {
    if (this.#store.protection(token).locked[kind]) return 0;
    return Math.max(0, this.most(token, kind) - this.#store.failures(token, kind));
  }

  isLocked(token: Token, kind: KeyslotKind): boolean {
    return this.remaining(token, kind) === 0;
  }

  /**
   * Counts an attempt; on the disk when this returns.
   * @returns false when the PIN is locked: nothing was counted, and the PIN must not be tried
   */
  begin(token: Token, kind: KeyslotKind): boolean {
    if (this.isLocked(token, kind)) {
      this.forget(token);
      // Found locked once is locked, also when a later configuration would allow more.
      this.#store.lockPin(token, kind);
      return false;
    }
    this.#store.countAttempt(token, kind, this.most(token, kind), this.rulesOf(token));
    return true;
  }

  /** The attempt succeeded: the count goes back to nothing. */
  succeeded(token: Token, kind: KeyslotKind): void {
    this.#store.clearFailures(token, kind);
  }

  /** KDF, parameters and a fresh salt for a PIN that is about to be set; of a token that exists, no cheaper than its others. */
  choose(token?: Token): KeyslotChoice {
    return this.chooseFor([pinFactor], token);
  }

  /** The same for a keyslot that needs all of these factors. */
  chooseFor(factors: readonly NewFactor[], token?: Token): KeyslotChoice {
    const kept = token === undefined ? noCost : this.#store.protection(token).cost;
    return factors.map((factor) => factor.choose(this.#enclave, this.#kdf, kept));
  }

  /** Whether a PIN set today would cost whoever guesses more than this one: it is worth another derivation while it is at hand. */
  outdated(token: Token, kind: KeyslotKind): boolean {
    const keyslot = token.keyslots.get(kind);
    return (
      keyslot !== undefined &&
      pinAlone(keyslot.factors) !== undefined &&
      costsLess(costOfAll(keyslot.factors), costOfAll(this.choose(token)))
    );
  }

  /** Starts on the pool what makes one factor's key of its secret; the job's result is the key's handle. */
  derive(job: JobId, factor: FactorChoice, secret: ByteRange): void {
    factorOf(factor).derive(this.#enclave, job, factor, secret);
  }

  /** The key that opens a keyslot of several factors, of theirs in their order, which are freed whatever happens. */
  combine(keys: readonly KeyHandle[]): KeyHandle {
    const left = [...keys];
    try {
      for (let [first, second] = left; first !== undefined && second !== undefined; [first, second] = left) {
        const both = accepted(this.#enclave.keyCombine(first, second, allOf), 'a keyslot');
        for (const used of left.splice(0, 2, both)) this.#enclave.keyFree(used);
      }
      const whole = left.pop();
      if (whole === undefined) throw new TypeError('a keyslot has a factor');
      return whole;
    } finally {
      for (const key of left) this.#enclave.keyFree(key);
    }
  }

  /**
   * Opens the keyslot with a derived key, and frees that key.
   * @returns the token master key, the caller's to free; null when the PIN is wrong
   */
  finish(token: Token, kind: KeyslotKind, kek: KeyHandle): KeyHandle | null {
    try {
      return this.#store.unlock(token, kind, kek);
    } finally {
      this.#enclave.keyFree(kek);
    }
  }

  // ---- the quick slot -----------------------------------------------------------------------------------------------

  /**
   * After a full derivation: keeps the master key in memory, wrapped under the PIN with few iterations and a fresh salt. Of a keyslot that is no
   * PIN alone nothing is kept.
   */
  remember(
    token: Token,
    kind: KeyslotKind,
    master: KeyHandle,
    pin: Uint8Array,
    offset: number,
    length: number,
  ): void {
    if (pinAlone(token.keyslots.get(kind)?.factors ?? []) === undefined) return;
    const salt = new Uint8Array(saltLength);
    accepted(this.#enclave.random(salt, 0, salt.length), 'a salt');
    const kek = this.#quickKey(pin, offset, length, salt);
    try {
      const where = quickContext(token, kind);
      const inner = sealed(this.#enclave.keySeal(kek, where, master), 'a quick slot');
      const wrapped = sealed(this.#enclave.seal(this.#quickRoot, where, inner), 'a quick slot');
      this.#quick.set(quickName(token, kind), { salt, wrapped });
    } finally {
      this.#enclave.keyFree(kek);
    }
  }

  /**
   * Tries the quick slot.
   * @returns the token master key, the caller's to free; null when the PIN is wrong; undefined when there is no quick slot
   */
  quick(
    token: Token,
    kind: KeyslotKind,
    pin: Uint8Array,
    offset: number,
    length: number,
  ): KeyHandle | null | undefined {
    const slot = this.#quick.get(quickName(token, kind));
    if (slot === undefined) return undefined;
    const where = quickContext(token, kind);
    const inner = opened(this.#enclave.open(this.#quickRoot, where, slot.wrapped), 'a quick slot');
    const kek = this.#quickKey(pin, offset, length, slot.salt);
    try {
      const master = fitting(this.#enclave.keyOpen(kek, where, inner), 'a quick slot');
      if (master === null && this.isLocked(token, kind)) this.forget(token);
      return master;
    } finally {
      this.#enclave.keyFree(kek);
    }
  }

  #quickKey(pin: Uint8Array, offset: number, length: number, salt: Uint8Array): KeyHandle {
    return accepted(
      this.#enclave.pinDerivePbkdf2Now(pin, offset, length, salt, this.#quickIterations),
      'a PIN',
    );
  }

  /** Sets or changes a PIN, frees its derived key, clears its failures and drops the quick slots. */
  set(token: Token, kind: KeyslotKind, pin: PinKey, master: KeyHandle, also?: Also): void {
    try {
      this.#store.setKeyslot(token, kind, pin, master, also);
      this.forget(token);
    } finally {
      this.#enclave.keyFree(pin.kek);
    }
  }

  /** The same PIN by today's derivation; frees its derived key. What is counted of it goes on, and the quick slot holds. */
  upgrade(token: Token, kind: KeyslotKind, pin: PinKey, master: KeyHandle): void {
    try {
      this.#store.upgradeKeyslot(token, kind, pin, master);
    } finally {
      this.#enclave.keyFree(pin.kek);
    }
  }

  /** C_InitToken on a token that exists: as {@link Store.reinitToken}, frees the derived key and drops the quick slots. */
  reinit(token: Token, info: TokenInfo, so: PinKey, also?: Also): void {
    try {
      this.forget(token);
      this.#store.reinitToken(token, info, so, also);
    } finally {
      this.#enclave.keyFree(so.kek);
    }
  }

  /** Drops the token's quick slots; the next login derives in full. */
  forget(token: Token): void {
    for (const kind of keyslotKinds) this.#quick.delete(quickName(token, kind));
  }

  /** Drops all quick slots and the key they were sealed under. */
  close(): void {
    this.#quick.clear();
    this.#enclave.keyFree(this.#quickRoot);
  }
}

function quickName(token: Token, kind: KeyslotKind): string {
  return `${kind}:${Buffer.from(token.id).toString('hex')}`;
}

function quickContext(token: Token, kind: KeyslotKind): Uint8Array {
  return context('quick slot', token.id, kind);
}
