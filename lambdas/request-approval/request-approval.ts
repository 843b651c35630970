import type { Change, ChangePart } from '../shared/domain/access-request.ts';
import { isBreakGlass } from '../shared/domain/break-glass/is-break-glass.ts';
import { partsOf } from '../shared/domain/bundle/bundle.ts';
import { RequestClosed } from '../shared/domain/errors.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { decisionOf } from '../shared/domain/request-row.ts';
import { summaryOf } from '../shared/domain/review.ts';
import type { RowTransition } from '../shared/domain/row-transition.ts';
import { readableProposal } from '../shared/domain/text/readable-proposal.ts';
import type { Vote } from '../shared/domain/vote.ts';
import type { TokenTask } from '../shared/domain/workflow-state.ts';
import { type AskPorts, askInSlack } from './ask-in-slack.ts';
import { askLoudly } from './ask-loudly.ts';
import { diffOfBundle } from './diff-of-bundle.ts';
import { diffOf, whatIsAsked } from './what-is-asked.ts';

/** The wait that a vote wakes; `ttl` in epoch seconds. */
type ApprovalToken = {
  readonly tier: string;
  readonly taskToken: string;
  readonly proposalDigest: string;
  readonly ttl: number;
};

type Ports = AskPorts & {
  requests: {
    get(requestId: string): Promise<RequestRow | undefined>;
    transition(requestId: string, transition: RowTransition): Promise<boolean>;
  };
  approvals: {
    putToken(requestId: string, token: ApprovalToken): Promise<void>;
    listVotes(requestId: string, proposalDigest: string): Promise<Vote[]>;
    listWindows(principalId: string, proposalDigest: string): Promise<Vote[]>;
  };
  /** The text in force of what a change is about; empty where there is none yet. */
  currentText(part: Pick<ChangePart, 'kind' | 'target'>): Promise<string>;
  /** Ends the wait early: the votes are in the table already. */
  wake(taskToken: string): Promise<void>;
};

/** Seconds a token is kept beyond its tier's deadline. */
const KEEP_SECONDS = 24 * 60 * 60;

/** A change against what is in force. */
async function diffOfChange(change: Change, currentText: Ports['currentText']): Promise<string> {
  const compared = await Promise.all(
    (partsOf(change) ?? []).map(async (part) => ({ part, current: await currentText(part) })),
  );
  if (change.kind === 'bundle') return diffOfBundle(compared);
  return compared.map(({ part, current }) => diffOf(current, readableProposal(part))).join('');
}

/**
 * Leaves the token of this wait, shows the requester who is asked until when, and asks the tier in Slack.
 *
 * After the token is stored the votes are read once more: one that was cast between two waits found only the
 * older token, and would otherwise sleep until the deadline. Where votes are there that nobody tallied yet, an
 * approval for a window among them, the flow wakes at once and people are not troubled. Throws RequestClosed
 * where the row was closed, ApprovalChannelUnavailable where the tier could not be told.
 */
export function makeRequestApproval(ports: Ports) {
  const { requests, approvals, currentText, wake } = ports;
  return async ({ state, taskToken, executionArn }: TokenTask): Promise<void> => {
    const { verdict, request, evidence, loaded } = state;
    const emergency = loaded !== undefined && isBreakGlass(request, loaded.principal);
    if (verdict?.outcome !== 'needs_approval') throw new RequestClosed('no approval is needed');
    const { requestId, change } = request;
    const { approval, proposalDigest } = verdict;
    await approvals.putToken(requestId, {
      tier: approval.tier,
      taskToken,
      proposalDigest,
      ttl: Math.floor(new Date(approval.deadline).getTime() / 1000) + KEEP_SECONDS,
    });
    const diff = change && (await diffOfChange(change, currentText));
    // What is asked for was narrowed by votes meanwhile, perhaps: people are shown what was proposed at first.
    const before = (await requests.get(requestId))?.asked;
    const waits = await requests.transition(requestId, {
      from: ['PENDING', 'AWAITING_APPROVAL'],
      set: {
        status: 'AWAITING_APPROVAL',
        executionArn,
        approval,
        decision: decisionOf(verdict, summaryOf(state.review)),
        asked: before ?? whatIsAsked(state, diff),
        shownIn: 'slack',
      },
    });
    if (!waits) throw new RequestClosed('the request was closed before anybody was asked');
    const seen = evidence ? evidence.votes.length + evidence.discounted.length : 0;
    const [cast, windows] = await Promise.all([
      approvals.listVotes(requestId, proposalDigest),
      request.call || emergency ? [] : approvals.listWindows(request.principalId, proposalDigest),
    ]);
    if (cast.length + windows.length > seen) return wake(taskToken);
    const ask = { requestId, proposalDigest, approval };
    if (emergency) return askLoudly(ask, ports);
    await askInSlack(ask, ports);
  };
}
