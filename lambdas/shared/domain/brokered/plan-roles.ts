import { groupBy } from '../../../../policy/group-by.ts';
import { type CatalogParts, type CatalogResource, sensitivitySchema } from '../catalog/catalog.ts';
import { accountsOf, type BrokeredRoleSpec, rankOf } from './brokered-role.ts';
import { partOf } from './catalog-parts.ts';

/** A brokered role, and what it may reach: whatever in its part and account is as sensitive as it, or less. */
export type PlannedRole = BrokeredRoleSpec & { readonly resources: readonly CatalogResource[] };

/**
 * The brokered roles that a catalog takes: one for each account, part and sensitivity that occurs. A request for
 * several resources gets the role of the most sensitive, so that role reaches the lesser ones of its part too.
 */
export function planRoles(
  catalog: readonly CatalogResource[],
  home: string,
  parts: CatalogParts | undefined,
): PlannedRole[] {
  const groups = groupBy(catalog, (resource) => {
    const [account = home] = accountsOf([resource], home);
    return JSON.stringify([account, resource.kind === 'service-wide', partOf(resource, parts)]);
  });
  return [...groups].flatMap(([id, here]) => {
    const [account, isServiceWide, part] = JSON.parse(id) as [string, boolean, number];
    return sensitivitySchema.options
      .filter((sensitivity) => here.some((resource) => resource.sensitivity === sensitivity))
      .map((sensitivity) => ({
        account,
        isServiceWide,
        part,
        sensitivity,
        resources: here.filter((resource) => rankOf(resource.sensitivity) <= rankOf(sensitivity)),
      }));
  });
}
