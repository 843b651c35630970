import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../lambdas/shared/domain/verdict.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import type { PlainCase } from './arbitrary-cases.ts';
import { explore, judge } from './explore.ts';

/** Verdicts to look at; `npm run test:deep` looks at a hundred thousand. */
const RUNS = Number(process.env.POSTERN_RUNS ?? 3_000);
const SEED = Number(process.env.POSTERN_SEED ?? Date.now() % 1_000_000);
/** Where a case that fails is left; moved to `KEPT`, it is tried in every run. */
const SHRUNK = '.tmp';
const KEPT = 'test/cases/no-escapes';

const read = (file: string): PlainCase => JSON.parse(readFileSync(file, 'utf8'));

test(`no verdict of ${RUNS} opens more than guardrails, catalog and subject allow, nor less than it says`, async () => {
  console.log(`POSTERN_SEED=${SEED}`);
  const counts = await explore(validateDecision, { runs: RUNS, seed: SEED, folder: SHRUNK });
  console.log(
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
  );
  expect(counts.verdicts).toBe(RUNS);
  expect(counts.grants).toBeGreaterThanOrEqual(RUNS / 10);
  expect(counts.underCedar).toBeGreaterThanOrEqual(RUNS / 50);
}, 1_800_000);

/** Validators that are broken in the ways that matter, each as somebody might break it. */
const BROKEN: Record<string, typeof validateDecision> = {
  'the wildcard': (...asked) =>
    widened(validateDecision(...asked), (policy) => policy.replaceAll('sqs:SendMessage', 'sqs:*')),
  'the forgotten Null': (...asked) =>
    widened(validateDecision(...asked), (policy) =>
      policy.replaceAll(',"Null":{"dynamodb:LeadingKeys":"false"}', ''),
    ),
  'the ignored guardrail': (input, rules, now) =>
    validateDecision(
      input,
      { ...rules, guardrails: { digest: '', ask: () => ({ allowed: true, policyIds: [], errors: [] }) } },
      now,
    ),
};

function widened(verdict: Verdict, widen: (policy: string) => string): Verdict {
  if (verdict.outcome !== 'grant') return verdict;
  const { entitlement } = verdict;
  return { ...verdict, entitlement: { ...entitlement, sessionPolicy: widen(entitlement.sessionPolicy) } };
}

describe.each(Object.entries(BROKEN))('a validator with %s', (_, broken) => {
  test('is found out, and the case is shrunk into a file that shows it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-shrunk-'));
    try {
      await expect(explore(broken, { runs: 2_000, seed: 1, folder })).rejects.toThrow(
        /shrunk-1\.json \(seed 1/,
      );
      const shrunk = read(join(folder, 'shrunk-1.json'));
      expect(shrunk.resources).toHaveLength(1);
      expect(JSON.stringify(shrunk).length).toBeLessThan(1_000);
      await expect(judge(shrunk, broken)).rejects.toThrow(
        /opens more than it grants|guardrails do not allow/,
      );
      await judge(shrunk, validateDecision);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});

test.each(readdirSync(KEPT))('the kept case %s stays shut', async (file) => {
  await judge(read(join(KEPT, file)), validateDecision);
});
