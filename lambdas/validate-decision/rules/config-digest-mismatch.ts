import type { Reason } from '../../shared/domain/verdict.ts';
import type { Case, Rulebook } from '../facts.ts';

/** The catalog, guardrails and tiers that decide must be those that LoadPolicy pinned. */
export function configDigestMismatch({ loaded }: Case, { digests }: Rulebook): Reason[] {
  const differing = (['catalog', 'guardrails', 'approvals'] as const).filter(
    (of) => loaded.digests[of] !== digests[of],
  );
  return differing.map((of) => ({
    code: 'config_digest_mismatch',
    detail: `The ${of} was deployed anew while this request ran; ask again.`,
  }));
}
