import { count, type Measurement, milliseconds } from '../shared/domain/measurement.ts';
import type { Evidence } from '../shared/domain/vote.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

/** How long a tier was waited for, once it answered or its time was over; a reminder ends no wait. */
export function measureWait(
  { verdict }: Pick<WorkflowState, 'verdict'>,
  { wake }: Evidence,
  now: Date,
): Measurement[] {
  if (verdict?.outcome !== 'needs_approval') return [];
  const { askedAt, deadline } = verdict.approval;
  const silent = wake === 'unreachable' || new Date(deadline) <= now;
  if (wake === 'timed_out' && !silent) return [];
  return [
    milliseconds('TimeWaitingForPeople', now.getTime() - new Date(askedAt).getTime()),
    ...(silent && wake !== 'woken' ? [count('Escalations')] : []),
  ];
}
