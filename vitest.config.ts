import { defineConfig } from 'vitest/config';

// Whoever runs the tests may have profiles of their own: a profile outranks the keys that a test sets.
for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) delete process.env[name];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each of these has a script and a configuration of its own; what ends in `.deep` takes long, and is in `test:deep`.
    exclude: ['test/{clients,cloud,deep}/**', 'test/**/*.deep.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    // They only end what hangs: a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is polled for comes late where the machine is busy, and at once elsewhere.
    expect: { poll: { timeout: 60_000, interval: 20 } },
    // The rules of CloudFormation take eight seconds to load, in each thread: see test/infra/valid-templates.deep.test.ts.
    env: { CDK_VALIDATION: 'false' },
    pool: 'threads',
    // Files share what they load. Each leaves behind what it found.
    isolate: false,
    maxWorkers: 2,
    // Tests that run side by side in one file mostly wait.
    maxConcurrency: 20,
    reporters: ['default'],
  },
});
