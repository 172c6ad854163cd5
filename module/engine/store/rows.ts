/** What the seal of an object's row is bound to, and the form in which rows come opened out of the enclave (module/enclave/sealing/rows.h). */
import { label, putU64 } from './packing.ts';
import type { TokenState } from './token.ts';

export const attributesPart = 0;
export const valuePart = 1;

/** "strongroom object 1" ‖ token id(16) ‖ object id(16) ‖ version u64 ‖ private u8 ‖ part u8 */
const contextPrefix = label('strongroom object 1');

/** Writes contexts of seals, one over the other. */
export class SealContext {
  readonly #bytes = new Uint8Array(contextPrefix.length + 42);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor() {
    this.#bytes.set(contextPrefix);
  }

  /** Valid until the next call. */
  of(
    token: TokenState,
    id: Uint8Array,
    version: number,
    isPrivate: boolean,
    part: typeof attributesPart | typeof valuePart,
  ): Uint8Array {
    const at = contextPrefix.length;
    this.#bytes.set(token.id, at);
    this.#bytes.set(id, at + 16);
    putU64(this.#view, at + 32, version);
    this.#bytes[at + 40] = isPrivate ? 1 : 0;
    this.#bytes[at + 41] = part;
    return this.#bytes;
  }
}

/** Objects as they come from a load, one behind the other from `from` to `to`, each of {@link OpenedRow}'s layout. */
export interface OpenedRows {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** id(16) ‖ version u64 ‖ length u32 ‖ flags u32, little-endian; the attributes are behind it. */
const HEAD = 32;
const HAS_VALUE = 1;
const UNCONFIRMED = 2;

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

/** Reads one of {@link OpenedRows} by the place where it begins. */
export const OpenedRow = {
  id: (bytes: Uint8Array, at: number): Uint8Array => bytes.slice(at, at + 16),
  version: (bytes: Uint8Array, at: number): number =>
    wordAt(bytes, at + 16) + wordAt(bytes, at + 20) * 0x1_0000_0000,
  hasValue: (bytes: Uint8Array, at: number): boolean => (wordAt(bytes, at + 28) & HAS_VALUE) !== 0,
  unconfirmed: (bytes: Uint8Array, at: number): boolean => (wordAt(bytes, at + 28) & UNCONFIRMED) !== 0,
  attributesAt: (at: number): number => at + HEAD,
  /** Where the attributes end, and the next one begins. */
  end: (bytes: Uint8Array, at: number): number => at + HEAD + wordAt(bytes, at + 24),
} as const;

/** Room for opened rows: few large pieces of memory in place of one for each object; small ones where there are few. */
export class RowArena {
  static readonly #largest = 1 << 20;
  #piece = 1 << 14;
  #bytes = new Uint8Array(0);
  #used = 0;

  /** At least `size` bytes, behind those that are taken. */
  room(size: number): { readonly bytes: Uint8Array; readonly at: number } {
    if (this.#bytes.length - this.#used < size) {
      this.#bytes = new Uint8Array(Math.max(size, this.#piece));
      this.#piece = Math.min(RowArena.#largest, this.#piece * 4);
      this.#used = 0;
    }
    return { bytes: this.#bytes, at: this.#used };
  }

  /** Takes the first `size` bytes of the room that was given last. */
  take(size: number): void {
    this.#used += size;
  }
}
