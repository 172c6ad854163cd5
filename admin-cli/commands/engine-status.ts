/** `strongroom engine status`: the engine that runs, what it was told, and who uses it. */
import { Command } from 'commander';
import { engineState } from '../engine-state.ts';
import {
  applicationName,
  type EngineStatus,
  engineStatus,
  type KeptKind,
  otherApplications,
  requireReach,
  staleConfiguration,
} from '../engine-status.ts';
import { storeFolder } from '../places.ts';
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
  const state = engineState(storeFolder().path);
  if (!state.running) {
    if (json) sayJson({ running: false });
    else say('No engine runs; the next program that loads the library starts one.');
    return;
  }
  requireReach(state);
  const found = withStore(engineStatus);
  const stale = staleConfiguration(found);
  if (!json) show(found, stale);
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

/** `12 of 65536`: what all keep, and how much that may be. */
function used({ kept }: EngineStatus, kind: KeptKind): string {
  const found = kept.find(({ name }) => name === kind);
  return found === undefined ? 'unknown' : `${found.used} of ${found.total}`;
}

function show(found: EngineStatus, stale: string | undefined): void {
  const others = otherApplications(found);
  const file =
    found.configuration === null ? 'none; every key has its default' : plain(found.configuration.path);
  say(`The engine runs: pid ${found.pid}, up ${duration(found.uptimeSeconds)}, version ${found.version}.`);
  say(`  configuration  ${file}`);
  if (stale !== undefined)
    say(`                 ${stale}; strongroom engine stop, and the next one reads it`);
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
