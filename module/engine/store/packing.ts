/**
 * Fixed-order packing of fields into bytes, big-endian, for what goes under a seal. Both ends know the order, so no
 * field carries a tag; a layout's first byte is its version.
 */
import { StoreError } from './errors.ts';

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Grows as needed; numbers must be non-negative safe integers. */
export class Packer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Makes room and returns where it is. May replace the buffer, so it is called before the buffer is looked at. */
  #room(more: number): number {
    const at = this.#length;
    this.#length += more;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  u8(value: number): this {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#view.setUint32(at, value);
    return this;
  }

  u64(value: number): this {
    const at = this.#room(8);
    putU64(this.#view, at, value);
    return this;
  }

  /** Bytes whose length both sides know. */
  raw(value: Uint8Array): this {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** Bytes with their length (u32) before them. */
  blob(value: Uint8Array): this {
    return this.u32(value.length).raw(value);
  }

  text(value: string): this {
    return this.blob(utf8.encode(value));
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what {@link Packer} wrote; anything that does not fit is a {@link StoreError} `tampered`. */
export class Unpacker {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #at = 0;

  /** @param what names the thing read, for the error */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) throw this.#malformed();
    this.#at += count;
    return at;
  }

  #malformed(): StoreError {
    return new StoreError('tampered', `${this.#what} is not laid out as this release writes it`);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  u64(): number {
    const value = getU64(this.#view, this.#take(8));
    if (!Number.isSafeInteger(value)) throw this.#malformed();
    return value;
  }

  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  blob(): Uint8Array {
    return this.raw(this.u32());
  }

  text(): string {
    try {
      return fromUtf8.decode(this.blob());
    } catch {
      throw this.#malformed();
    }
  }

  /** Ends the reading: bytes left over are an error. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw this.#malformed();
  }
}

/** Writes a safe integer as u64, big-endian, without a BigInt. */
export function putU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 0x1_0000_0000));
  view.setUint32(at + 4, value % 0x1_0000_0000);
}

/** Reads a u64, big-endian; the caller checks for a safe integer where it matters. */
export function getU64(view: DataView, at: number): number {
  return view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4);
}

/** A label as bytes, made once per label. */
export function label(text: string): Uint8Array {
  return utf8.encode(text);
}

/** The context of a seal: what the sealed thing is, and where it belongs. */
export function context(kind: string, ...parts: (Uint8Array | number | string)[]): Uint8Array {
  const packer = new Packer().text(kind);
  for (const part of parts) {
    if (typeof part === 'number') packer.u64(part);
    else if (typeof part === 'string') packer.text(part);
    else packer.blob(part);
  }
  return packer.finish();
}

/** True when two byte strings of public matter are the same (not in constant time). */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Bytes as hex, for messages. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
