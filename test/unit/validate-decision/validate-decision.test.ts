import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { reasonCodeSchema } from '../../../lambdas/shared/domain/reason.ts';
import { sayReason } from '../../../lambdas/shared/domain/text/say-reason.ts';
import { type Verdict, verdictSchema } from '../../../lambdas/shared/domain/verdict.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { caseOf, NOW, rulebookOf } from './arrange-case.ts';
import { caseSchema, type DecisionCase } from './case-schema.ts';

const FOLDER = 'test/cases/validate-decision';
const files = readdirSync(FOLDER).map((file) => ({
  file,
  cases: z.array(caseSchema).parse(JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'))),
}));
const all = files.flatMap(({ cases }) => cases);

/** The parts of a verdict that a case may name, in the case's own words. */
function told(verdict: Verdict): Omit<DecisionCase['then'], 'policyIncludes' | 'policyExcludes'> {
  const ask = verdict.outcome === 'needs_approval' ? verdict.approval : undefined;
  return {
    outcome: verdict.outcome,
    reasons: verdict.reasons.map((reason) => reason.code),
    grants: verdict.entitlement?.grants,
    durationSeconds: verdict.entitlement?.durationSeconds,
    nextAttempt: verdict.outcome === 'retry_review' ? verdict.nextAttempt : undefined,
    role: verdict.entitlement?.roleArn.replace('arn:aws:iam::', ''),
    quorum: ask && [ask.quorum.approvals, ask.quorum.stepUp],
    tier: ask?.tier,
    onCall: ask && (ask.onCall ?? []),
    nextTiers: ask?.nextTiers,
    waitSeconds: ask?.waitSeconds,
    reminded: ask?.reminded,
    history: ask?.history.map(({ tier, because }) => [tier, because]),
    approvers: verdict.approvers.map(({ principalId }) => principalId),
  };
}

describe.each(files)('$file', ({ cases }) => {
  test.each(cases)('$name', (decisionCase) => {
    const rules = rulebookOf(decisionCase);
    const verdict = validateDecision(caseOf(decisionCase, rules), rules, NOW);
    const { policyIncludes, policyExcludes, ...expected } = decisionCase.then;
    expect(told(verdict)).toMatchObject(expected);
    expect(() => verdictSchema.parse(verdict)).not.toThrow();
    const policy = verdict.entitlement?.sessionPolicy ?? '';
    for (const text of policyIncludes) expect(policy).toContain(text);
    for (const text of policyExcludes) expect(policy).not.toContain(text);
    if (verdict.outcome !== 'grant')
      expect(verdict.reasons.length + Number(['apply', 'allow'].includes(verdict.outcome))).toBeGreaterThan(
        0,
      );
    for (const reason of verdict.reasons) expect(sayReason(reason)).toMatch(/^\S.*\.$/s);
  });
});

/** One case, told to the last field: a line a reason, and the verdict as it leaves the validator. */
function inFull(decisionCase: DecisionCase): string {
  const rules = rulebookOf(decisionCase);
  const { reasons, entitlement, ...verdict } = validateDecision(caseOf(decisionCase, rules), rules, NOW);
  const { sessionPolicy, ...opened } = entitlement ?? {};
  return [
    `${decisionCase.name}: ${verdict.outcome}`,
    ...reasons.map((reason) => `  because ${JSON.stringify(reason)}`),
    `  ${JSON.stringify(verdict)}`,
    ...(entitlement ? [`  opens ${JSON.stringify(opened)}`, `  by ${sessionPolicy}`] : []),
  ].join('\n');
}

test('each verdict is this to the last field, and a change of one is a change of the case file', async () => {
  await expect(`${all.map(inFull).join('\n')}\n`).toMatchFileSnapshot('../../cases/verdicts.txt');
});

test('there are at least 120 cases, and every name is its own', () => {
  expect(all.length).toBeGreaterThanOrEqual(120);
  expect(new Set(all.map((decisionCase) => decisionCase.name)).size).toBe(all.length);
});

const CODE_OF_FILE: Readonly<Record<string, readonly string[]>> = {
  'approval-not-given': [
    'approval_timed_out',
    'approval_unreachable',
    'approval_not_possible',
    'approval_nobody_on_call',
  ],
};

test('one rule, one file, named after its code', () => {
  const rules = readdirSync('lambdas/validate-decision/rules', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'));
  const codes = rules.flatMap((rule) => CODE_OF_FILE[rule] ?? [rule.replaceAll('-', '_')]);
  expect(codes.sort()).toEqual(reasonCodeSchema.options.filter((code) => code !== 'approved').sort());
});

test('every reason code is seen in a refusal, a demand or an approval of some case, but for faults of ours', () => {
  const seen = new Set(all.flatMap((decisionCase) => decisionCase.then.reasons ?? []));
  // No case makes the builder build too much: prove-verdict.test.ts alters what it built.
  const faults = ['session_too_wide', 'guardrail_error'];
  expect(reasonCodeSchema.options.filter((code) => !seen.has(code))).toEqual(faults);
});
