import type { Reason } from '../../shared/domain/reason.ts';
import type { Candidate } from '../decision-case.ts';

/** Only what the catalog lists can be granted. */
export function unknownResource({ unknownResources }: Pick<Candidate, 'unknownResources'>): Reason[] {
  return unknownResources.map((resource) => ({
    code: 'unknown_resource',
    resource,
  }));
}
