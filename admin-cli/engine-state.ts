/** Whether an engine runs for a store, read from the kernel's own lists: looking must not start, stop or disturb one. */
import fs from 'node:fs';
import path from 'node:path';
import { storeFiles } from './places.ts';

export interface EngineState {
  readonly running: boolean;
  /** Undefined when none runs, or when it runs where we cannot see it. */
  readonly pid?: number;
  /** Whether a signal or a debugger has stopped it: it serves nobody then. */
  readonly stopped?: boolean;
  /** Its command line, when it is none of an engine's. */
  readonly program?: string;
  /** Whose it is. */
  readonly uid?: number;
  readonly residentKiB?: number;
  readonly lockedKiB?: number;
  readonly uptimeSeconds?: number;
}

/** An engine runs exactly while engine.lock is locked; the pid inside is a hint for people and outlives its engine. */
export function engineState(folder: string): EngineState {
  const file = path.join(folder, storeFiles.lock);
  const stat = fs.statSync(file, { throwIfNoEntry: false, bigint: true });
  if (stat === undefined || !isLocked(stat.dev, stat.ino)) return { running: false };
  const pid = Number(readText(file).split('\n', 1)[0]);
  const status = readText(`/proc/${pid}/status`);
  if (!Number.isSafeInteger(pid) || pid <= 0 || status === '') return { running: true };
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return {
    running: true,
    pid,
    ...strangeProgram(pid),
    stopped: /^State:\s+[Tt]/m.test(status),
    uid: Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1]),
    residentKiB: kib('VmRSS'),
    lockedKiB: kib('VmLck'),
    uptimeSeconds: uptime(pid),
  };
}

/** Engines cannot be inspected, but what they were called with can be read. */
function strangeProgram(pid: number): { program?: string } {
  const words = readText(`/proc/${pid}/cmdline`).split('\0');
  if (words.some((word) => path.basename(word) === 'engine.cjs')) return {};
  return { program: words.join(' ').trim() };
}

/** /proc/locks has lines such as `4: FLOCK  ADVISORY  WRITE 812 fe:01:1835021 0 EOF` (proc(5)). */
function isLocked(device: bigint, inode: bigint): boolean {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  const hex = (number: bigint) => number.toString(16).padStart(2, '0');
  const name = `${hex(major)}:${hex(minor)}:${inode}`;
  return readText('/proc/locks')
    .split('\n')
    .some((line) => {
      const words = line.trim().split(/\s+/);
      return words[1] === 'FLOCK' && words[5] === name;
    });
}

/** Seconds since a process began: field 22 of its stat, in ticks of 1/100 s since boot (proc(5)). */
function uptime(pid: number): number {
  const afterName = readText(`/proc/${pid}/stat`).split(') ').at(-1) ?? '';
  const began = Number(afterName.split(' ')[19]) / 100;
  const now = Number(readText('/proc/uptime').split(' ', 1)[0]);
  return Math.max(0, now - began);
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
