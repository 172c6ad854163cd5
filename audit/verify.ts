/**
 * Verifies a whole log with nothing but the file and the public key; with the anchor it finds truncation too.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type Break, beginning, type ChainChecks, follow } from './chain.ts';
import { type Anchor, readAnchor, readPublicKey } from './checkpoint.ts';
import { type AuditRecord, Kind, parseBody, sealLength, timeText } from './format.ts';
import { LogReader, type RawRecord } from './reader.ts';
import { isDraft } from './tail.ts';

export interface VerifyInput {
  /** The log's file. */
  readonly log: string;
  /** The store's public key, PEM (the contents of audit.pub, best from a copy kept elsewhere). */
  readonly publicKey: string;
  /** The anchor's file. Without it a log that was cut off at a checkpoint, or behind it, looks whole. */
  readonly anchor?: string;
  /** Whether a MAC belongs to a hash; only the engine can say. Finds forged records behind the last checkpoint. */
  readonly checkMac?: (hash: Uint8Array, mac: Uint8Array) => boolean;
  /** Called with each good record, for export. The record is good until the call returns. */
  readonly onRecord?: (record: AuditRecord) => void;
}

export interface Verdict {
  readonly ok: boolean;
  /** Good records, from the first on. */
  readonly records: number;
  /** The number of the first record that is wrong or missing. */
  readonly firstBad?: number;
  /** What is wrong, for people. */
  readonly problem?: string;
  /** The newest good checkpoint. */
  readonly lastCheckpoint?: { readonly sequence: number; readonly time: string };
  /** Good records behind the newest checkpoint: chained, but not signed for yet. */
  readonly uncoveredRecords: number;
  /** The name under which an earlier log of the store was put aside: this one is not the first. */
  readonly after?: string;
}

interface Progress {
  records: number;
  after?: string;
  lastCheckpoint?: { sequence: number; time: string };
}

/**
 * Reads the whole log once, in constant memory.
 * @throws Error when the log cannot be read or the public key is none; what is wrong with the contents is in the verdict
 */
export function verifyAuditLog(input: VerifyInput): Verdict {
  const publicKey = readPublicKey(input.publicKey);
  const progress: Progress = { records: 0 };
  let anchor: Anchor | null = null;
  if (input.anchor !== undefined) {
    try {
      anchor = readAnchor(input.anchor, publicKey);
    } catch (error) {
      return verdict(progress, error instanceof Error ? error.message : String(error));
    }
    if (anchor === null) {
      return verdict(
        progress,
        `the anchor ${path.basename(input.anchor)} is missing: nobody can say where the log should end`,
      );
    }
  }
  const checks: ChainChecks =
    input.checkMac === undefined ? { publicKey } : { publicKey, checkMac: input.checkMac };
  const fd = fs.openSync(input.log, 'r');
  try {
    return walk(fd, checks, anchor, progress, input.onRecord);
  } finally {
    fs.closeSync(fd);
  }
}

/** What a log's first record says of the one before it. */
function earlierLog(record: AuditRecord): { after?: string } {
  try {
    const { after } = JSON.parse(new TextDecoder().decode(record.detail)) as { after?: unknown };
    return typeof after === 'string' ? { after } : {};
  } catch {
    return {};
  }
}

function walk(
  fd: number,
  checks: ChainChecks,
  anchor: Anchor | null,
  progress: Progress,
  onRecord: ((record: AuditRecord) => void) | undefined,
): Verdict {
  const reader = new LogReader(fd);
  const point = beginning();
  for (let record = reader.next(); record !== null; record = reader.next()) {
    const broken = follow(point, record, checks) ?? againstAnchor(record, point.sequence - 1, anchor);
    if (broken !== null) {
      progress.records = Math.min(progress.records, broken.record);
      return verdict(progress, since(progress, broken.problem), broken.record);
    }
    progress.records = point.sequence;
    const parsed = parseBody(record.body);
    if (parsed.kind === Kind.Begin) Object.assign(progress, earlierLog(parsed));
    if (parsed.kind === Kind.Checkpoint) {
      progress.lastCheckpoint = { sequence: parsed.sequence, time: timeText(parsed.time) };
    }
    onRecord?.(parsed);
  }
  const { stop } = reader;
  if (stop.at === 'malformed') {
    return verdict(progress, `record ${point.sequence} is damaged: ${stop.problem}`, point.sequence);
  }
  if (anchor !== null && anchor.sequence >= point.sequence) {
    const missing = `records ${point.sequence} to ${anchor.sequence} and whatever followed are missing`;
    return verdict(progress, `the log was cut off: ${missing}, as the anchor proves`, point.sequence);
  }
  if (stop.at === 'torn' || (stop.at === 'unfinished' && isDraft(fd, stop.offset, stop.end, point))) {
    const torn = `the log ends in the middle of record ${point.sequence}`;
    return verdict(
      progress,
      `${torn}: a crash, which the engine mends when it starts, or a cut`,
      point.sequence,
    );
  }
  if (stop.at === 'unfinished') {
    const last = point.sequence === 0 ? 'the beginning' : `record ${point.sequence - 1}`;
    return verdict(
      progress,
      `something stands behind ${last}, where the log ends; or record ${point.sequence} was changed there`,
      point.sequence,
    );
  }
  if (point.sequence === 0) return verdict(progress, 'the log is empty', 0);
  return verdict(progress);
}

/** The anchor is a copy of a whole record: the log must hold the same bytes at the same place. */
function againstAnchor(record: RawRecord, sequence: number, anchor: Anchor | null): Break | null {
  if (anchor === null || sequence !== anchor.sequence) return null;
  const { body, seal } = record;
  const same =
    record.offset === anchor.offset &&
    body.length + sealLength === anchor.record.length &&
    Buffer.compare(body, anchor.record.subarray(0, body.length)) === 0 &&
    Buffer.compare(seal, anchor.record.subarray(body.length)) === 0;
  return same
    ? null
    : { record: sequence, problem: `record ${sequence} is not the checkpoint that the anchor holds` };
}

/** A failed signature or a broken link speaks of everything since the last signature that held. */
function since(progress: Progress, problem: string): string {
  if (!problem.startsWith('checkpoint')) return problem;
  const from =
    progress.lastCheckpoint === undefined
      ? 'the beginning'
      : `checkpoint ${progress.lastCheckpoint.sequence}`;
  return `${problem}; the records since ${from} are not the ones that were written`;
}

function verdict(progress: Progress, problem?: string, firstBad?: number): Verdict {
  const covered = progress.lastCheckpoint === undefined ? 0 : progress.lastCheckpoint.sequence + 1;
  return {
    ok: problem === undefined,
    records: progress.records,
    uncoveredRecords: Math.max(0, progress.records - covered),
    ...(progress.lastCheckpoint === undefined ? {} : { lastCheckpoint: progress.lastCheckpoint }),
    ...(progress.after === undefined ? {} : { after: progress.after }),
    ...(problem === undefined ? {} : { problem }),
    ...(firstBad === undefined ? {} : { firstBad }),
  };
}
