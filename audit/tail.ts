/**
 * What may stand behind the last record, and what it means.
 *
 * An engine at work has room set aside there, which reads as zeros: an end like any other. It writes a record in this order:
 * the seal of the record before, the other fields and the record's own seal, and last the length field. Killed
 * in the middle it leaves a draft, which is told by that seal. A power failure may leave part of a record, up to the end of
 * a page. All of these are cut off when an engine starts. Anything else behind the last record was put there.
 */
import fs from 'node:fs';
import type { ChainPoint } from './chain.ts';
import {
  at,
  formatVersion,
  getU64,
  headerLength,
  Kind,
  lengthProblem,
  maxRecord,
  sealLength,
} from './format.ts';
import { onlyZeros } from './reader.ts';

/** The smallest piece that a file system writes or does not write. */
const page = 4096;
/** The engine copies the seal in pieces no smaller than this. */
const word = 8;

function read(fd: number, from: number, end: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, end - from));
  return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, from));
}

/**
 * Whether [offset, end) of the file is a record under way, whose length field has not been written yet, and zeros; or was
 * when we began to look, and the engine has gone on since.
 */
export function isDraft(fd: number, offset: number, end: number, point: ChainPoint): boolean {
  return looksLikeDraft(fd, offset, end, point) || !onlyZeros(fd, offset, offset + 4);
}

function looksLikeDraft(fd: number, offset: number, end: number, point: ChainPoint): boolean {
  const bytes = read(fd, offset, Math.min(end, offset + maxRecord));
  if (bytes.length < headerLength || bytes.readUInt32BE(at.length) !== 0) return false;
  if (!onlyZeros(fd, offset + bytes.length, end)) return false;
  const link = bytes.subarray(at.previous, headerLength);
  let equal = 0;
  while (equal < sealLength && link[equal] === point.seal[equal]) equal++;
  if (equal === sealLength) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sequence = getU64(view, at.sequence);
    return sequence === 0 || sequence === point.sequence;
  }
  // The seal is not all there, so nothing else can be.
  const pieces = equal - (equal % word);
  bytes.fill(0, at.previous, at.previous + pieces);
  return pieces > 0 && bytes.equals(Buffer.alloc(bytes.length));
}

/** Whether a record was begun at `offset` and ends in zeros at a page's end, as does the file: a page that was not written. */
export function isCutAtPage(fd: number, offset: number, end: number, point: ChainPoint): boolean {
  const edge = offset - (offset % page) + page;
  if (edge >= end || !onlyZeros(fd, edge, end)) return false;
  const bytes = read(fd, offset, edge);
  if (bytes.length < 4) return bytes.subarray(0, 2).every((byte) => byte === 0);
  const length = bytes.readUInt32BE(at.length);
  return lengthProblem(length) === null && offset + length + sealLength > edge && isBeginningOf(bytes, point);
}

/** Whether these bytes, at the end of the file, are how the next record would begin. */
export function isBeginningOf(bytes: Buffer, point: ChainPoint): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length > at.version && bytes[at.version] !== formatVersion) return false;
  if (bytes.length >= at.time && getU64(view, at.sequence) !== point.sequence) return false;
  if (bytes.length < headerLength) return true;
  const previous = bytes.subarray(at.previous, at.previous + sealLength);
  if (Buffer.compare(previous, point.seal) !== 0) return false;
  // Operations have no detail: a longer length field was put there.
  return bytes[at.kind] !== Kind.Operation || bytes.readUInt32BE(at.length) === headerLength;
}

/** Whether [offset, offset + bytes) of the file, up to its end, is part of the next record. */
export function isBegun(fd: number, offset: number, bytes: number, point: ChainPoint): boolean {
  return bytes < maxRecord && isBeginningOf(read(fd, offset, offset + bytes), point);
}
