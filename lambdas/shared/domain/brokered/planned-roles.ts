import type { Reference } from '../../../../policy/prove/prove.ts';
import type { CatalogResource } from '../catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../catalog/resolve-arns.ts';
import { digestOf } from '../digest.ts';
import { roleReference } from '../proof/role-reference.ts';
import { brokeredRoleName } from './brokered-role.ts';
import { planRoles } from './plan-roles.ts';
import { boundaryOf, permissionsOf } from './role-policies.ts';
import { roleStatements } from './role-statements.ts';

/** Stands for wherever the broker runs, which is not known when the template is synthesised. */
const ANYWHERE: Placeholders = { partition: 'aws', region: 'any-region-1', accountId: '000000000000' };

/**
 * The digest of all brokered roles that a catalog takes, wherever the broker runs: the same when the template is
 * synthesised and in the function that was deployed with it.
 */
export const digestOfPlannedRoles = (catalog: readonly CatalogResource[]): string =>
  digestOf(
    planRoles(
      catalog.map((resource) => resolveArns(resource, ANYWHERE)),
      ANYWHERE.accountId,
    ).map(({ account, sensitivity, resources }) => {
      const statements = roleStatements(resources);
      return {
        account,
        sensitivity,
        permissions: permissionsOf(statements),
        boundary: boundaryOf(statements),
      };
    }),
  );

/** What each brokered role may do, by its ARN, where the broker runs. */
export function plannedReferences(
  catalog: readonly CatalogResource[],
  home: Placeholders,
): ReadonlyMap<string, Reference> {
  const resolved = catalog.map((resource) => resolveArns(resource, home));
  return new Map(
    planRoles(resolved, home.accountId).map(({ account, sensitivity, resources }) => [
      `arn:${home.partition}:iam::${account}:role/${brokeredRoleName(sensitivity)}`,
      roleReference(resources),
    ]),
  );
}
