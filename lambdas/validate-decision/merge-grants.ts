import type { Grant } from '../shared/domain/review.ts';

/** One grant a resource, actions and resources in order and without repeats. */
export function mergeGrants(grants: readonly Grant[]): Grant[] {
  const actions = new Map<string, Set<string>>();
  for (const grant of grants) {
    const of = actions.get(grant.resource) ?? new Set();
    for (const action of grant.actions) of.add(action);
    actions.set(grant.resource, of);
  }
  return [...actions]
    .map(([resource, of]) => ({ resource, actions: [...of].sort() }))
    .sort((one, other) => (one.resource < other.resource ? -1 : 1));
}

/** What both hold: of each resource that both name, the actions that both name. */
export function intersectGrants(grants: readonly Grant[], others: readonly Grant[]): Grant[] {
  return grants.flatMap(({ resource, actions }) => {
    const allowed = others.filter((other) => other.resource === resource).flatMap((other) => other.actions);
    const both = actions.filter((action) => allowed.includes(action));
    return both.length > 0 ? [{ resource, actions: both }] : [];
  });
}
