/**
 * The generation anchor: a file beside the database that remembers how far the database had come, so that an old copy of
 * the database put back in its place is noticed.
 *
 * Two slots of 64 bytes, written in turn, each authenticated under the store key. A slot is written after its commit and
 * without a sync of its own: a crash of the process loses nothing that the kernel has taken, and after power loss the
 * anchor can only be behind the (synced) database, never ahead. So "anchor ahead of the database" has one meaning: the
 * database was put back. See docs/decisions/2026-11-22-rollback-anchor.md.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Enclave, KeyHandle } from '../../enclave/enclave.ts';
import { accepted, asStoreError, StoreError } from './errors.ts';
import { files, writeWhole } from './folder.ts';
import { getU64, label, putU64, sameBytes } from './packing.ts';

/** A slot: magic(4) ‖ version u32 ‖ generation u64 ‖ store id(16) ‖ MAC(32). Both lie in one disk sector. */
const magic = 0x53524731;
const version = 1;
const slotLength = 64;
const macAt = 32;
const macLabel = label('generation anchor');

export class GenerationAnchor {
  readonly #enclave: Enclave;
  readonly #root: KeyHandle;
  readonly #storeId: Uint8Array;
  readonly #file: string;
  readonly #fd: number;
  readonly #slot = new Uint8Array(slotLength);
  readonly #view = new DataView(this.#slot.buffer);
  readonly #mac = new Uint8Array(32);

  private constructor(enclave: Enclave, root: KeyHandle, storeId: Uint8Array, file: string, fd: number) {
    this.#enclave = enclave;
    this.#root = root;
    this.#storeId = storeId;
    this.#file = file;
    this.#fd = fd;
  }

  /**
   * Opens the anchor. With `create` it is made first, whole, at generation 0 (a store without a database yet) and in its
   * final size, so that no later write has to find room on a full disk.
   */
  static open(
    folder: string,
    enclave: Enclave,
    root: KeyHandle,
    storeId: Uint8Array,
    create: boolean,
  ): GenerationAnchor {
    const file = path.join(folder, files.generation);
    try {
      if (create) {
        const anchor = new GenerationAnchor(enclave, root, storeId, file, -1);
        anchor.#fill(0);
        writeWhole(folder, files.generation, 0o600, anchor.#slot, new Uint8Array(slotLength));
      }
      const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_NOFOLLOW);
      return new GenerationAnchor(enclave, root, storeId, file, fd);
    } catch (error) {
      throw asStoreError(error, file);
    }
  }

  /**
   * The newest generation that the anchor vouches for.
   * @throws StoreError `tampered` when neither slot is authentic
   */
  read(): number {
    const bytes = new Uint8Array(2 * slotLength);
    try {
      fs.readSync(this.#fd, bytes, 0, bytes.length, 0);
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
    const newest = Math.max(
      this.#check(bytes.subarray(0, slotLength)),
      this.#check(bytes.subarray(slotLength)),
    );
    if (newest < 0) {
      throw new StoreError(
        'tampered',
        `${this.#file} is not authentic; put the whole folder back from one backup`,
      );
    }
    return newest;
  }

  #check(slot: Uint8Array): number {
    const view = new DataView(slot.buffer, slot.byteOffset, slot.byteLength);
    if (view.getUint32(0) !== magic || view.getUint32(4) !== version) return -1;
    if (!sameBytes(slot.subarray(16, macAt), this.#storeId)) return -1;
    if (this.#enclave.macCheck(this.#root, macLabel, slot.subarray(0, macAt), slot.subarray(macAt)) !== 1)
      return -1;
    const generation = getU64(view, 8);
    return Number.isSafeInteger(generation) ? generation : -1;
  }

  /** Records a generation whose commit has returned. One small write, no sync. */
  write(generation: number): void {
    this.#fill(generation);
    try {
      fs.writeSync(this.#fd, this.#slot, 0, slotLength, (generation % 2) * slotLength);
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
  }

  #fill(generation: number): void {
    this.#view.setUint32(0, magic);
    this.#view.setUint32(4, version);
    putU64(this.#view, 8, generation);
    this.#slot.set(this.#storeId, 16);
    accepted(
      this.#enclave.macCompute(this.#root, macLabel, this.#slot.subarray(0, macAt), this.#mac),
      files.generation,
    );
    this.#slot.set(this.#mac, macAt);
  }

  sync(): void {
    try {
      fs.fdatasyncSync(this.#fd);
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
  }

  close(): void {
    fs.closeSync(this.#fd);
  }
}
