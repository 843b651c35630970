import type { Reason } from '../../shared/domain/reason.ts';
import type { Candidate } from '../decision-case.ts';

/** One job needs few resources; more is a standing permission by another name. */
const MOST_GRANTS = 5;

export function tooManyGrants({ grants, unknownResources }: Candidate): Reason[] {
  const count = grants.length + unknownResources.length;
  if (count <= MOST_GRANTS) return [];
  return [
    {
      code: 'too_many_grants',
      proposed: count,
      most: MOST_GRANTS,
    },
  ];
}
