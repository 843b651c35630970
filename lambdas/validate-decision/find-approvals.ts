import { LEAST_FOR_BREAK_GLASS } from '../shared/domain/break-glass/is-break-glass.ts';
import type { ResolvedGrant } from '../shared/domain/catalog/resolve-grants.ts';
import { findQuorum, findQuorumAtBest, isMet } from '../shared/domain/guardrails/find-quorum.ts';
import type { GuardrailContext } from '../shared/domain/guardrails/guardrails.ts';
import type { Reason } from '../shared/domain/reason.ts';
import type { ApprovalAsk, Observed, Quorum } from '../shared/domain/verdict.ts';
import { countApprovals } from './count-approvals.ts';
import type { Case, GuardedGrant, Judgement, Need, Rulebook } from './decision-case.ts';
import { observeGuardrails } from './observe-guardrails.ts';
import { historyOf, planApproval, roundOf } from './plan-approval.ts';
import { approvalNotGiven } from './rules/approval-not-given.ts';
import { authorizationNeedsApproval } from './rules/authorization-needs-approval.ts';
import { breakGlassNeedsApproval } from './rules/break-glass-needs-approval.ts';
import { guardrailError } from './rules/guardrail-error.ts';
import { guardrailForbids } from './rules/guardrail-forbids.ts';
import { guardrailNeedsApproval } from './rules/guardrail-needs-approval.ts';
import { factMissing } from './rules/outside/fact-missing.ts';
import { referenceRequired } from './rules/outside/reference-required.ts';
import { riskNeedsApproval } from './rules/risk-needs-approval.ts';

/** What is to be opened: grants of a session, or the entry that guards a change. */
type Wanted = {
  readonly grants: readonly Asked[];
  readonly judgement: Judgement;
};
type Asked = ResolvedGrant & { readonly context: Omit<GuardrailContext, 'approvals' | 'stepUpApprovals'> };

/** Whether people have to agree, and whether they have. `policyIds` are the guardrails that took part. */
export type Approvals = Found & { readonly observed?: readonly Observed[] };
type Found =
  /** The guardrails forbid it, or could not be evaluated. */
  | { readonly kind: 'forbidden'; readonly reasons: readonly Reason[] }
  /** As many people agreed as had to: perhaps none. */
  | { readonly kind: 'enough'; readonly policyIds: readonly string[] }
  /** Nobody is left to ask. */
  | { readonly kind: 'not_given'; readonly reasons: readonly Reason[]; readonly policyIds: readonly string[] }
  | {
      readonly kind: 'needed';
      readonly reasons: readonly Reason[];
      readonly policyIds: readonly string[];
      readonly ask: ApprovalAsk;
    };

/**
 * The one way in which approvals are found, for grants and for changes: the guardrails are asked first, with the
 * approvals that each grant really has. Then the review's judgement may raise what they ask for, never lower it.
 */
export function findApprovals(wanted: Wanted, decided: Case, rules: Rulebook, now: Date): Approvals {
  const round = roundOf(decided, now);
  const guarded = guardGrants(wanted, decided, rules, historyOf(round));
  const observed = guarded.flatMap((each) => each.observed ?? []);
  return {
    ...judge(guarded, { ...wanted, emergency: breakGlassNeedsApproval(decided) }, rules, round),
    observed,
  };
}

/** Whether people have to agree to what the guardrails answered, and whether they have. */
function judge(
  guarded: readonly GuardedGrant[],
  { judgement, emergency }: Pick<Wanted, 'judgement'> & { readonly emergency: readonly Reason[] },
  rules: Rulebook,
  round: ReturnType<typeof roundOf>,
): Found {
  const forbidden = [
    ...guardrailError(guarded),
    ...guardrailForbids(guarded),
    ...referenceRequired(guarded),
    ...factMissing(guarded),
  ];
  if (forbidden.length > 0) return { kind: 'forbidden', reasons: forbidden };
  const policyIds = guarded.flatMap(({ answer }) =>
    answer.kind === 'allowed' || answer.kind === 'needs' ? answer.policyIds : [],
  );

  const raised = [...riskNeedsApproval(judgement), ...authorizationNeedsApproval(judgement)];
  const least = {
    approvals: raised.length > 0 ? 1 : 0,
    stepUp: 0,
    ...(emergency.length > 0 && LEAST_FOR_BREAK_GLASS),
  };
  const needs = strictest(guarded.flatMap((grant) => needOf(grant, least) ?? []));
  if (needs.length === 0) return { kind: 'enough', policyIds };
  const plan = planApproval(needs, { ...round, approvals: rules.approvals });
  if (plan.kind === 'none') return { kind: 'not_given', reasons: approvalNotGiven(plan), policyIds };
  const reasons = [...guardrailNeedsApproval(guarded), ...emergency, ...raised];
  return { kind: 'needed', reasons, policyIds, ask: plan.ask };
}

/** Asks the guardrails about each grant, with the approvals that count for its resource. */
function guardGrants(
  { grants }: Wanted,
  { loaded, evidence }: Case,
  { guardrails, approvals }: Rulebook,
  history: ApprovalAsk['history'],
): GuardedGrant[] {
  return grants.map(({ context, ...grant }) => {
    const { resource, actions } = grant;
    const has = countApprovals(evidence?.votes ?? [], resource, history, approvals);
    const question = { principal: loaded.principal, resource, actions, context };
    const answer = findQuorum(guardrails, question, has);
    return {
      grant,
      has,
      answer,
      lacks: lackOf(guardrails, question, has, answer),
      observed: observeGuardrails(guardrails, question, has, answer),
    };
  });
}

/** What it is forbidden for want of, where that is all. */
function lackOf(
  guardrails: Rulebook['guardrails'],
  question: Parameters<typeof findQuorum>[1],
  has: Quorum,
  answer: GuardedGrant['answer'],
): GuardedGrant['lacks'] {
  if (answer.kind !== 'never') return undefined;
  const best = findQuorumAtBest(guardrails, question, has);
  return best.kind === 'allowed' || best.kind === 'needs' ? best.lacks : undefined;
}

/** What a grant still misses: of what the guardrails ask, raised to `least` where something else calls for people. */
function needOf({ grant, has, answer }: GuardedGrant, least: Quorum): Need | undefined {
  const guarded = answer.kind === 'needs' ? answer.quorum : { approvals: 0, stepUp: 0 };
  const quorum = {
    approvals: Math.max(least.approvals, guarded.approvals),
    stepUp: Math.max(least.stepUp, guarded.stepUp),
  };
  if (isMet(has, quorum)) return undefined;
  const { key, ownerTier, ownerRequired } = grant.resource;
  return { resource: key, quorum, has, ...(ownerTier && { ownerTier }), ownerRequired };
}

/** One need a resource: of one that was asked about twice, all that either answer asks for. */
function strictest(needs: readonly Need[]): Need[] {
  const byResource = new Map<string, Need>();
  for (const need of needs) {
    const other = byResource.get(need.resource)?.quorum ?? need.quorum;
    const quorum = {
      approvals: Math.max(need.quorum.approvals, other.approvals),
      stepUp: Math.max(need.quorum.stepUp, other.stepUp),
    };
    byResource.set(need.resource, { ...need, quorum });
  }
  return [...byResource.values()];
}
