import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate } from '../decision-case.ts';

/** One job needs few resources; more is a standing permission by another name. */
const MOST_GRANTS = 5;

export function tooManyGrants({ grants, unknownResources }: Candidate): Reason[] {
  const count = grants.length + unknownResources.length;
  if (count <= MOST_GRANTS) return [];
  return [
    {
      code: 'too_many_grants',
      detail: `${count} resources are too many for one session; ask for at most ${MOST_GRANTS} at once.`,
    },
  ];
}
