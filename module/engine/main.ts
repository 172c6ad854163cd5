/**
 * The engine's process: `engine.cjs --store DIR [--config FILE] [--linger-seconds N] [--ready-fd N] [--service [--listen-fd N] [--no-door]]`.
 *
 * Started by strongroom-launch. Says on the ready descriptor, once, 'R' when it serves, or 'E' and a CK_RV (8 bytes, little-endian) when
 * it cannot. Leaves after the last application has gone and the linger time has passed, and on SIGTERM. As a service (strongroomd) it stays,
 * and listens where the configuration says, for whom the policy lets in.
 */
import { closeSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AuditError } from '../../audit/writer.ts';
import {
  cageGaps,
  HardeningError,
  hardenProcess,
  loadProcess,
  requireLockedMemory,
} from '../../hardening/process/process.ts';
import { version } from '../../schema/product.ts';
import { loadEnclave } from '../enclave/load.ts';
import { type Lanes, loadLanes } from '../lane/lane.ts';
import { Dispatcher } from './calls/dispatch.ts';
import { RotationSchedule } from './calls/own/rotation-schedule.ts';
import { Engine } from './engine.ts';
import { CKR_DEVICE_ERROR } from './generated/constants.ts';
import { Log, serviceLog } from './log.ts';
import { Metrics } from './metrics/metrics.ts';
import { ConfigError, type EngineConfig, readConfig } from './policy/config.ts';
import { PolicyError } from './policy/rules/error.ts';
import { unlockByCredentials } from './service/credentials.ts';
import { serviceDoor } from './service/door.ts';
import { Service } from './service/service.ts';
import { networkSide } from './service/side.ts';
import { StoreError } from './store/errors.ts';

/** How long after the last application has left the audit log is signed. */
const SIGN_AFTER_MS = 100;

/** How long an engine waits for the one before it to let go of the store: one that is leaving, or dying, may wait for the disk. */
const LOCK_PATIENCE_MS = 5000;
/** How long it waits when the process that the lock's file names has gone: somebody else holds the lock then, and may do so for ever. */
const STRANGER_PATIENCE_MS = 200;

const processAddon = loadProcess(import.meta.dirname);

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    config: { type: 'string' },
    'linger-seconds': { type: 'string' },
    'ready-fd': { type: 'string' },
    service: { type: 'boolean' },
    'listen-fd': { type: 'string' },
    'no-door': { type: 'boolean' },
  },
});
const folder = values.store;
const log =
  values.service === true
    ? serviceLog(processAddon, folder ?? '')
    : new Log((text) => processAddon.log(folder ?? '', text));
if (folder === undefined) {
  log.line('engine: --store DIR is missing');
  process.exit(2);
}
const readyFd = values['ready-fd'] === undefined ? undefined : Number(values['ready-fd']);

/** Tells whoever started us, once. */
function announce(message: Uint8Array): void {
  processAddon.settled();
  if (readyFd === undefined) return;
  try {
    writeSync(readyFd, message);
    closeSync(readyFd);
  } catch {
    // The starter did not wait; others may still come.
  }
}

function fail(rv: number, message: string): never {
  log.line(message, 'error');
  const word = new Uint8Array(9);
  word[0] = 0x45;
  new DataView(word.buffer).setBigUint64(1, BigInt(rv), true);
  announce(word);
  process.exit(1);
}

/** Whether the engine that last took the lock is still there, if only to die. */
function holderLives(store: string): boolean {
  try {
    const pid = Number.parseInt(readFileSync(path.join(store, 'engine.lock'), 'latin1'), 10);
    return pid > 1 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function lockStore(lanes: ReturnType<typeof loadLanes>, store: string): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; !lanes.lock(store); waited += 5) {
    if (waited > (holderLives(store) ? LOCK_PATIENCE_MS : STRANGER_PATIENCE_MS))
      throw new StoreError('locked', 'another engine holds the store');
    Atomics.wait(cell, 0, 0, 5);
  }
}

/** What has been taken away and could not be made ours again, if anything. */
function lostOf(lanes: Lanes, store: string): 'lock' | 'socket' | undefined {
  try {
    if (!lanes.lock(store)) return 'lock';
  } catch {
    return 'lock';
  }
  return lanes.mend() ? undefined : 'socket';
}

/** Counts from now on, and tells whoever asks where the configuration says; where that cannot be, keys are used all the same. */
function openMetrics(engine: Engine, dispatcher: Dispatcher, lanes: Lanes): Metrics {
  const { metrics: address, socketGroup } = engine.config.service;
  const door = {
    parked: () => dispatcher.parked,
    lanes: () => lanes.lanes(),
    busyLanes: () => lanes.busyLanes(),
  };
  const metrics = new Metrics(engine, door, address);
  dispatcher.counts = metrics.calls;
  engine.metricsPage = () => metrics.page();
  void metrics.serve(socketGroup).then((problem) => {
    if (problem === undefined) return;
    engine.metricsFinding = `nobody can ask for metrics at ${address}: ${problem}`;
    engine.log(engine.metricsFinding);
  });
  return metrics;
}

/** Keys are on another machine: what the library started passes calls on. */
async function becomeGateway(store: string, config: EngineConfig, lanes: Lanes): Promise<void> {
  const lingerMs =
    1000 * (values['linger-seconds'] === undefined ? config.lingerSeconds : Number(values['linger-seconds']));
  let traces: { close(): Promise<void> } | undefined;
  const leave = (): void => {
    lanes.close();
    void Promise.resolve(traces?.close()).finally(() => process.exit(0));
  };
  try {
    // A file of its own: an engine that has its keys here never needs it.
    const { Gateway, openTraces } = createRequire(import.meta.url)(
      path.join(import.meta.dirname, 'gateway.cjs'),
    ) as typeof import('../gateway/gateway.ts');
    let timer = setTimeout(leave, Math.max(lingerMs, 5000));
    const followed = await openTraces(import.meta.dirname, {
      ...config.remote.traces,
      service: 'strongroom-gateway',
      version,
      log: (message, level) => log.line(message, level),
    });
    traces = followed;
    const gateway = new Gateway({
      lanes,
      folder: store,
      remote: config.remote,
      software: `strongroom ${version}`,
      traces: followed,
      log: (message, level) => log.line(message, level),
      onIdle: (idle) => {
        clearTimeout(timer);
        if (idle) timer = setTimeout(leave, lingerMs);
      },
      onStop: () => setImmediate(leave),
      onFolderChange: () =>
        setImmediate(() => {
          if (lostOf(lanes, store) !== undefined) leave();
        }),
    });
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => undefined);
    process.on('uncaughtException', (error) => log.line(`a bug: ${error.stack ?? error.message}`, 'error'));
    process.on('SIGTERM', leave);
    process.on('SIGINT', leave);
    announce(new Uint8Array([0x52]));
    gateway.drain();
  } catch (error) {
    failed(error);
  }
}

/** The network door of a service. */
function openNetwork(engine: Engine): void {
  // Bounds of its own: whoever talks too much there leaves the engine its words.
  const words = serviceLog(processAddon, folder ?? '');
  words.least = engine.config.service.logLevel;
  engine.network = networkSide(
    engine.config,
    values.config,
    folder ?? '',
    values['no-door'] !== true,
    {
      startDoor: (args) => processAddon.startDoor(args),
      log: (message, level) => words.line(message, level),
    },
    () => cageGaps(processAddon),
  );
}

function start(store: string): void {
  const here = import.meta.dirname;
  const loaded = readConfig(values.config);
  const lanes = loadLanes(path.join(here, 'lane.node'));
  lockStore(lanes, store);
  const warnings = hardenProcess(processAddon, loaded.config.memory.requireLock);
  if (values.service !== true && loaded.config.remote.addresses.length > 0) {
    for (const warning of warnings) log.line(warning, 'warning');
    void becomeGateway(store, loaded.config, lanes);
    return;
  }
  const enclave = loadEnclave(path.join(here, 'enclave.node'));
  const engine = new Engine(store, enclave, lanes, loaded, log, () => requireLockedMemory(processAddon));
  const { config } = engine;
  engine.started(version);
  for (const warning of warnings) engine.warn(warning);
  engine.noteLock();
  const credentials = process.env.CREDENTIALS_DIRECTORY;
  if (values.service === true && credentials !== undefined) unlockByCredentials(engine, credentials);
  const lingerSeconds =
    values['linger-seconds'] === undefined ? config.lingerSeconds : Number(values['linger-seconds']);
  const door = values.service === true ? serviceDoor(config, values['listen-fd']) : undefined;

  if (door !== undefined) engine.shared = true;
  if (door !== undefined) engine.usePolicy(config.service.policy);
  if (door !== undefined) openNetwork(engine);
  let leaving = false;
  let metrics: Metrics | undefined;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    try {
      metrics?.close();
      lanes.close();
      engine.close();
    } finally {
      // Also where the disk is full: nobody can come in any more.
      process.exit(0);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  let signing: NodeJS.Timeout | undefined;
  engine.onIdle = (idle) => {
    clearTimeout(timer);
    clearTimeout(signing);
    if (!idle) return;
    if (door === undefined) timer = setTimeout(leave, lingerSeconds * 1000);
    // Nobody waits now: a good moment to sign what the log holds.
    signing = setTimeout(() => engine.sign(), SIGN_AFTER_MS);
  };
  // Not from within the farewell of whoever has asked for it.
  engine.onStop = () => setImmediate(leave);
  /** The store, its lock and its socket are what an engine is for: it keeps them, or it goes. */
  const look = (): void => {
    if (leaving) return;
    const lost = engine.store.lost();
    if (lost !== null) {
      leaving = true;
      try {
        lanes.close();
        engine.abandon(lost.message);
      } finally {
        process.exit(1);
      }
    }
    const taken = lostOf(lanes, store);
    if (taken === undefined) return;
    if (taken === 'socket' && door !== undefined) {
      // Who is in already goes on; whoever looks after the service can bring the place back.
      engine.log(
        'nobody can come in any more: the socket, or its folder, was taken away and cannot be made again',
        'error',
      );
      return;
    }
    engine.log(
      'leaves: another has put a lock or a folder into the place of the lock or the socket',
      'error',
    );
    leave();
  };
  engine.onFolderChange = () => setImmediate(look);
  const dispatcher = new Dispatcher(engine, lanes, store, door);
  new RotationSchedule(engine);
  if (config.service.metrics !== '') metrics = openMetrics(engine, dispatcher, lanes);
  // Those would end us: one comes when a terminal goes, with the other two people ask programs for this and that.
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => undefined);
  process.on('uncaughtException', (error) => engine.log(`a bug: ${error.stack ?? error.message}`, 'error'));
  const service =
    door === undefined ? undefined : new Service(engine, dispatcher, processAddon, values.config, leave);
  if (service === undefined) {
    process.on('SIGTERM', leave);
    process.on('SIGINT', leave);
    timer = setTimeout(leave, Math.max(lingerSeconds, 5) * 1000);
  }
  announce(new Uint8Array([0x52]));
  service?.begin();
  engine.network?.start();
  dispatcher.drain();
}

function failed(error: unknown): never {
  // What a person can mend is said in a sentence; anything else is a bug, and the trace helps to find it.
  const expected = [StoreError, AuditError, ConfigError, PolicyError, HardeningError].some(
    (kind) => error instanceof kind,
  );
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  fail(CKR_DEVICE_ERROR, expected && error instanceof Error ? `cannot start: ${error.message}` : trace);
}

try {
  start(folder);
} catch (error) {
  failed(error);
}
