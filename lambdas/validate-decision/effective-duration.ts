import type { Catalog } from '../shared/domain/catalog/catalog.ts';
import type { Grant } from '../shared/domain/review.ts';

/**
 * Seconds the session lasts: what was asked for, what was proposed, or what the strictest resource allows,
 * whichever is shortest. Each of them is at least 900.
 */
export function effectiveDuration(
  requested: number | undefined,
  proposed: number,
  grants: readonly Grant[],
  catalog: Catalog,
): number {
  const longest = grants.flatMap(({ resource }) => catalog.resources.get(resource)?.maxDurationSeconds ?? []);
  return Math.min(requested ?? proposed, proposed, ...longest);
}
