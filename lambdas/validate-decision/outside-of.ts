import { contextOf, type OutsideFact, relevantTo } from '../shared/domain/outside/outside-fact.ts';
import type { Case } from './decision-case.ts';

/**
 * The facts from outside that a case is decided with: as the tally read them, or else LoadPolicy. INVARIANT: what ended since
 * is none, however long people took; and neither is what is about somebody else.
 */
export const outsideInForce = (
  { loaded, evidence, request }: Pick<Case, 'loaded' | 'evidence' | 'request'>,
  now: Date,
): OutsideFact[] =>
  relevantTo(
    evidence?.outside ?? loaded.outside ?? [],
    { principal: loaded.principal, references: request.references },
    now,
  );

/** What guardrails are told that nobody within the broker says: the requester's references, and the facts in force. */
export const outsideOf = (decided: Case, now: Date) => ({
  references: decided.request.references ?? [],
  ...contextOf(outsideInForce(decided, now)),
});
