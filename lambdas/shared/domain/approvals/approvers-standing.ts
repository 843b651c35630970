import type { Principal } from '../principal.ts';
import type { WorkflowState } from '../workflow-state.ts';
import type { Tier } from './approvals-config.ts';
import { refusalOf } from './may-vote.ts';

/**
 * Why the approvals that a verdict rests on no longer hold, or undefined where they do: everybody who agreed must
 * still be somebody who may. The votes are those that the tally found; `principalOf` answers people as they are now.
 */
export function refusalOfApprovers(
  { request, loaded, verdict, evidence }: WorkflowState,
  tiers: readonly Tier[],
  principalOf: (principalId: string) => Principal | undefined,
): string | undefined {
  if (!loaded || !verdict) return 'nothing was decided';
  const { type, persons } = loaded.principal;
  const of = {
    requester: { id: request.principalId, type, persons },
    concerned: loaded.targetPersons ?? [],
  };
  for (const { principalId, person } of verdict.approvers) {
    const vote = evidence?.votes.find((cast) => cast.principalId === principalId && cast.person === person);
    const tier = tiers.find(({ name }) => name === vote?.tier);
    if (!vote || !tier) return `the vote of ${principalId} is not there any more`;
    const principal = principalOf(principalId);
    if (!principal?.persons.includes(person)) return `${principalId} is not who voted any more`;
    const because = refusalOf({ principal, slackUserGroup: vote.slackUserGroup }, tier, of);
    if (because) return `${principalId} may not approve it any more: ${because}`;
  }
  return undefined;
}
