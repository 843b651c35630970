import type { Tier } from '../shared/domain/approvals/approvals-config.ts';
import { isPasskeyGone } from '../shared/domain/approvals/approvers-standing.ts';
import { dutyShown } from '../shared/domain/approvals/duty-shown.ts';
import { refusalOf } from '../shared/domain/approvals/may-vote.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import type { Vote } from '../shared/domain/vote.ts';

export type SealPorts = {
  readonly votes: { listVotes(requestId: string, proposalDigest: string): Promise<Vote[]> };
  readonly principals: { get(id: string): Promise<Principal | undefined> };
  readonly tiers: () => readonly Tier[];
};

/** The row, as far as it says whose call it is, and who was asked. */
type HeldRow = Pick<
  RequestRow,
  'requestId' | 'principalId' | 'subject' | 'call' | 'asked' | 'approval' | 'seal'
>;

/**
 * The seal of a call that people approved, for its gateway: only while everybody who approved is still somebody who may,
 * and has the passkey that proved it, as AssumeRole looks once more before a session is minted. Undefined where that cannot be said.
 */
export async function findSeal(row: HeldRow, ports: SealPorts): Promise<RequestRow['seal']> {
  const { requestId, principalId, subject, call, asked: shown, approval, seal } = row;
  if (!seal || !call || !shown) return undefined;
  const votes = await ports.votes.listVotes(requestId, shown.proposalDigest);
  const approvals = votes.filter(({ decision }) => decision === 'approve');
  const votedOn = {
    requester: { id: principalId, type: shown.principalType, persons: shown.persons },
    concerned: shown.concerned,
    ...(subject && { subject }),
  };
  const tiers = ports.tiers();
  const holds = await Promise.all(
    approvals.map(async (vote) => {
      const principal = await ports.principals.get(vote.principalId);
      const tier = tiers.find(({ name }) => name === vote.tier);
      if (!tier || !principal?.persons.includes(vote.person) || isPasskeyGone(vote, principal)) return false;
      const duty = approval && dutyShown(approval, tier);
      return !refusalOf({ principal, slackUserGroup: vote.slackUserGroup }, tier, { ...votedOn, duty });
    }),
  );
  const persons = new Set(approvals.map(({ person }) => person));
  return holds.every(Boolean) && persons.size >= Math.max(1, call.quorum.approvals) ? seal : undefined;
}
