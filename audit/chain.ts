/**
 * Follows the chain of seals from record to record and says, in words, where it breaks. Both the verifier and the
 * engine's look at its log at start use it.
 */
import { hash as hashOnce, type KeyObject } from 'node:crypto';
import { checkpointHolds } from './checkpoint.ts';
import {
  at,
  formatVersion,
  getU64,
  hashLength,
  headerLength,
  Kind,
  maxDetail,
  sealLength,
} from './format.ts';
import type { RawRecord } from './reader.ts';

/** Where a chain has come to. */
export interface ChainPoint {
  /** Sequence number of the next record. */
  sequence: number;
  /** Seal (hash ‖ MAC) of the last record; zeros before the first. */
  seal: Uint8Array;
}

export interface ChainChecks {
  /** For checkpoints. */
  readonly publicKey: KeyObject;
  /** Whether a MAC belongs to a hash, for those who hold the audit key. */
  readonly checkMac?: (hash: Uint8Array, mac: Uint8Array) => boolean;
}

export function beginning(): ChainPoint {
  return { sequence: 0, seal: new Uint8Array(sealLength) };
}

const scratch = Buffer.alloc(hashLength + headerLength + maxDetail);

/** SHA-256(hash of the record before ‖ body); in one piece, since one call is much faster than three. */
function hashOf(previous: Uint8Array, body: Uint8Array): Buffer {
  scratch.set(previous.subarray(0, hashLength));
  scratch.set(body, hashLength);
  return hashOnce('sha256', scratch.subarray(0, hashLength + body.length), 'buffer');
}

/** Where a chain breaks: the first record that is wrong or missing, and a sentence about it. */
export interface Break {
  readonly record: number;
  readonly problem: string;
}

/**
 * Checks that `record` is the one that follows `point`, and moves the point behind it.
 * @returns null, or what is wrong
 */
export function follow(point: ChainPoint, record: RawRecord, checks: ChainChecks): Break | null {
  const { body, seal, offset } = record;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const sequence = getU64(view, at.sequence);
  const previous = body.subarray(at.previous, at.previous + sealLength);
  const hash = hashOf(previous, body);
  const intact = hash.equals(seal.subarray(0, hashLength));
  const linked = Buffer.compare(previous, point.seal) === 0;
  const here = (problem: string): Break => ({ record: point.sequence, problem });
  if (!intact) return here(`record ${point.sequence} was changed: its contents do not give its hash`);
  if (!linked) {
    const last = point.sequence - 1;
    const sameHash =
      Buffer.compare(previous.subarray(0, hashLength), point.seal.subarray(0, hashLength)) === 0;
    if (sameHash && last >= 0)
      return { record: last, problem: `record ${last} was changed: its MAC is not the one that was written` };
    return here(broken(point.sequence, sequence));
  }
  if (sequence !== point.sequence) return here(`record ${point.sequence} carries the number ${sequence}`);
  if (body[at.version] !== formatVersion) {
    return here(`record ${sequence} has layout ${body[at.version]}, which this release does not know`);
  }
  if (checks.checkMac !== undefined && !checks.checkMac(hash, seal.subarray(hashLength))) {
    return here(`record ${sequence} was not written by the engine: its MAC is wrong`);
  }
  if (body[at.kind] === Kind.Checkpoint && !checkpointHolds(body, offset, checks.publicKey)) {
    return here(`checkpoint ${sequence} does not carry this store's signature for the records before it`);
  }
  point.sequence = sequence + 1;
  point.seal = Uint8Array.from(seal);
  return null;
}

/** The record is whole in itself, and does not continue the one before it. */
function broken(expected: number, found: number): string {
  if (found === expected + 1) return `record ${expected} is missing: ${found} stands in its place`;
  if (found > expected)
    return `records ${expected} to ${found - 1} are missing: ${found} stands in their place`;
  if (found < expected)
    return `record ${found} stands where record ${expected} belongs: it was repeated, moved or put in`;
  return `record ${expected} does not continue the one before it: one of the two is not the original`;
}
