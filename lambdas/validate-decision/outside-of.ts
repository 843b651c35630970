import { contextOf, isInForce, type OutsideFact } from '../shared/domain/outside/outside-fact.ts';
import type { Case } from './decision-case.ts';

/**
 * The facts from outside that a case is decided with: as the tally read them, or else LoadPolicy. INVARIANT: what ended since
 * is none, however long people took.
 */
export const outsideInForce = (
  { loaded, evidence }: Pick<Case, 'loaded' | 'evidence'>,
  now: Date,
): OutsideFact[] => (evidence?.outside ?? loaded.outside ?? []).filter((fact) => isInForce(fact, now));

/** What guardrails are told that nobody within the broker says: the requester's references, and the facts about both. */
export function outsideOf(decided: Case, now: Date) {
  const { references = [] } = decided.request;
  const wanted = { principal: decided.loaded.principal, references };
  return { references, ...contextOf(outsideInForce(decided, now), wanted) };
}
