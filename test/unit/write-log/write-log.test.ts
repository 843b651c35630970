import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import type { Usage } from '../../../lambdas/shared/domain/limits/usage.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { RowTransition } from '../../../lambdas/shared/domain/row-transition.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { factsOfState } from '../../../lambdas/write-log/facts-of-state.ts';
import { makeWriteLog } from '../../../lambdas/write-log/write-log.ts';
import {
  agreedBy,
  approver,
  clock,
  grantedState,
  NOW,
  REQUEST_ID,
  rowOf,
} from '../../support/example-state.ts';

const session = {
  roleArn: 'arn:aws:iam::123456789012:role/postern-brokered',
  assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/x',
  accessKeyId: 'ASIAEXAMPLE',
  expiration: '2026-11-20T12:15:00.000Z',
  sessionName: 'x',
  sourceIdentity: 'analyst1',
} as NonNullable<WorkflowState['session']>;
const denial = {
  ...grantedState().verdict,
  outcome: 'deny',
  reasons: [
    { code: 'guardrail_forbids', resource: 'bank_balances', action: 'dynamodb:GetItem', policyIds: [] },
  ],
} as WorkflowState['verdict'];

/** Runs the step over a row, and answers what it wrote, in order. */
async function write(state: WorkflowState, more: Partial<RequestRow> = {}) {
  const entries: AuditEntry[] = [];
  const transitions: RowTransition[] = [];
  const counted: Usage[] = [];
  const step = makeWriteLog({
    requests: {
      get: async () => rowOf(state, more),
      async transition(_, change) {
        transitions.push(change);
        return true;
      },
    },
    audit: {
      async append(entry) {
        entries.push(entry);
        return {} as never;
      },
    },
    usage: {
      get: async (principalId: string) => ({ principalId, version: 0, pending: [], denials: [] }) as never,
      async write(usage: Usage) {
        counted.push(usage);
        return true;
      },
    } as never,
    reviews: { keep: () => Promise.reject(new Error('kept where none is remembered')) },
    rememberedReviews: () => undefined,
    log: { error: (message) => expect.unreachable(message) },
    suspension: () => ({ denials: 3, withinSeconds: 600, forSeconds: 900 }),
    clock,
  });
  const outcome = await step(state);
  return { outcome, entries, counted, set: transitions[0]?.set, from: transitions[0]?.from };
}

test('a session is recorded with its facts, and its row is live for as long as it lasts', async () => {
  const { outcome, entries, set, counted } = await write({ ...grantedState(), session });
  expect(outcome).toEqual({ requestId: REQUEST_ID, outcome: 'issued', reason: 'issued' });
  expect(entries).toMatchObject([
    { chain: 'analyst1', requestId: REQUEST_ID, event: 'issued', facts: { outcome: 'issued', session } },
  ]);
  expect(set).toMatchObject({ status: 'ISSUED', live: 'live', liveUntil: session.expiration });
  expect(set?.decision).toBeDefined();
  expect(counted).toEqual([]);
});

test('a denial is recorded and counted against who asked; no session lives', async () => {
  const { outcome, entries, set, counted } = await write({ ...grantedState(), verdict: denial });
  expect(outcome).toMatchObject({ outcome: 'denied', reason: 'guardrail_forbids' });
  expect(entries).toMatchObject([{ event: 'denied', facts: { reason: 'guardrail_forbids' } }]);
  expect(set).toMatchObject({ status: 'DENIED', closedBecause: 'guardrail_forbids' });
  expect(set).not.toHaveProperty('live');
  expect(counted).toHaveLength(1);
});

test('a denial that came before anything was decided has no decision to show', async () => {
  const { request } = grantedState();
  const { set } = await write({ request, error: { Error: 'PrincipalUnknown', Cause: '' } } as WorkflowState);
  expect(set).toMatchObject({ status: 'DENIED', closedBecause: 'principal_unknown' });
  expect(set).not.toHaveProperty('decision');
});

test('a malfunction counts against nobody', async () => {
  const { outcome, counted } = await write({
    ...grantedState(),
    error: { Error: 'ReviewerUnavailable', Cause: '' },
  } as WorkflowState);
  expect(outcome).toMatchObject({ outcome: 'failed', reason: 'reviewer_unavailable' });
  expect(counted).toEqual([]);
});

test('a request that was denied before is answered so, and counted, which counts once', async () => {
  const { outcome, entries } = await write(
    { ...grantedState(), verdict: denial },
    { status: 'DENIED', closedBecause: 'guardrail_forbids' },
  );
  expect(outcome).toMatchObject({ outcome: 'denied', reason: 'guardrail_forbids' });
  expect(entries).toEqual([]);
});

test('what the log keeps of a request: texts and principals by digest, what opens access in full', () => {
  const state = { ...agreedBy(approver), session, error: { Error: 'RequestClosed', Cause: 'hush' } };
  const facts = factsOfState(state as WorkflowState);
  expect(facts).toMatchObject({
    principalType: 'human',
    approvers: [{ principalId: 'approver1' }],
    votes: [{ principalId: 'approver1', votedAt: NOW.toISOString() }],
    discounted: [],
    session,
    error: 'RequestClosed',
  });
  expect(facts.request).toBeDefined();
  expect(facts.verdict).toBeDefined();
  expect(JSON.stringify(facts)).not.toContain('Analysts read metrics.');
  expect(JSON.stringify(facts)).not.toContain('hush');
});

test('what a request never came to is not in its record', () => {
  const { request } = grantedState();
  expect(Object.keys(factsOfState({ request })).toSorted()).toEqual(['request']);
});
