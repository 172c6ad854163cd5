/** `strongroom engine status`: the engine that runs, what it was told, and who uses it. */
import { Command } from 'commander';
import { CryptokiFailure } from '../cryptoki.ts';
import { type EngineState, engineState } from '../engine-state.ts';
import {
  applicationName,
  type EngineStatus,
  engineStatus,
  type KeptKind,
  otherApplications,
  requireReach,
  staleConfiguration,
} from '../engine-status.ts';
import { earlierEngineWords, endEarlierEngine, isEarlierEngine } from '../gateway.ts';
import { type Place, remoteAddress, storeFolder } from '../places.ts';
import { requireOwnEngine, withStore } from '../store.ts';
import { count, duration, plain, say, sayJson } from '../terminal.ts';

export function engineStatusCommand(): Command {
  return new Command('status')
    .description('say whether an engine runs for the store, with which configuration and for whom')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nStarts none. Exit code 0 whether one runs or not.')
    .action((options: { json?: true }) => status(options.json === true));
}

function status(json: boolean): void {
  requireOwnEngine('How that does: strongroom status');
  const remote = remoteAddress();
  const state = engineState(storeFolder().path);
  if (!state.running) {
    const what = remote === undefined ? 'engine' : 'gateway';
    if (json) sayJson({ running: false, ...(remote === undefined ? {} : { remote: remote.path }) });
    else say(`No ${what} runs; the next program that loads the library starts one.`);
    return;
  }
  requireReach(state);
  const found = remote === undefined ? withStore(engineStatus) : earlierEngine();
  if (found === undefined) {
    if (remote !== undefined) showGateway(state, remote, json);
    return;
  }
  const stale = remote === undefined ? staleConfiguration(found) : earlierEngineWords(found, remote);
  if (!json) show(found, stale, remote === undefined ? restart : endEarlierEngine);
  else {
    const { applications: _, troubles: __, ...rest } = found;
    sayJson({
      running: true,
      ...rest,
      configurationCurrent: stale === undefined,
      applications: otherApplications(found),
    });
  }
}

const restart = 'strongroom engine stop, and the next one reads it';

/** An engine that serves this user's programs although keys are on another machine by now; undefined where their calls are passed on. */
function earlierEngine(): EngineStatus | undefined {
  try {
    const found = withStore(engineStatus);
    return isEarlierEngine(found) ? found : undefined;
  } catch (error) {
    // An engine of his own tells a user: who does not is elsewhere, and so is whoever is away.
    if (error instanceof CryptokiFailure) return undefined;
    throw error;
  }
}

function showGateway(
  { pid, uptimeSeconds = 0, residentKiB = 0 }: EngineState,
  { path, because }: Place,
  json: boolean,
): void {
  if (json) {
    sayJson({ running: true, gateway: true, remote: path, pid: pid ?? null, uptimeSeconds, residentKiB });
    return;
  }
  say(
    `A gateway runs: pid ${pid ?? 'unknown'}, up ${duration(uptimeSeconds)}. It has no keys, and passes calls on.`,
  );
  say(`  keys are at    ${plain(path)} (${plain(because)})`);
  say('  there          strongroom status asks how the service does');
}

/** `12 of 65536`: what all keep, and how much that may be. */
function used({ kept }: EngineStatus, kind: KeptKind): string {
  const found = kept.find(({ name }) => name === kind);
  return found === undefined ? 'unknown' : `${found.used} of ${found.total}`;
}

function show(found: EngineStatus, stale: string | undefined, mend: string): void {
  const others = otherApplications(found);
  const file =
    found.configuration === null ? 'none; every key has its default' : plain(found.configuration.path);
  say(`The engine runs: pid ${found.pid}, up ${duration(found.uptimeSeconds)}, version ${found.version}.`);
  say(`  configuration  ${file}`);
  if (stale !== undefined) say(`                 ${stale}; ${mend}`);
  const { ownSettings = [], ownSettingsCurrent = true } = found;
  if (ownSettings.length > 0) say(`  store’s own    ${ownSettings.join(', ')}`);
  if (!ownSettingsCurrent)
    say(
      '                 the store’s own settings were changed meanwhile; strongroom engine stop, and the next one reads them',
    );
  say(`  memory         ${found.memoryLocked ? 'locked' : 'not all locked: keys could reach the swap'}`);
  say(`  tokens         ${found.tokens}`);
  say(`  sessions       ${used(found, 'sessions')}`);
  say(
    `  objects        ${used(found, 'sessionObjects')} of sessions, ${used(found, 'sessionObjectBytes')} bytes`,
  );
  say(`  operations     ${used(found, 'operations')}, ${used(found, 'operationBytes')} bytes`);
  const troubles = found.troubles?.filter(({ kind }) => kind !== 'limit').length ?? 0;
  if (troubles > 0) say(`  wrong          ${count(troubles, 'thing')}; strongroom doctor tells more`);
  say(`  used by        ${others.length === 0 ? 'nobody else' : count(others.length, 'program')}`);
  for (const other of others) {
    const objects = other.kept.sessionObjects;
    const more = objects === 0 ? '' : `, ${count(objects, 'session object')}`;
    say(`                 ${applicationName(other)} (${count(other.sessions, 'session')}${more})`);
  }
}
