import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate } from '../decision-case.ts';

/** Only what the catalog lists can be granted. */
export function unknownResource({ unknownResources }: Pick<Candidate, 'unknownResources'>): Reason[] {
  return unknownResources.map((resource) => ({
    code: 'unknown_resource',
    detail: 'The resource is not in the catalog; choose one that is.',
    resource,
  }));
}
