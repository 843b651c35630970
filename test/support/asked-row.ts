import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import type { ApprovalAsk } from '../../lambdas/shared/domain/verdict.ts';
import type { Vote } from '../../lambdas/shared/domain/vote.ts';
import type { AskedRow, MessageContent, Wording } from '../../lambdas/shared/messages/message-content.ts';
import { readWording } from '../../lambdas/shared/messages/read-wording.ts';
import { NOW } from './example-state.ts';

const minutes = (after: number) => new Date(NOW.getTime() + after * 60_000).toISOString();

export const approvalAsk: ApprovalAsk = {
  tier: 'access-approvers',
  quorum: { approvals: 1, stepUp: 0 },
  perGrant: [],
  askedAt: NOW.toISOString(),
  deadline: minutes(15),
  reminded: false,
  waitSeconds: 600,
  nextTiers: ['security-oncall'],
  history: [],
};

/** A configuration like the shipped one, whose first tier has a pager too. */
export const wordingWithPager = (topicArn: string): Wording => {
  const wording = readWording();
  const [first, ...rest] = wording.tiers;
  return { ...wording, tiers: first ? [{ ...first, notifyTopicArn: topicArn }, ...rest] : [] };
};

const grants = [
  {
    resource: 'bank_balances',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
];

/** The support agent asks to correct a customer's balance, and people are asked. */
export const askedRow = (more: Partial<RequestRow> = {}): AskedRow =>
  ({
    requestId: 'customer_support_agent-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
    principalId: 'customer_support_agent',
    reason: 'Correct the double charge in ticket 881',
    subject: { issuer: 'https://bank.example/issuer', id: 'c-1042' },
    dryRun: false,
    status: 'AWAITING_APPROVAL',
    open: 'open',
    createdAt: NOW.toISOString(),
    updatedAt: NOW.toISOString(),
    version: 2,
    ttl: 1_800_000_000,
    executionArn:
      'arn:aws:states:eu-central-1:123456789012:execution:access-request:customer_support_agent-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
    approval: approvalAsk,
    asked: {
      proposalDigest: 'sha256:p',
      basis: 'sha256:rules',
      principalType: 'agent',
      persons: ['sam'],
      concerned: [],
      grants,
      durationSeconds: 1800,
      risk: 'medium',
    },
    decision: {
      outcome: 'needs_approval',
      decidedAt: NOW.toISOString(),
      proposalDigest: 'sha256:p',
      policyIds: ['balances-write-needs-human'],
      approvers: [],
      reasons: [
        {
          code: 'guardrail_needs_approval',
          resource: 'bank_balances',
          policyIds: ['balances-write-needs-human'],
          approvals: 1,
          stepUp: 0,
          approvalsSoFar: 0,
        },
      ],
      reviewSummary: 'fits the refund rule',
      entitlement: {
        grants,
        durationSeconds: 1800,
        roleArn: 'arn:aws:iam::123456789012:role/postern-brokered',
        sessionPolicy: '{"Statement":[],"Version":"2012-10-17"}',
      },
    },
    shownIn: 'slack',
    ...more,
  }) as AskedRow;

export const voteOf = (principalId: string, person: string, more: Partial<Vote> = {}): Vote => ({
  decision: 'approve',
  principalId,
  person,
  tier: 'access-approvers',
  proposalDigest: 'sha256:p',
  votedAt: minutes(3),
  stepUp: false,
  slackUserId: `U0${principalId.toUpperCase()}`,
  slackTeamId: 'T0BANK',
  ...more,
});

export const factsOf = (row: AskedRow, more: Partial<MessageContent> = {}): MessageContent => ({
  row,
  tier: 'access-approvers',
  votes: [],
  alike: [],
  wording: readWording(),
  executionUrl: 'http://127.0.0.1:4780/executions/x',
  ...more,
});
