import { oncePerObject } from '../parse/once-per-object.ts';
import type { Pattern } from '../parse/policy-model.ts';
import type { FilledPart } from './fill-pattern.ts';
import { matchWildcards } from './match-wildcards.ts';

/**
 * Whether an action, given in lower case, is meant. Both the service's prefix and the name are compared without
 * case.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export const matchAction = (pattern: Pattern, action: string): boolean =>
  matchWildcards(inLowerCase(pattern), action);

/** No variable stands in an action. */
const inLowerCase = oncePerObject(({ parts }: Pattern): readonly FilledPart[] =>
  parts.flatMap((part) => {
    if (part.kind === 'variable') return [];
    return [part.kind === 'literal' ? { kind: part.kind, text: part.text.toLowerCase() } : part];
  }),
);
