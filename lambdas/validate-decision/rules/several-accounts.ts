import { accountsOf } from '../../shared/domain/brokered/brokered-role.ts';
import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate, Rulebook } from '../decision-case.ts';

/** A session is of a role, and a role of one account: what is in two takes two requests. */
export function severalAccounts({ grants }: Candidate, { home }: Pick<Rulebook, 'home'>): Reason[] {
  const resources = grants.map(({ resource }) => resource);
  if (accountsOf(resources, home.accountId).length <= 1) return [];
  return [
    {
      code: 'several_accounts',
      detail:
        'One session reaches resources of one AWS account; ask for those of another in a request of their own.',
    },
  ];
}
