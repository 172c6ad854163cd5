/** Changes of objects that are there: their rows in the store first, and then what memory says of them. */
import type { KeyHandle } from '../../../enclave/enclave.ts';
import type { Durability } from '../../store/database.ts';
import type { AttributeSet } from '../attribute-set.ts';
import { type Draft, type Retired, rowOf } from '../draft.ts';
import type { Home, ObjectsHost } from '../host.ts';
import { referenceTo, type TokenObject } from '../object.ts';
import type { Recount } from '../uses/counting.ts';

/** What changes in memory with an object's attributes. */
export interface Memory {
  /** Room for so many bytes more. @throws CryptokiError CKR_DEVICE_MEMORY */
  need(bytes: number): void;
  /** The object has these attributes from now on. */
  adopt(object: TokenObject, attributes: AttributeSet): void;
}

export class Changes {
  readonly #host: ObjectsHost;
  readonly #token: Home;
  readonly #memory: Memory;

  constructor(host: ObjectsHost, token: Home, memory: Memory) {
    this.#host = host;
    this.#token = token;
    this.#memory = memory;
  }

  /** Gives an object other attributes, whoever may see it. @throws StoreError; CryptokiError CKR_DEVICE_MEMORY */
  settle(object: TokenObject, given: AttributeSet): void {
    const attributes = withCounts(object, given);
    if (object.owner === undefined) {
      this.#memory.need(attributes.packed.length - object.attributes.packed.length);
      // A private value that is open is sealed anew from there: it may not have a seal of its own yet.
      const isOpenValue = object.openHandle !== 0 && !object.hasKey;
      object.version = this.#host.store.objects.replace(
        this.#token.record,
        referenceTo(object),
        attributes.packed,
        isOpenValue ? object.openHandle : 'keep',
        this.#master,
      );
    }
    this.#memory.adopt(object, attributes);
    object.uses?.changed(attributes);
    this.#host.bumpEpoch();
  }

  /** Counts of uses change; nothing that a call could be decided by does, so the epoch stays. Nobody needs a session for it that may write. */
  recount(changes: readonly Recount[], durability: Durability): void {
    this.#host.store.objects.replaceAttributes(
      this.#token.record,
      changes.map(changeOf),
      this.#master,
      durability,
    );
    for (const { object, attributes } of changes) {
      object.version++;
      this.#memory.adopt(object, attributes);
    }
  }

  /** New token objects go to the store together, and with them what changes of those whose places they take. @throws StoreError */
  store(drafts: readonly Draft[], retired: readonly Retired[]): void {
    const rows = drafts.filter(({ isToken }) => isToken).map(rowOf);
    if (rows.length === 0) return;
    this.#host.store.objects.putAll(this.#token.record, rows, this.#master, retired.map(changeOf));
  }

  /** Those whose places others have taken say so, as the store does already. */
  retire(retired: readonly Retired[]): void {
    for (const { object, attributes } of retired) {
      object.version++;
      this.#memory.adopt(object, attributes);
      object.uses?.changed(attributes);
    }
    this.#host.bumpEpoch();
  }

  /** @throws StoreError */
  erase(object: TokenObject): void {
    if (object.owner !== undefined) return;
    this.#host.store.objects.delete(this.#token.record, referenceTo(object), this.#master);
  }

  get #master(): KeyHandle | null {
    return this.#token.master === 0 ? null : this.#token.master;
  }
}

/** A limit that is set now is held against what has been counted until now, also after a crash. */
export function withCounts(object: TokenObject, attributes: AttributeSet): AttributeSet {
  return object.uses === undefined ? attributes : attributes.with(object.uses.stored());
}

function changeOf({ object, attributes }: Recount): {
  ref: ReturnType<typeof referenceTo>;
  attributes: Uint8Array;
} {
  return { ref: referenceTo(object), attributes: attributes.packed };
}
