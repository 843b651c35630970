import { type Measurement, milliseconds } from '../shared/domain/measurement.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

/** How long it took to decide; nothing for a request that was never decided. */
export function measureDecision({ verdict, request }: WorkflowState): Measurement[] {
  if (!verdict || !['grant', 'apply', 'allow', 'deny'].includes(verdict.outcome)) return [];
  const took = new Date(verdict.decidedAt).getTime() - new Date(request.createdAt).getTime();
  return [milliseconds('TimeToDecision', took)];
}
