/**
 * What an engine does with the log that the last one left: checks it from the newest checkpoint on, with the audit key,
 * and tells a crash from tampering.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beginning, type ChainChecks, type ChainPoint, follow } from './chain.ts';
import { type Anchor, publicKeyPem, readAnchor, readPublicKey } from './checkpoint.ts';
import { at, getU64, hashLength, headerLength, Kind, maxRecord, sealLength } from './format.ts';
import type { AuditFiles, ChainKeeper, LogPoint, LogState } from './keeper.ts';
import { newsIn } from './news.ts';
import { LogReader } from './reader.ts';
import { isBegun, isCutAtPage, isDraft } from './tail.ts';

export function missingLog(files: AuditFiles): string {
  return `${path.basename(files.log)} is missing or empty, and this store has had one`;
}

/** More records than the creation of a log writes before its first anchor. */
const creationRecords = 2;

/** What has been read so far: where the chain has come to, and what its records say. */
interface Reading extends ChainPoint {
  generation: number;
  time: number;
  /** The newest checkpoint. */
  signed: number;
  anchorProblem: string | null;
}

/**
 * Reads the log in `fd` and decides how it goes on. Changes nothing.
 * @param known what the store knows to have been on the disk
 */
export function resume(fd: number, files: AuditFiles, keeper: ChainKeeper, known?: LogPoint): LogState {
  const publicKey = readPublicKey(publicKeyPem(keeper.publicKey()));
  // The keeper can check MACs only once it has a chain; where the chain stands does not matter for that.
  keeper.start(new Uint8Array(32));
  const checks: ChainChecks = { publicKey, checkMac: (hash, mac) => keeper.check(hash, mac) };
  const fileSize = fs.fstatSync(fd).size;
  const point: Reading = { ...beginning(), generation: 0, time: 0, signed: -1, anchorProblem: null };
  const bad = (problem: string, putBack: boolean): LogState => ({
    ...point,
    problem,
    putBack: putBack || anchorGone,
    size: fileSize,
    fileSize,
    torn: 0,
    tornDigest: '',
  });
  const log = path.basename(files.log);
  let anchorGone = false;
  let anchor: Anchor | null;
  try {
    anchor = readAnchor(files.anchor, publicKey);
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error), true);
  }
  // What the store knows of its log it has learnt after the anchor was there.
  anchorGone = anchor === null && known !== undefined;
  const reader = new LogReader(fd, anchor?.offset ?? 0);
  if (anchor !== null) {
    // The anchor is signed, so what it says holds whatever the log has become.
    hear(point, anchor.record.subarray(0, anchor.record.length - sealLength), files.anchor, anchor);
    const found = startAtAnchor(reader, anchor, point, checks);
    if (found !== null) return bad(`${log}: ${found.problem}`, found.missing);
  }
  const another = () => bad(`${log} is not the one that this store has written`, true);
  if (isAnother(point, known)) return another();
  for (let record = reader.next(); record !== null; record = reader.next()) {
    const broken = follow(point, record, checks);
    if (broken === null) {
      hear(point, record.body, files.anchor, anchor);
      if (isAnother(point, known)) return another();
      continue;
    }
    if (holds(point, known) && isCutAtPage(fd, record.offset, fileSize, point))
      return cutAt(fd, point, record.offset, fileSize);
    return bad(`${log}: ${broken.problem}`, false);
  }
  if (anchorGone && fileSize === 0) return bad(missingLog(files), true);
  if (anchorGone || (anchor === null && point.sequence > creationRecords))
    return bad(`${path.basename(files.anchor)} is missing, so nobody can say where ${log} should end`, true);
  const { stop } = reader;
  if (stop.at === 'malformed')
    return bad(`${log}: record ${point.sequence} is damaged: ${stop.problem}`, false);
  if (known !== undefined && !holds(point, known)) {
    const lost = `it ends behind record ${point.sequence - 1}, and record ${known.sequence - 1} was on the disk`;
    return bad(`an old ${log} was put back, or it was cut off: ${lost}`, true);
  }
  if (stop.at === 'end') return ends(point, fd, stop.offset, fileSize, 0);
  const crash =
    isCutAtPage(fd, stop.offset, fileSize, point) ||
    (stop.at === 'torn' && isBegun(fd, stop.offset, fileSize - stop.offset, point)) ||
    (stop.at === 'unfinished' && isDraft(fd, stop.offset, fileSize, point));
  if (crash) return cutAt(fd, point, stop.offset, fileSize);
  return bad(`${log}: what follows record ${point.sequence - 1} is no record, and no part of one`, false);
}

/** The log goes on at `offset`; of what stands behind, `behind` bytes are looked at and kept as a digest. */
function ends(point: Reading, fd: number, offset: number, fileSize: number, behind: number): LogState {
  const rest = Buffer.alloc(behind);
  fs.readSync(fd, rest, 0, rest.length, offset);
  let torn = rest.length;
  while (torn > 1 && rest[torn - 1] === 0) torn--;
  const tornDigest = torn === 0 ? '' : createHash('sha256').update(rest.subarray(0, torn)).digest('hex');
  return { ...point, problem: null, putBack: false, size: offset, fileSize, torn, tornDigest };
}

function cutAt(fd: number, point: Reading, offset: number, fileSize: number): LogState {
  return ends(point, fd, offset, fileSize, Math.min(fileSize - offset, maxRecord));
}

/** Whether the chain has come as far as what is known to have been on the disk. */
function holds(point: ChainPoint, known: LogPoint | undefined): boolean {
  return known === undefined || point.sequence >= known.sequence;
}

/** Whether the chain has come to what the store knows, and that is something else. */
function isAnother(point: ChainPoint, known: LogPoint | undefined): boolean {
  if (known === undefined || point.sequence !== known.sequence) return false;
  return Buffer.compare(point.seal.subarray(0, hashLength), known.hash) !== 0;
}

/** Takes in what a good record says of the store and of the anchor. */
function hear(point: Reading, body: Uint8Array, file: string, anchor: Anchor | null): void {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  point.time = Math.floor(getU64(view, at.time) / 1e6);
  const kind = body[at.kind] ?? 0;
  const { storeGeneration } = newsIn({ kind, detail: body.subarray(headerLength) });
  point.generation = Math.max(point.generation, storeGeneration);
  const sequence = getU64(view, at.sequence);
  if (kind === Kind.Checkpoint) point.signed = sequence;
  // An engine signs before it says that it has started, and what it signed is in the anchor then, and on the disk.
  if (anchor === null || kind !== Kind.EngineStart || storeGeneration === 0) return;
  if (point.signed > anchor.sequence)
    point.anchorProblem = `${path.basename(file)} was put back: the log beside it goes further`;
}

/** The anchor's own record must stand where the anchor says; the chain goes on from there. */
function startAtAnchor(
  reader: LogReader,
  anchor: Anchor,
  point: ChainPoint,
  checks: ChainChecks,
): { problem: string; missing: boolean } | null {
  const record = reader.next();
  if (record === null) {
    const missing = `the log was cut off: checkpoint ${anchor.sequence}, which the anchor holds, is not there`;
    return { problem: missing, missing: true };
  }
  const found = Buffer.concat([record.body, record.seal]);
  if (!found.equals(anchor.record))
    return {
      problem: `record ${anchor.sequence} is not the checkpoint that the anchor holds`,
      missing: false,
    };
  point.sequence = anchor.sequence;
  point.seal = Uint8Array.from(record.body.subarray(at.previous, at.previous + sealLength));
  const broken = follow(point, record, checks);
  return broken === null ? null : { problem: broken.problem, missing: false };
}

/**
 * Puts a log that cannot go on out of the way, as it is, so that a new one can begin: the evidence is kept, and the engine
 * can work again. The new log's first record should name it (`after` in the writer's options).
 * @returns the name that the old log has now, in the same folder
 */
export function setAside(files: AuditFiles, now = new Date()): string {
  const stamp = now.toISOString().replace(/[:.]/g, '-');
  const kept = path.join(path.dirname(files.log), `audit-${stamp}.log`);
  fs.renameSync(files.log, kept);
  if (fs.existsSync(files.anchor)) fs.renameSync(files.anchor, `${kept}.anchor`);
  return path.basename(kept);
}
