import type { Reason } from '../../shared/domain/reason.ts';
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
    },
  ];
}
