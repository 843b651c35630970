import type { Reference } from '../../../../policy/prove/prove.ts';
import type { CatalogResource } from '../catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../catalog/resolve-arns.ts';
import { digestOf } from '../digest.ts';
import { roleReference } from '../proof/role-reference.ts';
import { brokeredRoleName } from './brokered-role.ts';
import { divideCatalog } from './catalog-parts.ts';
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
      divideCatalog(catalog),
    ).map(({ resources, ...role }) => {
      const statements = roleStatements(resources);
      return { ...role, permissions: permissionsOf(statements), boundary: boundaryOf(statements) };
    }),
  );

/** What each brokered role may do, by its ARN, where the broker runs; each is made ready when it is first asked for. */
export function plannedReferences(
  catalog: readonly CatalogResource[],
  home: Placeholders,
): (roleArn: string) => Reference | undefined {
  const resolved = catalog.map((resource) => resolveArns(resource, home));
  const planned = new Map(
    planRoles(resolved, home.accountId, divideCatalog(catalog)).map((role) => [
      `arn:${home.partition}:iam::${role.account}:role/${brokeredRoleName(role)}`,
      role.resources,
    ]),
  );
  const ready = new Map<string, Reference>();
  return (roleArn) => {
    const resources = planned.get(roleArn);
    if (!resources) return undefined;
    const reference = ready.get(roleArn) ?? roleReference(resources);
    ready.set(roleArn, reference);
    return reference;
  };
}
