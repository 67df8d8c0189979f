import { defineConfig } from 'vitest/config';
import { LongestFirst } from './build/scripts/test/longest-first.ts';

const MINUTE = 60_000;

/** Projects whose tests use real servers. */
const withServices = { globalSetup: ['test/support/services/global-setup.ts'] };

/** One test file after the other: each keeps the processor busy by itself. */
const sequential = { fileParallelism: false, maxWorkers: 1 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A second, as it would be, says more of the machine than of what is waited for.
    expect: { poll: { timeout: MINUTE / 2 } },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: MINUTE },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: MINUTE,
          hookTimeout: MINUTE,
          ...withServices,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.test.ts'],
          testTimeout: 5 * MINUTE,
          hookTimeout: MINUTE,
          ...withServices,
          ...sequential,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/app/**'],
          testTimeout: 5 * MINUTE,
          hookTimeout: MINUTE,
          ...withServices,
        },
      },
      {
        extends: true,
        test: {
          name: 'app',
          include: ['test/e2e/app/**/*.test.ts'],
          globalSetup: ['test/support/app/global-setup.ts'],
          testTimeout: 5 * MINUTE,
          hookTimeout: MINUTE,
        },
      },
    ],
  },
});
