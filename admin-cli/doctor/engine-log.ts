/** What engine.log has to say that somebody should hear of: lines that were lost, and why the last engine did not start. */
import fs from 'node:fs';
import path from 'node:path';
import { storeFiles } from '../places.ts';
import { type Finding, remarkable } from './finding.ts';

/** The end of the log is enough: it holds at most a mebibyte, and what is older stands in engine.log.1. */
const LOOKED_AT = 64 * 1024;
/** A start that succeeds writes to the audit log; one that was at about the same time is not taken for a later one. */
const LATER_MS = 1000;

const lost = /^\S+ (\d+) lines of this log were lost: /gm;
const failed = /cannot start|hard limit .* needs at least|ended before it served|^strongroom-launch: /;

export function checkEngineLog(folder: string, running: boolean): Finding[] {
  const file = path.join(folder, storeFiles.engineLog);
  const text = endOf(file);
  const findings: Finding[] = [];
  const count = [...text.matchAll(lost)].reduce((sum, [, lines]) => sum + Number(lines), 0);
  if (count > 0)
    findings.push(
      remarkable('log', `${count} lines of it were lost, since it could not be written: was the disk full?`),
    );
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  if (!running && failed.test(last) && !startedSince(folder, file))
    findings.push(remarkable('last start', last.replace(/^strongroom(-launch)?: /, '')));
  return findings;
}

/** Whether an engine has started after the last line was written. */
function startedSince(folder: string, file: string): boolean {
  const audit = fs.statSync(path.join(folder, storeFiles.auditLog), { throwIfNoEntry: false });
  return audit !== undefined && audit.mtimeMs > fs.statSync(file).mtimeMs + LATER_MS;
}

function endOf(file: string): string {
  let opened: number;
  try {
    opened = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return '';
  }
  try {
    const about = fs.fstatSync(opened);
    const bytes = Buffer.alloc(Math.min(LOOKED_AT, about.isFile() ? about.size : 0));
    fs.readSync(opened, bytes, 0, bytes.length, Math.max(0, about.size - bytes.length));
    return bytes.toString('utf8');
  } finally {
    fs.closeSync(opened);
  }
}
