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
import { accepted, asStoreError } from './errors.ts';
import { files, writeWhole } from './folder.ts';
import { getU64, label, putU64, sameBytes } from './packing.ts';

/**
 * A slot: magic(4) ‖ version u32 ‖ generation u64 ‖ openings of the store u64 ‖ first half of the store id(8) ‖ MAC(32). Both lie in one disk
 * sector. The first version had the whole store id and no openings.
 */
const magic = 0x53524731;
const version = 2;
const slotLength = 64;
const macAt = 32;
const macLabel = label('generation anchor');

/** What the anchor vouches for: how far the store has come, and how often it was opened. */
export interface Anchored {
  readonly generation: number;
  readonly openings: number;
}

const blank: Anchored = { generation: 0, openings: 0 };

export class GenerationAnchor {
  readonly #enclave: Enclave;
  readonly #root: KeyHandle;
  readonly #storeId: Uint8Array;
  readonly #file: string;
  readonly #folder: string;
  /** -1 while there is no file. */
  #fd = -1;
  /** Openings of the store, this one included. */
  openings = 0;
  readonly #slot = new Uint8Array(slotLength);
  readonly #view = new DataView(this.#slot.buffer);
  readonly #mac = new Uint8Array(32);

  private constructor(enclave: Enclave, root: KeyHandle, storeId: Uint8Array, folder: string) {
    this.#enclave = enclave;
    this.#root = root;
    this.#storeId = storeId;
    this.#folder = folder;
    this.#file = path.join(folder, files.generation);
  }

  /** Opens the anchor. With `create` it is made first, at generation 0: a store without a database yet. */
  static open(
    folder: string,
    enclave: Enclave,
    root: KeyHandle,
    storeId: Uint8Array,
    create: boolean,
  ): GenerationAnchor {
    const anchor = new GenerationAnchor(enclave, root, storeId, folder);
    try {
      if (create) anchor.#create(0);
      else anchor.#open();
      return anchor;
    } catch (error) {
      throw asStoreError(error, anchor.#file);
    }
  }

  #open(): void {
    try {
      this.#fd = fs.openSync(this.#file, fs.constants.O_RDWR | fs.constants.O_NOFOLLOW);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }

  /** Makes the file, whole and in its final size, so that no later write has to find room on a full disk. */
  #create(generation: number): void {
    this.#fill(generation);
    const slots = [new Uint8Array(slotLength), new Uint8Array(slotLength)];
    slots[generation % 2] = this.#slot;
    writeWhole(this.#folder, files.generation, 0o600, ...slots);
    this.#open();
  }

  /** The newest that the anchor vouches for; null when it is not there, or not authentic. */
  read(): Anchored | null {
    if (this.#fd < 0) return null;
    const bytes = new Uint8Array(2 * slotLength);
    try {
      fs.readSync(this.#fd, bytes, 0, bytes.length, 0);
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
    const slots = [this.#check(bytes.subarray(0, slotLength)), this.#check(bytes.subarray(slotLength))];
    const sound = slots.filter((slot) => slot !== null);
    if (sound.length === 0) return null;
    // A slot is written for each change and each opening, and one of them may be torn: the greater of each is true.
    const greatest = (sum: Anchored, slot: Anchored): Anchored => ({
      generation: Math.max(sum.generation, slot.generation),
      openings: Math.max(sum.openings, slot.openings),
    });
    return sound.reduce(greatest, blank);
  }

  #check(slot: Uint8Array): Anchored | null {
    const view = new DataView(slot.buffer, slot.byteOffset, slot.byteLength);
    if (view.getUint32(0) !== magic) return null;
    if (this.#enclave.macCheck(this.#root, macLabel, slot.subarray(0, macAt), slot.subarray(macAt)) !== 1)
      return null;
    const generation = getU64(view, 8);
    if (!Number.isSafeInteger(generation)) return null;
    if (view.getUint32(4) === 1)
      return sameBytes(slot.subarray(16, macAt), this.#storeId) ? { generation, openings: 0 } : null;
    if (view.getUint32(4) !== version || !sameBytes(slot.subarray(24, macAt), this.#storeId.subarray(0, 8)))
      return null;
    return { generation, openings: getU64(view, 16) };
  }

  /** Records a generation whose commit has returned. One small write, no sync. */
  write(generation: number): void {
    if (this.#fd < 0) {
      this.#create(generation);
      return;
    }
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
    putU64(this.#view, 16, this.openings);
    this.#slot.set(this.#storeId.subarray(0, 8), 24);
    accepted(
      this.#enclave.macCompute(this.#root, macLabel, this.#slot.subarray(0, macAt), this.#mac),
      files.generation,
    );
    this.#slot.set(this.#mac, macAt);
  }

  sync(): void {
    if (this.#fd < 0) return;
    try {
      fs.fdatasyncSync(this.#fd);
    } catch (error) {
      throw asStoreError(error, this.#file);
    }
  }

  close(): void {
    if (this.#fd >= 0) fs.closeSync(this.#fd);
  }
}

/** What is wrong between the database, at this generation and with so many openings, and its anchor; in words, or null. */
export function discrepancy(generation: number, openings: number, anchored: Anchored | null): string | null {
  if (anchored === null) return `${files.generation} was taken away, or is not this store's`;
  if (generation < anchored.generation)
    return `an old ${files.database} was put back: it is at generation ${generation}, and ${files.generation} has seen ${anchored.generation}`;
  if (anchored.openings < openings)
    return `an old ${files.generation} was put back: it has seen ${anchored.openings} openings of the store, and ${files.database} ${openings}`;
  return null;
}
