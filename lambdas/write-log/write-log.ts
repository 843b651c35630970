import { isBreakGlass } from '../shared/domain/break-glass/is-break-glass.ts';
import { decisionOf } from '../shared/domain/request-row.ts';
import { summaryOf } from '../shared/domain/review.ts';
import type { Outcome, WorkflowState } from '../shared/domain/workflow-state.ts';
import { type CloseRowPorts, closeRow } from './close-row.ts';
import { type CountPorts, countAgainstRequester } from './count-against-requester.ts';
import { factsOfState } from './facts-of-state.ts';
import { outcomeOfState } from './outcome-of-state.ts';
import { type RememberPorts, rememberReview } from './remember-review.ts';

/** Records how the request ended, then closes its row, the same for every outcome; then counts a denial. */
export function makeWriteLog(ports: CloseRowPorts & CountPorts & RememberPorts) {
  return async (state: WorkflowState): Promise<Outcome> => {
    const { verdict, request, session, loaded } = state;
    const awaitsReview = loaded !== undefined && isBreakGlass(request, loaded.principal);
    const ended = outcomeOfState(state);
    const closed = await closeRow(
      {
        ...ended,
        requestId: request.requestId,
        principalId: request.principalId,
        facts: factsOfState(state),
        after: ended.outcome === 'issued' ? session?.recorded : undefined,
        set: {
          ...(verdict && { decision: decisionOf(verdict, summaryOf(state.review)) }),
          ...(ended.outcome === 'allowed' && verdict?.outcome === 'allow' && { seal: verdict.seal }),
          ...(ended.outcome === 'issued' && session && { live: 'live', liveUntil: session.expiration }),
          ...(ended.outcome === 'issued' && awaitsReview && { open: 'review' }),
        },
      },
      ports,
    );
    if (closed.outcome === 'issued') await rememberReview(state, ports);
    if (closed.outcome === 'denied') await countAgainstRequester(closed, request, ports);
    return closed;
  };
}
