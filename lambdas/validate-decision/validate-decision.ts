import { isBreakGlass } from '../shared/domain/break-glass/is-break-glass.ts';
import { brokeredRoleArn } from '../shared/domain/brokered/brokered-role.ts';
import { namedGrants, type ResolvedGrant, resolveGrants } from '../shared/domain/catalog/resolve-grants.ts';
import { fixedProposal } from '../shared/domain/jobs/proposal-of-job.ts';
import { pinRules } from '../shared/domain/rule-pins.ts';
import { buildSessionPolicy } from '../shared/domain/session-policy/build-session-policy.ts';
import type { Entitlement, Verdict } from '../shared/domain/verdict.ts';
import type { Candidate, Case, Rulebook } from './decision-case.ts';
import { effectiveDuration } from './effective-duration.ts';
import { findApprovals } from './find-approvals.ts';
import { mergeGrants } from './merge-grants.ts';
import { narrowByVotes } from './narrow-by-votes.ts';
import { outsideOf } from './outside-of.ts';
import { actionNeverSubjectScoped } from './rules/action-never-subject-scoped.ts';
import { actionNotInCatalog } from './rules/action-not-in-catalog.ts';
import { approvalDenied } from './rules/approval-denied.ts';
import { configDigestMismatch, touchedRulesMismatch } from './rules/config-digest-mismatch.ts';
import { durationOutOfRange } from './rules/duration-out-of-range.ts';
import { jobOnBehalf } from './rules/jobs/job-on-behalf.ts';
import { jobUnknown } from './rules/jobs/job-unknown.ts';
import { noGrants } from './rules/no-grants.ts';
import { principalNotActive } from './rules/principal-not-active.ts';
import { reviewMalformed } from './rules/review-malformed.ts';
import { reviewNotApproved } from './rules/review-not-approved.ts';
import { reviewRefused } from './rules/review-refused.ts';
import { sessionPolicyTooLarge } from './rules/session-policy-too-large.ts';
import { severalAccounts } from './rules/several-accounts.ts';
import { severalRoles } from './rules/several-roles.ts';
import { subjectRequired } from './rules/subject-required.ts';
import { tooManyGrants } from './rules/too-many-grants.ts';
import { unknownResource } from './rules/unknown-resource.ts';
import { validateCall } from './validate-call.ts';
import { validateChange } from './validate-change.ts';
import { deny, grant, retryOrDeny, verdictOn } from './verdict-of.ts';

/** What a session is to open, and for how many seconds. */
type Terms = { readonly grants: readonly ResolvedGrant[]; readonly durationSeconds: number };

/**
 * Decides a request: by the catalog, the guardrails and the votes, from trusted values only. The review is a
 * proposal to be judged; none of its words, nor of the requester's, can widen anything.
 *
 * Pure: the same case, rulebook and time have the same verdict. Without a seal, which the handler adds.
 */
export function validateDecision(decided: Case, rules: Rulebook, now: Date): Verdict {
  const { review, request, loaded } = decided;
  const frame = { case: decided, now };

  const outright = [
    ...configDigestMismatch(decided, rules),
    ...principalNotActive(decided),
    ...approvalDenied(decided),
  ];
  if (outright.length > 0) return deny(frame, outright);

  if (request.call) return validateCall(decided, request.call, rules, now);

  const ofJob = [...jobUnknown(decided), ...jobOnBehalf(decided)];
  if (ofJob.length > 0) return deny(frame, ofJob);

  const unanswered = [...reviewRefused(decided), ...reviewMalformed(decided)];
  if (review.outcome !== 'proposal') return retryOrDeny(frame, unanswered);
  // INVARIANT: what a job opens is what the change fixed, whatever the review in the state says.
  const proposal = fixedProposal(request, loaded.principal) ?? review.proposal;
  const notApproved = reviewNotApproved(proposal);
  if (notApproved.length > 0) return deny(frame, notApproved);
  if (request.change) return validateChange(decided, request.change, proposal, rules, now);

  const candidate: Candidate = {
    ...resolveGrants(mergeGrants(proposal.grants), rules.catalog),
    proposedSeconds: proposal.durationSeconds,
  };
  const pins = pinRules(decided.loaded.principal, candidate.grants, rules);
  const changed = touchedRulesMismatch(decided, pins);
  if (changed.length > 0) return deny(frame, changed);
  const violations = [
    ...noGrants(candidate),
    ...tooManyGrants(candidate),
    ...unknownResource(candidate),
    ...actionNotInCatalog(candidate),
    ...actionNeverSubjectScoped(candidate),
    ...durationOutOfRange(candidate),
    ...severalAccounts(candidate, rules),
    ...severalRoles(candidate, rules),
  ];
  if (violations.length > 0) return retryOrDeny(frame, violations);
  const unproved = subjectRequired(decided, candidate);
  if (unproved.length > 0) return deny(frame, unproved);

  const { grants, proposedSeconds } = candidate;
  const proposed = {
    grants,
    durationSeconds: effectiveDuration(request.durationSeconds, proposedSeconds, grants),
  };
  const entitle = (terms: Terms): Entitlement => ({
    grants: namedGrants(terms.grants),
    durationSeconds: terms.durationSeconds,
    roleArn: brokeredRoleArn(
      terms.grants.map(({ resource }) => resource),
      rules.home,
      rules.catalog.parts,
    ),
    sessionPolicy: buildSessionPolicy(terms.grants, request.subject?.id, request.subject?.attributes),
  });
  const large = sessionPolicyTooLarge(entitle(proposed).sessionPolicy);
  if (large.length > 0) return retryOrDeny(frame, large);

  // INVARIANT: votes are bound to what was proposed, before any of them narrowed it.
  const votedOn = entitle(proposed);
  const narrowed = narrowByVotes(proposed, decided.evidence?.votes ?? []);
  const left = noGrants({ grants: narrowed.grants, unknownResources: [] });
  if (left.length > 0) return deny({ ...frame, proposed: votedOn }, left);

  const context = {
    durationSeconds: narrowed.durationSeconds,
    onBehalfOf: request.subject !== undefined,
    breakGlass: isBreakGlass(request, loaded.principal),
    ...outsideOf(decided, now),
  };
  const wanted = { grants: narrowed.grants.map((grant) => ({ ...grant, context })), judgement: proposal };
  const found = { ...frame, pins, proposed: votedOn, entitlement: entitle(narrowed) };
  return verdictOn(findApprovals(wanted, decided, rules, now), found, grant);
}
