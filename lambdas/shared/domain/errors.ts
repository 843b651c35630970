/**
 * The errors a workflow step may end with. A class's `name` is what the ASL's `Retry` and `Catch` match
 * (`ErrorEquals`), so these names are a contract: a test holds the two sets against each other.
 *
 * Messages reach the execution history and the requester: they never carry secrets or raw input.
 */
abstract class WorkflowError extends Error {
  abstract override readonly name: string;
}

/** Nobody is registered under the principal id the request was made for. Ends as DENIED. */
export class PrincipalUnknown extends WorkflowError {
  override readonly name = 'PrincipalUnknown';
}

/** The principal is suspended. Ends as DENIED. */
export class PrincipalSuspended extends WorkflowError {
  override readonly name = 'PrincipalSuspended';
}

/** The principal has no policy text, or one over 16 kB: there is nothing to review against. Ends as DENIED. */
export class PolicyMissing extends WorkflowError {
  override readonly name = 'PolicyMissing';
}

/** The reviewer timed out, was rate limited or is down. Retried, then FAILED; it counts against nobody. */
export class ReviewerUnavailable extends WorkflowError {
  override readonly name = 'ReviewerUnavailable';
}

/** A table, STS, KMS or another AWS service failed. Retried by the ASL, then FAILED. */
export class DependencyUnavailable extends WorkflowError {
  override readonly name = 'DependencyUnavailable';
}

/** Slack (or a pager) could not be reached. Becomes evidence: the validator moves on to the next tier. */
export class ApprovalChannelUnavailable extends WorkflowError {
  override readonly name = 'ApprovalChannelUnavailable';
  /** The channel refused: the same again will be refused again. */
  readonly lasting: boolean;

  constructor(message: string, options: ErrorOptions & { lasting?: boolean } = {}) {
    super(message, options);
    this.lasting = options.lasting ?? false;
  }
}

/** The grant carries no seal, or one that is altered, expired or another request's. Ends as FAILED. */
export class SealRefused extends WorkflowError {
  override readonly name = 'SealRefused';
}

/** The claim that woke the workflow is not the one its requester wrote to the row. Ends as FAILED. */
export class ClaimRefused extends WorkflowError {
  override readonly name = 'ClaimRefused';
}

/** Requester, approvers, policy, catalog or guardrails are no longer what was decided on. Ends as DENIED. */
export class StandingChanged extends WorkflowError {
  override readonly name = 'StandingChanged';
}

/** The request row was closed (cancelled, say) while the workflow went on. Ends without credentials. */
export class RequestClosed extends WorkflowError {
  override readonly name = 'RequestClosed';
}

/** An earlier attempt may already have minted a session: a second is never tried. Ends as FAILED. */
export class IssueInDoubt extends WorkflowError {
  override readonly name = 'IssueInDoubt';
}

/** STS found the packed session policy too large (its own limit, unknown beforehand). Ends as DENIED. */
export class SessionPolicyTooLarge extends WorkflowError {
  override readonly name = 'SessionPolicyTooLarge';
}

/** The session policy would open more than its role may do. Ends as DENIED. */
export class SessionTooWide extends WorkflowError {
  override readonly name = 'SessionTooWide';
}

/** Whether a session policy keeps within its bounds could not be proved. Ends as FAILED; it counts against nobody. */
export class SessionNotProved extends WorkflowError {
  override readonly name = 'SessionNotProved';
}

/** A change was based on a version that is no longer the current one. Ends as DENIED. */
export class ChangeStale extends WorkflowError {
  override readonly name = 'ChangeStale';
}
