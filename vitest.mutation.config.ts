import { defineConfig } from 'vitest/config';

/**
 * The tests that hold the rules, for Stryker: those that need no synthesised template. Mutants are told apart
 * by test, so few runs of the property test do; its seed stands still, so that every mutant meets the same.
 */
export default defineConfig({
  test: {
    include: [
      'test/unit/{assume-role,audit,config,domain,guardrails,limits,load-policy,review-request}/*.test.ts',
      'test/unit/{measurements,revoke-session,session-policy,show-hostile-text,tally-votes,validate-decision}/*.test.ts',
      'test/unit/{slack-app,write-log}/*.test.ts',
      'test/unit/adapters/{audit-table,once-table,record-around}.test.ts',
      'test/unit/front-door/revoke-session.test.ts',
      'test/unit/gateway/exchange.test.ts',
      'test/unit/policy/{parse,evaluate,prove}/*.test.ts',
    ],
    // One starts whole commands; the others ask another evaluator thousands of times.
    exclude: [
      'test/unit/config/bad-config.test.ts',
      'test/unit/policy/evaluate/agrees-with-simulator.test.ts',
      'test/unit/policy/prove/soundness.test.ts',
    ],
    env: { POSTERN_RUNS: '200', POSTERN_SEED: '5' },
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 30_000,
  },
});
