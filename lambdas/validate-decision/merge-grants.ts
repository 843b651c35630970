import type { ResolvedGrant } from '../shared/domain/catalog/resolve-grants.ts';
import type { Grant } from '../shared/domain/review.ts';

/** One grant a resource, actions and resources in order and without repeats. */
export function mergeGrants(grants: readonly Grant[]): Grant[] {
  const actions = new Map<string, Set<string>>();
  for (const grant of grants) {
    const merged = actions.get(grant.resource) ?? new Set();
    for (const action of grant.actions) merged.add(action);
    actions.set(grant.resource, merged);
  }
  return [...actions]
    .map(([resource, merged]) => ({ resource, actions: [...merged].sort() }))
    .sort((left, right) => (left.resource < right.resource ? -1 : 1));
}

/** What both hold: of each resource that both name, the actions that both name. */
export function intersectGrants(grants: readonly ResolvedGrant[], others: readonly Grant[]): ResolvedGrant[] {
  return grants.flatMap(({ resource, actions }) => {
    const allowed = others
      .filter((other) => other.resource === resource.key)
      .flatMap((other) => other.actions);
    const both = actions.filter((action) => allowed.includes(action));
    return both.length > 0 ? [{ resource, actions: both }] : [];
  });
}
