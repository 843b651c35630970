import { type HeldCall, nameOfCall } from '../shared/domain/calls/held-call.ts';
import { holdsArn, resolveArns } from '../shared/domain/catalog/resolve-arns.ts';
import { isMet } from '../shared/domain/guardrails/find-quorum.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import { countApprovals } from './count-approvals.ts';
import type { Case, Need, Rulebook } from './decision-case.ts';
import type { Approvals } from './find-approvals.ts';
import { historyOf, planApproval, roundOf } from './plan-approval.ts';
import { approvalNotGiven } from './rules/approval-not-given.ts';
import { callNeedsApproval } from './rules/calls/call-needs-approval.ts';
import { allow, verdictOn } from './verdict-of.ts';

type Touched = Pick<Need, 'resource' | 'ownerTier' | 'ownerRequired'>;

/** The entries of the catalog that a call is on, whose owners are asked first; or the call itself, which has none. */
function touchedBy(call: HeldCall, { catalog, home }: Rulebook): Touched[] {
  const place = { ...home, region: call.region };
  const arns = call.needs.map(({ on }) => on);
  const entries = [...catalog.resources.values()]
    .map((entry) => resolveArns(entry, place))
    .filter((entry) => arns.some((arn) => holdsArn(entry, arn)))
    .map(({ key, ownerTier, ownerRequired }) => ({
      resource: key,
      ...(ownerTier && { ownerTier }),
      ownerRequired,
    }));
  return entries.length > 0 ? entries : [{ resource: nameOfCall(call), ownerRequired: false }];
}

function findPeople(decided: Case, call: HeldCall, rules: Rulebook, now: Date): Approvals {
  const round = roundOf(decided, now);
  const votes = decided.evidence?.votes ?? [];
  const needs = touchedBy(call, rules).flatMap((touched): Need[] => {
    const has = countApprovals(votes, touched, historyOf(round), rules.approvals);
    return isMet(has, call.quorum) ? [] : [{ ...touched, quorum: call.quorum, has }];
  });
  const policyIds = call.rules;
  if (needs.length === 0) return { kind: 'enough', policyIds };
  const plan = planApproval(needs, { ...round, approvals: rules.approvals });
  if (plan.kind === 'none') return { kind: 'not_given', reasons: approvalNotGiven(plan), policyIds };
  return { kind: 'needed', reasons: callNeedsApproval(call, needs), policyIds, ask: plan.ask };
}

/**
 * Decides whether a gateway may make one call: only people let it through, as many as the gateway's rules want, found as
 * for grants. No review has a say, and nothing of the call but its resources is looked at: what it may reach is decided
 * apart, by the session that it is made with.
 */
export function validateCall(decided: Case, call: HeldCall, rules: Rulebook, now: Date): Verdict {
  return verdictOn(findPeople(decided, call, rules, now), { case: decided, now }, allow);
}
