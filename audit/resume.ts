/**
 * What an engine does with the log that the last one left: checks it from the newest checkpoint on, with the audit key,
 * and tells a crash from tampering.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beginning, type ChainChecks, type ChainPoint, follow } from './chain.ts';
import { type Anchor, publicKeyPem, readAnchor, readPublicKey } from './checkpoint.ts';
import { at, maxRecord, sealLength } from './format.ts';
import type { AuditFiles, ChainKeeper } from './keeper.ts';
import { LogReader } from './reader.ts';
import { isBegun, isCutAtPage, isDraft } from './tail.ts';

export interface LogState {
  /** What is wrong with the log, in words; null when it can go on. */
  readonly problem: string | null;
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

/** More records than the creation of a log writes before its first anchor. */
const creationRecords = 2;

/** Reads the log in `fd` and decides how it goes on. Changes nothing. */
export function resume(fd: number, files: AuditFiles, keeper: ChainKeeper): LogState {
  const publicKey = readPublicKey(publicKeyPem(keeper.publicKey()));
  // The keeper can check MACs only once it has a chain; where the chain stands does not matter for that.
  keeper.start(new Uint8Array(32));
  const checks: ChainChecks = { publicKey, checkMac: (hash, mac) => keeper.check(hash, mac) };
  const fileSize = fs.fstatSync(fd).size;
  const point = beginning();
  const bad = (problem: string): LogState => ({
    problem,
    sequence: point.sequence,
    seal: point.seal,
    size: fileSize,
    fileSize,
    torn: 0,
    tornDigest: '',
  });
  let anchor: Anchor | null;
  try {
    anchor = readAnchor(files.anchor, publicKey);
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
  const log = path.basename(files.log);
  const reader = new LogReader(fd, anchor?.offset ?? 0);
  if (anchor !== null) {
    const problem = startAtAnchor(reader, anchor, point, checks);
    if (problem !== null) return bad(`${log}: ${problem}`);
  }
  for (let record = reader.next(); record !== null; record = reader.next()) {
    const broken = follow(point, record, checks);
    if (broken === null) continue;
    if (isCutAtPage(fd, record.offset, fileSize, point)) return cutAt(fd, point, record.offset, fileSize);
    return bad(`${log}: ${broken.problem}`);
  }
  if (anchor === null && point.sequence > creationRecords) {
    return bad(`${path.basename(files.anchor)} is missing, so nobody can say where ${log} should end`);
  }
  const { stop } = reader;
  if (stop.at === 'end') {
    return { problem: null, ...point, size: stop.offset, fileSize, torn: 0, tornDigest: '' };
  }
  const crash =
    isCutAtPage(fd, stop.offset, fileSize, point) ||
    (stop.at === 'torn' && isBegun(fd, stop.offset, fileSize - stop.offset, point)) ||
    (stop.at === 'unfinished' && isDraft(fd, stop.offset, fileSize, point));
  if (crash) return cutAt(fd, point, stop.offset, fileSize);
  if (stop.at === 'malformed') return bad(`${log}: record ${point.sequence} is damaged: ${stop.problem}`);
  return bad(`${log}: what follows record ${point.sequence - 1} is no record, and no part of one`);
}

/** The log goes on at `offset`; what stands behind is kept as a digest. */
function cutAt(fd: number, point: ChainPoint, offset: number, fileSize: number): LogState {
  const rest = Buffer.alloc(Math.min(fileSize - offset, maxRecord));
  fs.readSync(fd, rest, 0, rest.length, offset);
  let torn = rest.length;
  while (torn > 1 && rest[torn - 1] === 0) torn--;
  const tornDigest = createHash('sha256').update(rest.subarray(0, torn)).digest('hex');
  return { problem: null, ...point, size: offset, fileSize, torn, tornDigest };
}

/** The anchor's own record must stand where the anchor says; the chain goes on from there. */
function startAtAnchor(
  reader: LogReader,
  anchor: Anchor,
  point: ChainPoint,
  checks: ChainChecks,
): string | null {
  const missing = `the log was cut off: checkpoint ${anchor.sequence}, which the anchor holds, is not there`;
  const record = reader.next();
  if (record === null) return missing;
  const found = Buffer.concat([record.body, record.seal]);
  if (!found.equals(anchor.record))
    return `record ${anchor.sequence} is not the checkpoint that the anchor holds`;
  point.sequence = anchor.sequence;
  point.seal = Uint8Array.from(record.body.subarray(at.previous, at.previous + sealLength));
  return follow(point, record, checks)?.problem ?? null;
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
