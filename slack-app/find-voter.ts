import type { Tier } from '../lambdas/shared/domain/approvals/approvals-config.ts';
import { isOfTier } from '../lambdas/shared/domain/approvals/may-vote.ts';
import type { Principal } from '../lambdas/shared/domain/principal.ts';
import type { Voter } from '../lambdas/shared/votes/screen-voter.ts';

/** Whoever pressed a button, as Slack signed it. */
export type Presser = { readonly userId: string; readonly teamId: string };

export type VoterPorts = {
  readonly principals: { findBySlackUser(slackUserId: string): Promise<Principal | undefined> };
  /** The users of a Slack user group. */
  readonly slack: { membersOf(userGroup: string): Promise<string[]> };
};

/**
 * The principal behind a Slack user, and the Slack user group that admits them to the tier, where the tier names
 * one and their own groups do not. Undefined where the user is nobody's.
 */
export async function findVoter(
  { userId }: Presser,
  tier: Tier,
  { principals, slack }: VoterPorts,
): Promise<Voter | undefined> {
  const principal = await principals.findBySlackUser(userId);
  if (!principal) return undefined;
  const { slackUserGroup } = tier;
  if (!slackUserGroup || isOfTier(tier, principal, {})) return { principal };
  const isMember = (await slack.membersOf(slackUserGroup)).includes(userId);
  return { principal, ...(isMember && { slackUserGroup }) };
}
