import { resolveGrants } from '../shared/domain/catalog/resolve-grants.ts';
import { digestOf } from '../shared/domain/digest.ts';
import { SessionNotProved } from '../shared/domain/errors.ts';
import { grantsReference } from '../shared/domain/proof/grants-reference.ts';
import { proveWithin } from '../shared/domain/proof/prove-within.ts';
import type { Entitlement, Verdict } from '../shared/domain/verdict.ts';
import type { Case, Rulebook } from './decision-case.ts';
import { sessionTooWide } from './rules/session-too-wide.ts';

/**
 * The verdict, with its proof that the session policy opens nothing but the grants that it names: what people are shown
 * and what is granted alike. A policy that opens more is a denial, whose proof has the request that shows it. Throws
 * SessionNotProved.
 */
export function proveVerdict(
  verdict: Verdict,
  { request }: Pick<Case, 'request'>,
  { catalog }: Pick<Rulebook, 'catalog'>,
  now: () => number,
): Verdict {
  const { outcome, entitlement } = verdict;
  if (!entitlement || (outcome !== 'grant' && outcome !== 'needs_approval')) return verdict;
  const proof = proveWithin(entitlement.sessionPolicy, referenceOf(entitlement, request, catalog), {
    referenceDigest: digestOf({ grants: entitlement.grants, subject: request.subject ?? null }),
    now,
  });
  const reasons = sessionTooWide(proof);
  if (reasons.length === 0) return { ...verdict, proof };
  const { entitlement: _, ...unopened } = verdict;
  return { ...unopened, outcome: 'deny', reasons, proof };
}

function referenceOf(
  { grants }: Entitlement,
  request: Case['request'],
  catalog: Rulebook['catalog'],
): ReturnType<typeof grantsReference> {
  const resolved = resolveGrants(grants, catalog);
  if (resolved.unknownResources.length > 0)
    throw new SessionNotProved('a grant is of no resource of the catalog');
  return grantsReference(resolved.grants, request.subject?.id, request.subject?.attributes);
}
