/** `strongroom engine stop`: ends the engine, once nobody uses it, or with --force at once. */
import { Command } from 'commander';
import { CryptokiFailure } from '../cryptoki.ts';
import { engineState } from '../engine-state.ts';
import { applicationName, engineStatus, otherApplications, requireReach } from '../engine-status.ts';
import { storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { requireOwnEngine, withStore } from '../store.ts';
import { count, say } from '../terminal.ts';

/** How long an engine may take to write and close everything. */
const patienceMs = 30_000;

export function engineStopCommand(): Command {
  return new Command('stop')
    .description('end the engine of the store; the next program starts another')
    .option('--force', 'also while others use it')
    .addHelpText(
      'after',
      '\nThe log is signed and everything closed. Programs that are cut off by --force get CKR_DEVICE_REMOVED, lose\n' +
        'their sessions and session keys, and go on after C_Initialize.',
    )
    .action((options: { force?: true }) => stop(options.force === true));
}

function stop(force: boolean): void {
  requireOwnEngine('Whoever looks after the machine’s services ends it: systemctl stop strongroomd');
  const folder = storeFolder().path;
  const state = engineState(folder);
  if (!state.running) {
    say('No engine runs.');
    return;
  }
  requireReach(state);
  const pid = withStore((module) => {
    const status = engineStatus(module);
    try {
      module.stopEngine(force);
    } catch (error) {
      if (!(error instanceof CryptokiFailure) || error.rvName !== 'CKR_SESSION_EXISTS') throw error;
      const others = otherApplications(engineStatus(module));
      throw new Problem(
        `${others.length === 1 ? 'one program uses' : `${count(others.length, 'program')} use`} the engine`,
        [
          ...others.map(applicationName),
          'End them first, or cut them off: strongroom engine stop --force',
        ].join('\n'),
      );
    }
    return status.pid;
  });
  awaitEnd(folder, pid);
  say(`The engine (pid ${pid}) has ended.`);
}

function awaitEnd(folder: string, pid: number): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < patienceMs; waited += 20) {
    const state = engineState(folder);
    if (!state.running || (state.pid !== undefined && state.pid !== pid)) return;
    Atomics.wait(cell, 0, 0, 20);
  }
  throw new Problem(
    `the engine (pid ${pid}) was told to end, and has not in ${patienceMs / 1000} seconds`,
    `engine.log in ${folder} may say why; kill ${pid} ends it without asking.`,
  );
}
