import { expect, test } from 'vitest';
import { discountSchema } from '../../../lambdas/shared/domain/approvals/vote-refusals.ts';
import {
  whenAgreed,
  whenAsking,
  whenClosing,
  whenRequested,
  whenTallied,
} from '../../../lambdas/shared/domain/audit/audit-entries.ts';
import type { AuditEntry } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { ApprovalAsk } from '../../../lambdas/shared/domain/verdict.ts';
import type { Evidence, Vote } from '../../../lambdas/shared/domain/vote.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { entitlement, grantedState, NOW, REQUEST_ID } from '../../support/example-state.ts';

const timestamp = NOW.toISOString();
const granted = grantedState();
const reviewed: WorkflowState = {
  ...granted,
  review: {
    outcome: 'proposal',
    attempt: 2,
    model: 'scripted',
    promptDigest: 'sha256:x',
    proposal: {
      approved: true,
      grants: entitlement.grants,
      durationSeconds: 900,
      risk: 'low',
      authorization: 'explicit',
      reason: 'It is their job.',
    },
  },
};
const ask: ApprovalAsk = {
  tier: 'access-approvers',
  quorum: { approvals: 1, stepUp: 0 },
  perGrant: [],
  askedAt: timestamp,
  deadline: timestamp,
  reminded: false,
  waitSeconds: 60,
  nextTiers: ['security-oncall'],
  history: [],
};
const asking = (more: Partial<ApprovalAsk> = {}, evidence?: Evidence): WorkflowState => {
  const { verdict } = reviewed;
  if (verdict?.outcome !== 'grant') throw new Error('not granted');
  const { seal: _, ...rest } = verdict;
  return {
    ...reviewed,
    verdict: { ...rest, outcome: 'needs_approval', approval: { ...ask, ...more } },
    ...(evidence && { evidence }),
  };
};
const vote: Vote = {
  decision: 'approve',
  principalId: 'approver1',
  person: 'abe',
  tier: ask.tier,
  proposalDigest: 'sha256:p',
  votedAt: timestamp,
  stepUp: false,
};
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  wake: 'woken',
  votes: [vote],
  discounted: [],
  requesterActive: true,
  ...more,
});

const named = (entries: readonly AuditEntry[]) =>
  entries.map(({ event, occurrence }) => (occurrence === undefined ? event : `${event} ${occurrence}`));

test('a request is recorded in the chain of its principal, a proposed text by its digest', () => {
  const proposal = 'Read everything.';
  const change = {
    kind: 'policy',
    target: 'analyst1',
    proposal,
    proposalDigest: 'd',
    baseVersion: 1,
  } as const;
  const [entry] = whenRequested({ ...granted.request, change });
  expect(entry).toMatchObject({
    chain: 'analyst1',
    requestId: REQUEST_ID,
    event: 'requested',
    facts: { request: { reason: granted.request.reason, change: { proposal: digestOf(proposal) } } },
  });
});

test('a call is recorded with its parameters by their digest, and everything else of it in full', () => {
  const parameters = '{"TableName":"bank_balances"}';
  const call = { service: 'dynamodb', operation: 'DeleteTable', parameters } as never;
  const [entry] = whenRequested({ ...granted.request, call });
  expect(entry?.facts).toEqual({
    request: {
      ...granted.request,
      call: { service: 'dynamodb', operation: 'DeleteTable', parameters: digestOf(parameters) },
    },
  });
  expect(whenRequested(granted.request)[0]?.facts).toEqual({ request: granted.request });
});

test('a review that was sent back is recorded too, with why', () => {
  const { review } = reviewed;
  if (!review) throw new Error('no review');
  const because = [{ code: 'unknown_resource' as const, resource: 'nowhere' }];
  const first = { review: { ...review, attempt: 1 }, because };
  const entries = whenAgreed({ ...reviewed, review: { ...review, superseded: [first] } });
  expect(named(entries)).toEqual(['requested', 'reviewed 1', 'reviewed 2', 'validated sha256:p', 'decided']);
  expect(entries.slice(1, 3).map(({ facts }) => facts)).toEqual([first, { review }]);
});

test('a grant without people: reviewed, validated, decided, with every text that decided by its digest', () => {
  const entries = whenAgreed(reviewed);
  expect(named(entries)).toEqual(['requested', 'reviewed 2', 'validated sha256:p', 'decided']);
  expect(entries[2]?.facts).toMatchObject({
    verdict: { entitlement, sessionPolicyDigest: digestOf(entitlement.sessionPolicy) },
    policyVersion: 3,
    policyDigest: granted.loaded?.policy.digest,
    digests: { catalog: 'sha256:c', guardrails: 'sha256:g', approvals: 'sha256:a' },
  });
});

test('a verdict is recorded with its risk and its proof where it has them, and with what people are asked', () => {
  const proof = { outcome: 'proved' } as never;
  const { verdict } = reviewed;
  if (verdict?.outcome !== 'grant') throw new Error('not granted');
  const [, , validated, decided] = whenAgreed({ ...reviewed, verdict: { ...verdict, risk: 'high', proof } });
  expect(validated?.facts).toMatchObject({ verdict: { risk: 'high', proof } });
  expect(decided?.facts).toEqual({
    ...{ outcome: 'grant', reasons: [], proposalDigest: 'sha256:p', approvers: [], proof },
    ...{ policyVersion: 3, policyDigest: granted.loaded?.policy.digest, digests: granted.loaded?.digests },
  });
  const [, , plain] = whenAgreed(reviewed);
  expect(Object.keys(Object(plain?.facts.verdict))).not.toEqual(expect.arrayContaining(['risk']));
  expect(Object.keys(Object(plain?.facts.verdict))).not.toEqual(expect.arrayContaining(['proof']));
  expect(Object.keys(Object(plain?.facts.verdict))).not.toEqual(expect.arrayContaining(['approval']));
  const [, , asked] = whenAsking(asking());
  expect(asked?.facts).toMatchObject({ verdict: { outcome: 'needs_approval', approval: ask } });
});

test('what was never decided asks nobody, and agrees to nothing', () => {
  const { verdict: _, ...undecided } = reviewed;
  expect([whenAsking(undecided), whenAgreed(undecided)]).toEqual([[], []]);
  const { review: __, ...unreviewed } = undecided;
  expect(named(whenClosing(unreviewed))).toEqual(['requested']);
  // Of a request that waits for people nothing is decided when it is taken back.
  expect(named(whenClosing({ ...asking(), evidence: evidence() }))).toEqual([]);
});

test('people are asked: once a tier, once for its reminder, and not for a vote that was not enough', () => {
  expect(named(whenAsking(asking()))).toEqual([
    'requested',
    'reviewed 2',
    'validated sha256:p',
    'approval_asked access-approvers',
  ]);
  const { tier, quorum, perGrant, deadline, reminded } = ask;
  expect(whenAsking(asking()).at(-1)?.facts).toEqual({
    ...{ tier, quorum, perGrant, deadline, reminded, proposalDigest: 'sha256:p' },
  });
  const timedOut = evidence({ wake: 'timed_out', votes: [] });
  expect(named(whenAsking(asking({ reminded: true }, timedOut)))).toEqual([
    'approval_asked access-approvers again',
  ]);
  const history = [{ tier: ask.tier, endedAt: timestamp, because: 'timed_out' as const }];
  const next = whenAsking(asking({ tier: 'security-oncall', history }, timedOut));
  expect(named(next)).toEqual(['escalated security-oncall', 'approval_asked security-oncall']);
  expect(next[0]?.facts).toMatchObject({ from: ask.tier, to: 'security-oncall', because: 'timed_out' });
  expect(whenAsking(asking({}, evidence()))).toEqual([]);
  // A vote wakes; that nobody is on call any more is found then, and told once.
  const over = [{ tier: ask.tier, endedAt: timestamp, because: 'nobody_on_call' as const }];
  expect(named(whenAsking(asking({ tier: 'security-oncall', history: over }, evidence())))).toEqual(
    named(next),
  );
  const before = [{ ...over[0], endedAt: '2026-01-01T00:00:00.000Z' }] as typeof over;
  expect(whenAsking(asking({ tier: 'security-oncall', history: before }, evidence()))).toEqual([]);
});

test('each vote is recorded by the tally that found it first, whether it counts or not', () => {
  const discounted = [{ principalId: 'employee1', because: 'not_in_group' as const }];
  const first = whenTallied(asking(), evidence({ discounted }));
  expect(first.map(({ facts }) => [facts.principalId, facts.counted])).toEqual([
    ['approver1', true],
    ['employee1', false],
  ]);
  const later: Vote = { ...vote, principalId: 'approver2', person: 'bea' };
  const before = asking({}, evidence({ discounted }));
  const second = whenTallied(before, evidence({ votes: [vote, later], discounted }));
  expect(named(second)).toEqual([`voted approver2 ${timestamp}`]);
});

test('no sentence is part of an identity: a text that is reworded changes no event id', () => {
  const discounted = discountSchema.options.map((because) => ({ principalId: 'employee1', because }));
  expect(named(whenTallied(asking(), evidence({ votes: [], discounted })))).toEqual(
    discountSchema.options.map((code) => `voted employee1 ${code}`),
  );
  const history = [{ tier: ask.tier, endedAt: timestamp, because: 'timed_out' as const }];
  const verdict = { ...asking().verdict, outcome: 'deny' } as WorkflowState['verdict'];
  const entries = [
    ...whenRequested(reviewed.request),
    ...whenAsking(asking()),
    ...whenAsking(asking({ reminded: true, history }, evidence({ wake: 'timed_out' }))),
    ...whenAsking(asking({ tier: 'security-oncall', history }, evidence({ wake: 'timed_out' }))),
    ...whenTallied(asking(), evidence({ discounted })),
    ...whenAgreed(reviewed),
    ...whenClosing({ ...reviewed, verdict }),
  ];
  const parts = entries.flatMap(({ occurrence = '1' }) => occurrence.split(' '));
  const known = [
    ask.tier,
    'security-oncall',
    'again',
    'approver1',
    'employee1',
    timestamp,
    'sha256:p',
    '1',
    '2',
  ];
  expect(parts.filter((part) => ![...known, ...discountSchema.options].includes(part))).toEqual([]);
});

test('after people agreed only the decision is new', () => {
  expect(named(whenAgreed({ ...reviewed, evidence: evidence() }))).toEqual(['decided']);
});

test('a denial, a dry run and a failed review are recorded when they close; what was recorded is not again', () => {
  const { verdict } = reviewed;
  if (verdict?.outcome !== 'grant') throw new Error('not granted');
  const { seal: _, entitlement: __, ...rest } = verdict;
  const denied: WorkflowState = { ...reviewed, verdict: { ...rest, outcome: 'deny' } };
  expect(named(whenClosing(denied))).toEqual(['requested', 'reviewed 2', 'validated sha256:p', 'decided']);
  expect(named(whenClosing({ ...denied, evidence: evidence() }))).toEqual(['decided']);
  const dryRun = { ...reviewed, request: { ...reviewed.request, dryRun: true } };
  expect(named(whenClosing(dryRun))).toEqual(['requested', 'reviewed 2', 'validated sha256:p', 'decided']);
  const { verdict: ___, ...failed } = reviewed;
  expect(named(whenClosing(failed))).toEqual(['requested', 'reviewed 2']);
  // A grant whose session could not be minted, with nothing recorded before.
  expect(named(whenClosing(reviewed))).toEqual(named(whenAgreed(reviewed)));
  const session = { sessionName: 'x' } as NonNullable<WorkflowState['session']>;
  expect(whenClosing({ ...reviewed, session })).toEqual([]);
});
