/** `strongroom engine stop`: ends the engine, once nobody uses it, or with --force at once. */
import { Command } from 'commander';
import { CryptokiFailure } from '../cryptoki.ts';
import { engineState } from '../engine-state.ts';
import { applicationName, engineStatus, otherApplications, requireReach } from '../engine-status.ts';
import { remoteAddress, storeFolder } from '../places.ts';
import { Problem } from '../problem.ts';
import { requireOwnEngine, withStore } from '../store.ts';
import { count, plain, say } from '../terminal.ts';

/** How long an engine may take to write and close everything. */
const patienceMs = 30_000;

export function engineStopCommand(): Command {
  return new Command('stop')
    .description('end the engine of the store; the next program starts another')
    .option('--force', 'also while others use it')
    .addHelpText(
      'after',
      '\nWhere keys are on another machine it ends the gateway of this user, and nothing there.\nThe log is signed and everything closed. Programs that are cut off by --force get CKR_DEVICE_REMOVED, lose\n' +
        'their sessions and session keys, and go on after C_Initialize.',
    )
    .action((options: { force?: true }) => stop(options.force === true));
}

function stop(force: boolean): void {
  requireOwnEngine('Whoever looks after the machine’s services ends it: systemctl stop strongroomd');
  const folder = storeFolder().path;
  const remote = remoteAddress();
  const state = engineState(folder);
  if (!state.running) {
    say(remote === undefined ? 'No engine runs.' : 'No gateway runs.');
    return;
  }
  requireReach(state);
  const pid = withStore((module) => {
    // What a gateway says of the engine is said of the other machine's.
    const before = remote === undefined ? engineStatus(module).pid : state.pid;
    try {
      module.stopEngine(force);
    } catch (error) {
      if (!(error instanceof CryptokiFailure) || error.rvName !== 'CKR_SESSION_EXISTS') throw error;
      if (remote !== undefined)
        throw new Problem(
          `other programs of this user are on their way to ${plain(remote.path)} by the same process`,
          'End them first, or cut them off: strongroom engine stop --force',
        );
      const others = otherApplications(engineStatus(module));
      throw new Problem(
        `${others.length === 1 ? 'one program uses' : `${count(others.length, 'program')} use`} the engine`,
        [
          ...others.map(applicationName),
          'End them first, or cut them off: strongroom engine stop --force',
        ].join('\n'),
      );
    }
    return before;
  });
  awaitEnd(folder, pid);
  say(
    remote === undefined
      ? `The engine (pid ${pid}) has ended.`
      : `This user’s process (pid ${pid}) has ended; the service at ${plain(remote.path)} goes on.`,
  );
}

function awaitEnd(folder: string, pid: number | undefined): void {
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
