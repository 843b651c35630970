import type { PatternPart } from '../parse/policy-model.ts';
import type { RequestContext } from './request-context.ts';

/** A pattern without variables. */
export type FilledPart = Exclude<PatternPart, { readonly kind: 'variable' }>;

/**
 * The pattern with what this request has for its variables; undefined where a variable has no value and no
 * default, which matches nothing. A value is plain text, also where it holds wildcards. A list
 * of values stands for none of them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
 */
export function fillPattern(
  parts: readonly PatternPart[],
  context: RequestContext,
): readonly FilledPart[] | undefined {
  if (!parts.some(({ kind }) => kind === 'variable')) return parts as readonly FilledPart[];
  const filled: FilledPart[] = [];
  for (const part of parts) {
    if (part.kind !== 'variable') filled.push(part);
    else {
      const text = context.get(part.key) ?? part.fallback;
      if (typeof text !== 'string') return undefined;
      filled.push({ kind: 'literal', text });
    }
  }
  return filled;
}

/** The pattern as plain text, its wildcards being characters like any other. */
export const textOfParts = (parts: readonly FilledPart[]): string =>
  parts.map((part) => (part.kind === 'literal' ? part.text : part.kind === 'many' ? '*' : '?')).join('');
