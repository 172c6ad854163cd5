import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest begins first, so that nothing long is left over at the end. */
const slow: readonly string[] = [
  'fault/gateway',
  'install/install',
  'cli/transcripts',
  'daemon/crowd',
  'fuzz/fuzz',
  'fault/stopped',
  'interop/docs-consumers',
  'hardening/memory',
  'attack/hoard',
  'enclave/sanitizer',
  'lifecycle/rotation',
  'interop/remote-clients',
  'fault/processes',
  'attack/accept',
  'interop/remote',
  'house/errands',
  'interop/java',
  'attack/remote/leases',
  'nonces/kill',
  'memory/values',
  'fault/resident',
  'attack/rollback',
  'memory/lanes',
  'support/store',
  'cli/terminal',
  'fault/storm',
  'cli/pki-hostile',
  'install/npm',
  'shim/interleave',
  'fault/patrons',
  'daemon/traces',
  'fault/launcher',
];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = slow.findIndex((name) => moduleId.includes(`/test/${name}`));
      return at < 0 ? slow.length : at;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Tests start real programs, each with a store and ports of its own.
    // The limits only end what hangs: on a machine that many share, a second's work may take a minute.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    pool: 'forks',
    // More than processors: many wait for time-outs of what they try. With three or five it takes longer.
    maxWorkers: 4,
    fileParallelism: true,
    sequence: { sequencer: SlowFirst },
  },
});
