import type { Reason } from '../../shared/domain/reason.ts';
import type { Case, Rulebook } from '../decision-case.ts';

/** The catalog, guardrails and tiers that decide must be those that LoadPolicy pinned. */
export function configDigestMismatch({ loaded }: Case, { digests }: Rulebook): Reason[] {
  const differing = (['catalog', 'guardrails', 'approvals'] as const).filter(
    (part) => loaded.digests[part] !== digests[part],
  );
  return differing.map((part) => ({
    code: 'config_digest_mismatch',
    part,
  }));
}
