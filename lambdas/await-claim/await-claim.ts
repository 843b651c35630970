import * as z from 'zod';
import { OPEN_STATUSES } from '../shared/domain/access-request.ts';
import { RequestClosed } from '../shared/domain/errors.ts';
import { decisionOf } from '../shared/domain/request-row.ts';
import { summaryOf } from '../shared/domain/review.ts';
import type { RowTransition } from '../shared/domain/row-transition.ts';
import { tokenTaskSchema } from '../shared/domain/workflow-state.ts';

/** `claimSeconds` is the state's own timeout, which the ASL passes on so that callers can be told. */
export const awaitClaimSchema = tokenTaskSchema.extend({ claimSeconds: z.number().int().positive() });
type AwaitClaimTask = z.infer<typeof awaitClaimSchema>;

type Ports = {
  requests: { transition(requestId: string, transition: RowTransition): Promise<boolean> };
  clock: () => Date;
};

/**
 * Marks the request READY and leaves the token that a claim redeems.
 * Throws RequestClosed where the row is no longer open, or claimed already under an older token.
 */
export function makeAwaitClaim({ requests, clock }: Ports) {
  return async ({ state, taskToken, executionArn, claimSeconds }: AwaitClaimTask): Promise<void> => {
    if (state.verdict?.outcome !== 'grant') throw new RequestClosed('nothing was granted');
    const ready = await requests.transition(state.request.requestId, {
      from: OPEN_STATUSES,
      onlyIf: { absent: ['claim'] },
      set: {
        status: 'READY',
        executionArn,
        claimToken: taskToken,
        claimBy: new Date(clock().getTime() + claimSeconds * 1000).toISOString(),
        decision: decisionOf(state.verdict, summaryOf(state.review)),
      },
    });
    if (!ready) throw new RequestClosed('the request was closed before it could be claimed');
  };
}
