import { accountsOf, reachedTogether } from '../../shared/domain/brokered/brokered-role.ts';
import type { Reason } from '../../shared/domain/reason.ts';
import type { Candidate, Rulebook } from '../decision-case.ts';

/** Groups that are named, and keys of each: a reason is bounded. */
const MOST_NAMED = 3;

/**
 * A session is of one role, and a role reaches one part of the catalog: what is in two takes two requests, as does
 * what is on everything beside what has a name.
 */
export function severalRoles(
  { grants }: Candidate,
  { home, catalog }: Pick<Rulebook, 'home' | 'catalog'>,
): Reason[] {
  const resources = grants.map(({ resource }) => resource);
  if (accountsOf(resources, home.accountId).length > 1) return [];
  const groups = reachedTogether(resources, catalog.parts);
  if (groups.length <= 1) return [];
  const named = groups.slice(0, MOST_NAMED).map((group) => group.slice(0, MOST_NAMED).map(({ key }) => key));
  return [{ code: 'several_roles', groups: named }];
}
