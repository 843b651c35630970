import { remember } from '../remember.ts';
import type { Guardrails } from './guardrails.ts';

/** Answers that one process keeps at hand. A catalog of five hundred has some hundreds of kinds for a principal. */
const MOST_ANSWERS = 20_000;

const remembered = new WeakMap<Guardrails, Guardrails>();

/**
 * The same guardrails, asked once for all questions of a kind. For surveys over a whole catalog, such as the matrix and
 * the reviewer's pre-filter. What a request is decided by is asked as it is.
 */
export function askByKind(guardrails: Guardrails): Guardrails {
  const { kindOf } = guardrails;
  if (!kindOf) return guardrails;
  const known = remembered.get(guardrails);
  if (known) return known;
  const survey = { ...guardrails, ask: remember(MOST_ANSWERS, kindOf, guardrails.ask) };
  remembered.set(guardrails, survey);
  return survey;
}
