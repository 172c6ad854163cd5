/** The counts of all keys of one token, and what of them the disk says. */
import type { KeyConfig } from '../../policy/config.ts';
import type { Durability } from '../../store/database.ts';
import { StoreError } from '../../store/errors.ts';
import type { AttributeSet } from '../attribute-set.ts';
import type { TokenObject } from '../object.ts';
import { type Keeper, KeyUses, usesAnswer } from './key-uses.ts';
import type { Notice } from './tally.ts';

/** An object with the attributes that it is to have. */
export interface Recount {
  readonly object: TokenObject;
  readonly attributes: AttributeSet;
}

/** What counting needs of the token's objects. */
export interface CountingHost {
  readonly config: { readonly keys: KeyConfig };
  /** Puts token objects' attributes into the store, all or none, and then into memory. @throws StoreError */
  recount(changes: readonly Recount[], durability: Durability): void;
  nearsLimit(object: TokenObject, what: string, notice: Notice): void;
}

export class Counting implements Keeper<TokenObject> {
  readonly #host: CountingHost;
  /** Those that have a part of a lease left, perhaps. */
  readonly #leased = new Set<TokenObject>();
  /** Whose limits are near. */
  readonly #near = new Set<TokenObject>();

  constructor(host: CountingHost) {
    this.#host = host;
  }

  /** What is counted of the key. */
  of(object: TokenObject): KeyUses<TokenObject> {
    if (object.uses !== undefined) return object.uses;
    object.uses = new KeyUses<TokenObject>(object, this.#host.config.keys, this);
    if (object.uses.isNear) this.#near.add(object);
    return object.uses;
  }

  /** What a key tells of its uses: the value of an attribute for which {@link tellsOfUses} is true; undefined where it has none of that type. */
  answer(object: TokenObject, type: number): Uint8Array | undefined {
    if (!object.hasKey) return undefined;
    return usesAnswer(object.attributes, object.uses, this.#host.config.keys, type);
  }

  /** Keys that have been used since they came into memory, and have used up half of a limit or more. */
  get near(): number {
    return this.#near.size;
  }

  get nearOnes(): readonly TokenObject[] {
    return [...this.#near];
  }

  reserve(object: TokenObject, values: ReadonlyMap<number, Uint8Array>): void {
    this.#host.recount([{ object, attributes: object.attributes.with(values) }], 'synced');
    this.#leased.add(object);
  }

  nears(object: TokenObject, what: string, notice: Notice): void {
    this.#host.nearsLimit(object, what, notice);
    this.#near.add(object);
  }

  /**
   * Gives back what is left of leases: of keys that leave memory, and at the engine's end. A power cut may undo it, which loses the rest of the
   * lease and no more; and so does a store that cannot be written now.
   */
  giveBack(isPrivate: boolean): void {
    const changes: Recount[] = [];
    for (const object of this.#leased) {
      const { uses } = object;
      if (object.isPrivate !== isPrivate) continue;
      this.#leased.delete(object);
      if (!object.dead && uses?.hasRest === true)
        changes.push({ object, attributes: object.attributes.with(uses.counted()) });
    }
    if (changes.length === 0) return;
    try {
      this.#host.recount(changes, 'written');
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return;
    }
    for (const { object } of changes) object.uses?.givenBack();
  }

  /** The object is gone. */
  forget(object: TokenObject): void {
    this.#leased.delete(object);
    this.#near.delete(object);
  }
}
