import { ballotDigestOf } from '../domain/approvals/ballot.ts';
import type { Narrowing, Vote } from '../domain/vote.ts';
import { type AskedRow, isAsked } from '../messages/message-content.ts';
import type { Target } from '../messages/message-target.ts';
import type { Screening, ScreeningPorts, Voter } from './screen-voter.ts';
import type { VoteResult } from './vote-result.ts';

/** Seconds a vote is kept. The audit log keeps what came of it. */
const KEEP_SECONDS = 30 * 24 * 60 * 60;

/** The message that asks a tier for a request, and for others that wait for the very same. */
type SharedMessage = { readonly channel: string; readonly requestIds: readonly string[] };

export type StoringPorts = ScreeningPorts & {
  readonly approvals: {
    /** False where this person voted on this proposal before. */
    putVote(requestId: string, vote: Vote, ttl: number): Promise<boolean>;
    /** Keeps an approval for a window, where other requests for the very same find it. */
    putWindow(principalId: string, vote: Vote & { windowOf: string }, ttl: number): Promise<boolean>;
    listVotes(requestId: string, proposalDigest: string): Promise<Vote[]>;
    /** The current wait's token, while somebody is asked. */
    getToken(
      requestId: string,
    ): Promise<{ readonly taskToken: string; readonly proposalDigest: string } | undefined>;
  };
  readonly messages: { ofRequest(requestId: string, tier: string): Promise<SharedMessage | undefined> };
  readonly wake: (taskToken: string) => Promise<void>;
  readonly clock: () => Date;
  /** Ids and codes only. */
  readonly log: (event: string, fields: Record<string, unknown>) => void;
};

export type Ballot = Pick<Vote, 'decision' | 'stepUp' | 'assertion'> & {
  readonly narrowing?: Narrowing;
  readonly reason?: string;
  /** As whom it was given in Slack. */
  readonly slack?: { readonly userId: string; readonly teamId: string };
};

/**
 * Stores the vote of somebody who may, once a person and proposal, then wakes the workflow, which reads the table. A
 * message that several requests share is one question: the vote is cast on each that still waits, unless a passkey
 * proves it.
 */
export async function storeVote(
  target: Target,
  { row, voter }: Extract<Screening, { kind: 'may_vote' }>,
  ballot: Ballot,
  ports: StoringPorts,
): Promise<VoteResult> {
  const cast = voteOf(target, ballot, { row, voter }, ports.clock());
  const vote = forRequest(row.requestId, cast);
  const ttl = Math.floor(ports.clock().getTime() / 1000) + KEEP_SECONDS;
  const isFirst = await ports.approvals.putVote(row.requestId, vote, ttl);
  if (isFirst && vote.narrowing?.windowSeconds) {
    await ports.approvals.putWindow(row.principalId, { ...vote, windowOf: row.requestId }, ttl);
  }
  // A passkey proves a vote on the one request that it names.
  const alike = ballot.assertion ? [] : await sharingRequests(target, ports);
  for (const requestId of alike) await ports.approvals.putVote(requestId, forRequest(requestId, cast), ttl);
  // Woken also where this very vote was stored before: a first try may have ended between the two.
  for (const requestId of [row.requestId, ...alike]) await wake(requestId, target, ports);
  const votes = await ports.approvals.listVotes(row.requestId, vote.proposalDigest);
  if (!isFirst) {
    return { kind: 'voted_before', vote: votes.find(({ person }) => person === vote.person) };
  }
  ports.log('voted', { ...target, principalId: vote.principalId, decision: vote.decision });
  const given = votes.filter(({ decision }) => decision === 'approve').length;
  return {
    kind: 'recorded',
    requestId: row.requestId,
    decision: vote.decision,
    given,
    needed: row.approval.quorum.approvals,
  };
}

function voteOf(
  { tier, proposalDigest }: Target,
  { decision, stepUp, assertion, narrowing, reason, slack }: Ballot,
  { row, voter }: { row: AskedRow; voter: Voter },
  now: Date,
): Vote {
  const { principal, slackUserGroup } = voter;
  return {
    decision,
    principalId: principal.id,
    // A human is one person.
    person: principal.persons[0] ?? principal.id,
    tier,
    proposalDigest,
    votedAt: now.toISOString(),
    stepUp,
    ...(assertion && { assertion }),
    ...(slack && { slackUserId: slack.userId, slackTeamId: slack.teamId }),
    basis: row.asked.basis,
    ...(slackUserGroup && { slackUserGroup }),
    ...(narrowing && { narrowing }),
    ...(reason && { reason }),
  };
}

/** The vote as it is cast on one request. */
const forRequest = (requestId: string, vote: Vote): Vote => ({
  ...vote,
  ballotDigest: ballotDigestOf(requestId, vote),
});

/** Other requests in the same message that wait in this tier for the very same. */
async function sharingRequests(
  { requestId, tier, proposalDigest }: Target,
  { messages, requests }: StoringPorts,
): Promise<string[]> {
  const message = await messages.ofRequest(requestId, tier);
  const others = (message?.requestIds ?? []).filter((id) => id !== requestId);
  const rows = await Promise.all(others.map((id) => requests.get(id)));
  return rows
    .filter(isAsked)
    .filter(
      (row) =>
        row.status === 'AWAITING_APPROVAL' &&
        row.approval.tier === tier &&
        row.asked.proposalDigest === proposalDigest,
    )
    .map((row) => row.requestId);
}

/** A wait that ended meanwhile needs no waking: whatever comes next reads the votes from the table. */
async function wake(requestId: string, { proposalDigest }: Target, ports: StoringPorts): Promise<void> {
  const token = await ports.approvals.getToken(requestId);
  if (token?.proposalDigest === proposalDigest) await ports.wake(token.taskToken);
}
