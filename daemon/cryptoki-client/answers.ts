/** Reads what the engine answered. An answer that does not have its shape comes from no engine of ours. */
import type { QueryAnswer } from './arguments.ts';
import { CKR_BUFFER_TOO_SMALL } from './generated/constants.ts';
import { ckrName } from './generated/results.ts';

/** The engine said no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** CK_RV. */
  readonly rv: number;
  /** Of CKR_BUFFER_TOO_SMALL: how much room it takes. */
  readonly needed: number | undefined;
  constructor(rv: number, fn: string, needed?: number) {
    super(`${fn}: ${ckrName(rv)}`);
    this.rv = rv;
    this.needed = needed;
  }
}

/** The engine answered something that is none of its answers. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

export class Answers {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw new BadAnswer('an answer ends too early');
    this.#at = Math.min(this.#bytes.length, at + ((length + 7) & ~7));
    return at;
  }

  /** A CK_ULONG; -1 is CK_UNAVAILABLE_INFORMATION. */
  ulong(): number {
    const value = this.#view.getBigInt64(this.#take(8), true);
    if (value < -1n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadAnswer('an answer is too large');
    return Number(value);
  }

  #size(most: number): number {
    const length = this.ulong();
    if (length < 0 || length > most) throw new BadAnswer('an answer is longer than its room');
    return length;
  }

  /** Bytes that lie in the answer itself. */
  content(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  room(capacity: number): Uint8Array {
    return this.content(this.#size(capacity));
  }

  fill(length: number): Uint8Array {
    if (this.#size(length) !== length) throw new BadAnswer('an answer is shorter than asked for');
    return this.content(length);
  }

  list(most: number): number[] {
    const count = this.#size(most);
    return Array.from({ length: count }, () => this.ulong());
  }

  query(count: number): QueryAnswer[] {
    return Array.from({ length: count }, () => {
      const length = this.ulong();
      const present = this.ulong() === 1;
      if (present) return { value: this.content(length), length };
      return { value: undefined, length: length === -1 ? undefined : length };
    });
  }
}

/** Throws for what is no success. */
export function check(rv: number, fn: string, reply: Uint8Array): void {
  if (rv === 0) return;
  const needed = rv === CKR_BUFFER_TOO_SMALL && reply.length >= 8 ? new Answers(reply).ulong() : undefined;
  throw new Refusal(rv, fn, needed);
}
