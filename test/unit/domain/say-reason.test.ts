import { describe, expect, it } from 'vitest';
import { type Reason, reasonCodeSchema, reasonSchema } from '../../../lambdas/shared/domain/reason.ts';
import { sayReason, shownReasonSchema, showReason } from '../../../lambdas/shared/domain/text/say-reason.ts';

const GET = { resource: 'bank_balances', action: 'dynamodb:GetItem' };

/** What varies of a sentence, and how it is said. */
const SAID: readonly (readonly [Reason, string])[] = [
  [
    { code: 'job_unknown', job: 'nightly-report' },
    'The principal has no job "nightly-report"; ask by one that it has, or propose it.',
  ],
  [
    { code: 'job_outdated', job: 'nightly-report', resource: 'old_metrics' },
    'The job "nightly-report" no longer fits the catalog (old_metrics); propose it anew, or without what is gone.',
  ],
  [
    { code: 'job_outdated', job: 'nightly-report' },
    'The job "nightly-report" no longer fits the catalog; propose it anew, or without what is gone.',
  ],
  [
    { code: 'job_on_behalf', job: 'read-balance', onBehalfOf: 'subject' },
    'The job "read-balance" is done on behalf of a signed-in user: send the user\'s token as "subjectToken".',
  ],
  [
    { code: 'job_on_behalf', job: 'nightly-report', onBehalfOf: 'nobody' },
    'The job "nightly-report" is done on behalf of nobody: ask without a user\'s token.',
  ],
  [
    { code: 'too_many_grants', proposed: 6, most: 5 },
    '6 resources are too many for one session; ask for at most 5 at once.',
  ],
  [
    { code: 'subject_required' },
    'Send the signed-in user\'s token as "subjectToken": this principal acts only for one.',
  ],
  [
    { code: 'subject_required', resource: 'bank_balances' },
    'Send the signed-in user\'s token as "subjectToken": these rows belong to a user.',
  ],
  [
    { code: 'subject_required', resource: 'orders', claim: 'customer' },
    'These rows are keyed by "customer", which the user\'s token does not say; list that claim of its issuer in issuers.json, and send such a token.',
  ],
  [
    { code: 'several_roles', groups: [['orders', 'refunds'], ['logs']] },
    'One session is of one role, and no role reaches all of this. Make a request of its own for each: first for orders, refunds; then for logs.',
  ],
  [
    { code: 'duration_out_of_range', shortestSeconds: 900, longestSeconds: 3600 },
    'A session lasts from 900 to 3600 seconds; propose a duration within them.',
  ],
  [
    { code: 'session_policy_too_large', mostCharacters: 2048 },
    'The session policy would exceed what STS takes (2048 characters); ask for fewer resources at once.',
  ],
  [
    {
      code: 'call_needs_approval',
      call: 'dynamodb:DeleteTable',
      policyIds: [],
      approvals: 2,
      stepUp: 1,
      approvalsSoFar: 1,
    },
    '2 approvals needed, 1 with a step-up code for this call; 1 so far.',
  ],
  [
    { code: 'guardrail_forbids', ...GET, policyIds: ['a', 'b'] },
    'The guardrails forbid this (a, b), whoever approves it.',
  ],
  [
    { code: 'guardrail_forbids', ...GET, policyIds: [] },
    'No guardrail permits this to this principal, whoever approves it.',
  ],
  [
    {
      code: 'guardrail_needs_approval',
      resource: 'r',
      policyIds: [],
      approvals: 1,
      stepUp: 0,
      approvalsSoFar: 0,
    },
    '1 approval needed; 0 so far.',
  ],
  [
    {
      code: 'guardrail_needs_approval',
      resource: 'r',
      policyIds: [],
      approvals: 2,
      stepUp: 1,
      approvalsSoFar: 1,
    },
    '2 approvals needed, 1 with a step-up code; 1 so far.',
  ],
  [
    { code: 'risk_needs_approval', risk: 'critical' },
    'The reviewer rates the risk critical, so a person decides.',
  ],
  [
    { code: 'config_digest_mismatch', part: 'guardrails' },
    'The configuration (guardrails) was deployed anew while this request ran; ask again.',
  ],
  [{ code: 'change_invalid', fault: 'not_as_digest' }, 'The proposal is not what its digest says.'],
  [
    { code: 'change_invalid', fault: 'field', problem: 'awsPrincipals[0] has a path' },
    'awsPrincipals[0] has a path.',
  ],
  [
    { code: 'approval_denied', principalId: 'approver1' },
    'approver1 denied it; talk to them before you ask again.',
  ],
  [{ code: 'approved', principalIds: ['approver1', 'approver2'] }, 'Approved by approver1, approver2.'],
];

/** Of each code a reason; those that need more than a code are in the list above. */
const every = reasonCodeSchema.options.map((code) => {
  const bare = reasonSchema.safeParse({ code, ...GET, policyIds: [] });
  const found = bare.success ? bare.data : SAID.find(([reason]) => reason.code === code)?.[0];
  if (!found) throw new Error(`no example of ${code}`);
  return found;
});

describe('a reason', () => {
  it.each(SAID)('%j is said in a sentence', (reason, sentence) => expect(sayReason(reason)).toBe(sentence));

  it.each(every)('$code is said in one that ends, and fits the API', (reason) => {
    expect(sayReason(reason)).toMatch(/^\S.{15,}\.$/s);
    expect(shownReasonSchema.safeParse(showReason(reason)).success).toBe(true);
  });

  it('is shown with what it is about, and with no more', () => {
    const forbids: Reason = { code: 'guardrail_forbids', ...GET, policyIds: ['a'] };
    expect(showReason(forbids)).toEqual({ ...forbids, detail: sayReason(forbids) });
    const denied: Reason = { code: 'approval_denied', principalId: 'approver1' };
    expect(showReason(denied)).toEqual({ code: 'approval_denied', detail: sayReason(denied) });
    expect(Object.keys(showReason({ code: 'session_too_wide' }))).toEqual(['code', 'detail']);
  });
});
