import type { ApprovalsConfig } from '../shared/domain/approvals/approvals-config.ts';
import type { CatalogResource } from '../shared/domain/catalog/catalog.ts';
import type { ApprovalAsk, Quorum } from '../shared/domain/verdict.ts';
import type { Vote } from '../shared/domain/vote.ts';

type Owned = Pick<CatalogResource, 'ownerTier' | 'ownerRequired'>;

/**
 * Whether an approval of a tier counts for a resource. Owners count for what they own. Others count for a
 * resource with owners only once its owners let their time pass, and never where the owner is required.
 */
export function tierCounts(
  tierName: string,
  { ownerTier, ownerRequired }: Owned,
  history: ApprovalAsk['history'],
  { tiers }: ApprovalsConfig,
): boolean {
  if (tierName === ownerTier) return true;
  const tier = tiers.find((candidate) => candidate.name === tierName);
  if (!tier || tier.ownersOnly) return false;
  if (ownerTier === undefined) return true;
  return !ownerRequired && history.some((end) => end.tier === ownerTier);
}

/** The approvals one resource has: one a person, of the tiers that count for it. */
export function countApprovals(
  votes: readonly Vote[],
  resource: Owned,
  history: ApprovalAsk['history'],
  approvals: ApprovalsConfig,
): Quorum {
  const counted = votes.filter(
    (vote) => vote.decision === 'approve' && tierCounts(vote.tier, resource, history, approvals),
  );
  const persons = (counted: readonly Vote[]) => new Set(counted.map((vote) => vote.person)).size;
  return { approvals: persons(counted), stepUp: persons(counted.filter((vote) => vote.stepUp)) };
}
