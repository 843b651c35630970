import { accountsOf } from '../../shared/domain/brokered/brokered-role.ts';
import type { Reason } from '../../shared/domain/reason.ts';
import type { Candidate, Rulebook } from '../decision-case.ts';

/** A session is of a role, and a role of one account: what is in two takes two requests. */
export function severalAccounts({ grants }: Candidate, { home }: Pick<Rulebook, 'home'>): Reason[] {
  const resources = grants.map(({ resource }) => resource);
  if (accountsOf(resources, home.accountId).length <= 1) return [];
  return [
    {
      code: 'several_accounts',
    },
  ];
}
