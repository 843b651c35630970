import type { Grant } from '../review.ts';
import type { Catalog, CatalogResource } from './catalog.ts';

/** A grant beside the catalog's entry of its resource. */
export type ResolvedGrant = { readonly resource: CatalogResource; readonly actions: readonly string[] };

type Resolved = {
  readonly grants: readonly ResolvedGrant[];
  /** Resources that the catalog does not list. Whoever resolves grants must say what becomes of these. */
  readonly unknownResources: readonly string[];
};

/** Looks every grant's resource up in the catalog, once: what comes after carries the entry along. */
export function resolveGrants(grants: readonly Grant[], { resources }: Catalog): Resolved {
  const found = grants.map(({ resource: key, actions }) => ({ key, resource: resources.get(key), actions }));
  return {
    grants: found.flatMap(({ resource, actions }) => (resource ? [{ resource, actions }] : [])),
    unknownResources: found.flatMap(({ resource, key }) => (resource ? [] : [key])),
  };
}

/** The grants as votes, verdicts and records hold them: resources by their keys. */
export const namedGrants = (grants: readonly ResolvedGrant[]): Grant[] =>
  grants.map(({ resource, actions }) => ({ resource: resource.key, actions: [...actions] }));
