/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  mutate: [
    'lambdas/validate-decision/**/*.ts',
    'lambdas/shared/domain/**/*.ts',
    // Wires the step to its clients. It holds no rule, and runs in test/workflow, on threads that Stryker does not see.
    '!lambdas/validate-decision/handler.ts',
  ],
  // What runs once at import (zod schemas, tables of actions) would take a run of all tests for each mutant, and
  // hours in all. `npm run mutation -- --ignoreStatic false --mutate <file>` tries those of one file.
  ignoreStatic: true,
  // Stryker rewrites tsconfig.json with TypeScript's old API, which TypeScript 7 has no more: it is shown none.
  tsconfigFile: 'none.json',
  coverageAnalysis: 'perTest',
  concurrency: 2,
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  tempDirName: '.stryker-tmp',
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
};
