/**
 * Reads a log record by record in constant memory.
 */
import fs from 'node:fs';
import { headerLength, lengthProblem, maxRecord, sealLength } from './format.ts';

export interface RawRecord {
  /** Where the record begins in the file. */
  readonly offset: number;
  /** Views of the reader's buffer: good until the next call. */
  readonly body: Uint8Array;
  readonly seal: Uint8Array;
}

/** Why reading stopped: the end, a record that the file ends in, or a length field that no record has. */
export type Stop =
  | { readonly at: 'end' }
  | { readonly at: 'torn'; readonly offset: number; readonly bytes: number; readonly zeros: boolean }
  | { readonly at: 'malformed'; readonly offset: number; readonly problem: string };

const chunk = 1 << 20;

export class LogReader {
  /** Set once {@link next} has returned null. */
  stop: Stop = { at: 'end' };
  readonly #fd: number;
  readonly #end: number;
  #buffer = Buffer.alloc(chunk + maxRecord);
  #filled = 0;
  #at = 0;
  /** Offset in the file of the buffer's first byte. */
  #base: number;

  /** Reads `fd` from `start` to the end that the file has now. */
  constructor(fd: number, start = 0) {
    this.#fd = fd;
    this.#base = start;
    this.#end = fs.fstatSync(fd).size;
  }

  /** The offset behind the last record that was returned. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** The next record, or null when there is none; {@link stop} then says why. */
  next(): RawRecord | null {
    const left = this.#end - this.position;
    if (left <= 0) return null;
    if (left < headerLength + sealLength) return this.#torn(left);
    this.#fill();
    if (this.#filled - this.#at < headerLength + sealLength) return this.#torn(this.#filled - this.#at);
    const bodyLength = this.#buffer.readUInt32BE(this.#at);
    const problem = lengthProblem(bodyLength);
    if (problem !== null) {
      if (bodyLength === 0 && this.#restIsZeros()) return this.#torn(left);
      this.stop = { at: 'malformed', offset: this.position, problem };
      return null;
    }
    const total = bodyLength + sealLength;
    if (total > this.#filled - this.#at) return this.#torn(left);
    const offset = this.position;
    const body = this.#buffer.subarray(this.#at, this.#at + bodyLength);
    const seal = this.#buffer.subarray(this.#at + bodyLength, this.#at + total);
    this.#at += total;
    return { offset, body, seal };
  }

  /** Makes sure that the buffer holds a whole record, if the file does. */
  #fill(): void {
    if (this.#filled - this.#at >= maxRecord) return;
    this.#buffer.copyWithin(0, this.#at, this.#filled);
    this.#base += this.#at;
    this.#filled -= this.#at;
    this.#at = 0;
    while (this.#filled < this.#buffer.length) {
      const room = Math.min(this.#buffer.length - this.#filled, this.#end - this.#base - this.#filled);
      if (room <= 0) return;
      const got = fs.readSync(this.#fd, this.#buffer, this.#filled, room, this.#base + this.#filled);
      if (got === 0) return;
      this.#filled += got;
    }
  }

  #torn(bytes: number): null {
    this.stop = { at: 'torn', offset: this.position, bytes, zeros: this.#restIsZeros() };
    return null;
  }

  /** Looks ahead to the end of the file; the reader is at its end afterwards. */
  #restIsZeros(): boolean {
    const piece = Buffer.alloc(65_536);
    for (let offset = this.position; offset < this.#end; ) {
      const got = fs.readSync(this.#fd, piece, 0, Math.min(piece.length, this.#end - offset), offset);
      if (got === 0) break;
      if (piece.subarray(0, got).some((byte) => byte !== 0)) return false;
      offset += got;
    }
    return true;
  }
}
