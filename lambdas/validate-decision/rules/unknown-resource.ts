import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate, Rulebook } from '../facts.ts';

/** Only what the catalog lists can be granted. */
export function unknownResource({ grants }: Pick<Candidate, 'grants'>, { catalog }: Rulebook): Reason[] {
  return grants
    .filter(({ resource }) => !catalog.resources.has(resource))
    .map(({ resource }) => ({
      code: 'unknown_resource',
      detail: 'The resource is not in the catalog; choose one that is.',
      resource,
    }));
}
