import { expect, test } from 'vitest';
import { CLAIM_WAIT_SECONDS } from '../../../lambdas/shared/adapters/workflows/claim-wait.ts';
import { changeBytes, grantBytes } from '../../../lambdas/shared/domain/seal.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import {
  makeValidateDecision,
  reviewedStateSchema,
} from '../../../lambdas/validate-decision/seal-verdict.ts';
import { bank, caseOf, NOW, rulebookOf } from './arrange-case.ts';
import { caseSchema } from './case-schema.ts';

const EXPIRES = new Date(NOW.getTime() + 2 * CLAIM_WAIT_SECONDS * 1000).toISOString();
const metrics = { resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] };
const profiles = { resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] };

/** The state as it comes to ValidateDecision. */
function stateOf(given: object, more: object = {}) {
  const parsed = caseSchema.parse({ name: 'sealed', given, then: { outcome: 'grant' } });
  const { asked: _, ...input } = caseOf(parsed, rulebookOf(parsed));
  return { ...input, ...more };
}

/** Decides, with a key whose MAC is the text that was sealed. */
const decide = makeValidateDecision({
  rulebook: () => bank,
  sealKey: { mac: async (bytes) => new TextDecoder().decode(bytes) },
  clock: () => NOW,
  milliseconds: () => 0,
});
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('a grant is sealed over its request, what it opens and the policy text, for twice the wait of its claim', async () => {
  const state = stateOf({ principal: 'analyst1', proposal: { grants: [metrics] } });
  const verdict = await decide(state);
  if (verdict.outcome !== 'grant') throw new Error(verdict.outcome);
  const { request, loaded } = state;
  expect(verdict.seal).toEqual({
    mac: text(grantBytes(request, verdict.entitlement, loaded.policy.digest, EXPIRES)),
    expiresAt: EXPIRES,
  });
  expect(verdict.seal?.mac).toMatch(/^postern:grant:1:\{/);
});

test('a dry run is decided in the same way, and never sealed', async () => {
  const state = stateOf({
    principal: 'analyst1',
    proposal: { grants: [metrics] },
    request: { dryRun: true },
  });
  const verdict = await decide(state);
  expect(verdict.outcome).toBe('grant');
  expect(verdict).not.toHaveProperty('seal');
});

test.each([
  ['a denial', { principal: 'employee1', proposal: { grants: [metrics] } }, 'deny'],
  ['a demand for approval', { principal: 'employee1', proposal: { grants: [profiles] } }, 'needs_approval'],
  ['a request for another review', { principal: 'analyst1', proposal: {} }, 'retry_review'],
])('%s carries no seal', async (_, given, outcome) => {
  const verdict = await decide(stateOf(given));
  expect(verdict.outcome).toBe(outcome);
  expect(verdict).not.toHaveProperty('seal');
});

const change = { kind: 'policy', target: 'analyst1', proposal: 'Analysts read metrics.', baseVersion: 1 };
const votes = ['approver1', 'approver2'].map((voter) => ({ by: voter, stepUp: true }));

test('a change that people agreed to is sealed over its exact text', async () => {
  const state = stateOf({ principal: 'admin', change, asked: {}, votes });
  const verdict = await decide(state);
  if (verdict.outcome !== 'apply' || !state.request.change) throw new Error(verdict.outcome);
  expect(verdict.seal).toEqual({
    mac: text(changeBytes(state.request, state.request.change, state.loaded.policy.digest, EXPIRES)),
    expiresAt: EXPIRES,
  });
  expect(verdict.seal?.mac).toMatch(/^postern:change:1:\{/);
  expect(verdict.seal?.mac).toContain('changeDigest');
});

test('a change that waits for people is not', async () => {
  const verdict = await decide(stateOf({ principal: 'admin', change }));
  expect(verdict.outcome).toBe('needs_approval');
  expect(verdict).not.toHaveProperty('seal');
});

test('what people were asked in the last round is taken up: its deadline stands', async () => {
  const given = { principal: 'employee1', proposal: { grants: [profiles] } };
  const first = await decide(stateOf(given));
  if (first.outcome !== 'needs_approval') throw new Error(first.outcome);
  const earlier = { ...first.approval, deadline: '2026-11-20T12:00:40.000Z', reminded: true };
  const again = await decide(stateOf(given, { verdict: { ...first, approval: earlier } }));
  expect(again).toMatchObject({ approval: { deadline: earlier.deadline, waitSeconds: 40 } });
});

test('the verdict of a round in which nobody was asked is not taken for one', async () => {
  const state = stateOf({ principal: 'employee1', proposal: { grants: [profiles] } });
  const retry = {
    outcome: 'retry_review',
    reasons: [],
    decidedAt: NOW.toISOString(),
    proposalDigest: 'x',
    policyIds: [],
    approvers: [],
    nextAttempt: 2,
  } satisfies WorkflowState['verdict'];
  expect(await decide({ ...state, verdict: retry })).toMatchObject({
    approval: { reminded: false, history: [] },
  });
});

test.each(['loaded', 'review', 'request'])('a state without its %s is a malfunction', (part) => {
  const state: Record<string, unknown> = stateOf({ principal: 'analyst1', proposal: { grants: [metrics] } });
  delete state[part];
  expect(() => reviewedStateSchema.parse(state)).toThrow();
});
