/** What whoever opens a log brings along. */

/**
 * The chain's secrets, which stay with whoever opens the log (the engine's enclave), and the memory mapping that Node
 * lacks. Failures are thrown.
 */
export interface ChainKeeper {
  /** Sets the chain's head: the last record's hash, zeros at the beginning. */
  start(previousHash: Uint8Array): void;
  /**
   * Puts the record whose body is `body[0, length)` to `window` at `offset`, hash ‖ MAC behind the body, and moves the head. What
   * the window shows meanwhile is told in tail.ts: the seal of the record before comes first, the length field last.
   * Then the new seal replaces the one of the record before in `body`.
   */
  seal(body: Uint8Array, length: number, window: Uint8Array, offset: number): void;
  /** Whether the MAC belongs to the hash. */
  check(hash: Uint8Array, mac: Uint8Array): boolean;
  /** Ed25519, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
  /** The raw public key, 32 bytes. */
  publicKey(): Uint8Array;
  /** A window of so many bytes, with no file under it. */
  window(length: number): Uint8Array;
  /** Maps the file's bytes from `offset` on under the window, shared. */
  slide(window: Uint8Array, fd: number, offset: number): void;
  /** Lets the file go. The window must not be used any more. */
  release(window: Uint8Array): void;
  /**
   * Makes the file at least `offset + length` long and sets room on the disk aside for the range; new bytes are zeros.
   * @returns false when disk or quota is full or the file too large
   */
  reserve(fd: number, offset: number, length: number): boolean;
}

export interface AuditFiles {
  readonly log: string;
  readonly publicKey: string;
  readonly anchor: string;
}

export interface WriterOptions {
  /** Said in the first record of a new log. */
  readonly storeId: string;
  /** Said in the first record too: what became of an earlier log of this store. */
  readonly after?: string;
  /** The store has had a log before: one that is missing or empty now was taken away. */
  readonly hadLog?: boolean;
  /** Milliseconds until data records are synced; 0 syncs each. Default 1000. */
  readonly syncInterval?: number;
  /** A checkpoint after so many records, which is also what a start after a crash has to read at the most. Default 10,000. */
  readonly checkpointRecords?: number;
  /** A checkpoint so many milliseconds after the first record that no checkpoint covers. Default 30,000. */
  readonly checkpointInterval?: number;
}
