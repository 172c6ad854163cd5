/**
 * What is counted of one key's uses: operations, bytes, and encryptions with AES-GCM (docs/nonces.md). A use is counted before it is made.
 *
 * The way there is short where nothing is due: a comparison and an addition each. Whatever has a limit is leased on the disk first.
 */
import {
  CKA_CLASS,
  CKA_KEY_TYPE,
  CKA_STRONGROOM_BYTE_LIMIT,
  CKA_STRONGROOM_BYTES,
  CKA_STRONGROOM_GCM_INVOCATIONS,
  CKA_STRONGROOM_GCM_LIMIT,
  CKA_STRONGROOM_IV_REUSE_CHECK,
  CKA_STRONGROOM_TOKEN_IV_ONLY,
  CKA_STRONGROOM_USE_LIMIT,
  CKA_STRONGROOM_USES,
  CKK_AES,
  CKO_PUBLIC_KEY,
  CKO_SECRET_KEY,
  CKR_KEY_FUNCTION_NOT_PERMITTED,
  CKR_MECHANISM_PARAM_INVALID,
  CKR_OK,
} from '../../generated/constants.ts';
import type { KeyConfig } from '../../policy/config.ts';
import { type AttributeSet, boolValue, ulongValue } from '../attribute-set.ts';
import { type Notice, Tally, UNLIMITED } from './tally.ts';
import { FIELD_BYTES, fillVector, VectorMemory } from './vectors.ts';

/** Bytes that one use counts, roughly: a lease of bytes is so many times longer. */
const BYTES_EACH = 1024;

/** The key that is counted. */
export interface Counted {
  readonly attributes: AttributeSet;
  /** False for a session object: it is gone after a crash, and its counts with it. */
  readonly isFleeting: boolean;
}

/** What a key's counts need of the whole. */
export interface Keeper<K extends Counted> {
  /** Has the disk say so. @throws StoreError when it cannot, and then nothing has been reserved */
  reserve(key: K, values: ReadonlyMap<number, Uint8Array>): void;
  /** A limit comes near: says so in the audit log. @throws AuditError when it cannot be recorded */
  nears(key: K, what: string, notice: Notice): void;
}

const kinds = [
  { what: 'uses', counter: CKA_STRONGROOM_USES, limit: CKA_STRONGROOM_USE_LIMIT },
  { what: 'bytes', counter: CKA_STRONGROOM_BYTES, limit: CKA_STRONGROOM_BYTE_LIMIT },
  {
    what: 'encryptions with AES-GCM',
    counter: CKA_STRONGROOM_GCM_INVOCATIONS,
    limit: CKA_STRONGROOM_GCM_LIMIT,
  },
] as const;

/** Whether the attributes are of a key that AES-GCM works with. */
function isAes(attributes: AttributeSet): boolean {
  return attributes.ulong(CKA_KEY_TYPE) === CKK_AES && attributes.ulong(CKA_CLASS) === CKO_SECRET_KEY;
}

/** The limit that a key has been given, if any. */
function givenLimit(attributes: AttributeSet, type: number): number {
  const given = attributes.ulong(type);
  return given === undefined || given < 0 ? UNLIMITED : given;
}

/** How far a count of the key's may go. */
function limitOf(kind: 0 | 1 | 2, attributes: AttributeSet, config: KeyConfig): number {
  const given = givenLimit(attributes, kinds[kind].limit);
  return kind === 2 ? Math.min(given, config.gcmLimit) : given;
}

/** Whether an attribute tells of a key's uses: what is stored of it is another thing then (see {@link usesAnswer}). */
export function tellsOfUses(type: number): boolean {
  return type >= CKA_STRONGROOM_USES && type <= CKA_STRONGROOM_IV_REUSE_CHECK;
}

/**
 * An attribute that tells of the uses, as it is now; undefined where the key has none of that type. A count is what has been counted and not what
 * is stored, which is up to where it has been reserved.
 * @param uses undefined when the key has not been used since it came into memory
 */
export function usesAnswer(
  attributes: AttributeSet,
  uses: KeyUses | undefined,
  config: KeyConfig,
  type: number,
): Uint8Array | undefined {
  if (attributes.ulong(CKA_CLASS) === CKO_PUBLIC_KEY) return undefined;
  const aes = isAes(attributes);
  for (const kind of aes ? ([0, 1, 2] as const) : ([0, 1] as const)) {
    const { counter, limit } = kinds[kind];
    if (type === counter) {
      const stored = Math.max(0, attributes.ulong(counter) ?? 0);
      return ulongValue(uses === undefined ? stored : uses.tallies[kind].used);
    }
    if (type !== limit) continue;
    const most = limitOf(kind, attributes, config);
    return ulongValue(most === UNLIMITED ? -1 : most);
  }
  if (!aes) return undefined;
  if (type === CKA_STRONGROOM_TOKEN_IV_ONLY) return boolValue(takesTokenIvOnly(attributes, config));
  return type === CKA_STRONGROOM_IV_REUSE_CHECK ? boolValue(refusesRepeated(attributes, config)) : undefined;
}

function takesTokenIvOnly(attributes: AttributeSet, { tokenIvOnly }: KeyConfig): boolean {
  return tokenIvOnly || attributes.bool(CKA_STRONGROOM_TOKEN_IV_ONLY) === true;
}

function refusesRepeated(attributes: AttributeSet, { refuseRepeatedIvs }: KeyConfig): boolean {
  return refuseRepeatedIvs || attributes.bool(CKA_STRONGROOM_IV_REUSE_CHECK) === true;
}

/** Whether the key has a limit of its own, which a copy would have once more. */
export function hasOwnLimit(attributes: AttributeSet): boolean {
  return kinds.some(({ limit }) => givenLimit(attributes, limit) !== UNLIMITED);
}

export class KeyUses<K extends Counted = Counted> {
  readonly key: K;
  readonly uses: Tally;
  readonly bytes: Tally;
  readonly gcm: Tally;
  /** Tells this key's vectors from those of its copies, and of other engines. */
  #field: Uint8Array | undefined;
  readonly #vectors = new VectorMemory();
  /** Whether encryption takes no vector but the token's. Looked up when the attributes change: operations ask each time. */
  tokenIvOnly = false;
  /** Whether a vector is refused that has been used before. */
  refusesRepeatedIvs = false;
  readonly #keeper: Keeper<K>;
  readonly #config: KeyConfig;
  readonly tallies: readonly [Tally, Tally, Tally];
  /** How many of {@link kinds} the key has. */
  readonly #kinds: number;

  constructor(key: K, config: KeyConfig, keeper: Keeper<K>) {
    this.key = key;
    this.#keeper = keeper;
    this.#config = config;
    const { attributes } = key;
    this.#kinds = isAes(attributes) ? 3 : 2;
    const tally = (kind: 0 | 1 | 2, grain = 1): Tally => {
      const stored = attributes.ulong(kinds[kind].counter) ?? 0;
      return new Tally(Math.max(0, stored), limitOf(kind, attributes, config), !key.isFleeting, grain);
    };
    this.uses = tally(0);
    this.bytes = tally(1, BYTES_EACH);
    this.gcm = tally(2);
    this.tallies = [this.uses, this.bytes, this.gcm];
    this.#lookUp(attributes);
  }

  #lookUp(attributes: AttributeSet): void {
    this.tokenIvOnly = takesTokenIvOnly(attributes, this.#config);
    this.refusesRepeatedIvs = refusesRepeated(attributes, this.#config);
  }

  /**
   * Counts what is about to be done.
   * @returns CKR_OK, or CKR_KEY_FUNCTION_NOT_PERMITTED when it is more than the key's limits allow; then nothing has been counted
   * @throws StoreError, AuditError when it cannot be reserved or recorded; likewise
   */
  take(uses: number, bytes: number, gcm: number): number {
    const { uses: u, bytes: b, gcm: g } = this;
    if (u.used + uses > u.end || b.used + bytes > b.end || g.used + gcm > g.end) {
      const rv = this.#lease([uses, bytes, gcm]);
      if (rv !== CKR_OK) return rv;
    }
    u.used += uses;
    b.used += bytes;
    g.used += gcm;
    return CKR_OK;
  }

  /** The same for one operation that is no encryption with AES-GCM, which most are. */
  takeOne(bytes: number): number {
    const { uses: u, bytes: b } = this;
    if (u.used >= u.end || b.used + bytes > b.end) return this.take(1, bytes, 0);
    u.used++;
    b.used += bytes;
    return CKR_OK;
  }

  /**
   * Counts an encryption with AES-GCM under a vector that came with a call.
   * @returns as {@link take}; or CKR_MECHANISM_PARAM_INVALID when the vector has been used before, and the key refuses that
   */
  encrypt(vector: Uint8Array, bytes: number): number {
    const checks = this.refusesRepeatedIvs;
    if (checks && this.#vectors.has(vector)) return CKR_MECHANISM_PARAM_INVALID;
    const rv = this.take(1, bytes, 1);
    if (checks && rv === CKR_OK) this.#vectors.add(vector);
    return rv;
  }

  /**
   * Makes the vector of the encryption that was counted last: what the caller fixes, random bits that this key got when it came into memory, and
   * the number of the encryption in all the key's life (SP 800-38D, 8.2.1). Neither comes again: not the number, since it is leased, and not the
   * bits, if an old store were put back.
   */
  makeVector(vector: Uint8Array, fixedBits: number, random: (into: Uint8Array) => void): void {
    if (this.#field === undefined) {
      const field = new Uint8Array(FIELD_BYTES);
      random(field);
      this.#field = field;
    }
    fillVector(vector, fixedBits, this.#field, this.gcm.used - 1);
  }

  #lease(counts: readonly [number, number, number]): number {
    const tallies = this.tallies;
    if (tallies.some((tally, kind) => tally.exceeds(counts[kind] as number)))
      return CKR_KEY_FUNCTION_NOT_PERMITTED;
    const ends = tallies.map((tally, kind) =>
      counts[kind] === 0 ? tally.end : tally.next(counts[kind] as number),
    );
    for (const [kind, tally] of tallies.entries()) {
      const notice = tally.notice(ends[kind] as number);
      if (notice === undefined) continue;
      this.#keeper.nears(this.key, kinds[kind as 0 | 1 | 2].what, notice);
      tally.said(notice);
    }
    if (!this.key.isFleeting)
      this.#keeper.reserve(
        this.key,
        this.#values((tally, kind) => tally.storedUpTo(ends[kind] as number)),
      );
    for (const [kind, tally] of tallies.entries()) tally.leased(ends[kind] as number);
    return CKR_OK;
  }

  #values(of: (tally: Tally, kind: number) => number): Map<number, Uint8Array> {
    const values = new Map<number, Uint8Array>();
    for (let kind = 0; kind < this.#kinds; kind++) {
      const tally = this.tallies[kind] as Tally;
      values.set(kinds[kind as 0 | 1 | 2].counter, ulongValue(of(tally, kind)));
    }
    return values;
  }

  /** What the disk has to say while the key may be used: at no time less than has been counted. */
  stored(): Map<number, Uint8Array> {
    return this.#values((tally) => tally.storedUpTo(tally.end));
  }

  /** What has been counted. */
  counted(): Map<number, Uint8Array> {
    return this.#values(({ used }) => used);
  }

  /** Whether a part of a lease is left that can be given back. */
  get hasRest(): boolean {
    return this.tallies.some(({ hasRest }) => hasRest);
  }

  /** Whether half of a limit has been used up. */
  get isNear(): boolean {
    return this.tallies.slice(0, this.#kinds).some(({ used, limit }) => 2 * used >= limit);
  }

  /** The disk says what has been counted. */
  givenBack(): void {
    for (const tally of this.tallies) tally.givenBack();
  }

  /** The key's attributes are others now, with other limits perhaps. */
  changed(attributes: AttributeSet): void {
    this.#lookUp(attributes);
    for (const kind of [0, 1, 2] as const) this.tallies[kind].limit = limitOf(kind, attributes, this.#config);
  }
}
