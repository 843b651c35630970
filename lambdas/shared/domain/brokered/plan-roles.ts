import { type CatalogResource, sensitivitySchema } from '../catalog/catalog.ts';
import { accountsOf, type BrokeredRoleSpec, rankOf } from './brokered-role.ts';

/** A brokered role, and what it may reach: whatever in its account is as sensitive as it, or less. */
export type PlannedRole = BrokeredRoleSpec & { readonly resources: readonly CatalogResource[] };

/**
 * The brokered roles that a catalog takes: one for each account and sensitivity that occurs. A request for
 * several resources gets the role of the most sensitive, so that role reaches the lesser ones too.
 */
export function planRoles(catalog: readonly CatalogResource[], home: string): PlannedRole[] {
  return accountsOf(catalog, home).flatMap((account) => {
    const here = catalog.filter((resource) => accountsOf([resource], home).includes(account));
    return sensitivitySchema.options
      .filter((sensitivity) => here.some((resource) => resource.sensitivity === sensitivity))
      .map((sensitivity) => ({
        account,
        sensitivity,
        resources: here.filter((resource) => rankOf(resource.sensitivity) <= rankOf(sensitivity)),
      }));
  });
}
