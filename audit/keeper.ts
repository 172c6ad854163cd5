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

/** A place in a log: how many records stand before it, and the hash of the last of them. */
export interface LogPoint {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** What a starting engine finds. */
export interface LogState {
  /** What is wrong with the log, in words; null when it can go on. */
  readonly problem: string | null;
  /** With a problem: whether a file was put back or taken away, and not only changed. */
  readonly putBack: boolean;
  /** What is wrong with the anchor beside a log that can go on, in words, or null. */
  readonly anchorProblem: string | null;
  /** The newest generation of the store that a record speaks of, from the newest checkpoint on. */
  readonly generation: number;
  /** When the newest record was written, in milliseconds since the epoch; 0 when there is none. */
  readonly time: number;
  /** The next record's number, and the last record's seal. */
  readonly sequence: number;
  readonly seal: Uint8Array;
  /** Where the next record goes; the file may be longer by a torn record and by room that was set aside. */
  readonly size: number;
  readonly fileSize: number;
  /** Bytes of a torn record that are to be cut off, without zeros at their end. */
  readonly torn: number;
  readonly tornDigest: string;
}

export interface WriterOptions {
  /** Said in the first record of a new log. */
  readonly storeId: string;
  /** Said in the first record too: what became of an earlier log of this store. */
  readonly after?: string;
  /** The store has had a log before: one that is missing or empty now was taken away. */
  readonly hadLog?: boolean;
  /** What the store knows to have been on the disk: a log that does not hold it is an older one, or another one. */
  readonly known?: LogPoint | undefined;
  /** How far the store's own changes have come, for the checkpoints. */
  readonly generation?: () => number;
  /** Is told what was found, before anything is written. */
  readonly onFound?: (found: LogState) => void;
  /** Milliseconds until data records are synced; 0 syncs each. Default 1000. */
  readonly syncInterval?: number;
  /** A checkpoint after so many records, which is also what a start after a crash has to read at the most. Default 10,000. */
  readonly checkpointRecords?: number;
  /** A checkpoint so many milliseconds after the first record that no checkpoint covers. Default 30,000. */
  readonly checkpointInterval?: number;
}
