import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import type { RememberedReview } from '../../../lambdas/shared/domain/limits/remembered-review.ts';
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
  const behind: unknown[] = [];
  const kept: RememberedReview[] = [];
  const step = makeWriteLog({
    requests: {
      get: async () => rowOf(state, more),
      async transition(_, change) {
        transitions.push(change);
        return true;
      },
    },
    audit: {
      async append(entry: AuditEntry, end?: unknown) {
        entries.push(entry);
        behind.push(end);
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
    reviews: { keep: async (review) => kept.push(review) > 0 },
    rememberedReviews: () => ({ seconds: 600, wherePeopleAreAsked: true }),
    log: { error: (message) => expect.unreachable(message) },
    suspension: () => ({ denials: 3, withinSeconds: 600, forSeconds: 900 }),
    clock,
  });
  const outcome = await step(state);
  return { outcome, entries, behind, counted, kept, set: transitions[0]?.set };
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

test('what ended is recorded behind its last record, where a session says which, and nowhere else', async () => {
  const recorded = { seq: 7, hash: `sha256:${'0'.repeat(64)}` };
  const issued = await write({ ...grantedState(), session: { ...session, recorded } });
  expect(issued.behind).toEqual([recorded]);
  const failed = await write({
    ...grantedState(),
    session: { ...session, recorded },
    error: { Error: 'RequestClosed', Cause: '' },
  });
  expect([failed.behind, failed.set]).toEqual([[undefined], expect.not.objectContaining({ live: 'live' })]);
});

/** The state of a request by a job, which is for emergencies or is not. */
function byJob(breakGlass: boolean, more: Partial<WorkflowState> = {}): WorkflowState {
  const { request, loaded, ...state } = grantedState();
  if (!loaded) throw new Error('nothing is loaded');
  const job = {
    ...{ purpose: 'The nightly report.', durationSeconds: 900, onBehalfOf: 'nobody' as const },
    grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
    ...(breakGlass && { breakGlass: true as const }),
  };
  const principal = { ...loaded.principal, jobs: { 'at-night': job } };
  return { ...state, request: { ...request, job: 'at-night' }, loaded: { ...loaded, principal }, ...more };
}

test('a session of an emergency stays open for its review, and is recorded as one; no other does', async () => {
  const emergency = await write(byJob(true, { session }));
  expect(emergency.set).toMatchObject({ status: 'ISSUED', open: 'review' });
  expect(emergency.entries[0]?.facts).toMatchObject({ breakGlass: true });
  for (const state of [byJob(false, { session }), { ...grantedState(), session }]) {
    const { set, entries } = await write(state);
    expect(set).not.toHaveProperty('open');
    expect(entries[0]?.facts).not.toHaveProperty('breakGlass');
  }
  expect((await write(byJob(true, { verdict: denial }))).set).not.toHaveProperty('open');
});

test('an approved call has its seal in the row; nothing else has, and neither has one that was not sealed', async () => {
  const seal = { mac: 'bWFj', expiresAt: '2026-11-20T12:15:00.000Z' };
  const allowed = { ...grantedState().verdict, outcome: 'allow', seal } as WorkflowState['verdict'];
  expect((await write({ ...grantedState(), verdict: allowed })).set).toMatchObject({
    status: 'ALLOWED',
    seal,
  });
  const granted = { ...grantedState().verdict, seal } as WorkflowState['verdict'];
  expect((await write({ ...grantedState(), verdict: granted, session })).set).not.toHaveProperty('seal');
  const dry = { ...grantedState().request, dryRun: true };
  expect((await write({ ...grantedState(), request: dry, verdict: allowed })).set).not.toHaveProperty('seal');
});

test('the review of what was issued is remembered, and of nothing else', async () => {
  const review = {
    outcome: 'proposal',
    ...{ attempt: 1, model: 'a-model', promptDigest: 'sha256:p' },
    responseId: 'resp_1',
    reviewedBy: { at: NOW.toISOString(), digest: 'sha256:r' },
    proposal: {
      ...{ approved: true, durationSeconds: 900, risk: 'low', authorization: 'explicit', reason: 'It fits.' },
      grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
    },
  } as WorkflowState['review'];
  expect((await write({ ...grantedState(), review, session })).kept).toHaveLength(1);
  expect((await write({ ...grantedState(), review, verdict: denial })).kept).toEqual([]);
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

test('a review and what was applied are in the record, as they are', () => {
  const review = {
    outcome: 'refused',
    detail: 'no',
    attempt: 1,
    model: 'm',
    promptDigest: 'sha256:p',
  } as const;
  const applied = { kind: 'policy', target: 'analyst1', version: 2 } as WorkflowState['applied'];
  const facts = factsOfState({ ...grantedState(), review, applied } as WorkflowState);
  expect(facts).toMatchObject({ review, applied });
});

test('what a request never came to is not in its record', () => {
  const { request } = grantedState();
  expect(Object.keys(factsOfState({ request })).toSorted()).toEqual(['request']);
});
