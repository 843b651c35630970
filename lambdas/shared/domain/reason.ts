import * as z from 'zod';

const resource = z.string();
const action = z.string();
/** `@id`s of the Cedar policies that decided. */
const policyIds = z.array(z.string());
const count = z.number().int().min(0);

/**
 * Why a verdict is what it is: a code, and what varies of it. The sentence is made where it is shown, see
 * text/say-reason.ts. A rule's file in `lambdas/validate-decision/rules/` is named after its code, in kebab-case;
 * a test pins the list.
 */
export const reasonSchema = z.discriminatedUnion('code', [
  // the review
  z.object({ code: z.literal('review_refused') }),
  z.object({ code: z.literal('review_malformed') }),
  z.object({ code: z.literal('review_not_approved') }),
  // the proposal against the catalog
  z.object({ code: z.literal('no_grants') }),
  z.object({ code: z.literal('too_many_grants'), proposed: count, most: count }),
  z.object({ code: z.literal('unknown_resource'), resource }),
  z.object({ code: z.literal('action_not_in_catalog'), resource, action }),
  /**
   * Without a resource it is the principal that acts only for a subject. `claim`: the rows are keyed by this claim of the
   * subject's token, which does not say it.
   */
  z.object({
    code: z.literal('subject_required'),
    resource: resource.optional(),
    claim: z.string().optional(),
  }),
  z.object({ code: z.literal('action_never_subject_scoped'), resource, action }),
  z.object({ code: z.literal('duration_out_of_range'), shortestSeconds: count, longestSeconds: count }),
  z.object({ code: z.literal('several_accounts') }),
  /** `groups`: keys that one session reaches together, the first of each that there are. */
  z.object({ code: z.literal('several_roles'), groups: z.array(z.array(resource)) }),
  z.object({ code: z.literal('session_policy_too_large'), mostCharacters: count }),
  z.object({ code: z.literal('session_too_wide'), action: action.optional() }),
  // the guardrails
  z.object({ code: z.literal('guardrail_forbids'), resource, action, policyIds }),
  z.object({ code: z.literal('guardrail_error'), resource, action }),
  /** With a reference, the guardrails could allow it. */
  z.object({ code: z.literal('reference_required'), resource, action, policyIds }),
  /** With a fact from outside that is not there, they could. */
  z.object({ code: z.literal('fact_missing'), resource, action, policyIds }),
  /** The approvals that are needed in all, those of them with a step-up code, and those that there are. */
  z.object({
    code: z.literal('guardrail_needs_approval'),
    resource,
    policyIds,
    approvals: count,
    stepUp: count,
    approvalsSoFar: count,
  }),
  // the gateway's rules
  /** `call`: as `dynamodb:DeleteTable`. The counts are as for the guardrails. */
  z.object({
    code: z.literal('call_needs_approval'),
    call: z.string(),
    policyIds,
    approvals: count,
    stepUp: count,
    approvalsSoFar: count,
  }),
  // risk and limits
  z.object({ code: z.literal('risk_needs_approval'), risk: z.enum(['high', 'critical']) }),
  z.object({ code: z.literal('authorization_needs_approval') }),
  z.object({ code: z.literal('break_glass_needs_approval') }),
  // digests and standing
  z.object({
    code: z.literal('config_digest_mismatch'),
    part: z.enum(['catalog', 'guardrails', 'approvals']),
    /** The entry of the catalog that differs, where just that is known. */
    resource: resource.optional(),
  }),
  z.object({ code: z.literal('principal_not_active') }),
  // change requests
  z.object({ code: z.literal('change_own_policy') }),
  z.object({ code: z.literal('change_leaves_no_approver') }),
  /** `problem`: which field of a proposed principal is at fault, and how, in the words that the API answers too. */
  z.object({
    code: z.literal('change_invalid'),
    fault: z.enum([
      'not_as_digest',
      'no_principal',
      'another_principal',
      'no_template',
      'no_bundle',
      'of_directory',
      'field',
    ]),
    problem: z.string().max(500).optional(),
    /** Of a bundle, which part of it: `principal analyst1`. */
    part: z.string().max(70).optional(),
  }),
  // jobs
  z.object({ code: z.literal('job_unknown'), job: z.string() }),
  /** What is fixed no longer fits the catalog, or one session; the reasons behind it say how. */
  z.object({ code: z.literal('job_outdated'), job: z.string(), resource: resource.optional() }),
  z.object({
    code: z.literal('job_on_behalf'),
    job: z.string(),
    onBehalfOf: z.enum(['nobody', 'subject']),
  }),
  // approval
  z.object({ code: z.literal('approval_denied'), principalId: z.string() }),
  z.object({ code: z.literal('approval_timed_out') }),
  z.object({ code: z.literal('approval_unreachable') }),
  z.object({ code: z.literal('approval_not_possible') }),
  z.object({ code: z.literal('approval_nobody_on_call') }),
  z.object({ code: z.literal('approved'), principalIds: z.array(z.string()) }),
]);
export type Reason = z.infer<typeof reasonSchema>;
export type ReasonCode = Reason['code'];

/** Every code that a reason may have, in the order of the list above. */
export const reasonCodeSchema = z.enum(
  reasonSchema.options.map(({ shape }) => shape.code.value) as [ReasonCode, ...ReasonCode[]],
);
