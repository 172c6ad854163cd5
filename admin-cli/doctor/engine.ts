/** The engine: does one run, for us, with the configuration that would be used now; and may it lock its memory? */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { version } from '../../schema/product.ts';
import { type EngineState, engineState } from '../engine-state.ts';
import { beyondReach, type EngineStatus, staleConfiguration } from '../engine-status.ts';
import { installed, storeFiles, storeFolder } from '../places.ts';
import { duration, plain } from '../terminal.ts';
import { checkEngineLog } from './engine-log.ts';
import { type Finding, fine, remarkable, type Section, section, size, wrong } from './finding.ts';
import type { Seen } from './library.ts';
import { troublesAbout } from './troubles.ts';

const enoughLocked = 8 * 1024 * 1024;

/** @param seen what the running engine says of itself, where it could be asked */
export function checkEngine(seen: Seen): Section {
  return section('Engine', 'process', () => [
    ...checkProcess(storeFolder().path, seen),
    ...['clock', 'policy', 'process', 'applications', 'metrics', 'engine.log'].flatMap((about) =>
      troublesAbout(seen.status, about),
    ),
    checkMemoryLock(),
  ]);
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

function checkProcess(folder: string, { status, finding }: Seen): Finding[] {
  const socket = path.join(folder, storeFiles.socket);
  const state = settledState(folder, socket);
  const said = checkEngineLog(folder, state.running);
  if (!state.running) return [fine('process', 'none runs; the next application starts one'), ...said];
  const foreign = beyondReach(state);
  if (foreign !== undefined) return [wrong('process', foreign, 'work as that user')];
  const { pid, stopped, residentKiB, lockedKiB, uptimeSeconds } = state;
  const list: Finding[] = [];
  if (pid === undefined) list.push(remarkable('process', 'one runs, out of our sight (another container?)'));
  else if (stopped === true)
    list.push(wrong('process', `pid ${pid} is stopped (SIGSTOP), and answers nobody`, `kill -CONT ${pid}`));
  else if (state.program !== undefined) {
    const text = `pid ${pid} holds the store, and is no engine: ${plain(state.program)}`;
    const mend = `find out what it is: it may get every PIN that programs pass on; then: kill ${pid}`;
    return [wrong('process', text, mend)];
  } else if (finding !== undefined)
    list.push(wrong('process', `pid ${pid} runs, and does not serve`, `if it stays so: kill -9 ${pid}`));
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
  list.push(...checkOrders(pid, status));
  list.push(fine('log', path.join(folder, storeFiles.engineLog)));
  return [...list, ...said];
}

/** Whether the engine works as the files say that stand there now: it read them when it started. */
function checkOrders(pid: number | undefined, status: EngineStatus | undefined): Finding[] {
  // Another engine than the one that was asked may have taken its place meanwhile; the next look shows.
  if (status === undefined || status.pid !== pid) return [];
  const list: Finding[] = [];
  const restart = 'strongroom engine stop; the next application starts another';
  const stale = staleConfiguration(status);
  const file = status.configuration?.path ?? 'none';
  list.push(
    stale === undefined ? fine('works with', `${file}, as above`) : wrong('works with', stale, restart),
  );
  if (status.folder !== undefined && status.folder !== installed.folder)
    list.push(
      wrong(
        'program',
        `the engine is that of ${plain(status.folder)}, and this is ${installed.folder}`,
        restart,
      ),
    );
  else if (isOutdated(status))
    list.push(wrong('program', `${installed.engine} is newer than the engine that runs`, restart));
  if (status.version !== version) {
    const text = `the engine is of version ${status.version}, and this is ${version}`;
    list.push(wrong('version', text, restart));
  }
  return list;
}

/** Whether the installed engine was replaced after the one that runs had started. */
function isOutdated({ uptimeSeconds }: EngineStatus): boolean {
  const changed = fs.statSync(installed.engine, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // The engine counts in whole seconds.
  return changed > Date.now() - uptimeSeconds * 1000 + 1000;
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
