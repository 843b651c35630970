import { isReviewedByModel } from '../shared/domain/access-request.ts';
import { digestOf } from '../shared/domain/digest.ts';
import type { Reason } from '../shared/domain/reason.ts';
import type { RulePins } from '../shared/domain/rule-pins.ts';
import type { ApprovalAsk, Entitlement, Observed, Verdict } from '../shared/domain/verdict.ts';
import type { Case } from './decision-case.ts';
import type { Approvals } from './find-approvals.ts';
import { outsideInForce } from './outside-of.ts';
import { jobOutdated } from './rules/jobs/job-outdated.ts';

/** Reviews of one request, the first included, before off-schema output becomes a denial. */
const MOST_ATTEMPTS = 3;

type Common = {
  readonly case: Case;
  readonly now: Date;
  readonly entitlement?: Entitlement;
  readonly policyIds?: readonly string[];
  readonly observed?: readonly Observed[] | undefined;
  /** What a session would open, before any vote narrowed it. None for a change, or where nothing was proposed. */
  readonly proposed?: Entitlement;
  /** The rules that it rests on. */
  readonly pins?: RulePins;
};

/**
 * Digest of what approvers are shown: who asks, for whom, why, and what it would open or change. INVARIANT: what a
 * vote lets through is in it, every word of the reason too. Requests share a message, and an approval for a window
 * admits another request, only where this is equal.
 */
const proposalDigestOf = (
  { principalId, subject, reason, job, references, change, call }: Case['request'],
  proposed: Entitlement | undefined,
): string =>
  digestOf({
    principalId,
    subject: subject ?? null,
    reason,
    change: change ?? null,
    ...(job !== undefined && { job }),
    ...(references && { references }),
    ...(call && { call }),
    proposed: proposed ?? null,
  });

function common({
  case: { request, review, evidence, loaded },
  now,
  entitlement,
  policyIds,
  observed = [],
  proposed,
}: Common) {
  const outside = outsideInForce({ loaded, ...(evidence && { evidence }) }, now);
  const approvals = evidence?.votes.filter((vote) => vote.decision === 'approve') ?? [];
  return {
    decidedAt: now.toISOString(),
    proposalDigest: proposalDigestOf(request, proposed),
    policyIds: [...new Set(policyIds)].sort(),
    approvers: approvals.map(({ principalId, person, votedAt }) => ({ principalId, person, votedAt })),
    ...(review.outcome === 'proposal' && isReviewedByModel(request) && { risk: review.proposal.risk }),
    ...(outside.length > 0 && { outside }),
    ...(observed.length > 0 && { observed: [...observed] }),
    ...(entitlement && { entitlement }),
  };
}

/** Each answer of the validator, from its reasons and what it found. */
export const deny = (found: Common, reasons: readonly Reason[], approval?: ApprovalAsk): Verdict => ({
  outcome: 'deny',
  reasons: [...reasons],
  ...common(found),
  ...(approval && { approval }),
});

const needsApproval = (found: Common, reasons: readonly Reason[], approval: ApprovalAsk): Verdict => ({
  outcome: 'needs_approval',
  reasons: [...reasons],
  ...common(found),
  ...pinsIn(found),
  approval,
});

const pinsIn = ({ pins }: Common) => (pins ? { pins } : {});

export const apply = (found: Common): Verdict => ({
  outcome: 'apply',
  reasons: approvedBy(found),
  ...common(found),
  ...pinsIn(found),
});

export const allow = (found: Common): Verdict => ({
  outcome: 'allow',
  reasons: approvedBy(found),
  ...common(found),
});

export const grant = (found: Common & { entitlement: Entitlement }): Verdict => ({
  outcome: 'grant',
  reasons: approvedBy(found),
  ...common(found),
  ...pinsIn(found),
  entitlement: found.entitlement,
});

/**
 * The verdict that follows from the approvals. `agree` answers where nothing is missing. What the guardrails forbid
 * is told without what it would have opened.
 */
export function verdictOn<Found extends Common>(
  approvals: Approvals,
  found: Found,
  agree: (agreed: Found) => Verdict,
): Verdict {
  if (approvals.kind === 'forbidden') {
    const { entitlement: _, ...unopened }: Common = found;
    return deny(unopened, approvals.reasons);
  }
  const judged = { ...found, policyIds: approvals.policyIds, observed: approvals.observed };
  if (approvals.kind === 'enough') return agree(judged);
  if (approvals.kind === 'not_given') return deny(judged, approvals.reasons, found.case.asked);
  return needsApproval(judged, approvals.reasons, approvals.ask);
}

/** The model may correct its proposal, told what was wrong with it; after its last attempt it is a denial. So it is for a job at once. */
export function retryOrDeny(found: Common, reasons: readonly Reason[]): Verdict {
  const { attempt } = found.case.review;
  const { job } = found.case.request;
  if (job !== undefined) return deny(found, [...jobOutdated(job, reasons), ...reasons]);
  if (attempt >= MOST_ATTEMPTS) return deny(found, reasons);
  return { outcome: 'retry_review', reasons: [...reasons], ...common(found), nextAttempt: attempt + 1 };
}

/** A grant that people agreed to says who. */
function approvedBy({ case: { evidence } }: Common): Reason[] {
  const principalIds =
    evidence?.votes.flatMap((vote) => (vote.decision === 'approve' ? [vote.principalId] : [])) ?? [];
  return principalIds.length > 0 ? [{ code: 'approved', principalIds }] : [];
}
