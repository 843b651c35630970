import { ANY_REFERENCE } from '../outside/references.ts';
import type { GuardrailQuestion, Guardrails } from './guardrails.ts';

/** What a request may lack that nobody's approval stands for. */
export type Lack = 'reference' | 'fact';

type Outside = Pick<GuardrailQuestion['context'], 'references' | 'onCall' | 'openReferences' | 'incidents'>;

/**
 * What a request could have besides what it has, the least first: a reference, then every fact that a rule names. What
 * nothing of it opens is forbidden whatever is known.
 */
export function atBest(
  { namedOutside }: Pick<Guardrails, 'namedOutside'>,
  { references = [] }: Pick<Outside, 'references'>,
): readonly { readonly lacks: Lack; readonly outside: Outside }[] {
  const named = references.length > 0 ? references : [ANY_REFERENCE, ...(namedOutside?.references ?? [])];
  const withAll = {
    references: named,
    onCall: [ANY_REFERENCE, ...(namedOutside?.onCall ?? [])],
    openReferences: [...named, ...(namedOutside?.openReferences ?? [])],
    incidents: [ANY_REFERENCE, ...(namedOutside?.incidents ?? [])],
  };
  return [
    ...(references.length > 0 ? [] : [{ lacks: 'reference' as const, outside: { references: named } }]),
    { lacks: 'fact', outside: withAll },
  ];
}

/** Whether something is allowed with what the context has, or could have from outside. */
export function couldBeAllowed(guardrails: Guardrails, question: GuardrailQuestion): boolean {
  const { context } = question;
  const tries = [{}, ...atBest(guardrails, context).map(({ outside }) => outside)];
  return tries.some((outside) => {
    const answer = guardrails.ask({ ...question, context: { ...context, ...outside } });
    return answer.allowed && answer.errors.length === 0;
  });
}
