import { requestIdSchema } from '../shared/domain/access-request.ts';
import { dutyShown } from '../shared/domain/approvals/duty-shown.ts';
import { isOfTier } from '../shared/domain/approvals/may-vote.ts';
import { sharePerson } from '../shared/domain/approvals/same-person.ts';
import type { VoterRefusal } from '../shared/domain/approvals/vote-refusals.ts';
import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import type { Vote } from '../shared/domain/vote.ts';
import { type Answer, type Call, operation } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { type ServerPorts, serveOperations } from '../shared/http/serve-operations.ts';
import { type AskedRow, isAsked } from '../shared/messages/message-content.ts';
import type { Target } from '../shared/messages/message-target.ts';
import { type Screening, screenVoter } from '../shared/votes/screen-voter.ts';
import { type Ballot, type StoringPorts, storeVote } from '../shared/votes/store-vote.ts';
import type { VoteResult } from '../shared/votes/vote-result.ts';
import { checkFactor, type FactorPorts, openChallenge } from './check-factor.ts';
import { ballotOf } from './read-vote.ts';
import {
  castVoteSpec,
  challengeVoteSpec,
  getVotesSpec,
  listApprovalsSpec,
  listPasskeysSpec,
  type NewBallot,
} from './vote-specs.ts';
import { approvalViewOf } from './vote-views.ts';

export type VotePorts = ServerPorts &
  Omit<StoringPorts, 'log'> &
  FactorPorts & {
    readonly principals: { get(id: string): Promise<Principal | undefined> };
    readonly requests: {
      get(requestId: string): Promise<RequestRow | undefined>;
      /** Rows that people are asked about, the oldest first. */
      awaitingApproval(): AsyncIterable<RequestRow>;
    };
  };

type Found = Extract<Screening, { kind: 'may_vote' }>;

/** Rows that one list of approvals holds. */
const MOST_LISTED = 50;

/** Who may not even know of a request: they are none of those who are asked. */
const STRANGERS = ['not_active', 'not_in_group', 'not_human'] as const satisfies VoterRefusal[];
type Stranger = (typeof STRANGERS)[number];
const isStranger = (because: VoterRefusal): because is Stranger =>
  (STRANGERS as readonly VoterRefusal[]).includes(because);

const notFound = () => new Problem('request_not_found', 'Check the id; only those who may answer see it.');

const whoMayVote = async (call: Call, row: RequestRow | undefined, ports: VotePorts): Promise<Screening> => {
  if (!isAsked(row)) return { kind: 'unknown_request' };
  const { requestId, approval, asked: shown } = row;
  const target = { requestId, tier: approval.tier, proposalDigest: shown.proposalDigest };
  return screen(call, target, ports);
};

const screen = (
  call: Call,
  target: Parameters<typeof screenVoter>[0],
  ports: VotePorts,
): Promise<Screening> =>
  screenVoter(
    target,
    async () => ({ principal: call.caller, ...(call.tokenOf && { tokenOf: call.tokenOf }) }),
    ports,
  );

const rowOf = async ({ id }: Call, { requests }: VotePorts): Promise<RequestRow | undefined> =>
  requestIdSchema.safeParse(id).success ? requests.get(id) : undefined;

const viewOf = async (row: AskedRow, { approvals }: VotePorts) =>
  approvalViewOf(row, await approvals.listVotes(row.requestId, row.asked.proposalDigest));

const getVotes = operation({
  ...getVotesSpec,
  async run(call, ports: VotePorts): Promise<Answer> {
    const row = await rowOf(call, ports);
    const found = await whoMayVote(call, row, ports);
    if (found.kind !== 'may_vote') throw notFound();
    return { status: 200, body: await viewOf(found.row, ports) };
  },
});

const listApprovals = operation({
  ...listApprovalsSpec,
  async run(call, ports: VotePorts): Promise<Answer> {
    const views: Awaited<ReturnType<typeof viewOf>>[] = [];
    for await (const row of ports.requests.awaitingApproval()) {
      const found = await whoMayVote(call, row, ports);
      if (found.kind === 'may_vote') views.push(await viewOf(found.row, ports));
      if (views.length >= MOST_LISTED) break;
    }
    return { status: 200, body: { approvals: views } };
  },
});

const REFUSED: Record<Exclude<VoterRefusal, Stranger>, string> = {
  asks_for_it: 'You asked for this yourself.',
  owns_asking_agent: 'The agent that asks is your own.',
  same_person: 'You asked for this yourself, under another name.',
  change_about_voter: 'The change is about you.',
  asked_for_them: 'It is asked for on your behalf.',
};

/** What a voter is told whose vote was not recorded. A stranger is told nothing, not even that there is something. */
function problemOf(result: Exclude<VoteResult, { kind: 'recorded' }>, requestId: string): Problem {
  switch (result.kind) {
    case 'unknown_request':
    case 'unknown_voter':
      return notFound();
    case 'refused':
      return isStranger(result.because)
        ? notFound()
        : new Problem('vote_refused', REFUSED[result.because], { requestId });
    case 'voted_before':
      return new Problem('already_voted', 'A second vote changes nothing.', { requestId });
    case 'closed':
      return new Problem('vote_too_late', 'It is decided already.', {
        requestId,
        requestStatus: result.row.status,
      });
    case 'moved_on':
      return new Problem('vote_too_late', 'Nobody answered in time: another tier is asked now.', {
        requestId,
      });
    case 'proposal_changed':
      return new Problem('vote_too_late', 'What is asked for has changed: look at it again.', { requestId });
  }
}

/** What a vote would be cast on, once its caller is found to be one who may. Who may not know of it is told nothing. */
async function findBallot(
  call: Call<unknown, NewBallot>,
  ports: VotePorts,
): Promise<{ target: Target; found: Found; ballot: Omit<Ballot, 'stepUp' | 'assertion'> }> {
  const row = await rowOf(call, ports);
  if (!isAsked(row)) throw notFound();
  const { requestId } = row;
  const target = { requestId, tier: row.approval.tier, proposalDigest: call.body.proposalDigest };
  const found = await screen(call, target, ports);
  if (found.kind !== 'may_vote') {
    // Whether it is closed, or another proposal, is for those who could have answered it.
    const known = await isAmongVoters(call, row, ports);
    throw known || found.kind === 'refused' ? problemOf(found, requestId) : notFound();
  }
  const ballot = ballotOf(call.body, found.row);
  await refuseSecondVote(found, ports);
  return { target, found, ballot };
}

/**
 * Casts a vote by the rules of Slack's buttons: whether they may is looked at first, so that no stranger learns of a
 * request, and nobody's code is spent on a vote that cannot count.
 */
const castVote = operation({
  ...castVoteSpec,
  async run(call, ports: VotePorts): Promise<Answer> {
    const { target, found, ballot } = await findBallot(call, ports);
    const factor = await checkFactor({ ...target, ...ballot }, call, ports);
    const result = await storeVote(
      target,
      found,
      { ...ballot, ...factor },
      { ...ports, log: (event, fields) => ports.log({ event, ...fields }) },
    );
    if (result.kind !== 'recorded') throw problemOf(result, target.requestId);
    const { kind: _, ...recorded } = result;
    return { status: 200, body: recorded };
  },
});

/** What a passkey is to sign: all that the vote decides, as it would be stored. */
const challengeVote = operation({
  ...challengeVoteSpec,
  async run(call, ports: VotePorts): Promise<Answer> {
    const { target, ballot } = await findBallot(call, ports);
    return { status: 200, body: await openChallenge({ ...target, ...ballot }, call.caller, ports) };
  },
});

const listPasskeys = operation({
  ...listPasskeysSpec,
  async run({ caller, query }, { principals, passkeyPlace }: VotePorts): Promise<Answer> {
    const principalId = query.principal ?? caller.id;
    if (principalId !== caller.id && !isAuditor(caller))
      throw new Problem('auditor_required', 'Leave out "principal" to list your own passkeys.');
    const holder = principalId === caller.id ? caller : await principals.get(principalId);
    const origin = passkeyPlace()?.origin;
    return {
      status: 200,
      body: { principalId, passkeys: holder?.passkeys ?? [], ...(origin && { origin }) },
    };
  },
});

/** Whether the caller is of the tier that was asked, whatever stands in the way of their vote by now. */
async function isAmongVoters({ caller }: Call, row: AskedRow, { wording }: VotePorts): Promise<boolean> {
  const tier = wording().tiers.find(({ name }) => name === row.approval.tier);
  const duty = tier && dutyShown(row.approval, tier);
  return caller.status === 'active' && tier !== undefined && isOfTier(tier, caller, { duty });
}

/** A code is spent on no vote that would be a second one. */
async function refuseSecondVote({ row, voter }: Found, { approvals }: VotePorts): Promise<void> {
  const votes: readonly Vote[] = await approvals.listVotes(row.requestId, row.asked.proposalDigest);
  const before = votes.find(({ person }) => sharePerson([person], voter.principal.persons));
  if (before) throw problemOf({ kind: 'voted_before', vote: before }, row.requestId);
}

export const VOTE_OPERATIONS = [getVotes, castVote, challengeVote, listApprovals, listPasskeys];

/** What approvers do: a function that can neither open a request nor claim one. */
export const makeCastVote = (ports: VotePorts) => serveOperations(VOTE_OPERATIONS, ports);
