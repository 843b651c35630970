import type { ApprovalsTable } from '../shared/adapters/approvals-table.ts';
import type { RequestsTable } from '../shared/adapters/requests-table.ts';
import { RequestClosed } from '../shared/domain/errors.ts';
import { decisionOf } from '../shared/domain/request-row.ts';
import { summaryOf } from '../shared/domain/review.ts';
import { tokenTaskSchema } from '../shared/domain/workflow-state.ts';

type Ports = {
  requests: Pick<RequestsTable, 'transition'>;
  approvals: Pick<ApprovalsTable, 'putToken' | 'listVotes'>;
  /** Ends the wait early: the votes are in the table already. */
  wake(taskToken: string): Promise<void>;
};

/** Seconds a token is kept beyond its tier's deadline. */
const KEEP_SECONDS = 24 * 60 * 60;

/**
 * Leaves the token of this wait, and shows the requester who is asked until when.
 *
 * After the token is stored the votes are read once more: one that was cast between two waits found only the
 * older token, and would otherwise sleep until the deadline. Throws RequestClosed where the row was closed.
 */
export function makeRequestApproval({ requests, approvals, wake }: Ports) {
  return async (event: unknown): Promise<void> => {
    const { state, taskToken, executionArn } = tokenTaskSchema.parse(event);
    const { verdict, request, evidence } = state;
    if (verdict?.outcome !== 'needs_approval') throw new RequestClosed('no approval is needed');
    const { approval, proposalDigest } = verdict;
    await approvals.putToken(request.requestId, {
      tier: approval.tier,
      taskToken,
      proposalDigest,
      ttl: Math.floor(new Date(approval.deadline).getTime() / 1000) + KEEP_SECONDS,
    });
    const waits = await requests.transition(request.requestId, {
      from: ['PENDING', 'AWAITING_APPROVAL'],
      set: {
        status: 'AWAITING_APPROVAL',
        executionArn,
        approval,
        decision: decisionOf(verdict, summaryOf(state.review)),
      },
    });
    if (!waits) throw new RequestClosed('the request was closed before anybody was asked');
    const seen = evidence ? evidence.votes.length + evidence.discounted.length : 0;
    const votes = await approvals.listVotes(request.requestId, proposalDigest);
    if (votes.length > seen) await wake(taskToken);
  };
}
