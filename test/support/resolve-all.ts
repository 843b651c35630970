import type { Catalog } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { type ResolvedGrant, resolveGrants } from '../../lambdas/shared/domain/catalog/resolve-grants.ts';
import type { Grant } from '../../lambdas/shared/domain/review.ts';

/** Grants beside their catalog entries, for tests that name no resource but the catalog's. */
export function resolveAll(grants: readonly Grant[], catalog: Catalog): readonly ResolvedGrant[] {
  const { grants: resolved, unknownResources } = resolveGrants(grants, catalog);
  if (unknownResources.length > 0) throw new Error(`not in the catalog: ${unknownResources.join(', ')}`);
  return resolved;
}
