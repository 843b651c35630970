import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Other people's tools against the whole broker: `npm run test:clients`, after .ci/make-clients. */
export default defineConfig({
  test: {
    include: ['test/clients/**/*.test.ts'],
    globalSetup: ['test/clients/support/find-tools.ts', 'test/support/build-once.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'threads',
    isolate: false,
    // Programs that tests start compile what they load once, and not each anew.
    env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') },
    // They mostly wait: for other programs, and for people.
    maxWorkers: 2,
    reporters: ['default'],
  },
});
