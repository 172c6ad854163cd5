/**
 * Reads a log record by record in constant memory.
 */
import fs from 'node:fs';
import { lengthProblem, maxRecord, sealLength } from './format.ts';

export interface RawRecord {
  /** Where the record begins in the file. */
  readonly offset: number;
  /** Views of the reader's buffer: good until the next call. */
  readonly body: Uint8Array;
  readonly seal: Uint8Array;
}

/**
 * Why reading stopped: the end of the records, part of a record at the end of the file, something behind a length field of
 * zero, or a length field that no record has.
 */
export type Stop =
  | { readonly at: 'end'; readonly offset: number; readonly end: number }
  | { readonly at: 'torn' | 'unfinished'; readonly offset: number; readonly end: number }
  | { readonly at: 'malformed'; readonly offset: number; readonly end: number; readonly problem: string };

const chunk = 1 << 20;

export class LogReader {
  /** Set once {@link next} has returned null. */
  stop: Stop = { at: 'end', offset: 0, end: 0 };
  readonly #fd: number;
  #end: number;
  /** Where the file ended at first: an engine may write faster than anyone reads, so records that begin behind are left. */
  readonly #until: number;
  #buffer = Buffer.alloc(chunk + maxRecord);
  #filled = 0;
  #at = 0;
  /** Offset in the file of the buffer's first byte. */
  #base: number;

  /** Reads `fd` from `start` on. An engine may be writing to it meanwhile. */
  constructor(fd: number, start = 0) {
    this.#fd = fd;
    this.#base = start;
    this.#until = fs.fstatSync(fd).size;
    this.#end = this.#until;
  }

  /** The offset behind the last record that was returned. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** The next record, or null when there is none; {@link stop} then says why. */
  next(): RawRecord | null {
    for (;;) {
      if (this.position >= this.#until) return this.#stopAt('end');
      this.#fill();
      const held = this.#filled - this.#at;
      const bodyLength = held < 4 ? 0 : this.#buffer.readUInt32BE(this.#at);
      if (bodyLength === 0) {
        // What the buffer holds may be older than what stands there now.
        const stop = this.#lookBehind();
        if (stop === null) continue;
        return this.#stopAt(stop);
      }
      const problem = lengthProblem(bodyLength);
      if (problem !== null) {
        this.stop = { at: 'malformed', offset: this.position, end: this.#end, problem };
        return null;
      }
      const total = bodyLength + sealLength;
      if (total > held) {
        if (this.#grown()) continue;
        return this.#stopAt('torn');
      }
      const offset = this.position;
      const body = this.#buffer.subarray(this.#at, this.#at + bodyLength);
      const seal = this.#buffer.subarray(this.#at + bodyLength, this.#at + total);
      this.#at += total;
      return { offset, body, seal };
    }
  }

  #stopAt(at: 'end' | 'torn' | 'unfinished'): null {
    this.stop = { at, offset: this.position, end: this.#end };
    return null;
  }

  /** Why there is no record here; null when one has been written since the buffer was filled. */
  #lookBehind(): 'end' | 'torn' | 'unfinished' | null {
    if (onlyZeros(this.#fd, this.position, this.#end)) return 'end';
    this.#base = this.position;
    this.#at = 0;
    this.#filled = 0;
    this.#fill();
    if (this.#filled < 4) return this.#grown() ? null : 'torn';
    return this.#buffer.readUInt32BE(0) === 0 ? 'unfinished' : null;
  }

  /** Whether the file has become longer, so that it may hold the rest of a record now. */
  #grown(): boolean {
    const end = fs.fstatSync(this.#fd).size;
    if (end <= this.#end) return false;
    this.#end = end;
    return true;
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
}

const zeros = Buffer.alloc(65_536);

/** Whether there is nothing but zeros in [from, end) of the file. */
export function onlyZeros(fd: number, from: number, end: number): boolean {
  const piece = Buffer.allocUnsafe(zeros.length);
  for (let offset = from; offset < end; ) {
    const got = fs.readSync(fd, piece, 0, Math.min(piece.length, end - offset), offset);
    if (got === 0) break;
    if (!piece.subarray(0, got).equals(zeros.subarray(0, got))) return false;
    offset += got;
  }
  return true;
}
