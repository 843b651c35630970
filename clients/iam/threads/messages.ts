import type { Surroundings } from '../../../policy/check/check.ts';
import type { CheckedPolicy } from '../../../policy/check/check-policy.ts';
import type { FoundPolicy } from '../inputs/named-policy.ts';

/** What a thread is told when it starts. IAM's data has functions, which no message carries: each thread reads its own. */
export type Told = Omit<Surroundings, 'data'>;

export type ToCheck = {
  readonly given: FoundPolicy;
  /** The policy as it was read is large, and wanted only where several are judged together. */
  readonly isPolicyAnswered: boolean;
};

export type Checked = { readonly checked: CheckedPolicy } | { readonly problem: string };
