/** One figure for the dashboard. Its name is the metric's in the namespace `Postern`. */
export type Measurement = {
  readonly name: MetricName;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
};

/** Every metric that functions emit, each with the function it comes from: the dashboard's and the alarms' names. */
export const METRICS = {
  /** From asking to the verdict that ended the deciding, people included. */
  TimeToDecision: 'write-log',
  /** From asking a tier to its answer, or to the end of its time. */
  TimeWaitingForPeople: 'tally-votes',
  /** Tiers that stayed silent, or could not be reached. */
  Escalations: 'tally-votes',
  ReviewerInputTokens: 'review-request',
  ReviewerOutputTokens: 'review-request',
  /** Reviews that were refused or off schema. */
  ReviewsUnusable: 'review-request',
  /** Reviews for which the model could not be asked. */
  ReviewerFailures: 'review-request',
  Claims: 'assume-role',
  SlackFailures: 'request-approval',
  /** Approvals that were asked for in an emergency. */
  BreakGlassAsked: 'request-approval',
  /** Break-glass sessions whose review is called for, each as often as it is by now. */
  BreakGlassUnreviewed: 'close-request',
  /** Items of access reviews whose time is over, and that nobody has decided. */
  AccessReviewsOverdue: 'run-access-reviews',
  /** Task tokens of state machines that are not on the list, or that are none. */
  CallbacksRefused: 'deliver-callback',
  /** Sessions of a brokered role that CloudTrail tells of, and the audit log does not. */
  UnrecordedSessions: 'check-session',
  /** Audit records that were changed, removed, forged, or stand where another was archived. */
  AuditAlterations: 'archive-audit',
  /** Restorations of tables that an operator had recorded. */
  AuditRestorations: 'rejoin-archive',
} as const;
export type MetricName = keyof typeof METRICS;

export const count = (name: MetricName, value = 1): Measurement => ({ name, unit: 'Count', value });
export const milliseconds = (name: MetricName, value: number): Measurement => ({
  name,
  unit: 'Milliseconds',
  value,
});
