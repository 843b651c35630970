import * as z from 'zod';
import { type Reason, reasonCodeSchema } from '../reason.ts';

/** A reason as people and clients are shown it. */
export const shownReasonSchema = z.object({
  code: reasonCodeSchema,
  /** One plain sentence that says what to do; never copied from the model. */
  detail: z.string().max(600),
  resource: z.string().optional(),
  action: z.string().optional(),
  /** `@id`s of the Cedar policies that decided. */
  policyIds: z.array(z.string()).optional(),
});
export type ShownReason = z.infer<typeof shownReasonSchema>;

type Sentences = { readonly [Code in Reason['code']]: (reason: Extract<Reason, { code: Code }>) => string };

const changeFaults = {
  not_as_digest: 'The proposal is not what its digest says.',
  no_principal: 'The proposal is not a principal; see docs/api.md for its fields.',
  another_principal: 'The proposal is another principal than its target.',
  no_template: 'The proposal is not a template under its own id; see docs/people.md for its fields.',
  no_bundle: 'The proposal is no bundle of changes; see docs/apply.md for what one has.',
  of_directory:
    'This principal comes from the directory: change its template or its groups; here only its status changes.',
  field: 'A field of the proposed principal is not as it must be.',
} as const;

const peopleNeeded = (approvals: number, stepUp: number): string =>
  `${approvals} approval${approvals === 1 ? '' : 's'} needed${stepUp > 0 ? `, ${stepUp} with a step-up code` : ''}`;

const SENTENCES: Sentences = {
  review_refused: () => 'The reviewer refused to review this request; describe the job in other words.',
  review_malformed: () =>
    'The reviewer gave no answer that could be used. Ask again, or say the job in other words.',
  review_not_approved: () =>
    "The reviewer found the job not covered by the principal's policy; name the job and the data it needs.",
  no_grants: () => 'Nothing would be granted; name the resource and the actions that the job needs.',
  too_many_grants: ({ proposed, most }) =>
    `${proposed} resources are too many for one session; ask for at most ${most} at once.`,
  unknown_resource: () => 'The resource is not in the catalog; choose one that is.',
  action_not_in_catalog: () =>
    'The catalog does not offer this action on this resource; choose one that it offers.',
  subject_required: ({ resource, claim }) => {
    if (claim !== undefined)
      return `These rows are keyed by "${claim}", which the user's token does not say; list that claim of its issuer in issuers.json, and send such a token.`;
    return resource === undefined
      ? 'Send the signed-in user\'s token as "subjectToken": this principal acts only for one.'
      : 'Send the signed-in user\'s token as "subjectToken": these rows belong to a user.';
  },
  action_never_subject_scoped: () =>
    "This action cannot be held to one customer's rows; use GetItem or Query.",
  duration_out_of_range: ({ shortestSeconds, longestSeconds }) =>
    `A session lasts from ${shortestSeconds} to ${longestSeconds} seconds; propose a duration within them.`,
  several_accounts: () =>
    'One session reaches resources of one AWS account; ask for those of another in a request of their own.',
  several_roles: ({ groups }) =>
    `One session is of one role, and no role reaches all of this. Make a request of its own for each: first for ${groups.map((group) => group.join(', ')).join('; then for ')}.`,
  session_policy_too_large: ({ mostCharacters }) =>
    `The session policy would exceed what STS takes (${mostCharacters} characters); ask for fewer resources at once.`,
  session_too_wide: () =>
    'The session policy would open more than was granted. Tell an administrator: it is a fault of Postern.',
  guardrail_forbids: ({ policyIds }) =>
    policyIds.length > 0
      ? `The guardrails forbid this (${policyIds.join(', ')}), whoever approves it.`
      : 'No guardrail permits this to this principal, whoever approves it.',
  guardrail_error: () =>
    'A guardrail could not be evaluated, so nothing is granted; tell the owner of the guardrails.',
  reference_required: ({ policyIds }) =>
    `The guardrails ask for a reference, a ticket or the like${policyIds.length > 0 ? ` (${policyIds.join(', ')})` : ''}: ask again, with "references".`,
  fact_missing: ({ policyIds }) =>
    `The guardrails go by a fact from outside that is not there: who is on call, an open reference, or an incident${policyIds.length > 0 ? ` (${policyIds.join(', ')})` : ''}.`,
  guardrail_needs_approval: ({ approvals, stepUp, approvalsSoFar }) =>
    `${peopleNeeded(approvals, stepUp)}; ${approvalsSoFar} so far.`,
  call_needs_approval: ({ approvals, stepUp, approvalsSoFar }) =>
    `${peopleNeeded(approvals, stepUp)} for this call; ${approvalsSoFar} so far.`,
  risk_needs_approval: ({ risk }) => `The reviewer rates the risk ${risk}, so a person decides.`,
  authorization_needs_approval: () => 'The policy does not clearly cover this job, so a person decides.',
  break_glass_needs_approval: () =>
    'This job is for emergencies: somebody else approves it with a code, and an alarm is raised.',
  config_digest_mismatch: ({ part }) =>
    `The configuration (${part}) was deployed anew while this request ran; ask again.`,
  principal_not_active: () => 'The principal was suspended; an admin can say why.',
  change_own_policy: () => 'This would change your own access; somebody else must propose it.',
  change_leaves_no_approver: () =>
    'Nobody could approve anything once this is in force; leave somebody active in a group of approvers.',
  change_invalid: ({ fault, problem, part }) =>
    `${part === undefined ? '' : `${part}: `}${problem === undefined ? changeFaults[fault] : `${problem}.`}`,
  job_unknown: ({ job }) => `The principal has no job "${job}"; ask by one that it has, or propose it.`,
  job_outdated: ({ job, resource }) =>
    `The job "${job}" no longer fits the catalog${resource === undefined ? '' : ` (${resource})`}; propose it anew, or without what is gone.`,
  job_on_behalf: ({ job, onBehalfOf }) =>
    onBehalfOf === 'subject'
      ? `The job "${job}" is done on behalf of a signed-in user: send the user's token as "subjectToken".`
      : `The job "${job}" is done on behalf of nobody: ask without a user's token.`,
  approval_denied: ({ principalId }) => `${principalId} denied it; talk to them before you ask again.`,
  approval_timed_out: () => 'Nobody who may approve it answered in time; ask again when somebody is there.',
  approval_unreachable: () =>
    'The approvers could not be reached; ask again later, or tell who runs the broker.',
  approval_not_possible: () =>
    'No approval tier is configured that could approve it; tell who runs the broker.',
  approval_nobody_on_call: () =>
    'Nobody is on call who could approve it, by what is known now; ask again once somebody is.',
  approved: ({ principalIds }) => `Approved by ${principalIds.join(', ')}.`,
};

/** A reason in one plain sentence, which says what to do. Nothing of it is the model's. */
export const sayReason = (reason: Reason): string =>
  (SENTENCES[reason.code] as (said: Reason) => string)(reason);

/** A reason with its sentence, and with what it is about, as the API and the console show it. */
export const showReason = (reason: Reason): ShownReason => ({
  code: reason.code,
  detail: sayReason(reason),
  ...('resource' in reason && reason.resource !== undefined && { resource: reason.resource }),
  ...('action' in reason && reason.action !== undefined && { action: reason.action }),
  ...('policyIds' in reason && { policyIds: reason.policyIds }),
});
