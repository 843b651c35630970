import type { Tier } from '../../lambdas/shared/domain/approvals/approvals-config.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import type { Policy, Principal } from '../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import type { Entitlement } from '../../lambdas/shared/domain/verdict.ts';
import type { Evidence, Vote } from '../../lambdas/shared/domain/vote.ts';
import type { WorkflowState } from '../../lambdas/shared/domain/workflow-state.ts';

export const NOW = new Date('2026-11-20T12:00:00.000Z');
export const clock = () => NOW;
export const REQUEST_ID = 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G';

export const analyst: Principal = {
  id: 'analyst1',
  type: 'human',
  status: 'active',
  groups: ['analysts'],
  awsPrincipals: ['arn:aws:iam::123456789012:user/analyst1'],
  persons: ['ana'],
  subjectIssuers: [],
  subjectRequired: false,
  version: 1,
};
export const approver: Principal = { ...analyst, id: 'approver1', groups: ['approvers'], persons: ['abe'] };
export const policy: Policy = { principalId: 'analyst1', text: 'Analysts read metrics.', version: 3 };
export const configDigests = { catalog: 'sha256:c', guardrails: 'sha256:g', approvals: 'sha256:a' };

export const entitlement: Entitlement = {
  grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
  durationSeconds: 900,
  roleArn: 'arn:aws:iam::123456789012:role/postern-brokered',
  sessionPolicy:
    '{"Statement":[{"Action":"dynamodb:Query","Effect":"Allow","Resource":"arn:aws:dynamodb:eu-central-1:123456789012:table/bank_operational_metrics"}],"Version":"2012-10-17"}',
};

/** A state just after ValidateDecision granted, but for the seal. */
export function grantedState(): WorkflowState {
  return {
    request: {
      requestId: REQUEST_ID,
      principalId: 'analyst1',
      reason: 'The weekly report needs the metrics of this week.',
      dryRun: false,
      createdAt: NOW.toISOString(),
    },
    loaded: {
      principal: analyst,
      policy: { text: policy.text, version: policy.version, digest: digestOf(policy.text) },
      digests: { principal: digestOf(analyst), ...configDigests },
    },
    verdict: {
      outcome: 'grant',
      reasons: [],
      policyIds: ['analysts-read-metrics'],
      proposalDigest: 'sha256:p',
      decidedAt: NOW.toISOString(),
      approvers: [],
      entitlement,
    },
  };
}

export function rowOf(state: WorkflowState, more: Partial<RequestRow> = {}): RequestRow {
  const { requestId, principalId, reason, dryRun, createdAt } = state.request;
  return {
    requestId,
    principalId,
    reason,
    dryRun,
    createdAt,
    updatedAt: createdAt,
    status: 'PENDING',
    version: 1,
    open: 'open',
    ttl: 1_800_000_000,
    ...more,
  };
}

export const approversTier: Tier = {
  name: 'access-approvers',
  channel: '#access-approvals',
  approverGroup: 'approvers',
  timeoutSeconds: 900,
};

/** A vote that counted, and what the verdict keeps of it. */
export function voteBy({ id, persons }: Principal): {
  approvers: NonNullable<WorkflowState['verdict']>['approvers'];
  evidence: Evidence;
} {
  const vote = { principalId: id, person: persons[0] ?? id, votedAt: NOW.toISOString() };
  const { name: tier } = approversTier;
  const cast: Vote = { ...vote, decision: 'approve', tier, proposalDigest: 'sha256:p', stepUp: false };
  return {
    approvers: [vote],
    evidence: { wake: 'woken', votes: [cast], discounted: [], requesterActive: true },
  };
}

/** The same state, where somebody agreed to the grant. */
export function agreedBy(somebody: Principal): WorkflowState {
  const state = grantedState();
  const { approvers, evidence } = voteBy(somebody);
  return { ...state, evidence, ...(state.verdict && { verdict: { ...state.verdict, approvers } }) };
}
