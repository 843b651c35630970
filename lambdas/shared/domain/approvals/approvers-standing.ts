import { StandingChanged } from '../errors.ts';
import { onDuty } from '../outside/on-duty.ts';
import type { Principal } from '../principal.ts';
import type { Verdict } from '../verdict.ts';
import type { Evidence, Vote } from '../vote.ts';
import type { Loaded, WorkflowState } from '../workflow-state.ts';
import type { Tier } from './approvals-config.ts';
import { refusalOf } from './may-vote.ts';
import type { VoterRefusal } from './vote-refusals.ts';

/** As much of the workflow's state as a decision rests on. */
type Decided = {
  readonly request: WorkflowState['request'];
  readonly loaded: Loaded;
  readonly verdict: Verdict;
  readonly evidence?: Evidence | undefined;
};

/** Whose approval no longer holds, and why. */
type ApproverRefusal = {
  readonly principalId: string;
  readonly because: VoterRefusal | 'vote_gone' | 'another_person' | 'passkey_unknown';
};

/** Whether the passkey that proved a vote was given up since. */
export const isPasskeyGone = ({ assertion }: Pick<Vote, 'assertion'>, { passkeys }: Principal): boolean =>
  assertion !== undefined && !passkeys?.some(({ id }) => id === assertion.credentialId);

/**
 * The first approval that a verdict rests on and that no longer holds, or undefined where all do: everybody who
 * agreed must still be somebody who may. The votes are those that the tally found; `principalOf` answers people
 * as they are now.
 */
export function refusalOfApprovers(
  { request, loaded, verdict, evidence }: Decided,
  tiers: readonly Tier[],
  principalOf: (principalId: string) => Principal | undefined,
): ApproverRefusal | undefined {
  const { type, persons } = loaded.principal;
  const votedOn = {
    requester: { id: request.principalId, type, persons },
    concerned: loaded.targetPersons ?? [],
    // As the tally found it: who is on call is not asked again, however late it is claimed.
    duty: onDuty(evidence?.outside ?? [], loaded.principal),
    ...(request.subject && { subject: request.subject }),
  };
  for (const { principalId, person } of verdict.approvers) {
    const vote = evidence?.votes.find((cast) => cast.principalId === principalId && cast.person === person);
    const tier = tiers.find(({ name }) => name === vote?.tier);
    if (!vote || !tier) return { principalId, because: 'vote_gone' };
    const principal = principalOf(principalId);
    if (!principal?.persons.includes(person)) return { principalId, because: 'another_person' };
    if (isPasskeyGone(vote, principal)) return { principalId, because: 'passkey_unknown' };
    const because = refusalOf({ principal, slackUserGroup: vote.slackUserGroup }, tier, votedOn);
    if (because) return { principalId, because };
  }
  return undefined;
}

/** What a step ends with where an approval no longer holds. `advice` says what the requester can do. */
export const approvalChanged = ({ principalId, because }: ApproverRefusal, advice: string): StandingChanged =>
  new StandingChanged(`an approval no longer holds: ${principalId}, ${because}; ${advice}`);
