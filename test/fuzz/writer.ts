/** What requests are made with: chance, and the wire's layout. */

/** A generator of random numbers that a seed repeats (SplitMix32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** From 0 up to, not including, `n`. */
  below(n: number): number {
    return this.next() % n;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('an empty list');
    return found;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() & 0xff);
  }
}

/** Writes the wire's layout. */
export class RequestWriter {
  #parts: Buffer[] = [];

  ulong(number: number): this {
    const word = Buffer.alloc(8);
    if (number < 0) word.writeBigInt64LE(BigInt(number));
    else word.writeBigUInt64LE(BigInt(number));
    this.#parts.push(word);
    return this;
  }

  content(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes), Buffer.alloc((8 - (bytes.length % 8)) % 8));
    return this;
  }

  bytes(bytes: Uint8Array | null): this {
    if (bytes === null) return this.ulong(0).ulong(1);
    return this.ulong(bytes.length).ulong(0).content(bytes);
  }

  attribute(type: number, bytes: Uint8Array): this {
    return this.ulong(type).ulong(1).ulong(bytes.length).content(bytes);
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
