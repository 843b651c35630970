import { brokeredRoleArn } from '../shared/domain/catalog/brokered-role.ts';
import type { CatalogResource } from '../shared/domain/catalog/catalog.ts';
import type { Grant } from '../shared/domain/review.ts';
import { buildSessionPolicy } from '../shared/domain/session-policy/build-session-policy.ts';
import type { Entitlement, Verdict } from '../shared/domain/verdict.ts';
import { effectiveDuration } from './effective-duration.ts';
import type { Candidate, Case, Rulebook } from './facts.ts';
import { guardGrants, needsOf } from './guard-grants.ts';
import { mergeGrants } from './merge-grants.ts';
import { narrowByVotes } from './narrow-by-votes.ts';
import { historyOf, planApproval, roundOf } from './plan-approval.ts';
import { actionNeverSubjectScoped } from './rules/action-never-subject-scoped.ts';
import { actionNotInCatalog } from './rules/action-not-in-catalog.ts';
import { approvalDenied } from './rules/approval-denied.ts';
import { approvalNotGiven } from './rules/approval-not-given.ts';
import { authorizationNeedsApproval } from './rules/authorization-needs-approval.ts';
import { configDigestMismatch } from './rules/config-digest-mismatch.ts';
import { durationOutOfRange } from './rules/duration-out-of-range.ts';
import { guardrailError } from './rules/guardrail-error.ts';
import { guardrailForbids } from './rules/guardrail-forbids.ts';
import { guardrailNeedsApproval } from './rules/guardrail-needs-approval.ts';
import { noGrants } from './rules/no-grants.ts';
import { principalNotActive } from './rules/principal-not-active.ts';
import { reviewMalformed } from './rules/review-malformed.ts';
import { reviewNotApproved } from './rules/review-not-approved.ts';
import { reviewRefused } from './rules/review-refused.ts';
import { riskNeedsApproval } from './rules/risk-needs-approval.ts';
import { sessionPolicyTooLarge } from './rules/session-policy-too-large.ts';
import { severalAccounts } from './rules/several-accounts.ts';
import { subjectRequired } from './rules/subject-required.ts';
import { tooManyGrants } from './rules/too-many-grants.ts';
import { unknownResource } from './rules/unknown-resource.ts';
import { validateChange } from './validate-change.ts';
import { deny, grant, needsApproval, retryOrDeny } from './verdict-of.ts';

/**
 * Decides a request: by the catalog, the guardrails and the votes, from trusted facts only. The review is a
 * proposal to be judged; none of its words, nor of the requester's, can widen anything.
 *
 * Pure: the same case, rulebook and time have the same verdict. Without a seal, which the handler adds.
 */
export function validateDecision(of: Case, rules: Rulebook, now: Date): Verdict {
  const { review, request, loaded } = of;
  const frame = { case: of, now };

  const standing = [...configDigestMismatch(of, rules), ...principalNotActive(of), ...approvalDenied(of)];
  if (standing.length > 0) return deny(frame, standing);

  const unanswered = [...reviewRefused(of), ...reviewMalformed(of)];
  if (review.outcome !== 'proposal') return retryOrDeny(frame, unanswered);
  const notApproved = reviewNotApproved(review.proposal);
  if (notApproved.length > 0) return deny(frame, notApproved);
  if (request.change) return validateChange(of, request.change, rules, now);

  const { proposal } = review;
  const candidate: Candidate = {
    grants: mergeGrants(proposal.grants),
    proposedSeconds: proposal.durationSeconds,
    risk: proposal.risk,
    authorization: proposal.authorization,
  };
  const violations = [
    ...noGrants(candidate),
    ...tooManyGrants(candidate),
    ...unknownResource(candidate, rules),
    ...actionNotInCatalog(candidate, rules),
    ...actionNeverSubjectScoped(candidate, rules),
    ...durationOutOfRange(candidate),
    ...severalAccounts(candidate, rules),
  ];
  if (violations.length > 0) return retryOrDeny(frame, violations);
  const unproved = subjectRequired(of, candidate, rules);
  if (unproved.length > 0) return deny(frame, unproved);

  const durationSeconds = effectiveDuration(
    request.durationSeconds,
    candidate.proposedSeconds,
    candidate.grants,
    rules.catalog,
  );
  const entitle = (terms: Pick<Entitlement, 'grants' | 'durationSeconds'>): Entitlement => ({
    ...terms,
    roleArn: brokeredRoleArn(resourcesOf(terms.grants, rules), rules.home),
    sessionPolicy: buildSessionPolicy(terms.grants, rules.catalog, request.subject?.id),
  });
  const proposed = { grants: [...candidate.grants], durationSeconds };
  const large = sessionPolicyTooLarge(entitle(proposed).sessionPolicy);
  if (large.length > 0) return retryOrDeny(frame, large);

  // INVARIANT: votes are bound to what was proposed, before any of them narrowed it.
  const votedOn = {
    ...entitle(proposed),
    principalId: loaded.principal.id,
    subject: request.subject ?? null,
  };
  const narrowed = narrowByVotes(proposed, of.evidence?.votes ?? []);
  if (narrowed.grants.length === 0) {
    return deny({ ...frame, proposal: votedOn }, noGrants({ ...candidate, grants: [] }));
  }
  const judged = { ...frame, proposal: votedOn, entitlement: entitle(narrowed) };

  const round = roundOf(of, now);
  const guarded = guardGrants(narrowed.grants, narrowed.durationSeconds, of, rules, historyOf(round));
  const forbidden = [...guardrailError(guarded), ...guardrailForbids(guarded)];
  if (forbidden.length > 0) return deny({ ...frame, proposal: votedOn }, forbidden);
  const policyIds = guarded.flatMap(({ answer }) =>
    answer.kind === 'allowed' || answer.kind === 'needs' ? answer.policyIds : [],
  );

  const needs = needsOf(guarded, candidate, rules);
  if (needs.length === 0) return grant({ ...judged, policyIds });
  const plan = planApproval(needs, { ...round, approvals: rules.approvals });
  if (plan.kind === 'none') return deny({ ...judged, policyIds }, approvalNotGiven(plan), of.asked);
  const why = [
    ...guardrailNeedsApproval(guarded),
    ...riskNeedsApproval(candidate),
    ...authorizationNeedsApproval(candidate),
  ];
  return needsApproval({ ...judged, policyIds }, why, plan.ask);
}

/** The catalog's entries of grants; each was found in it before. */
const resourcesOf = (grants: readonly Grant[], { catalog }: Rulebook): CatalogResource[] =>
  grants.flatMap(({ resource }) => catalog.resources.get(resource) ?? []);
