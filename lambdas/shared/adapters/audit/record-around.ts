import type { AuditEntry } from '../../domain/audit/audit-record.ts';
import type { WorkflowState } from '../../domain/workflow-state.ts';

type Records<Answer> = {
  /** What the log is told before the step runs: so nothing takes effect that is not recorded. */
  readonly before?: (state: WorkflowState) => readonly AuditEntry[];
  /** What it is told of the step's answer, before anybody else is. */
  readonly after?: (state: WorkflowState, answer: Answer) => readonly AuditEntry[];
};

/** A step is given the workflow's state, or the state beside what its task has besides. */
export type StepInput = WorkflowState | { readonly state: WorkflowState };

const stateIn = (input: StepInput): WorkflowState => ('state' in input ? input.state : input);

/** Runs a step with its records around it. Where a record cannot be written the step fails, and is tried again. */
export function recordAround<Input extends StepInput, Answer>(
  run: (input: Input) => Promise<Answer>,
  { before, after }: Records<Answer>,
  audit: { appendAll(entries: readonly AuditEntry[]): Promise<unknown> },
): (input: Input) => Promise<Answer> {
  return async (input) => {
    const state = stateIn(input);
    await audit.appendAll(before?.(state) ?? []);
    const answer = await run(input);
    await audit.appendAll(after?.(state, answer) ?? []);
    return answer;
  };
}
