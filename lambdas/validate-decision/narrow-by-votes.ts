import type { ResolvedGrant } from '../shared/domain/catalog/resolve-grants.ts';
import type { Vote } from '../shared/domain/vote.ts';
import { intersectGrants } from './merge-grants.ts';

/**
 * What every approver agreed to: the intersection of what each approved, for the shortest time any of them
 * said. It can only narrow: what a vote names beyond the proposal is not in the intersection.
 */
export function narrowByVotes(
  proposed: { grants: readonly ResolvedGrant[]; durationSeconds: number },
  votes: readonly Vote[],
): { grants: ResolvedGrant[]; durationSeconds: number } {
  const narrowings = votes.flatMap((vote) =>
    vote.decision === 'approve' && vote.narrowing ? [vote.narrowing] : [],
  );
  return {
    grants: narrowings.reduce(
      (grants, narrowing) => (narrowing.grants ? intersectGrants(grants, narrowing.grants) : grants),
      [...proposed.grants],
    ),
    durationSeconds: Math.min(
      proposed.durationSeconds,
      ...narrowings.flatMap((narrowing) => narrowing.durationSeconds ?? []),
    ),
  };
}
