import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import usual from '../../vitest.config.ts';

/** What `npm test` runs too, in a smaller size. */
const OF_A_SIZE = [
  'test/unit/validate-decision/no-escapes.test.ts',
  'test/unit/policy/prove/soundness.test.ts',
  'test/unit/audit/verify-audit.test.ts',
  'test/unit/adapters/audit-table.test.ts',
  'test/unit/policy/evaluate/agrees-with-simulator.test.ts',
];

/**
 * What takes longer than everybody's `npm test` may: processes, real deployments' plans, storms; and the tests whose size
 * is a number, at sizes that take minutes. POSTERN_RUNS says how many verdicts are
 * judged, POSTERN_REQUESTS how many requests two evaluators are asked, POSTERN_PROOFS how many proofs are attacked; where
 * POSTERN_MANAGED_SHARE is 5, a fifth of AWS's managed policies is proved, and where POSTERN_SIZES is `usual`, none of them
 * is tried that `npm test` tries.
 *
 * Its script hands Node flags that save a quarter of the processor time here: each test starts a sandbox anew, so code is
 * compiled more than it is run (`--liftoff-only`, `--no-turbofan`), and threads that collect garbage only take turns with
 * those that make it.
 */
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    exclude: [],
    // Half of these wait for processes.
    maxWorkers: 3,
    // Each of several that run side by side starts processes: more at once only wait for each other, past deadlines.
    maxConcurrency: 6,
    // A broker keeps deadlines of seconds (a claim, a call of a function), which pass where a machine is busy enough.
    // What fails is tried once more, and the report says of each that it was.
    retry: 1,
    include: [
      'test/deep/*.test.ts',
      'test/**/*.deep.test.ts',
      ...(process.env.POSTERN_SIZES === 'usual' ? [] : OF_A_SIZE),
    ],
    env: {
      POSTERN_DEEP: 'true',
      // Programs that tests start compile what they load once, and not each anew.
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled'),
      POSTERN_RUNS: process.env.POSTERN_RUNS ?? '100000',
      POSTERN_REQUESTS: process.env.POSTERN_REQUESTS ?? '50000',
      POSTERN_PROOFS: process.env.POSTERN_PROOFS ?? '10000',
    },
  },
});
