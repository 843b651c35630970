import { accessLevelOf } from '../../shared/domain/catalog/catalog.ts';
import type { Reason } from '../../shared/domain/reason.ts';
import type { Candidate } from '../decision-case.ts';

/** Only the actions that the catalog lists for a resource can be granted on it, letter by letter. */
export function actionNotInCatalog({ grants }: Candidate): Reason[] {
  return grants.flatMap(({ resource, actions }) =>
    actions
      .filter((action) => accessLevelOf(resource, action) === undefined)
      .map((action) => ({
        code: 'action_not_in_catalog' as const,
        resource: resource.key,
        action,
      })),
  );
}
