/** `strongroom metrics`: the engine's figures, as Prometheus reads them. */
import process from 'node:process';
import { Command } from 'commander';
import { withStore } from '../store.ts';

export function metricsCommand(): Command {
  return new Command('metrics')
    .description('print the engine’s figures, as Prometheus reads them')
    .addHelpText(
      'after',
      '\nOf an engine whose configuration has it count (service.metrics); of a service for whom its policy gives the role “metrics”.\n' +
        'docs/metrics.md says what they are.',
    )
    .action(() => {
      process.stdout.write(withStore((module) => module.metrics()));
    });
}
