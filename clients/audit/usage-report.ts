/** One action on one resource, as it was granted to one principal, and what came of it. */
export type GrantUse = {
  readonly principalId: string;
  readonly resource: string;
  readonly action: string;
  /** Sessions that were granted it, and those of them that used it. */
  readonly granted: number;
  readonly used: number;
  readonly calls: number;
};

export type UsageReport = {
  readonly sessions: number;
  readonly unusedSessions: number;
  /** Calls that IAM denied: what sessions tried beyond what they were granted. */
  readonly deniedCalls: number;
  readonly grants: readonly GrantUse[];
  /** Longest time from issue to last call, and longest grant, in seconds, by principal. */
  readonly durations: readonly { principalId: string; grantedSeconds: number; usedSeconds: number }[];
  readonly suggestions: readonly string[];
};
