import type { Subject } from '../access-request.ts';
import { signsInAs } from '../identity/sign-in/match-sign-in.ts';
import { dutyOf, type OnDuty } from '../outside/on-duty.ts';
import { isAbout } from '../outside/outside-fact.ts';
import { marksOf } from '../people/template.ts';
import type { Principal } from '../principal.ts';
import type { Vote } from '../vote.ts';
import type { Tier } from './approvals-config.ts';
import { sharePerson } from './same-person.ts';
import type { VoterRefusal } from './vote-refusals.ts';

/** Whose request it is, and whom a change is about: none of these persons may vote on it. */
export type VotedOn = {
  readonly requester: Pick<Principal, 'id' | 'type' | 'persons'>;
  /** For a change: the persons its target is or belongs to, and the template that it is about. */
  readonly concerned: readonly string[];
  /** On whose behalf it is asked: they do not vote on it either. */
  readonly subject?: Subject | undefined;
  /** Who is on call, of the tiers that have a rota. */
  readonly duty?: OnDuty | undefined;
};

type Voter = {
  readonly principal: Principal | undefined;
  readonly slackUserGroup?: Vote['slackUserGroup'];
  /** Whose token they signed in with, where they did. */
  readonly tokenOf?: Subject;
};

/** Whether a voter is this subject: by the token at hand, or by how they sign in. */
const isSubject = ({ principal, tokenOf }: Voter, { issuer, id }: Subject): boolean =>
  (tokenOf?.issuer === issuer && tokenOf.id === id) ||
  (principal !== undefined && signsInAs(principal, { issuer, claims: { sub: id } }));

/** Whether a principal is of a tier: on call, where somebody is; else of its group, or of Slack's. */
export function isOfTier(
  tier: Tier,
  principal: Principal,
  {
    duty,
    slackUserGroup,
  }: { readonly duty?: OnDuty | undefined; readonly slackUserGroup?: string | undefined },
): boolean {
  const called = dutyOf(tier, duty);
  if (called.length > 0) return called.some((about) => isAbout(about, principal));
  if (tier.approverGroup !== undefined && principal.groups.includes(tier.approverGroup)) return true;
  return tier.slackUserGroup !== undefined && slackUserGroup === tier.slackUserGroup;
}

/**
 * Why this voter may not vote in a tier, or undefined where they may. Asked when a button is pressed, to tell
 * the voter, and again when the votes are tallied, which is what counts.
 */
export function refusalOf(
  voter: Voter,
  tier: Tier,
  { requester, concerned, subject, duty }: VotedOn,
): VoterRefusal | undefined {
  const { principal, slackUserGroup } = voter;
  if (principal?.status !== 'active') return 'not_active';
  if (principal.type !== 'human') return 'not_human';
  if (principal.id === requester.id) return 'asks_for_it';
  if (sharePerson(principal.persons, requester.persons)) {
    return requester.type === 'agent' ? 'owns_asking_agent' : 'same_person';
  }
  if (sharePerson(marksOf(principal), concerned)) return 'change_about_voter';
  if (subject && isSubject(voter, subject)) return 'asked_for_them';
  // Last: whoever asks is told that, and not that they are in the wrong group.
  if (!isOfTier(tier, principal, { duty, slackUserGroup })) return 'not_in_group';
  return undefined;
}
