import { findQuorum, type QuorumAnswer } from '../shared/domain/guardrails/find-quorum.ts';
import { inWords } from '../shared/domain/guardrails/guardrail-answers.ts';
import type { Guardrails } from '../shared/domain/guardrails/guardrails.ts';
import type { Observed, Quorum } from '../shared/domain/verdict.ts';

/**
 * What guardrails that are only observed would have made of a grant which the others answered: undefined where nothing
 * else. It is recorded, and decides nothing. What is refused already is refused whatever they say.
 */
export function observeGuardrails(
  { askObserving, digest }: Guardrails,
  question: Parameters<typeof findQuorum>[1],
  has: Quorum,
  answer: QuorumAnswer,
): Observed | undefined {
  if (!askObserving || answer.kind === 'never' || answer.kind === 'error') return undefined;
  const would = findQuorum({ digest, ask: askObserving }, question, has);
  if (inWords(would) === inWords(answer)) return undefined;
  const policyIds = would.kind === 'error' ? [] : would.policyIds;
  return {
    resource: question.resource.key,
    would: inWords(would),
    policyIds: policyIds.filter((id) => !answer.policyIds.includes(id)),
  };
}
