import { defineConfig } from 'vitest/config';

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
    // More than processors: many wait for time-outs of what they try.
    maxWorkers: 4,
    fileParallelism: true,
  },
});
