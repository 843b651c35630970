import * as z from 'zod';
import type { AuditEvent } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { reasonSchema } from '../../lambdas/shared/domain/reason.ts';
import { sayEnd } from '../../lambdas/shared/domain/text/say-end.ts';
import { sayReason } from '../../lambdas/shared/domain/text/say-reason.ts';
import { sayDuration } from './say-duration.ts';
import { sayVote } from './say-vote.ts';

const grantsSchema = z.array(z.object({ resource: z.string(), actions: z.array(z.string()) }));
const termsSchema = z.object({ grants: grantsSchema, durationSeconds: z.number() }).partial();
/** A reason of a later version of Postern is told by its code alone. */
const reasonsSchema = z.array(reasonSchema.or(z.object({ code: z.string() })));

/**
 * As much of a record's facts as its sentence tells. Records of other versions may hold them in other forms: what
 * does not fit is left out of the sentence, and is in the record.
 */
const factsSchema = z.object({
  request: z
    .object({
      principalId: z.string(),
      reason: z.string(),
      durationSeconds: z.number().optional().catch(undefined),
      subject: z.object({ id: z.string() }).optional().catch(undefined),
      job: z.string().optional().catch(undefined),
      references: z.array(z.string()).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  review: z
    .object({
      outcome: z.string(),
      proposal: termsSchema
        .extend({ approved: z.boolean(), risk: z.string(), reason: z.string() })
        .partial()
        .optional()
        .catch(undefined),
      remembered: z.object({ requestId: z.string() }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  verdict: z
    .object({
      outcome: z.string(),
      reasons: reasonsSchema.optional().catch(undefined),
      entitlement: termsSchema.optional().catch(undefined),
      outside: z
        .array(
          z.object({
            source: z.string(),
            name: z.string(),
            about: z.string(),
            value: z.string().optional(),
          }),
        )
        .optional()
        .catch(undefined),
      observed: z
        .array(z.object({ resource: z.string(), would: z.string(), policyIds: z.array(z.string()) }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  entitlement: termsSchema.optional().catch(undefined),
  reasons: reasonsSchema.optional().catch(undefined),
  approvers: z
    .array(z.object({ principalId: z.string() }))
    .optional()
    .catch(undefined),
  outcome: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  tier: z.string().optional().catch(undefined),
  to: z.string().optional().catch(undefined),
  onCall: z.array(z.string()).optional().catch(undefined),
  deadline: z.string().optional().catch(undefined),
  because: z.string().optional().catch(undefined),
  by: z.string().optional().catch(undefined),
  expiration: z.string().optional().catch(undefined),
  level: z.number().optional().catch(undefined),
  remarks: z.string().optional().catch(undefined),
  template: z.string().optional().catch(undefined),
  principal: z.string().optional().catch(undefined),
  decision: z.string().optional().catch(undefined),
  decidedBy: z.string().optional().catch(undefined),
  rationale: z.string().optional().catch(undefined),
  items: z.number().optional().catch(undefined),
  overdue: z.array(z.string()).optional().catch(undefined),
  overdueInAll: z.number().optional().catch(undefined),
  restoredTo: z.string().optional().catch(undefined),
  restoredBy: z.string().optional().catch(undefined),
});
type Facts = z.output<typeof factsSchema>;

const opens = ({ grants, durationSeconds }: z.output<typeof termsSchema> = {}): string => {
  const what = (grants ?? [])
    .map(({ resource, actions }) => `${actions.join(', ')} on ${resource}`)
    .join('; ');
  return [what, durationSeconds === undefined ? '' : `for ${sayDuration(durationSeconds)}`]
    .filter(Boolean)
    .join(', ');
};
const because = (reasons: z.output<typeof reasonsSchema> = []): string =>
  reasons
    .map((reason) => {
      const known = reasonSchema.safeParse(reason);
      return known.success ? sayReason(known.data) : `${reason.code}.`;
    })
    .join(' ');
/** A verdict's outcome, of the rules and of what became of it. */
const ANSWERED: Readonly<Record<string, string>> = {
  grant: 'The rules allow it',
  apply: 'The rules allow the change',
  allow: 'The rules allow the call',
  needs_approval: 'The rules leave it to people',
  deny: 'The rules refuse it',
  retry_review: 'The rules sent it back to the reviewer',
};
const DECIDED: Readonly<Record<string, string>> = {
  grant: 'It was granted',
  apply: 'The change was agreed to',
  allow: 'The call was allowed',
  needs_approval: 'People have to decide',
  deny: 'It was denied',
};
const answered = (words: Readonly<Record<string, string>>, outcome = 'nothing'): string =>
  words[outcome] ?? `The rules answered ${outcome}`;
/** A clause, what it opens, and why: each is left out where it is not known. */
const withWhy = (clause: string, what: string, why: string): string =>
  `${clause}${what ? `: ${what}` : ''}${why ? `. ${why}` : ''}`;
const join = (...parts: (string | false | undefined)[]): string => parts.filter(Boolean).join(' ');
const people = (approvers: Facts['approvers'] = []): string =>
  approvers.length > 0
    ? `with the approval of ${approvers.map(({ principalId }) => principalId).join(', ')}`
    : 'without anybody’s approval';

const UNREVIEWED: Readonly<Record<string, string>> = {
  refused: 'The reviewer refused to review it.',
  malformed: 'The reviewer gave no answer that could be used.',
};

/** What a review proposed, or how it ended without a proposal. */
function sayReview({ review }: Facts): string {
  const { proposal } = review ?? {};
  if (!proposal) return UNREVIEWED[review?.outcome ?? ''] ?? 'The review ended without a proposal.';
  const said = proposal.reason ? `: “${proposal.reason}”` : '';
  const whose = review?.remembered
    ? `The review of ${review.remembered.requestId}, used again, proposed`
    : 'The review proposed';
  if (!proposal.approved) return join('The review proposed nothing', said);
  // Of a change or a call there is nothing to propose.
  const what = proposal.grants?.length ? join(whose, opens(proposal)) : 'The review has nothing against it';
  return join(what, proposal.risk && `(risk ${proposal.risk})`, said);
}

/** What guardrails that are only observed would have said. */
function sayObserved(verdict: Facts['verdict']): string {
  const said = (verdict?.observed ?? []).map(
    ({ resource, would, policyIds }) =>
      `${resource}: ${would}${policyIds.length > 0 ? ` (${policyIds.join(', ')})` : ''}`,
  );
  return said.length > 0 ? `[observed, not enforced: ${said.join('; ')}]` : '';
}

/** What sources outside had said, and guardrails were told. */
function sayOutside(verdict: Facts['verdict']): string {
  const said = (verdict?.outside ?? []).map(
    ({ source, name, about, value }) =>
      `${value === undefined ? name : `${name} ${value}`} of ${about}, says ${source}`,
  );
  return said.length > 0 ? `[from outside: ${said.join('; ')}]` : '';
}

/** How it ended, and why: of a verdict by its reasons, else in the words of its end. */
const ended =
  (how: string) =>
  ({ reasons, verdict, reason }: Facts) =>
    withWhy(how, '', because(reasons ?? verdict?.reasons) || endOf(reason));
const endOf = (reason: string | undefined): string =>
  reason === undefined || SELF_EVIDENT.has(reason) ? '' : (sayEnd(reason) ?? `${reason}.`);
const SELF_EVIDENT: ReadonlySet<string> = new Set(['denied', 'expired', 'cancelled', 'failed']);

const SENTENCES: Readonly<Record<Exclude<AuditEvent, 'voted'>, (facts: Facts) => string>> = {
  requested: ({ request }) =>
    join(
      `${request?.principalId ?? 'Somebody'} asked`,
      request?.job !== undefined && `for the job ${request.job}`,
      request?.references && `in ${request.references.join(', ')}`,
      request?.subject && `on behalf of ${request.subject.id}`,
      request?.durationSeconds !== undefined && `for ${sayDuration(request.durationSeconds)}`,
      request && `: “${request.reason}”`,
    ),
  reviewed: sayReview,
  validated: ({ verdict }) =>
    join(
      withWhy(answered(ANSWERED, verdict?.outcome), opens(verdict?.entitlement), because(verdict?.reasons)),
      sayOutside(verdict),
      sayObserved(verdict),
    ),
  approval_asked: ({ tier, onCall, deadline }) =>
    join(
      tier ?? 'Somebody',
      onCall && `(on call: ${onCall.join(', ')})`,
      'was asked',
      deadline && `to answer until ${deadline}`,
    ),
  escalated: ({ tier, to, because: why }) =>
    join(
      why === 'nobody_on_call' ? `Nobody was on call for ${tier ?? 'a tier'};` : 'Nobody answered;',
      to ?? tier ?? 'the next tier',
      'was asked',
    ),
  decided: ({ outcome, verdict, approvers, reasons }) =>
    withWhy(
      join(answered(DECIDED, outcome ?? verdict?.outcome), approvers?.length ? people(approvers) : ''),
      '',
      because(reasons?.filter(({ code }) => code !== 'approved')),
    ),
  claimed: () => 'The requester claimed it with a one-time key',
  issuing: ({ entitlement }) => join('A session is about to be made:', opens(entitlement)),
  issued: ({ expiration, approvers }) =>
    join('The session was issued', people(approvers), expiration && `until ${expiration}`),
  applied: ({ approvers }) => join('The change was applied', people(approvers)),
  allowed: ({ approvers }) => join('The call may be made, once', people(approvers)),
  denied: ended('It was denied'),
  expired: ended('It lapsed'),
  cancelled: ended('It was closed'),
  failed: ended('It failed, and nothing was given'),
  revoked: ({ by: revokedBy, because: why }) =>
    join('The session was ended before its time', revokedBy && `by ${revokedBy}`, why && `: “${why}”`),
  access_review_opened: ({ items = 0 }) => `An access review of ${items} principals was opened`,
  access_decided: ({ decision, principal = 'a principal', decidedBy = 'A reviewer', rationale }) =>
    join(
      `${decidedBy} decided to ${decision === 'remove' ? 'take away' : 'keep'} the access of ${principal}`,
      rationale && `: “${rationale}”`,
    ),
  access_removed: ({ principal = 'a principal' }) => `The access of ${principal} was taken away`,
  access_removal_refused: ({ principal = 'a principal' }) =>
    `The change that takes away the access of ${principal} was not applied: it is to be decided again`,
  access_review_ended: ({ overdue = [], overdueInAll = 0 }) =>
    overdueInAll === 0
      ? 'The access review ended, with all of it decided'
      : `The access review ended, and ${overdueInAll} are overdue: ${overdue.join(', ')}`,
  review_overdue: ({ level }) =>
    join(
      'Nobody has reviewed the break-glass session yet; it was called for',
      level !== undefined && `for the ${level}. time`,
    ),
  session_reviewed: ({ by: reviewedBy, remarks }) =>
    join(
      'The break-glass session was reviewed',
      reviewedBy && `by ${reviewedBy}`,
      remarks && `: “${remarks}”`,
    ),
  policy_changed: ({ approvers }) => join('The policy text was changed', people(approvers)),
  principal_changed: ({ approvers }) => join('The principal was changed', people(approvers)),
  template_changed: ({ approvers }) => join('The template was changed', people(approvers)),
  person_joined: ({ template }) => join('The directory made them a principal', template && `by ${template}`),
  person_moved: ({ template }) => join('The directory changed the principal', template && `by ${template}`),
  person_left: ({ because: why }) =>
    join('The directory suspended the principal', typeof why === 'string' && `(${why})`),
  config_changed: () => 'Catalog, guardrails or tiers were changed by a deployment',
  restored: ({ restoredTo, restoredBy, reason }) =>
    join(
      'Tables were restored',
      restoredTo && `to ${restoredTo}`,
      restoredBy && `by ${restoredBy}`,
      reason && `: “${reason}”`,
    ),
  heads_announced: () => 'The heads of the chains were announced',
  suspended: ({ reason }) => join('The principal’s requests were stopped', reason),
};

/** What happened, in a sentence. What is quoted stands as it was written: to be shown with care. */
export const sayEvent = (event: AuditEvent, facts: Record<string, unknown>): string =>
  (event === 'voted' ? sayVote(facts) : SENTENCES[event](factsSchema.parse(facts)))
    .replaceAll(' : “', ': “')
    .replaceAll(' , ', ', ');
