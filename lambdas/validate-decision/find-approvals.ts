import { findQuorum, isMet } from '../shared/domain/guardrails/find-quorum.ts';
import type { Grant } from '../shared/domain/review.ts';
import type { ApprovalAsk } from '../shared/domain/verdict.ts';
import { countApprovals } from './count-approvals.ts';
import type { Candidate, Case, GuardedGrant, Need, Rulebook } from './facts.ts';
import { authorizationNeedsApproval } from './rules/authorization-needs-approval.ts';
import { riskNeedsApproval } from './rules/risk-needs-approval.ts';

/** Asks the guardrails about each grant, with the approvals that count for its resource. */
export function guardGrants(
  grants: readonly Grant[],
  durationSeconds: number,
  { request, loaded, evidence }: Case,
  { catalog, guardrails, approvals }: Rulebook,
  history: ApprovalAsk['history'],
): GuardedGrant[] {
  return grants.flatMap((grant) => {
    const resource = catalog.resources.get(grant.resource);
    if (!resource) return [];
    const has = countApprovals(evidence?.votes ?? [], resource, history, approvals);
    const context = { durationSeconds, onBehalfOf: request.subject !== undefined };
    const asked = { principal: loaded.principal, resource, actions: grant.actions, context };
    return [{ grant, has, answer: findQuorum(guardrails, asked, has) }];
  });
}

/** The quorum of a grant: what the guardrails ask, raised to one where the review calls for a person. */
function quorumOf({ answer }: GuardedGrant, raise: boolean) {
  const asked = answer.kind === 'needs' ? answer.quorum : { approvals: 0, stepUp: 0 };
  return raise ? { ...asked, approvals: Math.max(1, asked.approvals) } : asked;
}

/** The grants that still miss approvals. The review can only raise what the guardrails ask for. */
export function needsOf(
  guarded: readonly GuardedGrant[],
  candidate: Candidate,
  { catalog }: Rulebook,
): Need[] {
  const raise = [...riskNeedsApproval(candidate), ...authorizationNeedsApproval(candidate)].length > 0;
  return guarded.flatMap((one) => {
    const quorum = quorumOf(one, raise);
    const resource = catalog.resources.get(one.grant.resource);
    if (isMet(one.has, quorum)) return [];
    return [
      {
        resource: one.grant.resource,
        quorum,
        has: one.has,
        ...(resource?.ownerTier && { ownerTier: resource.ownerTier }),
        ownerRequired: resource?.ownerRequired ?? false,
      },
    ];
  });
}
