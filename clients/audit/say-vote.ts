import * as z from 'zod';
import { type Discount, discountSchema } from '../../lambdas/shared/domain/approvals/vote-refusals.ts';
import { sayDuration } from './say-duration.ts';

/** As much of a vote's record as its sentence tells. */
const voteFactsSchema = z.object({
  principalId: z.string().catch('Somebody'),
  decision: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  counted: z.boolean().optional().catch(undefined),
  because: z.string().optional().catch(undefined),
  stepUp: z.boolean().optional().catch(undefined),
  assertion: z.unknown().optional(),
  narrowing: z
    .object({ grants: z.unknown(), durationSeconds: z.number(), windowSeconds: z.number() })
    .partial()
    .optional()
    .catch(undefined),
});

/** Why a vote does not count. */
const DISCOUNTED: Readonly<Record<Discount, string>> = {
  not_active: 'they are suspended',
  not_in_group: 'they are not among those who decide',
  not_human: 'only people decide',
  asks_for_it: 'whoever asks never decides',
  owns_asking_agent: 'the agent that asks is their own',
  same_person: 'they asked for it themselves, under another name',
  change_about_voter: 'the change is about them',
  asked_for_them: 'it is asked for on their behalf',
  tier_not_configured: 'the tier is no longer there',
  voted_before: 'they had voted before',
  ballot_changed: 'it is not as it was cast',
  another_person: 'the principal is somebody else by now',
  passkey_unknown: 'its passkey is none of theirs, or no longer',
  passkey_refused: 'its passkey does not prove it',
  passkey_counter: 'its passkey may have a copy',
  window_not_of_approval: 'it was for that once',
  window_over: 'the time that it counted for is over',
  rules_changed: 'the rules have changed since',
};

const whyNot = (because: string): string => {
  const known = discountSchema.safeParse(because);
  return known.success ? DISCOUNTED[known.data] : because;
};

const DECISIONS: Readonly<Record<string, string>> = { approve: 'approved it', deny: 'denied it' };

/** Who voted what, by which proof, and whether it counts. */
export function sayVote(facts: Record<string, unknown>): string {
  const vote = voteFactsSchema.parse(facts);
  const { principalId, decision, narrowing = {}, stepUp, assertion, counted, because, reason } = vote;
  const isLess = narrowing.grants !== undefined || narrowing.durationSeconds !== undefined;
  const said = decision === undefined ? 'voted' : (DECISIONS[decision] ?? `voted ${decision}`);
  const proof = assertion === undefined ? (stepUp ? ' with a code' : '') : ' with a passkey';
  const window = narrowing.windowSeconds
    ? `, and the very same for ${sayDuration(narrowing.windowSeconds)}`
    : '';
  const discount = counted === false ? `, which does not count${because ? `: ${whyNot(because)}` : ''}` : '';
  const words = decision === 'approve' && isLess ? 'approved less of it' : said;
  return `${principalId} ${words}${proof}${window}${discount}${reason ? `: “${reason}”` : ''}`;
}
