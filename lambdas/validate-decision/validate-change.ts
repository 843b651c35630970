import type { Change } from '../shared/domain/access-request.ts';
import { findQuorum } from '../shared/domain/guardrails/find-quorum.ts';
import { APPLY_CHANGE } from '../shared/domain/guardrails/guardrails.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import { countApprovals } from './count-approvals.ts';
import type { Case, Rulebook } from './facts.ts';
import { historyOf, planApproval, roundOf } from './plan-approval.ts';
import { approvalNotGiven } from './rules/approval-not-given.ts';
import { changeInvalid } from './rules/change-invalid.ts';
import { changeOwnPolicy } from './rules/change-own-policy.ts';
import { guardrailError } from './rules/guardrail-error.ts';
import { guardrailForbids } from './rules/guardrail-forbids.ts';
import { guardrailNeedsApproval } from './rules/guardrail-needs-approval.ts';
import { unknownResource } from './rules/unknown-resource.ts';
import { apply, deny, needsApproval } from './verdict-of.ts';

/** The catalog entry that guards each kind of change. */
const GUARDED_BY = { policy: 'policy_table', principal: 'users_table' } as const satisfies Record<
  Change['kind'],
  string
>;

/** Seconds; a change opens no session, and the guardrails are asked as for the shortest. */
const NO_SESSION = 900;

/** Decides a change by the same guardrails and votes as access; what is voted on is its exact text. */
export function validateChange(of: Case, change: Change, rules: Rulebook, now: Date): Verdict {
  const proposal = { change, principalId: of.request.principalId };
  const frame = { case: of, now, proposal };
  const refusals = [...changeInvalid(change), ...changeOwnPolicy(of, change)];
  if (refusals.length > 0) return deny(frame, refusals);

  const key = GUARDED_BY[change.kind];
  const grant = { resource: key, actions: [APPLY_CHANGE] };
  const resource = rules.catalog.resources.get(key);
  if (!resource) return deny(frame, unknownResource({ grants: [grant] }, rules));
  const round = roundOf(of, now);
  const has = countApprovals(of.evidence?.votes ?? [], resource, historyOf(round), rules.approvals);
  const asked = {
    principal: of.loaded.principal,
    resource,
    actions: [APPLY_CHANGE],
    context: { durationSeconds: NO_SESSION, onBehalfOf: false },
  };
  const answer = findQuorum(rules.guardrails, asked, has);
  const guarded = [{ grant, has, answer }];
  if (answer.kind === 'error' || answer.kind === 'never')
    return deny(frame, [...guardrailError(guarded), ...guardrailForbids(guarded)]);
  if (answer.kind === 'allowed') return apply({ ...frame, policyIds: answer.policyIds });
  const { ownerTier, ownerRequired } = resource;
  const need = { resource: key, quorum: answer.quorum, has, ...(ownerTier && { ownerTier }), ownerRequired };
  const plan = planApproval([need], { ...round, approvals: rules.approvals });
  const judged = { ...frame, policyIds: answer.policyIds };
  if (plan.kind === 'none') return deny(judged, approvalNotGiven(plan), of.asked);
  return needsApproval(judged, guardrailNeedsApproval(guarded), plan.ask);
}
