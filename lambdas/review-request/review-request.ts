import type { z } from 'zod';
import type { AccessRequest } from '../shared/domain/access-request.ts';
import { digestOf } from '../shared/domain/digest.ts';
import type { Grantable } from '../shared/domain/guardrails/grantable-for.ts';
import { fixedProposal } from '../shared/domain/jobs/proposal-of-job.ts';
import type { RememberedReview } from '../shared/domain/limits/remembered-review.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { AskReviewer, Proposal, Review } from '../shared/domain/review.ts';
import { type Hiding, hideSubject } from '../shared/domain/subjects/hide-subject.ts';
import type { SubjectsInPrompts } from '../shared/domain/subjects/subjects-in-prompts.ts';
import {
  type Loaded,
  loadedSchema,
  type WorkflowState,
  workflowStateSchema,
} from '../shared/domain/workflow-state.ts';
import { fitSchema } from './fit-schema.ts';
import { INSTRUCTIONS, promptOf } from './prompt.ts';
import { parseProposal, reviewSchemaFor } from './review-schema.ts';

/** A state that has got as far as its principal and policy. */
export const loadedStateSchema = workflowStateSchema.extend({ loaded: loadedSchema });
type LoadedState = z.infer<typeof loadedStateSchema>;

type Ports = {
  ask: AskReviewer;
  /** What the guardrails could ever allow this principal, on behalf of a subject or of nobody, with these references. */
  grantableFor(asker: {
    principal: Principal;
    onBehalfOf: boolean;
    references?: readonly string[] | undefined;
  }): readonly Grantable[];
  /** Which reviewer is asked first (`reviewerDigest`), where reviews are remembered; undefined where they are not. */
  remembers: () => string | undefined;
  /** Whether the model is told who the subject is. */
  subjects: SubjectsInPrompts;
  clock: () => Date;
};

/**
 * Asks the model for a proposal. A refusal and output that stays off schema are answers, for the validator to
 * decide on; a model that cannot be asked throws ReviewerUnavailable.
 */
export function makeReviewRequest({ ask, grantableFor, remembers, subjects, clock }: Ports) {
  return async (state: LoadedState): Promise<Review> => {
    const { request, loaded } = state;
    const retry = state.verdict?.outcome === 'retry_review' ? state.verdict : undefined;
    const attempt = retry?.nextAttempt ?? 1;
    if (request.call) return decidedByPeople(attempt);
    if (request.job !== undefined) return asFixed(request, loaded.principal, attempt);
    const grantable = request.change
      ? []
      : grantableFor({ principal: loaded.principal, onBehalfOf: request.subject !== undefined });
    if (grantable.length === 0 && !request.change) return nothingGrantable(attempt);
    const hiding = subjects === 'hidden' && request.subject ? hideSubject(request.subject) : undefined;
    if (hiding?.isMistakable(loaded.policy.text)) return notHidden(attempt);
    const { offered, leftOut } = fitSchema(grantable, [request.reason, loaded.policy.text]);
    const schema = schemaFor(offered);
    const input = promptOf({ request, loaded, grantable: offered, feedback: retry?.reasons ?? [], hiding });
    const promptDigest = digestOf(`${INSTRUCTIONS}\n${input}`);
    const reviewer = remembers();
    const recalled = retry ? undefined : reviewOf(loaded.recalled, { promptDigest, reviewer, schema });
    if (recalled) return { ...recalled, ...(leftOut > 0 && { resourcesLeftOut: leftOut }) };
    const answer = await ask({ instructions: INSTRUCTIONS, input, schema, safetyId: safetyIdOf(state) });
    const record = {
      attempt,
      model: answer.model,
      promptDigest,
      responseId: answer.responseId,
      inputTokens: answer.inputTokens,
      outputTokens: answer.outputTokens,
      ...(leftOut > 0 && { resourcesLeftOut: leftOut }),
      ...(reviewer !== undefined && {
        reviewedBy: { at: clock().toISOString(), digest: answer.reviewerDigest ?? reviewer },
      }),
      ...supersededIn(state),
    };
    if (answer.kind === 'refused') {
      return { outcome: 'refused', detail: putBack(answer.detail, hiding), ...record };
    }
    if (answer.kind === 'incomplete') return { outcome: 'malformed', detail: answer.detail, ...record };
    const parsed = parseProposal(answer.text, schema);
    return 'proposal' in parsed
      ? { outcome: 'proposal', proposal: withSubject(parsed.proposal, hiding), ...record }
      : { outcome: 'malformed', detail: parsed.offSchema, ...record };
  };
}

/**
 * A remembered review as this request's; undefined where the same model would not be asked the very same, or where it does
 * not fit what would be offered now.
 */
function reviewOf(
  recalled: RememberedReview | undefined,
  now: {
    promptDigest: string;
    reviewer: string | undefined;
    schema: ReturnType<typeof reviewSchemaFor>;
  },
): Review | undefined {
  if (!recalled || recalled.promptDigest !== now.promptDigest || recalled.reviewerDigest !== now.reviewer)
    return undefined;
  const parsed = parseProposal(JSON.stringify(recalled.proposal), now.schema);
  if (!('proposal' in parsed)) return undefined;
  const { model, promptDigest, responseId, requestId, reviewedAt } = recalled;
  const record = { attempt: 1, model, promptDigest, responseId, remembered: { requestId, reviewedAt } };
  return { outcome: 'proposal', proposal: parsed.proposal, ...record };
}

/** Characters of a reviewer's sentence, as the schema of reviews takes them. */
const MOST_SENTENCE = 600;

const putBack = (text: string, hiding: Hiding | undefined): string =>
  hiding ? hiding.putBack(text, MOST_SENTENCE) : text;

/** The proposal with the subject's identifiers in its sentence, which people read. Everything else of it is of closed lists. */
const withSubject = (proposal: Proposal, hiding: Hiding | undefined): Proposal => ({
  ...proposal,
  reason: putBack(proposal.reason, hiding),
});

/** Kept for as long as what it was made of is: for one principal that is the same again and again. */
const schemas = new WeakMap<readonly Grantable[], ReturnType<typeof reviewSchemaFor>>();
function schemaFor(offered: readonly Grantable[]) {
  const schema = schemas.get(offered) ?? reviewSchemaFor(offered);
  schemas.set(offered, schema);
  return schema;
}

/** Where the validator sent a review back: that review, and those that it had replaced. */
function supersededIn({ review, verdict }: WorkflowState): Pick<Review, 'superseded'> {
  if (!review || verdict?.outcome !== 'retry_review') return {};
  const { superseded = [], ...last } = review;
  return { superseded: [...superseded, { review: last, because: verdict.reasons }] };
}

/** A stable, opaque id of who asks, for the provider's abuse detection. */
function safetyIdOf({ loaded }: { loaded: Loaded } & WorkflowState): string {
  return digestOf(loaded.principal.id).slice(0, 64);
}

/** A call that a gateway holds is exact, and its text is its caller's: no model reads it, and people decide. */
const decidedByPeople = (attempt: number): Review =>
  withoutModel(attempt, true, 'No model is asked about a call.');

/** A job was reviewed when the change that fixed it was. One that there is no more is for the validator to name. */
function asFixed(request: AccessRequest, principal: Principal, attempt: number): Review {
  const review = withoutModel(attempt, false, 'The principal has no such job.');
  const proposal = fixedProposal(request, principal);
  return proposal ? { ...review, outcome: 'proposal', proposal } : review;
}

/** Nothing could ever be granted, so there is nothing to ask a model: the answer is known. */
const nothingGrantable = (attempt: number): Review =>
  withoutModel(attempt, false, 'The guardrails can grant this principal nothing in the catalog.');

/** A policy with a placeholder where it says `not` would say something else: what cannot be hidden safely is not sent. */
const notHidden = (attempt: number): Review =>
  withoutModel(
    attempt,
    false,
    'No model was asked: the subject’s id is a word of the policy, and could not be hidden without altering what the policy says.',
  );

/** A review that no model made. */
const withoutModel = (attempt: number, approved: boolean, reason: string): Review => ({
  outcome: 'proposal',
  attempt,
  model: 'none',
  promptDigest: digestOf(''),
  proposal: { approved, grants: [], durationSeconds: 900, risk: 'low', authorization: 'none', reason },
});
