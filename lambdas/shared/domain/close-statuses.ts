import type { RequestStatus } from './access-request.ts';
import type { Outcome } from './workflow-state.ts';

/** The status a request ends in, by its outcome. */
export const STATUS_OF_OUTCOME = {
  issued: 'ISSUED',
  applied: 'APPLIED',
  allowed: 'ALLOWED',
  denied: 'DENIED',
  expired: 'EXPIRED',
  cancelled: 'CANCELLED',
  failed: 'FAILED',
} as const satisfies Record<Outcome['outcome'], RequestStatus>;

const outcomes = Object.entries(STATUS_OF_OUTCOME) as [Outcome['outcome'], RequestStatus][];

/** The outcome a closed request ended with; undefined while it is open. */
export function outcomeOfStatus(status: RequestStatus): Outcome['outcome'] | undefined {
  return outcomes.find(([, closed]) => closed === status)?.[0];
}
