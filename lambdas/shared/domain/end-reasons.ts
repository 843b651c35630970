import * as z from 'zod';
import { reasonCodeSchema } from './reason.ts';

/** Errors of a step that are the broker's answer: by the error's name, the reason that the request is denied for. */
const DENIALS = {
  PrincipalUnknown: 'principal_unknown',
  PrincipalSuspended: 'principal_suspended',
  PolicyMissing: 'policy_missing',
  StandingChanged: 'standing_changed',
  SessionPolicyTooLarge: 'session_policy_too_large',
  SessionTooWide: 'session_too_wide',
  ChangeStale: 'change_stale',
} as const;

/** Errors of a step, or of what runs it, that are a malfunction: by the error's name, the reason of the failure. */
const FAILURES = {
  ReviewerUnavailable: 'reviewer_unavailable',
  DependencyUnavailable: 'dependency_unavailable',
  ApprovalChannelUnavailable: 'approval_channel_unavailable',
  SessionNotProved: 'session_not_proved',
  SealRefused: 'seal_refused',
  ClaimRefused: 'claim_refused',
  RequestClosed: 'request_closed',
  IssueInDoubt: 'issue_in_doubt',
  'States.Timeout': 'states_timeout',
  'States.TaskFailed': 'states_task_failed',
  'Lambda.ServiceException': 'lambda_service_exception',
  'Lambda.AWSLambdaException': 'lambda_aws_lambda_exception',
  'Lambda.SdkClientException': 'lambda_sdk_client_exception',
  'Lambda.TooManyRequestsException': 'lambda_too_many_requests_exception',
  /** The engine of one machine came back, and knows nothing of the executions that it ran before. */
  SandboxRestarted: 'sandbox_restarted',
} as const;

/** Reasons that come neither from a verdict nor from an error. */
const OTHERS = [
  'issued',
  'applied',
  'allowed',
  'denied',
  'expired',
  'cancelled',
  'failed',
  /** Only the verdict was wanted. */
  'dry_run',
  'unclaimed',
  'cancelled_by_requester',
  /** An error of a name that is not among those above: the audit record has the name. */
  'unexpected_error',
  /** The workflow's state says of nothing how it ended. */
  'no_outcome',
  // What Step Functions tells, or the sweep finds, of an execution that ended without closing its request.
  'execution_failed',
  'execution_aborted',
  'execution_timed_out',
  'execution_ended',
  'execution_lost',
] as const;

/** Every reason a request may end for. Sentences are made of them where they are shown. */
export const endReasonSchema = z.enum([
  ...new Set([...reasonCodeSchema.options, ...Object.values(DENIALS), ...Object.values(FAILURES), ...OTHERS]),
]);
export type EndReason = z.infer<typeof endReasonSchema>;

type EndByError = { readonly outcome: 'denied' | 'failed'; readonly reason: EndReason };

const ENDS = new Map<string, EndByError>([
  ...Object.entries(DENIALS).map(([name, reason]) => [name, { outcome: 'denied', reason }] as const),
  ...Object.entries(FAILURES).map(([name, reason]) => [name, { outcome: 'failed', reason }] as const),
]);

/** How an error ends a request, by the error's name. What is not known by name is a failure. */
export const endByError = (name: string): EndByError =>
  ENDS.get(name) ?? { outcome: 'failed', reason: 'unexpected_error' };

/**
 * Denials that say nothing against whoever asked: nobody judged it, or the broker's own state was the reason.
 * Whatever is not listed counts.
 */
const COUNTS_AGAINST_NOBODY: ReadonlySet<EndReason> = new Set<EndReason>([
  'approval_timed_out',
  'approval_unreachable',
  'approval_not_possible',
  'approval_nobody_on_call',
  'config_digest_mismatch',
  'guardrail_error',
  'reference_required',
  'fact_missing',
  'standing_changed',
  'policy_missing',
  'review_malformed',
  'several_roles',
  'session_policy_too_large',
  'session_too_wide',
  'change_stale',
  'job_unknown',
  'job_outdated',
]);

/** Whether a denial for this reason counts towards a suspension of whoever asked. */
export const countsAgainst = (reason: EndReason): boolean => !COUNTS_AGAINST_NOBODY.has(reason);
