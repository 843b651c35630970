import type { AuditEntry } from '../../domain/audit/audit-record.ts';
import { type WorkflowState, workflowStateSchema } from '../../domain/workflow-state.ts';
import type { AuditLog } from './audit-table.ts';

type Records<Answer> = {
  /** What the log is told before the step runs: so nothing takes effect that is not recorded. */
  readonly before?: (state: WorkflowState) => readonly AuditEntry[];
  /** What it is told of the step's answer, before anybody else is. */
  readonly after?: (state: WorkflowState, answer: Answer) => readonly AuditEntry[];
};

/** The workflow's state in an event: the event itself, or beside the token of a wait. */
function stateIn(event: unknown): WorkflowState {
  const holds = typeof event === 'object' && event !== null && 'state' in event;
  return workflowStateSchema.parse(holds ? event.state : event);
}

/** Runs a step with its records around it. Where a record cannot be written the step fails, and is tried again. */
export function recordAround<Answer>(
  run: (event: unknown) => Promise<Answer>,
  { before, after }: Records<Answer>,
  audit: Pick<AuditLog, 'appendAll'>,
): (event: unknown) => Promise<Answer> {
  return async (event) => {
    const state = stateIn(event);
    await audit.appendAll(before?.(state) ?? []);
    const answer = await run(event);
    await audit.appendAll(after?.(state, answer) ?? []);
    return answer;
  };
}
