import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate } from '../decision-case.ts';

/** An approval that grants nothing. */
export function noGrants({
  grants,
  unknownResources,
}: Pick<Candidate, 'grants' | 'unknownResources'>): Reason[] {
  if (grants.length + unknownResources.length > 0) return [];
  return [
    {
      code: 'no_grants',
      detail: 'Nothing would be granted; name the resource and the actions that the job needs.',
    },
  ];
}
