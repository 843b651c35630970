import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findConfigProblems } from '../../../infra/find-config-problems.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { verdictFacts } from '../../../lambdas/shared/domain/audit/audit-entries.ts';
import type { Review } from '../../../lambdas/shared/domain/review.ts';
import type { Rulebook } from '../../../lambdas/validate-decision/decision-case.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { ofBank } from '../../support/bank.ts';
import { grantedState } from '../../support/example-state.ts';

const place = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
const RULE = `@id("metrics-need-somebody")
forbid (principal, action, resource == Resource::"bank_operational_metrics")
unless { context.approvals >= 1 };`;

/** A folder of the demo's configuration with one more guardrail. */
function folderWith(rule: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-observed-'));
  folders.push(folder);
  cpSync('config', folder, { recursive: true });
  appendFileSync(join(folder, 'guardrails.cedar'), `\n${rule}\n`);
  return folder;
}
const observed = (rule: string) => rule.replace('\n', ' @observe("until January")\n');
const withRule = (rule: string): Rulebook => makeConfig(place, folderWith(rule));
const observing = (rule: string): Rulebook => withRule(observed(rule));

function verdictBy(rules: Rulebook) {
  const { request } = grantedState();
  const principal = ofBank('analyst1');
  const grants = [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }];
  const review: Review = {
    outcome: 'proposal',
    ...{ attempt: 1, model: 'a-model', promptDigest: 'sha256:p' },
    proposal: {
      ...{ approved: true, grants, durationSeconds: 900, risk: 'low' as const },
      ...{ authorization: 'explicit' as const, reason: 'It fits the policy.' },
    },
  };
  const loaded = {
    principal,
    policy: { text: 'Analysts read metrics.', version: 1, digest: 'sha256:t' },
    digests: { principal: 'sha256:a', ...rules.digests },
  };
  return validateDecision({ request, review, loaded }, rules, new Date('2026-11-30T12:00:00Z'));
}

test('what a guardrail forbids that is only observed is granted, and recorded as what it would have been', () => {
  expect(verdictBy(withRule(RULE))).toMatchObject({ outcome: 'needs_approval' });
  const verdict = verdictBy(observing(RULE));
  const found = [
    { resource: 'bank_operational_metrics', would: '1 approval', policyIds: ['metrics-need-somebody'] },
  ];
  expect(verdict).toMatchObject({ outcome: 'grant', observed: found });
  expect(verdictFacts(verdict)).toMatchObject({ observed: found });
  expect(verdict.policyIds).not.toContain('metrics-need-somebody');
  const forbidding = RULE.replace('\nunless { context.approvals >= 1 }', '');
  expect(verdictBy(observing(forbidding))).toMatchObject({
    outcome: 'grant',
    observed: [{ would: 'never' }],
  });
});

test('one that would say the same is not recorded, and neither is what errs taken for an answer', () => {
  expect(verdictBy(observing(RULE.replace('approvals >= 1', 'approvals >= 0')))).not.toHaveProperty(
    'observed',
  );
  const erring = RULE.replace('context.approvals >= 1', 'context.durationSeconds + 9223372036854775807 > 0');
  expect(verdictBy(observing(erring))).toMatchObject({
    outcome: 'grant',
    observed: [{ would: 'denied: a guardrail could not be evaluated', policyIds: [] }],
  });
});

test('the check says which are not enforced', () => {
  expect(
    findConfigProblems(folderWith(observed(RULE)), [ofBank('analyst1')]).map(({ problem }) => problem),
  ).toContainEqual(expect.stringMatching(/^metrics-need-somebody: is observed/));
});
