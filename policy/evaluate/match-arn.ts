import { oncePerObject } from '../parse/once-per-object.ts';
import type { Pattern, PatternPart } from '../parse/policy-model.ts';
import { fillPattern } from './fill-pattern.ts';
import { matchWildcards } from './match-wildcards.ts';
import type { RequestContext } from './request-context.ts';

/** `arn`, partition, service, region, account, and all that follows. */
const SEGMENTS = 6;

/**
 * Whether an ARN is of a policy's pattern. Each of the six segments is compared by itself and with case: no
 * wildcard reaches past a colon, but in the last, which may hold colons. What has fewer segments is no ARN and
 * matches none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchArn(pattern: Pattern, arn: string, context: RequestContext): boolean {
  const [first] = pattern.parts;
  // Most patterns are told apart by how they begin.
  if (first?.kind === 'literal' && !arn.startsWith(first.text)) return false;
  const wanted = segmentsOfPattern(pattern);
  const given = segmentsOfArn(arn);
  if (wanted.length !== SEGMENTS || given.length !== SEGMENTS) return false;
  return wanted.every((segment, index) => {
    const filled = fillPattern(segment, context);
    return filled !== undefined && matchWildcards(filled, given[index] as string);
  });
}

/**
 * Whether a resource is meant. A lone `*` is every resource, and also what an action without one is about.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const matchResource = (pattern: Pattern, resource: string, context: RequestContext): boolean =>
  pattern.text === '*' || matchArn(pattern, resource, context);

function segmentsOfArn(arn: string): readonly string[] {
  const pieces = arn.split(':');
  return pieces.length <= SEGMENTS
    ? pieces
    : [...pieces.slice(0, SEGMENTS - 1), pieces.slice(SEGMENTS - 1).join(':')];
}

/** Only the colons that the policy wrote part its segments; those of a variable's value do not. */
const segmentsOfPattern = oncePerObject(({ parts }: Pattern): readonly (readonly PatternPart[])[] => {
  const segments: PatternPart[][] = [[]];
  for (const part of parts) {
    if (part.kind !== 'literal') segments.at(-1)?.push(part);
    else {
      const [head = '', ...tails] = splitAtColons(part.text, SEGMENTS - segments.length);
      if (head !== '') segments.at(-1)?.push({ kind: 'literal', text: head });
      for (const tail of tails) segments.push(tail === '' ? [] : [{ kind: 'literal', text: tail }]);
    }
  }
  return segments;
});

/** At no more than so many colons: the rest stays together. */
function splitAtColons(text: string, colons: number): readonly string[] {
  const pieces = text.split(':');
  return pieces.length <= colons + 1 ? pieces : [...pieces.slice(0, colons), pieces.slice(colons).join(':')];
}
