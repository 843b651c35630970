import { expect, test } from 'vitest';
import { FUNCTIONS } from '../../../infra/all-functions.ts';
import { measureFailure, measureReview } from '../../../lambdas/review-request/measure-review.ts';
import { ReviewerUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import { METRICS } from '../../../lambdas/shared/domain/measurement.ts';
import type { Review } from '../../../lambdas/shared/domain/review.ts';
import type { ApprovalAsk, Verdict } from '../../../lambdas/shared/domain/verdict.ts';
import type { Evidence } from '../../../lambdas/shared/domain/vote.ts';
import { measureWait } from '../../../lambdas/tally-votes/measure-wait.ts';
import { measureDecision } from '../../../lambdas/write-log/measure-decision.ts';
import { grantedState, NOW } from '../../support/example-state.ts';

const told = (measured: { name: string; value: number }[]) =>
  measured.map(({ name, value }) => `${name} ${value}`);
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const record = { attempt: 1, model: 'test', promptDigest: 'sha256:p' };
test.each<[Review, string[]]>([
  [
    { outcome: 'refused', detail: 'no', inputTokens: 900, outputTokens: 30, ...record },
    ['ReviewerInputTokens 900', 'ReviewerOutputTokens 30', 'ReviewsUnusable 1'],
  ],
  [{ outcome: 'malformed', detail: 'no', ...record }, ['ReviewsUnusable 1']],
])('a review: %j', (review, expected) => {
  expect(told(measureReview(review))).toEqual(expected);
});

test('a reviewer that cannot be asked is counted, another malfunction is not its failure', () => {
  expect(told(measureFailure(new ReviewerUnavailable('down')))).toEqual(['ReviewerFailures 1']);
  expect(measureFailure(new Error('defect'))).toEqual([]);
});

const ask: ApprovalAsk = {
  tier: 'access-approvers',
  quorum: { approvals: 1, stepUp: 0 },
  perGrant: [],
  askedAt: NOW.toISOString(),
  deadline: after(600).toISOString(),
  reminded: false,
  waitSeconds: 1,
  nextTiers: [],
  history: [],
};

test.each<[string, Evidence['wake'], number, string[]]>([
  ['a vote', 'woken', 42, ['TimeWaitingForPeople 42000']],
  ['a reminder', 'timed_out', 300, []],
  ['a deadline', 'timed_out', 600, ['TimeWaitingForPeople 600000', 'Escalations 1']],
  ['a channel that cannot be reached', 'unreachable', 2, ['TimeWaitingForPeople 2000', 'Escalations 1']],
])('a wait that ends by %s', (_, wake, seconds, expected) => {
  const verdict: Verdict = {
    outcome: 'needs_approval',
    reasons: [],
    decidedAt: NOW.toISOString(),
    proposalDigest: 'sha256:p',
    policyIds: [],
    approvers: [],
    approval: ask,
  };
  const evidence: Evidence = { wake, votes: [], discounted: [], requesterActive: true };
  expect(told(measureWait({ verdict }, evidence, after(seconds)))).toEqual(expected);
});

test('the time to a decision is from the asking to the verdict; what was never decided has none', () => {
  const state = grantedState();
  const decidedAt = new Date(Date.parse(state.request.createdAt) + 2500).toISOString();
  if (!state.verdict) throw new Error('not decided');
  expect(told(measureDecision({ ...state, verdict: { ...state.verdict, decidedAt } }))).toEqual([
    'TimeToDecision 2500',
  ]);
  expect(measureDecision({ request: state.request })).toEqual([]);
  const toldOf = (outcome: string) =>
    told(measureDecision({ ...state, verdict: { ...state.verdict, outcome } as Verdict }));
  for (const outcome of ['grant', 'apply', 'allow', 'deny'])
    expect(toldOf(outcome)).toEqual(['TimeToDecision 0']);
  for (const outcome of ['needs_approval', 'retry_review']) expect(toldOf(outcome)).toEqual([]);
});

test('every metric is of a function that there is', () => {
  expect(Object.keys(FUNCTIONS)).toEqual(expect.arrayContaining(Object.values(METRICS)));
});
