/** How a token's stored objects come into memory: most rest in the bytes that the store gave, until somebody asks for them. */

import { type Enclave, KeyKind } from '../../enclave/enclave.ts';
import { CKA_CLASS, CKA_STRONGROOM_ROTATE_EVERY } from '../generated/constants.ts';
import { OpenedRow, type OpenedRows } from '../store/rows.ts';
import { checked } from '../values/errors.ts';
import { AttributeSet, lastTypeAt } from './attribute-set.ts';
import type { Home } from './host.ts';
import { ObjectIndex } from './index.ts';
import type { Rotating } from './lifecycle/rotating.ts';
import { type KeySource, TokenObject } from './object.ts';
import { isKeyClass, parted } from './private-value.ts';

function attributesOf(bytes: Uint8Array, at: number): AttributeSet {
  return AttributeSet.unpackAt(bytes, OpenedRow.attributesAt(at), OpenedRow.end(bytes, at));
}

export class Incoming {
  readonly #enclave: Enclave;
  readonly #token: Home;
  readonly #source: KeySource;
  readonly #nextHandle: () => number;
  readonly #isPrivate: boolean;
  /** Where the objects come in; they are made when they are asked for. */
  readonly index: ObjectIndex;
  /** Objects that cannot rest. They go into the index behind all others. */
  readonly awake: TokenObject[] = [];
  /** Handles of those that are to be rotated at some time, and perhaps of a few others. */
  readonly #rotating: number[] = [];
  /** Bytes of all attributes. */
  weight = 0;

  /** @param source opens keys and values on first use */
  constructor(
    enclave: Enclave,
    token: Home,
    source: KeySource,
    isPrivate: boolean,
    nextHandle: () => number,
  ) {
    this.#enclave = enclave;
    this.#token = token;
    this.#source = source;
    this.#nextHandle = nextHandle;
    this.#isPrivate = isPrivate;
    this.index = new ObjectIndex((bytes, at, handle) => this.#wake(bytes, at, handle));
  }

  #wake(bytes: Uint8Array, at: number, handle: number): TokenObject {
    const attributes = attributesOf(bytes, at);
    const isSealed = OpenedRow.hasValue(bytes, at) || isKeyClass(attributes.ulong(CKA_CLASS));
    const source = isSealed ? this.#source : undefined;
    const object = new TokenObject(handle, this.#token, undefined, this.#isPrivate, attributes, 0, source);
    object.version = OpenedRow.version(bytes, at);
    return object;
  }

  take({ bytes, from, to }: OpenedRows): void {
    for (let at = from; at < to; at = OpenedRow.end(bytes, at)) {
      this.weight += OpenedRow.end(bytes, at) - OpenedRow.attributesAt(at);
      const handle = this.#nextHandle();
      const open = this.#isPrivate ? this.#withValueInside(bytes, at, handle) : undefined;
      if (lastTypeAt(bytes, OpenedRow.attributesAt(at)) >= CKA_STRONGROOM_ROTATE_EVERY)
        this.#rotating.push(handle);
      if (open === undefined) this.index.load(bytes, at, handle);
      else this.awake.push(open);
    }
  }

  /** Those that have come and are to be rotated. */
  noteRotating(rotating: Rotating): void {
    for (const handle of this.#rotating) {
      const object = this.index.byHandle(handle);
      if (object !== undefined) rotating.note(object);
    }
  }

  /**
   * The private object of a row that has its value among its attributes, where an earlier release sealed it: it is in the open for a moment.
   * The next change of the object seals it by itself. Undefined for all other rows.
   */
  #withValueInside(bytes: Uint8Array, at: number, handle: number): TokenObject | undefined {
    if (OpenedRow.hasValue(bytes, at)) return undefined;
    const { attributes, value } = parted(attributesOf(bytes, at));
    if (value === undefined) return undefined;
    const start = OpenedRow.attributesAt(at);
    try {
      const key = checked(this.#enclave.keyImport(KeyKind.Data, value), 'objects.load');
      const object = new TokenObject(handle, this.#token, undefined, true, attributes, key, undefined);
      object.version = OpenedRow.version(bytes, at);
      return object;
    } finally {
      this.#enclave.zero(bytes, start, OpenedRow.end(bytes, at) - start);
    }
  }
}
