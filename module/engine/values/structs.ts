/**
 * The standard's output structures as bytes, in the layout of the 64-bit Linux ABI (PKCS#11 3.2, chapter 3: natural alignment,
 * CK_ULONG of 8 bytes), as the shim copies them to the caller.
 */
import type { Reply } from './reply.ts';

const encoder = new TextEncoder();

/** Writes a structure field by field; each method appends. */
export class StructWriter {
  readonly #reply: Reply;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(reply: Reply, size: number) {
    this.#reply = reply;
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Text padded with blanks, cut at a character's boundary. */
  text(text: string, width: number): this {
    this.#bytes.fill(0x20, this.#at, this.#at + width);
    encoder.encodeInto(text, this.#bytes.subarray(this.#at, this.#at + width));
    this.#at += width;
    return this;
  }

  /** A CK_ULONG, aligned; -1 is CK_UNAVAILABLE_INFORMATION. */
  ulong(value: number): this {
    this.#at = (this.#at + 7) & ~7;
    this.#view.setBigInt64(this.#at, BigInt(value), true);
    this.#at += 8;
    return this;
  }

  /** A CK_VERSION. */
  version(major: number, minor: number): this {
    this.#bytes[this.#at] = major;
    this.#bytes[this.#at + 1] = minor;
    this.#at += 2;
    return this;
  }

  /** Appends the finished structure to the reply. */
  done(): void {
    this.#reply.fixed(this.#bytes, this.#bytes.byteLength);
  }
}

/** sizeof of each structure. */
export const size = {
  CK_INFO: 88,
  CK_SLOT_INFO: 112,
  CK_TOKEN_INFO: 208,
  CK_SESSION_INFO: 32,
  CK_MECHANISM_INFO: 24,
} as const;
