import { makeReviewRequest } from '../../lambdas/review-request/review-request.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { ReviewerUnavailable } from '../../lambdas/shared/domain/errors.ts';
import { grantableFor } from '../../lambdas/shared/domain/guardrails/grantable-for.ts';
import type { AskReviewer, Grant, Review } from '../../lambdas/shared/domain/review.ts';
import type { Verdict } from '../../lambdas/shared/domain/verdict.ts';
import type { Loaded } from '../../lambdas/shared/domain/workflow-state.ts';
import { validateDecision } from '../../lambdas/validate-decision/validate-decision.ts';
import type { LabelledRequest, Organisation } from './evaluation-set.ts';

/** What became of one request: as the workflow would have gone, up to people. */
export type Reviewed = {
  readonly organisation: string;
  readonly request: LabelledRequest;
  readonly milliseconds: number;
} & (
  | { readonly unavailable: string }
  | {
      readonly outcome: Verdict['outcome'];
      /** The codes of a denial. */
      readonly reasons: readonly string[];
      /** What the last review proposed, where it approved. */
      readonly proposed: readonly Grant[];
      readonly attempts: number;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
);

const ISSUER = 'https://issuer.example';

const tokensOf = (review: Review, which: 'inputTokens' | 'outputTokens'): number =>
  [review, ...(review.superseded ?? []).map((earlier) => earlier.review)].reduce(
    (sum, made) => sum + (made[which] ?? 0),
    0,
  );

/**
 * Reviews one request with the handlers' own code: the prompt, the schema, the validator, and again with its
 * feedback where it sends the review back. What people would be asked is not.
 */
export async function reviewOne(
  { name, rules, people }: Organisation,
  request: LabelledRequest,
  { ask, clock, milliseconds }: { ask: AskReviewer; clock: () => Date; milliseconds: () => number },
): Promise<Reviewed> {
  const person = people.get(request.principal);
  if (!person) throw new Error(`${name}: there is no principal ${request.principal}`);
  const { principal, policy } = person;
  const review = makeReviewRequest({
    ask,
    grantableFor: (asker) => grantableFor(asker.principal, { onBehalfOf: asker.onBehalfOf }, rules),
    subjects: 'shown',
    remembers: () => undefined,
    clock,
  });
  const loaded: Loaded = {
    principal,
    policy: { text: policy, version: 1, digest: digestOf(policy) },
    digests: { principal: digestOf(principal), ...rules.digests },
  };
  const accessRequest = {
    requestId: `${principal.id}-01JD3Z9Q2N8K4V6B1C5D7E9F0G`,
    principalId: principal.id,
    reason: request.reason,
    dryRun: false,
    createdAt: clock().toISOString(),
    ...(request.subject !== undefined && { subject: { issuer: ISSUER, id: request.subject } }),
  };
  const begun = milliseconds();
  const common = () => ({ organisation: name, request, milliseconds: Math.round(milliseconds() - begun) });
  let last: { readonly review: Review; readonly verdict: Verdict } | undefined;
  try {
    do {
      const made: Review = await review({ request: accessRequest, loaded, ...last });
      const verdict = validateDecision({ request: accessRequest, loaded, review: made }, rules, clock());
      last = { review: made, verdict };
    } while (last.verdict.outcome === 'retry_review');
  } catch (error) {
    if (!(error instanceof ReviewerUnavailable)) throw error;
    return { ...common(), unavailable: error.message };
  }
  const { review: made, verdict } = last;
  const isProposal = made.outcome === 'proposal' && made.proposal.approved;
  return {
    ...common(),
    outcome: verdict.outcome,
    reasons: verdict.outcome === 'deny' ? verdict.reasons.map(({ code }) => code) : [],
    proposed: isProposal ? made.proposal.grants : [],
    attempts: made.attempt,
    inputTokens: tokensOf(made, 'inputTokens'),
    outputTokens: tokensOf(made, 'outputTokens'),
  };
}
