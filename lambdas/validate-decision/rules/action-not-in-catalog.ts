import { accessLevelOf } from '../../shared/domain/catalog/catalog.ts';
import type { Reason } from '../../shared/domain/verdict.ts';
import type { Candidate } from '../decision-case.ts';

/** Only the actions that the catalog lists for a resource can be granted on it, letter by letter. */
export function actionNotInCatalog({ grants }: Candidate): Reason[] {
  return grants.flatMap(({ resource, actions }) =>
    actions
      .filter((action) => accessLevelOf(resource, action) === undefined)
      .map((action) => ({
        code: 'action_not_in_catalog' as const,
        detail: 'The catalog does not offer this action on this resource; choose one that it offers.',
        resource: resource.key,
        action,
      })),
  );
}
