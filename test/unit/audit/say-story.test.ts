import { expect, it } from 'vitest';
import { sayStory } from '../../../clients/audit/say-story.ts';
import type { AuditEvent, AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';

const record = (event: AuditEvent, facts: Record<string, unknown>): AuditRecord =>
  ({
    at: '2026-11-20T22:00:01.000Z',
    requestId: 'employee1-01',
    chain: 'employee1',
    seq: 1,
    event,
    facts,
  }) as AuditRecord;
const told = (event: AuditEvent, facts: Record<string, unknown>) =>
  sayStory([record(event, facts)])[1]?.slice(25);
const grants = [{ resource: 'bank_balances', actions: ['dynamodb:GetItem'] }];

it.each<[AuditEvent, Record<string, unknown>, string]>([
  [
    'requested',
    { request: { principalId: 'agent', reason: 'The balance.', subject: { id: 'c-1042' } } },
    'agent asked on behalf of c-1042: “The balance.”',
  ],
  [
    'requested',
    {
      request: {
        principalId: 'employee1',
        reason: 'See why it broke.',
        job: 'look',
        references: ['INC-9', 'OPS-12'],
      },
    },
    'employee1 asked for the job look in INC-9, OPS-12: “See why it broke.”',
  ],
  [
    'reviewed',
    { review: { outcome: 'proposal', proposal: { approved: false, reason: 'Not its job.' } } },
    'The review proposed nothing: “Not its job.”',
  ],
  [
    'reviewed',
    {
      review: {
        outcome: 'proposal',
        proposal: { approved: true, grants, durationSeconds: 900, risk: 'low' },
      },
    },
    'The review proposed dynamodb:GetItem on bank_balances, for 15 minutes (risk low)',
  ],
  [
    'reviewed',
    { review: { outcome: 'proposal', proposal: { approved: true, durationSeconds: 900, reason: 'A key.' } } },
    'The review has nothing against it: “A key.”',
  ],
  ['reviewed', { review: { outcome: 'refused' } }, 'The reviewer refused to review it.'],
  ['reviewed', { review: { outcome: 'of_a_later_version' } }, 'The review ended without a proposal.'],
  [
    'validated',
    { verdict: { outcome: 'deny', reasons: [{ code: 'no_grants' }, { code: 'of_a_later_version' }] } },
    'The rules refuse it. Nothing would be granted; name the resource and the actions that the job needs. of_a_later_version.',
  ],
  [
    'approval_asked',
    { tier: 'access-approvers', deadline: '2026-11-20T22:15:00Z' },
    'access-approvers was asked to answer until 2026-11-20T22:15:00Z',
  ],
  [
    'approval_asked',
    { tier: 'on-duty', onCall: ['person:abe'], deadline: '2026-11-20T22:15:00Z' },
    'on-duty (on call: person:abe) was asked to answer until 2026-11-20T22:15:00Z',
  ],
  [
    'escalated',
    { tier: 'on-duty', because: 'nobody_on_call', from: 'on-duty', to: 'access-approvers' },
    'Nobody was on call for on-duty; access-approvers was asked',
  ],
  [
    'escalated',
    { tier: 'on-duty', because: 'timed_out', from: 'on-duty', to: 'access-approvers' },
    'Nobody answered; access-approvers was asked',
  ],
  [
    'validated',
    {
      verdict: {
        outcome: 'grant',
        outside: [
          { source: 'pager', name: 'onCall', about: 'person:ana', value: 'payments' },
          { source: 'tickets', name: 'openReference', about: 'reference:OPS-12' },
        ],
      },
    },
    'The rules allow it [from outside: onCall payments of person:ana, says pager; openReference of reference:OPS-12, says tickets]',
  ],
  [
    'voted',
    { principalId: 'approver1', decision: 'deny', reason: 'Not now.', counted: true },
    'approver1 denied it: “Not now.”',
  ],
  [
    'voted',
    { principalId: 'employee1', counted: false, because: 'asks_for_it' },
    'employee1 voted, which does not count: whoever asks never decides',
  ],
  [
    'voted',
    {
      ...{ principalId: 'approver1', decision: 'approve', counted: true, stepUp: true, assertion: {} },
      narrowing: { durationSeconds: 900, windowSeconds: 3600 },
    },
    'approver1 approved less of it with a passkey, and the very same for an hour',
  ],
  [
    'voted',
    { principalId: 'approver1', decision: 'approve', stepUp: true, counted: false, because: 'later' },
    'approver1 approved it with a code, which does not count: later',
  ],
  [
    'decided',
    {
      outcome: 'grant',
      approvers: [{ principalId: 'approver1' }],
      reasons: [{ code: 'approved', principalIds: ['approver1'] }],
    },
    'It was granted with the approval of approver1',
  ],
  [
    'validated',
    {
      verdict: {
        outcome: 'needs_approval',
        reasons: [{ code: 'authorization_needs_approval' }],
        entitlement: { grants, durationSeconds: 3600 },
      },
    },
    'The rules leave it to people: dynamodb:GetItem on bank_balances, for an hour. The policy does not clearly cover this job, so a person decides.',
  ],
  ['expired', { reason: 'unclaimed' }, 'It lapsed. Nobody claimed it in time.'],
  ['denied', { reason: 'denied' }, 'It was denied'],
  [
    'issuing',
    { entitlement: { grants, durationSeconds: 900 } },
    'A session is about to be made: dynamodb:GetItem on bank_balances, for 15 minutes',
  ],
  [
    'issued',
    { approvers: [{ principalId: 'approver1' }, { principalId: 'admin' }] },
    'The session was issued with the approval of approver1, admin',
  ],
  [
    'revoked',
    { by: 'admin', because: 'The case is closed.' },
    'The session was ended before its time by admin: “The case is closed.”',
  ],
  [
    'failed',
    { reason: 'reviewer_unavailable' },
    'It failed, and nothing was given. The reviewer did not answer; ask again in a minute.',
  ],
])('%s %j is told as a sentence', (event, facts, sentence) => {
  expect(told(event, facts)).toBe(sentence);
});

it('tells what it knows of facts in a form that it does not, and does nothing to the terminal', () => {
  expect(told('requested', { request: 7 })).toBe('Somebody asked');
  expect(told('requested', { request: { principalId: 'a', reason: 'x\u001b[2J\n' } })).toBe(
    'a asked: “x\\u{1B}[2J\\n”',
  );
});
