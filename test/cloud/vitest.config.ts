import { defineConfig } from 'vitest/config';

/** `npm run test:cloud`: on clouds that were not written for Postern. Apart from the other tests, for it takes minutes. */
export default defineConfig({
  test: {
    include: ['test/cloud/**/*.test.ts'],
    globalSetup: ['test/cloud/support/need-venv.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    pool: 'forks',
    // One deployment at a time is enough for two cores; the interpreters wait more than they work.
    maxWorkers: 2,
    // Acts of one story: what comes after a failed one would only say so again.
    bail: 1,
    reporters: ['verbose'],
  },
});
