import type { Principal } from '../principal.ts';
import type { Vote } from '../vote.ts';
import type { Tier } from './approvals-config.ts';

/** Whose request it is, and whom a change is about: none of these persons may vote on it. */
export type VotedOn = {
  readonly requester: Pick<Principal, 'id' | 'type' | 'persons'>;
  /** For a change: the persons its target is or belongs to. */
  readonly concerned: readonly string[];
};

type Voter = { readonly principal: Principal | undefined; readonly slackUserGroup?: Vote['slackUserGroup'] };

const isOf = (tier: Tier, principal: Principal, slackUserGroup: string | undefined): boolean =>
  principal.groups.includes(tier.approverGroup) ||
  (tier.slackUserGroup !== undefined && slackUserGroup === tier.slackUserGroup);

/**
 * Why this voter may not vote in a tier, or undefined where they may. Asked when a button is pressed, to tell
 * the voter, and again when the votes are tallied, which is what counts.
 */
export function refusalOf({ principal, slackUserGroup }: Voter, tier: Tier, of: VotedOn): string | undefined {
  const { requester, concerned } = of;
  if (principal?.status !== 'active') return 'the voter is not active';
  if (!isOf(tier, principal, slackUserGroup)) return "the voter is not of the tier's group";
  if (principal.type !== 'human') return 'only people vote';
  if (principal.id === requester.id) return 'whoever asks never approves';
  if (principal.persons.some((person) => requester.persons.includes(person))) {
    return requester.type === 'agent'
      ? 'the voter owns the asking agent'
      : 'the voter is the requester under another name';
  }
  if (principal.persons.some((person) => concerned.includes(person))) return 'the change is about the voter';
  return undefined;
}
