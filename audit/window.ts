/**
 * The stretch of the log that is being written, mapped into memory: room is set aside ahead of the records, so that a full disk
 * is met before a record is begun and never in the middle of one.
 */
import fs from 'node:fs';
import { AuditError } from './errors.ts';
import type { ChainKeeper } from './keeper.ts';

/** Bytes in a window: some 5,000 records of an operation. */
export const windowLength = 1 << 20;
/** Windows begin at multiples of the largest page that Linux uses. */
const alignment = 65_536;

export class LogWindow {
  /** What is under the window, from {@link base} of the file on. Only bytes in front of {@link end} are the file's. */
  readonly bytes: Uint8Array;
  /** Offset in the file of the window's first byte. */
  base = 0;
  /** Offset in the file behind the last byte that can be written through the window. */
  end = 0;
  readonly #fd: number;
  readonly #keeper: ChainKeeper;

  constructor(fd: number, keeper: ChainKeeper) {
    this.#fd = fd;
    this.#keeper = keeper;
    this.bytes = keeper.window(windowLength);
  }

  /**
   * Makes `length` bytes from `offset` of the file on writable through the window. When the disk is nearly full, less is set aside
   * than a whole window.
   * @throws AuditError `full`: nothing has changed
   */
  slide(offset: number, length: number): void {
    const base = offset - (offset % alignment);
    const needed = offset + length - base;
    for (let room = windowLength; room >= needed; room /= 2) {
      if (!this.#keeper.reserve(this.#fd, base, room)) continue;
      // From here on a failure leaves nothing under the window.
      this.end = 0;
      this.#keeper.slide(this.bytes, this.#fd, base);
      this.base = base;
      this.end = base + room;
      return;
    }
    throw new AuditError('full', 'the audit log cannot grow: the disk or quota is full');
  }

  /**
   * Looks whether the file still reaches as far as the window: behind a file's end a window is deadly to touch.
   * @throws AuditError when somebody has cut the file
   */
  check(): void {
    if (fs.fstatSync(this.#fd).size >= this.end) return;
    throw new AuditError('tampered', 'the audit log was cut short under the running engine');
  }

  /** Takes a record back that was put at `offset`: its length first, so that it is whole or not there at any moment. */
  erase(offset: number, length: number): void {
    const at = offset - this.base;
    this.bytes.fill(0, at, at + 4);
    this.bytes.fill(0, at + 4, at + length);
  }

  /** Lets the file go, and cuts what was set aside and not used: its records end at `size`. A file that is shorter stays so. */
  close(size: number): void {
    this.end = 0;
    this.#keeper.release(this.bytes);
    if (fs.fstatSync(this.#fd).size > size) fs.ftruncateSync(this.#fd, size);
  }
}
