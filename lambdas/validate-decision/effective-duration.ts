import type { ResolvedGrant } from '../shared/domain/catalog/resolve-grants.ts';

/**
 * Seconds the session lasts: what was asked for, what was proposed, or what the strictest resource allows,
 * whichever is shortest. Each of them is at least 900.
 */
export function effectiveDuration(
  requested: number | undefined,
  proposed: number,
  grants: readonly ResolvedGrant[],
): number {
  const longest = grants.map(({ resource }) => resource.maxDurationSeconds);
  return Math.min(requested ?? proposed, proposed, ...longest);
}
