/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  mutate: [
    'policy/{parse,evaluate,prove}/**/*.ts',
    'lambdas/validate-decision/**/*.ts',
    'lambdas/shared/domain/**/*.ts',
    'lambdas/write-log/**/*.ts',
    // The audit chain as it is written; as it is verified, it is in the domain.
    'lambdas/shared/adapters/audit/{audit-table,record-around,record-macs}.ts',
    'lambdas/shared/adapters/tables/once-table.ts',
    // The Slack app decides whose press counts, and as what. What it shows is held by tests of whole messages.
    'slack-app/**/*.ts',
    '!slack-app/{app,handler}.ts',
    '!slack-app/views/**/*.ts',
    // Wires a step to its clients. It holds no rule, and runs in test/workflow, on threads that Stryker does not see.
    '!lambdas/{validate-decision,write-log}/handler.ts',
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
