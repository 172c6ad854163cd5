/** The engine: does one run, how large is it, and may it lock its memory? */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type EngineState, engineState } from '../engine-state.ts';
import { storeFiles, storeFolder } from '../places.ts';
import { type Finding, fine, remarkable, type Section, section, size, wrong } from './finding.ts';

const enoughLocked = 8 * 1024 * 1024;

export function checkEngine(): Section {
  return section('Engine', 'process', () => [...checkProcess(storeFolder().path), checkMemoryLock()]);
}

/** How long an engine may be without its socket: it is starting, or on its way out. */
const PASSING_MS = 1000;

/** The engine's state, once it is no longer in passing: it has a socket, or does not run, or has had its time. */
function settledState(folder: string, socket: string): EngineState {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += 25) {
    const state = engineState(folder);
    if (!state.running || isSocket(socket) || waited >= PASSING_MS) return state;
    Atomics.wait(cell, 0, 0, 25);
  }
}

function isSocket(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSocket() === true;
}

function checkProcess(folder: string): Finding[] {
  const socket = path.join(folder, storeFiles.socket);
  const state = settledState(folder, socket);
  if (!state.running) return [fine('process', 'none runs; the next application starts one')];
  const { pid, stopped, residentKiB, lockedKiB, uptimeSeconds } = state;
  const list: Finding[] = [];
  if (pid === undefined) list.push(remarkable('process', 'one runs, out of our sight (another container?)'));
  else if (stopped === true)
    list.push(wrong('process', `pid ${pid} is stopped (SIGSTOP), and answers nobody`, `kill -CONT ${pid}`));
  else {
    const facts = [
      `pid ${pid}`,
      `up ${duration(uptimeSeconds ?? 0)}`,
      `${size((residentKiB ?? 0) * 1024)} resident`,
      `${size((lockedKiB ?? 0) * 1024)} locked`,
    ];
    list.push(fine('process', facts.join(', ')));
  }
  if (isSocket(socket)) list.push(fine('socket', socket));
  else {
    const mend = pid === undefined ? 'end the engine; the next application starts another' : `kill ${pid}`;
    list.push(wrong('socket', `${socket} has gone, so nobody new can come in`, mend));
  }
  list.push(fine('log', path.join(folder, storeFiles.engineLog)));
  return list;
}

/** The limit of this shell; the engine inherits that of the application which starts it. */
function checkMemoryLock(): Finding {
  const limits = fs.readFileSync('/proc/self/limits', 'utf8');
  const word = /^Max locked memory\s+(\S+)/m.exec(limits)?.[1] ?? 'unlimited';
  const shown = word === 'unlimited' ? word : size(Number(word));
  if (word === 'unlimited' || Number(word) >= enoughLocked) return fine('locked memory', `limit ${shown}`);
  if (process.geteuid?.() === 0) return fine('locked memory', `limit ${shown}, which does not bind root`);
  return remarkable(
    'locked memory',
    `limit ${shown}: many keys in use may not fit, and could be written to swap`,
    'raise it: ulimit -l 65536, or LimitMEMLOCK= in a systemd unit',
  );
}

function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
