import { decisionOf } from '../shared/domain/request-row.ts';
import { summaryOf } from '../shared/domain/review.ts';
import { type Outcome, workflowStateSchema } from '../shared/domain/workflow-state.ts';
import { type CloseRowPorts, closeRow } from './close-row.ts';
import { factsOfState } from './facts-of-state.ts';
import { outcomeOfState } from './outcome-of-state.ts';

/** Records how the request ended, then closes its row. The same for every outcome. */
export function makeWriteLog(ports: CloseRowPorts) {
  return async (event: unknown): Promise<Outcome> => {
    const state = workflowStateSchema.parse(event);
    const { verdict, request, session } = state;
    const ended = outcomeOfState(state);
    return closeRow(
      {
        ...ended,
        requestId: request.requestId,
        principalId: request.principalId,
        facts: factsOfState(state),
        set: {
          ...(verdict && { decision: decisionOf(verdict, summaryOf(state.review)) }),
          ...(ended.outcome === 'issued' && session && { live: 'live', liveUntil: session.expiration }),
        },
      },
      ports,
    );
  };
}
